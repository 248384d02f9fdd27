"""`python -m reactor.trace step FILE`: go through a timeline in a terminal, forwards and back.

Enter, n   the next line of a program          b   one line back
e, E       the next event, the one before      t, T   turn of the loop
p, P       packet                              o, O   output
g 41       go to step 41                       l server.py:12   the next time that this line runs
w          why?                                h   this list                q   leave
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from reactor.trace.timeline import BadTimeline, State, Step, Timeline
from reactor.trace.words import sentence, why

_AROUND = 3  # lines of the program above and below the one that runs
_NOT_EVENTS = ("line", "call", "end", "turn", "ready")

KINDS: dict[str, Callable[[Step], bool]] = {
    "n": lambda step: step["kind"] == "line",
    "e": lambda step: step["kind"] not in _NOT_EVENTS,
    "t": lambda step: step["kind"] == "turn",
    "p": lambda step: step["kind"].startswith("packet."),
    "o": lambda step: step["kind"] == "output",
}


class Stepper:
    """A place in a timeline. position: how many steps have been made. folder: where the programs' sources are."""

    def __init__(self, timeline: Timeline, folder: Path) -> None:
        self.timeline = timeline
        self.state: State = timeline.state()
        self._folder = folder
        self._sources: dict[str, list[str]] = {}
        if not any(step["kind"] == "line" for step in timeline.steps):
            self._next = "e"  # of a timeline without lines, the steps are its events
        else:
            self._next = "n"

    @property
    def position(self) -> int:
        """How many steps have been made."""
        return self.state.position

    def move(self, command: str) -> bool:
        """Carry out a command that moves. Returns whether there was such a step; if not, nothing has moved."""
        word, _, argument = command.partition(" ")
        if word == "g":
            return self._go(int(argument) if argument.isdecimal() else -1)
        if word == "l":
            return self._to(lambda step: step["kind"] == "line" and step["at"] == argument, forwards=True)
        if word in ("", "n", "b", "N"):
            return self._to(KINDS[self._next], forwards=word in ("", "n"))
        return self._to(KINDS[word.lower()], forwards=word.islower())

    def _to(self, wanted: Callable[[Step], bool], forwards: bool) -> bool:
        steps = self.timeline.steps
        numbers = range(self.position, len(steps)) if forwards else range(self.position - 2, -1, -1)
        return any(self._go(number + 1) for number in numbers if wanted(steps[number]))

    def _go(self, position: int) -> bool:
        if not 0 <= position <= len(self.timeline.steps):
            return False
        self.state.go_to(position)
        return True

    def why(self) -> Iterator[str]:
        """The causes of the last step, the nearest first."""
        for number in why(self.timeline, self.position - 1) if self.position else ():
            yield f"  because {sentence(self.timeline, number)}  [step {number + 1}]"

    def shown(self) -> Iterator[str]:
        """Where we are: what happened, the program's lines, its variables, and what waits."""
        if not self.position:
            yield f"before the first of {len(self.timeline.steps)} steps"
            return
        step = self.timeline.steps[self.position - 1]
        yield f"step {self.position} of {len(self.timeline.steps)}, {step['time']:g} s: {self._now()}"
        yield from self._source(step.get("at"))
        for name, value in sorted(self.state.values.items()):
            if isinstance(value, dict):
                yield f"  {name}: " + ", ".join(f"{key} = {shown}" for key, shown in value.items())
            else:
                yield f"  {name}: {value}"

    def _now(self) -> str:
        return sentence(self.timeline, self.position - 1)

    def _source(self, at: str | None) -> Iterator[str]:
        file, _, line = (at or "").rpartition(":")
        if file and file not in self._sources:
            path = self._folder / file
            self._sources[file] = path.read_text("utf-8-sig").splitlines() if path.is_file() else []
        lines = self._sources.get(file, [])
        for number in range(max(1, int(line or 0) - _AROUND), min(len(lines), int(line or 0) + _AROUND) + 1):
            yield f"  {'>' if number == int(line) else ' '} {number:4} {lines[number - 1]}"


def main(arguments: Sequence[str], commands: TextIO | None = None) -> int:
    """Run the command. commands: where they are read from, the terminal if left out. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m reactor.trace step",
        description="Go through a timeline, forwards and back.",
        epilog=(__doc__ or "").partition("\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="what `python -m reactor.trace --lines` has written")
    parser.add_argument("--source", type=Path, metavar="FOLDER", help="where the programs are; that of FILE by default")
    options = parser.parse_args(arguments)
    try:
        timeline = Timeline.read(options.file)
    except (OSError, BadTimeline) as problem:
        parser.exit(2, f"{parser.prog}: {options.file}: {problem}\n")
    stepper = Stepper(timeline, options.source or options.file.parent)
    stepper.move("n")
    go_through(stepper, commands)
    return 0


def go_through(stepper: Stepper, commands: TextIO | None = None) -> None:
    """Show where we are, and move as it is typed, to its end. commands: where they are read from; see `main`."""
    for command in _typed(stepper, commands or sys.stdin):
        if command == "w":
            print("\n".join(stepper.why()) or "  that has no cause: somebody has begun it")
        elif command == "h" or not _is_known(command):
            print((__doc__ or "").partition("\n\n")[2].rstrip())
        elif not stepper.move(command):
            print("  there is no such step")


def _typed(stepper: Stepper, commands: TextIO) -> Iterator[str]:
    """Commands as they are typed; before each, where we are, if that has changed."""
    shown = -1
    while True:
        if stepper.position != shown:
            print("\n".join(stepper.shown()))
            shown = stepper.position
        print("> ", end="", flush=True)
        line = commands.readline()
        if not line or line.strip() == "q":
            print()
            return
        yield line.strip()


def _is_known(command: str) -> bool:
    word, _, argument = command.partition(" ")
    return (word.lower() in ("", "b", *KINDS) and not argument) or (word in ("g", "l") and bool(argument))
