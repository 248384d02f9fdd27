"""A run's steps in few bytes: each is a row of its FIELDS, in this order, and what goes without saying isn't said.

A field that says nothing is 0, and left out at the end of a row; `set`, if there is any, comes last. Otherwise

- `kind` is the number of its name in the script's list of kinds, and `data` without `size` is whole;
- `time` is how much later it is than the step before; `program` is that of the step before, or its number + 2, or 1 for
  the network;
- `because` and `in` are so many steps back. `in` is what it was in the program's last step, or -1 for nothing;
- `at` is so many lines below the program's last place, "" the same place, or a file and line;
- a packet that is sent is the next one, and one that arrives is the one that was sent: then its `thing` is 1. What
  `text` says of it goes on, if it begins with a blank, from what was said when it was sent;
- another `thing` is 2 if it is that of the program's last step that had one;
- names in `set` go on with a dot from those of the step's thing, and without one from those of its program. Turns
  are counted by how many there are more; when a timer is due, a packet arrives, a loop goes on, by how much later.

Words that say what is known anyway are left out too: packed_words.py. So are causes but the last, `chain` and `took`,
how many characters were printed, and whether a connection reads: no page shows them.

Rows of two runs of one program are alike for long, and compress well. site/src/stepper/unpack.ts undoes this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lecture.programs.packed_words import PacketWords, without_sleep

if TYPE_CHECKING:
    from reactor.trace import Timeline
    from reactor.trace.timeline import Step

FIELDS = ("kind", "at", "in", "thing", "text", "time", "program", "because", "data", "size", "set")
_NETWORK = 1  # in place of a program; programs are counted from 2
_AS_PACKET = 1  # in place of a thing
_AS_BEFORE = 2  # likewise
_SAME_PLACE = ""
_NO_STEP = -1
_COUNTED = re.compile(r"p\d+\.turn")
_LATER = re.compile(r"p\d+\.sleeps|t\d+\.due|k\d+\.arrives")
_UNSEEN = re.compile(r"p\d+\.printed|c\d+\.reading")


class Packer:
    """Packs the steps of one run. kinds: the numbers of their names, to which it adds what is missing."""

    def __init__(self, kinds: dict[str, int]) -> None:
        self._kinds = kinds
        self._time_s = 0.0
        self._program = 0
        self._packet = 0
        self._places: dict[int, list[str]] = {}  # by programs: file and line
        self._around: dict[int, int | None] = {}  # by programs: the step that their last one was inside of
        self._turns: dict[str, int] = {}
        self._things: dict[int, str] = {}  # by programs: that of the last step that had one
        self._packet_words = PacketWords()

    def rows(self, timeline: Timeline) -> Iterator[list[Any]]:
        """The row of each step."""
        for number, step in enumerate(timeline.steps):
            *row, changes = self._row(timeline, number, step)
            while len(row) > 1 and row[-1] == 0 and isinstance(row[-1], int):
                row.pop()
            yield [*row, changes] if changes else row

    def _row(self, timeline: Timeline, number: int, step: Step) -> Iterator[Any]:
        who = step.get("program", _NETWORK - 2) + 2
        cause = step["because"][-1] if "because" in step else None
        sent = timeline.steps[cause] if cause is not None and step["kind"].startswith("packet.") else {}
        is_whole = step.get("size") == len(step.get("data", ()))
        yield self._kinds.setdefault(step["kind"], len(self._kinds))
        yield self._place(who, step.get("at"))
        yield self._inside(who, number, step.get("in"))
        yield self._thing(step, sent, who)
        yield self._text(step, sent.get("text", ""))
        yield round(step["time"] - self._time_s, 9) or 0
        yield who if who != self._program else 0
        yield number - cause if cause is not None else 0
        yield step.get("data", 0)
        yield 0 if is_whole else step.get("size", 0)
        yield {
            self._short(name, step, who): self._grown(name, value, step["time"])
            for name, value in step.get("set", {}).items()
            if not _UNSEEN.fullmatch(name)
        }
        self._time_s, self._program = step["time"], who

    def _place(self, who: int, at: str | None) -> str | int:
        if at is None:
            return 0
        file, line = before = at.rsplit(":", 1)
        last = self._places.get(who, ["", "0"])
        self._places[who] = before
        return at if file != last[0] else int(line) - int(last[1]) or _SAME_PLACE

    def _inside(self, who: int, number: int, around: int | None) -> int:
        last = self._around.get(who)
        self._around[who] = around
        if around == last:
            return 0
        return _NO_STEP if around is None else number - around

    def _thing(self, step: Step, sent: Step, who: int) -> str | int:
        thing: str = step.get("thing", "")
        if step["kind"] == "packet.sent" and thing:
            is_next = int(thing[1:]) == self._packet + 1
            self._packet = int(thing[1:])
            return _AS_PACKET if is_next else thing
        if not thing or step["kind"].startswith("packet."):
            return _AS_PACKET if thing and thing == sent.get("thing") else thing or 0
        before, self._things[who] = self._things.get(who), thing
        return _AS_BEFORE if thing == before else thing

    def _text(self, step: Step, before: str) -> str | int:
        """What a step says, without what is known; of a packet what follows the words with which it was sent."""
        if step["kind"] == "packet.sent":
            return self._packet_words.packed(step)
        text = without_sleep(step)
        return text[len(before) :] if isinstance(text, str) and before and text.startswith(f"{before} ") else text

    def _grown(self, name: str, value: Any, time_s: float) -> Any:
        if _LATER.fullmatch(name):
            return _later(value, time_s)
        if not _COUNTED.fullmatch(name) or value is None:
            return value
        before, self._turns[name] = self._turns.get(name, 0), value
        return value - before

    @staticmethod
    def _short(name: str, step: Step, who: int) -> str:
        owner, _, what = name.partition(".")
        if owner == step.get("thing"):
            return f".{what}"
        return what if owner == f"p{who - 2}" and "." not in what else name


def _later(value: Any, time_s: float) -> Any:
    """How much later than this time; a packet may arrive twice, and a loop sleep "for ever"."""
    if isinstance(value, list):
        return [_later(each, time_s) for each in value]
    return round(value - time_s, 9) or 0 if isinstance(value, float | int) else value
