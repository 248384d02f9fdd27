"""The examples of a lecture, as the elements on its slides see them.

`Code` and `Session` ask `current_examples()` for what they show. A build says with `use()` which folder that is; a deck
that is run as a program by itself gets the folder `examples` beside it or above it. Either way an output comes from a
session that held.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.errors import LectureError, Where
from lecture.programs.beside import besides
from lecture.programs.cache import Cache
from lecture.programs.excerpt import Excerpt, Program, did_you_mean
from lecture.programs.files import example_files
from lecture.programs.layout import (
    SESSION_FILE,
    is_wrong,
    name_of,
    names_in,
    right_folder,
    right_session,
    session_path,
    wrong_name,
)
from lecture.programs.not_simulated import read_exceptions, uses_the_reactor
from lecture.programs.session import STILL_WAITING, read_session, shown
from lecture.programs.verify import Locks, Verified, remembered, verify
from lecture.programs.wrong import Difference, check_wrong, differences, scene

if TYPE_CHECKING:
    from reactor.trace import Timeline


@dataclass(frozen=True)
class Entry:
    """A command of a transcript.

    output: what it printed; ends with a newline or is empty. An ellipsis stands for what its session leaves open
        (times, addresses, numbers of processes), so that two builds of the same files show the same.
    status: what the program ended with.
    """

    command: str
    output: str
    status: int = 0

    @property
    def still_waits(self) -> bool:
        """Whether it could not end."""
        return self.status == STILL_WAITING


@dataclass(frozen=True)
class Transcript:
    """What the terminal showed when the session of an example was run.

    missing: what this machine lacks for it; then it was not run, and there are no entries.
    """

    example: str
    path: Path
    entries: tuple[Entry, ...]
    not_on_twisted: str = ""
    missing: str = ""


@dataclass(frozen=True)
class WrongProgram:
    """A wrong program, as a slide shows it.

    title, sentence: what is wrong, and what goes wrong, as its session says.
    session: its name. right: the name of the right one's session in the same scene, which that has for this alone; ""
        when it is the example's.
    differences: from the right one. scene: files that it has besides.
    """

    title: str
    sentence: str
    session: str
    right: str
    differences: tuple[Difference, ...]
    scene: tuple[str, ...]


class Examples:
    """The programs of a lecture: a folder with one sub-folder an idea, each with its session.txt.

    root: the folder.
    cache: where runs are remembered; by default `.cache/lecture` beside the folder, or the user's cache for examples
        that came with an installed package.
    """

    def __init__(self, root: Path, cache: Path | None = None) -> None:
        self.root = Path(root)
        self.cache = Cache(cache or _usual_cache(self.root.resolve().parent))
        self._programs: dict[Path, Program] = {}
        self._verified: dict[str, Verified | LectureError] = {}
        self._timelines: dict[str, list[Timeline] | LectureError] = {}
        self._scripts: dict[str, bytes] = {}
        self._exceptions: frozenset[str] | None = None
        self._locks = Locks()

    def excerpt(self, file: str, name: str | None = None) -> Excerpt:
        """A piece of a program.

        file: path within the examples, such as "02_echo/server.py".
        name: of a definition ("Echo", "Echo.dataReceived") or a marked region; None is the whole file.
        Raises LectureError when there is no such file or piece, or the name could mean several; and for a program that
        is meant to fail, which must not stand on a slide as if it were right.
        """
        program = self.program(file)
        folder = program.path.parent
        if is_wrong(folder) and (right_folder(folder) / program.path.name).is_file():
            shown = f"Wrong({right_folder(folder).name!r}, {folder.name!r})"
            raise LectureError(f"{file} is a wrong program: show it with {shown}, which says so")
        return program.excerpt(name)

    def wrong(self, example: str, name: str) -> WrongProgram:
        """A wrong program of an example. Raises LectureError when there is none, or its session can't be read."""
        path = self.session_path(wrong_name(example, name))
        session = read_session(path)
        check_wrong(session)
        folder = path.parent
        right = right_session(folder)
        return WrongProgram(
            session.title.removesuffix(".") or name.replace("_", " "),
            session.fails[0].upper() + session.fails[1:] + "." * (session.fails[-1] not in ".!?"),
            session.example,
            name_of(right) if right.parent == folder else "",
            tuple(differences(folder)),
            tuple(f"{session.example}/{file}" for file in scene(folder)),
        )

    def program(self, file: str) -> Program:
        """A file of the examples, read once. Raises LectureError when there is no such file."""
        path = self.root / file
        if path not in self._programs:
            if not path.is_file() or not path.resolve().is_relative_to(self.root.resolve()):
                raise LectureError(f"there is no program {file!r} in {self.root}{self._hint(file)}")
            self._programs[path] = Program(path)
        return self._programs[path]

    def transcript(self, example: str) -> Transcript:
        """What the terminal showed in this build's verified run of an example.

        Runs the session when no remembered run counts. Raises LectureError when the session doesn't hold.
        """
        verified = self.verify(example)
        session = verified.session
        entries = tuple(
            Entry(command.text, "".join(f"{shown(line)}\n" for line in command.expected), command.status)
            for command in session.commands
            if not verified.missing
        )
        return Transcript(example, session.path, entries, session.not_on_twisted, verified.missing)

    def printed(self, example: str) -> list[tuple[str, list[str]]]:
        """Each command of an example's session, with the lines that it printed in the verified run.

        Of a session that this machine can't run: what it printed elsewhere, with its elisions.
        """
        transcript = self.transcript(example)
        if transcript.missing:
            session = self.verify(example).session
            return [(command.text, list(command.expected)) for command in session.commands]
        return [(entry.command, entry.output.splitlines()) for entry in transcript.entries]

    def timeline(self, example: str) -> Timeline:
        """Every step of an example's session in the simulated world. Raises LectureError when it can't be simulated."""
        return self._recorded(example)[0]

    def _recorded(self, example: str) -> list[Timeline]:
        """The timeline of a session, and those of the same in the other worlds that stand beside it."""
        with self._locks.of(f"timeline of {example}"):
            if example not in self._timelines:
                self.record([example])
            timelines = self._timelines[example]
        if isinstance(timelines, LectureError):
            raise timelines
        return timelines

    def record(self, names: Iterable[str]) -> None:
        """Have the timelines of these sessions ready: recording many at once is much faster than one by one."""
        from lecture.programs.timelines import timelines_of

        paths = {self.session_path(name): name for name in names if name not in self._timelines}
        for path, timelines in timelines_of(paths, Cache(self.cache.folder / "timelines")).items():
            self._timelines[paths[path]] = timelines

    def is_simulated(self, name: str) -> bool:
        """Whether a session is held to run in the simulated world too."""
        if self._exceptions is None:
            self._exceptions = frozenset(read_exceptions(self.root, self.names()))
        return name not in self._exceptions and uses_the_reactor(self.session_path(name))

    def run_script(self, name: str) -> tuple[str, bytes]:
        """The script that shows the runs of this session's example step by step: its file's name, and what is in it.

        Both are empty for a session that can't be simulated.
        """
        from lecture.programs.run_script import run_script

        example = name.split("/")[0]
        with self._locks.of(f"script of {example}"):
            if example not in self._scripts:
                self._scripts[example] = run_script(self._runs_of(example))
        content = self._scripts[example] if self.is_simulated(name) else b""
        return (f"timelines/{example}.js", content) if content else ("", b"")

    def _runs_of(self, example: str) -> Iterator[tuple[str, Timeline, dict[str, Path]]]:
        """The runs of an example and its wrong programs: each one's name, timeline and files.

        "03_echo: cut in other places" is the name of one in another world.
        """
        for name in self.names():
            if name.split("/")[0] == example and self.is_simulated(name):
                path = self.session_path(name)
                titles = [name, *(f"{name}: {one.words}" for one in besides(read_session(path)))]
                try:
                    timelines = self._recorded(name)
                except LectureError:
                    if len(titles) > 1:
                        raise  # nobody else looks at other worlds
                    continue  # the check of the sessions says what is wrong with it
                for title, timeline in zip(titles, timelines, strict=True):
                    yield title, timeline, example_files(path)

    def verify(self, example: str) -> Verified:
        """Make sure, once, that the session of an example holds. Raises LectureError when it doesn't."""
        verified = self._once(example, verify)
        assert verified is not None
        return verified

    def remembered(self, example: str) -> Verified | None:
        """The same, from memory only: None when the session would have to run."""
        return self._once(example, remembered)

    def _once(self, example: str, look: Callable[[Path, Cache], Verified | None]) -> Verified | None:
        """What is known of a session; when nothing is, what `look` finds."""
        with self._locks.of(example):
            known = self._verified.get(example)
            if known is None:
                try:
                    known = look(self.session_path(example), self.cache)
                except LectureError as error:
                    known = error
                except OSError as error:
                    where = Where(session_path(self.root, example), 1)
                    known = LectureError(f"the system didn't let the session run: {error}", where=where)
                if known is not None:
                    self._verified[example] = known
        if isinstance(known, LectureError):
            raise known
        return known

    def session_path(self, example: str) -> Path:
        """The session.txt of an example or a wrong program. Raises LectureError when there is none."""
        path = session_path(self.root, example)
        if not path.is_file():
            hint = did_you_mean(example, self.names())
            raise LectureError(f"the example {example!r} has no {SESSION_FILE} in {self.root}{hint}")
        return path

    def names(self) -> list[str]:
        """The names of all examples and wrong programs, in order (see layout.py)."""
        if not self.root.is_dir():
            raise LectureError(f"there is no folder of examples at {self.root}: name it with --examples")
        return names_in(self.root)

    def _hint(self, file: str) -> str:
        known = [str(path.relative_to(self.root)) for path in sorted(self.root.glob("*/*")) if path.is_file()]
        return did_you_mean(file, known)


def _usual_cache(folder: Path) -> Path:
    if not {"site-packages", "dist-packages"} & set(folder.parts):
        return folder / ".cache" / "lecture"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lecture"


_in_use: list[Examples] = []


def current_examples() -> Examples:
    """The examples that elements of slides read from now. Raises LectureError when no folder can be found."""
    if not _in_use:
        _in_use.append(Examples(find_folder(Path(sys.argv[0]).parent if sys.argv and sys.argv[0] else Path())))
    return _in_use[-1]


def find_folder(start: Path) -> Path:
    """The folder `examples` in `start` or above it, or in the working directory or above that."""
    for place in (start.resolve(), Path.cwd()):
        for folder in (place, *place.parents):
            if (folder / "examples").is_dir():
                return folder / "examples"
    raise LectureError(f"there is no folder `examples` in {start.resolve()} or above it: name it with --examples")


@contextlib.contextmanager
def use(examples: Examples) -> Iterator[None]:
    """Make `current_examples()` answer these examples for a while."""
    _in_use.append(examples)
    try:
        yield
    finally:
        _in_use.pop()
