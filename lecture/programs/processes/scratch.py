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

import contextlib
import os
import re
from pathlib import Path
from typing import NoReturn

import lecture
from lecture.errors import LectureError
from lecture.programs.files import copy_files, example_files
from lecture.programs.processes.ports import PortLease
from lecture.programs.temporary import temporary_folder

CHILD = Path(__file__).parent / "child"
PACKAGES = Path(lecture.__file__).parent.parent
MOST_BYTES = 1_000_000  # in a file that programs tell us something in; a session with many modules has 50,000

_LISTENS = re.compile(rb"listens (\d+)")
_PORT = re.compile(rb"(=?)(\d{1,5})")


class Scratch:
    """Everything outside the processes that a session needs, made at once and removed by `close()`.

    session: path of the session.txt.
    surroundings: what programs are to find in their environment besides.
    """

    def __init__(self, session: Path, surroundings: dict[str, str] | None = None) -> None:
        self._surroundings = surroundings or {}
        with contextlib.ExitStack() as resources:
            self.lease = resources.enter_context(contextlib.closing(PortLease()))
            self.root = resources.enter_context(temporary_folder("session"))
            self.folder = self.root / "example" / session.parent.name
            files = example_files(session)
            copy_files(files, self.folder)
            self._copied = {name: _state(self.folder / name) for name in files}
            # Opened once: a program that puts something else in a file's place (a link to /dev/zero) can't mislead us.
            create = os.O_RDWR | os.O_CREAT
            self._ports, self._modules = (self._open(resources, name, create) for name in ("ports", "modules"))
            os.mkfifo(self.root / "events")
            # Opened for writing too: it never reads as ended, and `wake` can be called from any thread.
            self.events = self._open(resources, "events", os.O_RDWR | os.O_NONBLOCK)
            self._unheard = b""
            self._resources = resources.pop_all()

    def _open(self, resources: contextlib.ExitStack, name: str, flags: int) -> int:
        fd = os.open(self.root / name, flags, 0o600)
        resources.callback(os.close, fd)
        return fd

    def close(self) -> None:
        self._resources.close()

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

    def wake(self) -> None:
        """Make `events` readable, from any thread."""
        with contextlib.suppress(BlockingIOError):  # it is full, and so readable
            os.write(self.events, b"\n")

    def listeners(self) -> set[int]:
        """The places of the commands whose programs said, since the last call, that they listen."""
        with contextlib.suppress(BlockingIOError):
            self._unheard += os.read(self.events, 65536)
        *lines, self._unheard = self._unheard.split(b"\n")
        said = [_LISTENS.fullmatch(line) or _junk("events", line) for line in lines if line]
        return {int(match[1]) for match in said}

    def modules(self) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        """The files that ran or were imported: those of libraries, and the example's own as paths in its folder."""
        lines = {line for line in self._read("modules", self._modules).split(b"\n") if line}
        for line in lines:
            if b"\0" in line or not os.path.isabs(line) or (os.path.exists(line) and not os.path.isfile(line)):
                _junk("modules", line)
        files = {Path(os.fsdecode(line)) for line in lines}
        own = {file for file in files if file.is_relative_to(self.folder)}
        libraries = {file for file in files if not file.is_relative_to(self.root)}
        return tuple(sorted(libraries)), tuple(sorted(file.relative_to(self.folder).as_posix() for file in own))

    def changed(self) -> tuple[str, ...]:
        """The example's files that its programs changed or removed, as paths in its folder."""
        return tuple(name for name, before in self._copied.items() if _state(self.folder / name) != before)

    def ports(self) -> dict[int, int]:
        """The ports in use: as shown, to real."""
        lines = dict.fromkeys(self._read("ports", self._ports).split())
        said = [_PORT.fullmatch(line) or _junk("ports", line) for line in lines]
        return dict(zip((int(match[2]) for match in said if not match[1]), self.lease.real, strict=False))

    def _read(self, name: str, fd: int) -> bytes:
        content = os.pread(fd, MOST_BYTES + 1, 0)
        return content if len(content) <= MOST_BYTES else _junk(name, content)

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


def _junk(name: str, line: bytes) -> NoReturn:
    said = line[:40].decode(errors="backslashreplace")
    raise LectureError(f"a program of the session wrote {said!r} into {name!r}, a file of the runner: it mustn't")


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
