"""A student's own copy of the programs, behind the cells of a notebook.

A cell saves a program here, another one replays the session of its example: real processes, by the runner that the
build uses, on the student's programs as they are now. What the student has not saved comes from the examples of the
lecture, so cells may be run in any order; without a folder of examples a session runs on what was saved alone.

A student's program that does something else than the lecture's is no error. The transcript is shown, and then what is
different from the lecture.
"""

from __future__ import annotations

import atexit
import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import lecture
from lecture.errors import LectureError
from lecture.programs.compare import Result, command_fits, output_lines, session_diff
from lecture.programs.examples import Examples, find_folder
from lecture.programs.excerpt import did_you_mean
from lecture.programs.files import copy_files, own_files
from lecture.programs.layout import SESSION_FILE
from lecture.programs.needs import missing
from lecture.programs.session import Command, SessionFile, parse_session, read_session, status_line
from lecture.programs.temporary import temporary_folder
from lecture.programs.verify import check_programs_exist

EXAMPLES_VARIABLE = "LECTURE_EXAMPLES"
_OURS = Path(lecture.__file__).parent


@dataclass(frozen=True)
class Replay:
    """What came of a session.

    transcript: as a terminal shows it, ends with a newline.
    remark: what is different from the lecture, or why that can't be said, or why nothing ran; empty when nothing is.
    """

    transcript: str
    remark: str


class Workspace:
    """The folder of a student. `close()` removes it."""

    def __init__(self) -> None:
        self._lifetime = contextlib.ExitStack()
        self.folder = self._lifetime.enter_context(temporary_folder("student")) / "programs"
        self.folder.mkdir()

    def close(self) -> None:
        """Remove the folder with everything in it."""
        self._lifetime.close()

    def save(self, name: str, text: str) -> Path:
        """Write a program.

        name: example and file, "03_echo/server.py".
        Raises LectureError for a name that is no place in the folder of an example.
        """
        place = PurePosixPath(name)
        inside = not place.is_absolute() and ".." not in place.parts and "\0" not in name
        if not inside or len(place.parts) < 2 or place.name == SESSION_FILE:
            raise LectureError(f"{name!r} names no program: write its example and its file, such as 03_echo/server.py")
        path = self.folder / place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
        except OSError as error:
            raise LectureError(f"cannot save {name!r}: {error.strerror}; choose another name") from error
        return path

    def replay(self, example: str, commands: str = "") -> Replay:
        """Run a session with the student's programs.

        commands: as they would stand in session.txt, with `$` before each; the lecture's when there are none.
        Raises LectureError when there is no such example, a command makes no sense, or a program hangs.
        """
        from lecture.programs.processes.stage import run_session

        lectures = self._lectures(example)
        with temporary_folder("typed") as place:
            folder = place / example
            for source in filter(None, (lectures, self._saved(example))):
                copy_files(own_files(source), folder)
            session = _session(folder / SESSION_FILE, commands)
            check_programs_exist(session)
            if lacking := missing(session):
                return Replay("", f"(Not run on this machine: it needs {lacking}.)\n")
            results = run_session(session).results
        return Replay(transcript(session.commands, results), self._remark(lectures, session, results))

    def _saved(self, example: str) -> Path | None:
        folder = self.folder / example
        return folder if folder.is_dir() else None

    def _lectures(self, example: str) -> Path | None:
        """The example as the lecture has it; None when only the student does."""
        if PurePosixPath(example).name != example or example in ("", ".", ".."):
            raise LectureError(f"{example!r} is not the name of an example, such as 03_echo")
        folders = examples_folders()
        for folder in folders:
            if (folder / example / SESSION_FILE).is_file():
                return folder / example
        if self._saved(example) is None:
            names = sorted(name for folder in folders for name in Examples(folder).names())
            hint = did_you_mean(example, names) if names else f"; {HOW_TO_FIND}"
            raise LectureError(f"there is no example {example!r}{hint}")
        return None

    def _remark(self, lectures: Path | None, session: SessionFile, results: Sequence[Result]) -> str:
        if lectures is None:
            why = "" if examples_folders() else f"; {HOW_TO_FIND}"
            return f"(There is no {session.example} of the lecture to compare this with{why}.)\n"
        told = read_session(lectures / SESSION_FILE)
        if [command.text for command in told.commands] != [command.text for command in session.commands]:
            return "(Not compared with the lecture, which types other commands.)\n"
        if all(map(command_fits, told.commands, results)):
            return ""
        diff = session_diff(told, results, told.path.read_text(encoding="utf-8-sig")).split("\n")[2:]
        heading = f"This differs from the lecture{self._since(lectures)}:"
        return "\n".join([heading, "--- in the lecture", "+++ here", *diff]) + "\n"

    def _since(self, lectures: Path) -> str:
        saved = self._saved(lectures.name)
        changed = own_files(saved) if saved else {}
        names = [name for name in changed if not _same(self.folder / lectures.name / name, lectures / name)]
        return f" (so does your {' and your '.join(names)})" if names else ""


@cache
def current_workspace() -> Workspace:
    """The workspace of this process: made now if there is none, removed when the process ends."""
    workspace = Workspace()
    atexit.register(workspace.close)
    return workspace


HOW_TO_FIND = f"set the variable {EXAMPLES_VARIABLE} to the lecture's folder of examples"


def examples_folders() -> list[Path]:
    """Where the lecture's examples may be: what the variable says, else above the notebook, or beside the package."""
    told = os.environ.get(EXAMPLES_VARIABLE)
    if told:
        return [Path(told).expanduser()] if Path(told).expanduser().is_dir() else []
    found = []
    for start in (Path.cwd(), _OURS):
        try:
            found.append(find_folder(start))
        except LectureError:
            continue
    return found


def transcript(commands: Sequence[Command], results: Sequence[Result]) -> str:
    """What a terminal shows of these commands: each, and under it all that it printed."""
    lines: list[str] = []
    for command, result in zip(commands, results, strict=True):
        lines += [f"$ {command.text}", *output_lines(result.output), *status_line(result.status)]
    return "".join(f"{line}\n" for line in lines)


def expected_transcript(session: SessionFile) -> list[str]:
    """The lines of a transcript that does what a session says, elisions as they stand."""
    return [
        line
        for command in session.commands
        for line in (f"$ {command.text}", *command.expected, *status_line(command.status))
    ]


def _session(path: Path, commands: str) -> SessionFile:
    if commands.strip():
        return parse_session(commands, path)
    if not path.is_file():
        raise LectureError(f"the lecture has no {path.parent.name}/{SESSION_FILE}: write the commands into the cell")
    return read_session(path)


def _same(mine: Path, lectures: Path) -> bool:
    return lectures.is_file() and mine.read_bytes() == lectures.read_bytes()
