"""The place where one session happens: a folder that lives as long as the session.

    ports      which ports the programs named, one a line; both sides read it (see child/sitecustomize.py)
    events     a named pipe: programs tell the runner that they listen
    modules    the library modules that were imported
    example/02_echo/   a copy of the example's files, the working directory of every command

The programs run in a copy so that what they write (logs, bytecode) never lands in the example's own folder, and so
that two builds at once don't see each other's files. The copy has a folder around it, as an example may be called
`ports`. An example folder is whole in itself: `../` leads out.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import lecture
from lecture.programs.files import copy_example, example_files
from lecture.programs.processes.ports import PortLease

CHILD = Path(__file__).parent / "child"
PACKAGES = Path(lecture.__file__).parent.parent


class Scratch:
    """Everything outside the processes that a session needs, made at once and removed by `close()`.

    surroundings: what programs are to find in their environment besides.
    """

    def __init__(self, example: Path, surroundings: dict[str, str] | None = None) -> None:
        self._surroundings = surroundings or {}
        self.lease = PortLease()
        self.root = Path(tempfile.mkdtemp(prefix="lecture-")).resolve()
        try:
            self.folder = self.root / "example" / example.name
            copy_example(example, self.folder)
            self._copied = {path: _state(path) for path in example_files(self.folder)}
            for name in ("ports", "modules"):
                (self.root / name).touch()
            os.mkfifo(self.root / "events")
            # Opened for writing too: it never reads as ended, and `wake` can be called from any thread.
            self.events = os.open(self.root / "events", os.O_RDWR | os.O_NONBLOCK)
        except BaseException:
            self._remove()
            raise

    def close(self) -> None:
        os.close(self.events)
        self._remove()

    def _remove(self) -> None:
        self.lease.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def environment(self, job: int) -> dict[str, str]:
        """What a program of this session finds in its environment."""
        # An installed package is found anyway, and what stands in PYTHONPATH would come before the standard library.
        source = "" if PACKAGES.name in ("site-packages", "dist-packages") else str(PACKAGES)
        path = [str(CHILD), source, os.environ.get("PYTHONPATH", "")]
        changed = {
            "LECTURE_SCRATCH": str(self.root),
            "LECTURE_PORTS": ",".join(map(str, self.lease.real)),
            "LECTURE_JOB": str(job),
            "PYTHONPATH": os.pathsep.join(entry for entry in path if entry),
            "PYTHONUNBUFFERED": "1",
            "PYTHONIOENCODING": "utf-8",
            "PYTHON_COLORS": "0",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "COLUMNS": "80",
        }
        kept = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "PYTHONSTARTUP")}
        return kept | changed | self._surroundings

    def wake(self, message: str) -> None:
        """Say something to the runner of this session, from any thread."""
        os.write(self.events, f"{message}\n".encode())

    def modules(self) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        """The files that ran or were imported: those of libraries, and the example's own as paths in its folder."""
        files = {Path(line) for line in os.fsdecode((self.root / "modules").read_bytes()).split("\n") if line}
        own = {file for file in files if file.is_relative_to(self.folder)}
        libraries = {file for file in files if not file.is_relative_to(self.root)}
        return tuple(sorted(libraries)), tuple(sorted(file.relative_to(self.folder).as_posix() for file in own))

    def changed(self) -> tuple[str, ...]:
        """The example's files that its programs changed or removed, as paths in its folder."""
        changed = [path for path, before in self._copied.items() if _state(path) != before]
        return tuple(path.relative_to(self.folder).as_posix() for path in changed)

    def ports(self) -> dict[int, int]:
        """The ports in use: as shown, to real."""
        lines = dict.fromkeys((self.root / "ports").read_text(encoding="ascii").split())
        shown = [int(line) for line in lines if not line.startswith("=")]
        return dict(zip(shown, self.lease.real, strict=False))

    def real_words(self, argv: tuple[str, ...]) -> list[str]:
        """The words of a command that isn't Python, with the real ports in them."""
        for word in argv[1:]:
            for port in re.findall(r"(?:localhost|127\.0\.0\.1|\[::1\]):(\d{1,5})\b", word):
                self._name_port(port)
        numbers = {str(shown): str(real) for shown, real in self.ports().items()}
        return [argv[0], *(_exchange(word, numbers) for word in argv[1:])]

    def _name_port(self, port: str) -> None:
        if int(port) not in self.ports():
            with (self.root / "ports").open("a", encoding="ascii") as file:
                file.write(f"{port}\n")

    def as_shown(self, output: str, exchange_ports: bool) -> str:
        """An output as a reader should see it, on any machine: folders of this machine left out, ports as written."""
        output = without_folders(output, self.folder)
        if exchange_ports:
            output = _exchange(output, {str(real): str(shown) for shown, real in self.ports().items()})
        return output


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when a program writes to the file; None when there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def without_folders(output: str, folder: Path) -> str:
    """An output without the folders of this machine. folder: the working directory of who printed it."""
    output = output.replace(f"{folder}{os.sep}", "").replace(str(folder), ".")
    return output.replace(f'File "{PACKAGES}{os.sep}', 'File "')


def _exchange(text: str, numbers: dict[str, str]) -> str:
    return re.sub(r"(?<![\w.])\d{1,5}(?![\w]|\.\d)", lambda match: numbers.get(match[0], match[0]), text)
