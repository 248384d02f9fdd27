"""Which sessions are replayed in the simulated world: those whose programs use the reactor, but for exceptions.

The exceptions stand in a file beside the examples, one a line: a name, a colon, and why it can't be simulated.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.files import example_files

EXCEPTIONS = "not_simulated.txt"
_LINE = re.compile(r"(?P<example>\S+): (?P<reason>\S.*)")
_IMPORTS_IT = re.compile(r"^\s*(from|import) reactor\b", re.MULTILINE)


def uses_the_reactor(session: Path) -> bool:
    """Whether a program that this session finds imports it."""
    programs = (path for path in example_files(session).values() if path.suffix == ".py")
    return any(_IMPORTS_IT.search(program.read_text(encoding="utf-8-sig")) for program in programs)


def read_exceptions(root: Path, names: Collection[str]) -> dict[str, tuple[Where, str]]:
    """Which examples can't be simulated: where the file says so, and why.

    root: the folder of examples. names: of all sessions in it.
    Raises LectureError for a line that isn't understood, or names no example.
    """
    path = root / EXCEPTIONS
    if not path.is_file():
        return {}
    exceptions = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match["example"] not in names:
            message = f"{line!r} is not the name of an example, a colon, and a reason"
            raise LectureError(message, where=Where(path, number))
        exceptions[match["example"]] = Where(path, number), match["reason"]
    return exceptions
