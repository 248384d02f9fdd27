"""What a build says while it works: a line for every session, the errors, a summary.

In a terminal the lines are coloured and a bar shows how much is still to do (by rich, imported only then: an unchanged
build should take less time than that import). Elsewhere it is plain lines with the same words.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from lecture.errors import LectureError, Where

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from lecture.programs.checks import Check

_STYLES = {"ok": "green", "cached": "dim", "not run": "yellow", "FAILED": "bold red"}


class Progress:
    """Writes to `out`, and errors to `err`; with colours if `out` is a terminal."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.coloured = self.out.isatty() and "NO_COLOR" not in os.environ
        self._bar: Bar | None = None

    def begin(self, count: int) -> None:
        """Start the bar: `count` sessions are about to run."""
        if self.coloured and count:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            columns = (TextColumn("running"), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, console=Console(file=self.out), transient=True)
            self._bar.add_task("", total=count)
            self._bar.start()

    def session(self, check: Check) -> None:
        """Report a session that is done."""
        result = f"needs {check.missing}" if check.missing else f"{check.seconds:6.2f} s"
        line = f"{check.verdict:<7} {check.example:<28} {result}"
        if self._bar is not None and check.verdict not in ("cached", "not run"):
            self._bar.advance(self._bar.task_ids[0])
        self._say(line, _STYLES[check.verdict])

    def end(self) -> None:
        """Stop the bar: there are no more sessions."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def error(self, error: LectureError) -> None:
        """Show what stops the build, with its diff."""
        message = LectureError(error.message, where=_from_here(error.where), slide=error.slide)
        print(f"\nerror: {message}", file=self.err)
        if error.diff:
            self.diff(error.diff, self.err)

    def diff(self, diff: str, file: TextIO | None = None) -> None:
        """Show a unified diff."""
        colours = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"} if self.coloured else {}
        for line in diff.split("\n"):
            colour = colours.get(line[:1], "")
            print(f"{colour}{line}\x1b[0m" if colour else line, file=file or self.out)

    def summary(self, line: str, failed: bool = False) -> None:
        """Write the last line."""
        self.out.flush()
        self._say(line, "bold red" if failed else "bold")

    def _say(self, line: str, style: str) -> None:
        if self._bar is not None:
            self._bar.console.print(line, style=style, markup=False, highlight=False)
        elif self.coloured:
            codes = {"green": "32", "dim": "2", "bold red": "1;31", "bold": "1"}
            print(f"\x1b[{codes[style]}m{line}\x1b[0m", file=self.out)
        else:
            print(line, file=self.out, flush=True)


def _from_here(where: Where | None) -> Where | None:
    """The place as seen from the working directory, if it is below that."""
    if where is None or not where.file.is_absolute():
        return where
    here = Path.cwd()
    return Where(where.file.relative_to(here), where.line) if where.file.is_relative_to(here) else where
