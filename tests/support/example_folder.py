"""Examples made up on the spot, for tests of what happens to programs."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from lecture.errors import LectureError
from lecture.programs import Examples
from lecture.programs.compare import output_lines


class Folder:
    """A folder of examples below `tmp_path`, with its own cache."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = tmp_path / "examples"
        self.cache = tmp_path / "cache"
        self.root.mkdir()

    def write(self, example: str, session: str | None = None, **programs: str) -> Path:
        """Write an example, or a wrong program of one; the keyword `server` becomes server.py. Returns its folder.

        An example named …/right.txt is the session of the right program in the scene of a wrong one.
        """
        path = self.root / example if example.endswith(".txt") else self.root / example / "session.txt"
        folder = path.parent
        folder.mkdir(parents=True, exist_ok=True)
        if session is not None:
            path.write_text(textwrap.dedent(session), encoding="utf-8")
        for name, text in programs.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return folder

    def examples(self) -> Examples:
        """The folder as seen by a build that starts now."""
        return Examples(self.root, self.cache)

    def outputs(self, example: str) -> list[str]:
        """What each command of an example printed."""
        results = self.examples().verify(example).outcome.results
        return ["".join(f"{line}\n" for line in output_lines(result.output)) for result in results]

    def error(self, example: str) -> LectureError:
        """What is wrong with the session of an example."""
        with pytest.raises(LectureError) as caught:
            self.examples().transcript(example)
        return caught.value


def place(error: LectureError) -> tuple[str, int]:
    """Name of the file and line that an error points to."""
    assert error.where is not None
    return error.where.file.name, error.where.line
