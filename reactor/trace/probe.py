"""A `print` after the fact: an expression whose value is noted each time a line is about to run.

A simulated run is the same each time, so one can ask it again, and about something else. An expression that only looks
leaves the run as it is, to the last step; one that changes something gives another run, and the steps tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import CodeType, FrameType

from reactor.trace.stable_text import error, shown


@dataclass
class Probe:
    """Where to ask, and what.

    file, line: as steps of the kind `line` name them. expression: is evaluated with the variables that the line has.
    values: of each time, the number of the step and the value in words, or the exception. As long as steps are kept.
    Raises SyntaxError for what is no expression.
    """

    file: str
    line: int
    expression: str
    values: list[tuple[int, str]] = field(default_factory=list)
    _code: CodeType = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._code = compile(self.expression.strip(), "<expression>", "eval")

    def comes_to(self, at: str | None, frame: FrameType, step: int | None) -> None:
        """This line is next, and is this step. Called by the recorder."""
        if at != f"{self.file}:{self.line}" or step is None:
            return
        try:
            # As one table, since a generator in the expression looks for its names among globals.
            said = shown(eval(self._code, {**frame.f_globals, **frame.f_locals}))
        except Exception as problem:
            said = error(problem)
        self.values.append((step, said))
