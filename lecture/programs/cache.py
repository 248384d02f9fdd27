"""Remembers sessions that held, so that an unchanged build runs nothing.

What a session does depends on the files of its example, the library modules its programs import, other programs it
runs, the interpreter, and the code that runs it. Which modules it imports is known only after it ran; so an entry
lists its inputs with their digests, and it counts while every one of them is unchanged. (A key made of the program
alone would serve stale slides when the library changes.)

A file's digest is taken from the entry without reading the file when size and time of change are as they were,
and the change wasn't so recent that the clock could hide another one. Only sessions that held are remembered. An
entry that can't be understood counts as none. Entries are replaced as a whole, so a reader never sees half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lecture.programs.compare import Outcome, Result
from lecture.programs.files import example_files
from lecture.programs.session import SessionFile

FORMAT = 1
_CLOCK_NS = 2_000_000_000  # coarsest clock of a file system in use
_OURS = Path(__file__).parent
_REACTOR = _OURS.parents[1] / "reactor"  # in the same distribution


@dataclass(frozen=True)
class Input:
    """A file that an outcome depends on, as it was."""

    path: str
    size: int
    changed_ns: int
    digest: str

    @classmethod
    def of(cls, path: Path | str) -> Input:
        """Raises OSError when the file cannot be read."""
        status = os.stat(path)
        return cls(str(path), status.st_size, status.st_mtime_ns, _digest(path))


class Cache:
    """Entries in a folder, one file for each example; the folder is made when something is stored."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._same: dict[tuple[str, str], bool] = {}

    def load(self, session: SessionFile, key: str) -> Outcome | None:
        """The outcome of the last run that held, if nothing it depends on has changed. `key`: the session's, now."""
        try:
            entry = json.loads(self.file_of(session).read_bytes())
            if entry["format"] != FORMAT or entry["key"] != key:
                return None
            inputs = [Input(*fields) for fields in entry["inputs"]]
            if not all(self._unchanged(known, entry["stored_ns"]) for known in inputs):
                return None
            results = tuple(Result(str(output), int(status)) for output, status in entry["results"])
            if len(results) != len(session.commands):
                return None
            return Outcome(results, tuple(Path(known.path) for known in inputs), tuple(map(str, entry["own"])))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def store(self, session: SessionFile, key: str, outcome: Outcome, started_ns: int) -> None:
        """Remember a session that held.

        key: from before the run. A file that changed while the session ran makes the outcome uncertain, and then
        nothing is stored. A cache that can't be written makes the build slow, and doesn't break it.
        """
        with contextlib.suppress(OSError):
            inputs = [Input.of(path) for path in (*outcome.modules, *_tools(session))]
            if key != self.key(session) or any(known.changed_ns > started_ns for known in inputs):
                return
            entry = {
                "format": FORMAT,
                "key": key,
                "stored_ns": time.time_ns(),
                "inputs": [[known.path, known.size, known.changed_ns, known.digest] for known in inputs],
                "own": outcome.own,
                "results": [[result.output, result.status] for result in outcome.results],
            }
            write_atomically(self.file_of(session), json.dumps(entry).encode())

    def key(self, session: SessionFile) -> str:
        """A digest of all that is known before the run. Raises OSError when a file can't be read."""
        whole = hashlib.sha256(_surroundings().encode())
        for name, path in example_files(session.path).items():
            whole.update(f"{name}\0{_digest(path)}\0".encode())
        return whole.hexdigest()

    def _unchanged(self, known: Input, stored_ns: int) -> bool:
        memory = (known.path, known.digest)
        if memory not in self._same:
            self._same[memory] = _still(known, stored_ns)
        return self._same[memory]

    def file_of(self, session: SessionFile) -> Path:
        """Where the outcome of a session is remembered."""
        file = str(session.path.resolve())
        name = session.example.replace("/", "-")
        return self.folder / f"{name}-{hashlib.sha256(file.encode()).hexdigest()[:12]}.json"


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old or the new content, and nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        new.write_bytes(data)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _still(known: Input, stored_ns: int) -> bool:
    try:
        status = os.stat(known.path)
        if status.st_size != known.size:
            return False
        settled = known.changed_ns < stored_ns - _CLOCK_NS
        return (status.st_mtime_ns == known.changed_ns and settled) or _digest(known.path) == known.digest
    except OSError:
        return False


def _digest(path: Path | str) -> str:
    with open(path, "rb", buffering=0) as file:
        return hashlib.sha256(file.readall()).hexdigest()


def _tools(session: SessionFile) -> list[Path]:
    """The programs that a session runs which are not Python's."""
    names = {command.argv[0] for command in session.commands if command.job is None} - {"python", "python3"}
    return [Path(found) for name in sorted(names) if (found := shutil.which(name))]


_known_surroundings: list[str] = []


def runner_sources() -> list[Path]:
    """The code that runs sessions, and the simulated world, which is nothing that their programs import."""
    return sorted(path for folder in (_OURS, _REACTOR / "sim", _REACTOR / "trace") for path in folder.rglob("*.py"))


def _surroundings() -> str:
    """The interpreter, what the environment tells it, and the code that runs sessions; taken once."""
    if not _known_surroundings:
        told = {name: value for name, value in sorted(os.environ.items()) if name.startswith("PYTHON")}
        digests = [_digest(path) for path in runner_sources()]
        _known_surroundings.append(repr((sys.version, sys.implementation.name, sys.executable, told, digests)))
    return _known_surroundings[0]
