"""What the program prints, in this process."""

from __future__ import annotations

import sys
from typing import Any

from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches


def install(watched: Watched, patches: Patches) -> None:
    """Listen in on standard output and standard error."""
    printed = Printed(watched)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None:
            patches.put(sys, name, _Overheard(stream, printed, name))


CHARACTERS = 2000  # of one output that are kept at least: it is what readers look for, and few programs print more


class Printed:
    """Records what is printed. Pieces that are printed together, as by `print`, are one step."""

    def __init__(self, watched: Watched) -> None:
        self._tape = watched.tape
        self._most = max(watched.tape.data_bytes, CHARACTERS)
        self._last = -1
        self._sizes: dict[int | None, int] = {}

    def note(self, stream: str, text: str) -> None:
        """The program has printed this text."""
        tape = self._tape
        if not text or tape.is_elsewhere():
            return
        text = tape.places.tidy(text)
        self._sizes[tape.program] = size = self._sizes.get(tape.program, 0) + len(text)
        tape.change(f"p{tape.program}.printed", size)
        if self._last == len(tape.steps) - 1 and tape.steps and self._goes_on(tape.steps[-1], stream):
            step = tape.steps[-1]
            step["data"] = (step["data"] + text)[: self._most]
            step["size"] += len(text)
            tape.add_changes(step)
            return
        number = tape.step("output", at=tape.line(), text=stream, data=text[: self._most], size=len(text))
        self._last = -1 if number is None else number

    def _goes_on(self, step: dict[str, Any], stream: str) -> bool:
        return step.get("text") == stream and step.get("program") == self._tape.program


class _Overheard:
    """A stream that also reports what is written to it."""

    def __init__(self, stream: Any, printed: Printed, name: str) -> None:
        self._stream = stream
        self._printed = printed
        self._name = name

    def write(self, text: str) -> Any:
        written = self._stream.write(text)
        self._printed.note(self._name, text)
        return written

    def writelines(self, lines: Any) -> None:
        """As `write`, for each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
