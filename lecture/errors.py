"""What goes wrong in a lecture, and where.

A build that stops is only useful when its message can be acted on: every problem names the slide, the file and the
line where the author would mend it, and carries a diff when there is one. Code that finds a problem raises
`LectureError`; code that knows more of the place (which slide was being drawn) adds it on the way up; the command
line prints it. Nothing in `lecture` prints an error and goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Where:
    """A place in a source file.

    file: path as the author would open it.
    line, column: counted from 1; column 0 is the line as a whole.
    """

    file: Path
    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


class LectureError(Exception):
    """Something that stops a build.

    message: one sentence: what happened, with which value, and the next step.
    where: the file and line to look at, if known.
    slide: the title of the slide, if known.
    diff: a unified diff that shows what was expected and what came, if there is one.
    """

    def __init__(
        self, message: str, *, where: Where | None = None, slide: str | None = None, diff: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.slide = slide
        self.diff = diff

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        slide = f" (slide “{self.slide}”)" if self.slide else ""
        diff = f"\n{self.diff}" if self.diff else ""
        return f"{place}{self.message}{slide}{diff}"


class Failed(Exception):
    """A build that stops, with everything that is wrong."""

    def __init__(self, errors: list[LectureError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors
