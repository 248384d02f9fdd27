"""Leaves out of a run's words what is known anyway: of packets, of loops that sleep, of what steps are about.

The words of one of TCP's packets, "TCP here > there FLAGS seq=1 ack=5 12 bytes", become "<FLAGS" when it goes the other
way than the packet sent before, and ">FLAGS" when it goes the same way. `seq` follows only if it isn't where that way
had come to, `ack` if it isn't where the other way had; how many bytes there are, the step's size says. What fits none
of this stays as it is. site/src/stepper/packed_words.ts undoes all of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reactor.trace import Timeline
    from reactor.trace.timeline import Step

_TCP = re.compile(r"TCP (\S+) > (\S+) ([A-Z ]+) seq=(\d+) ack=(\d+)(?: (\d+) bytes)?")


class PacketWords:
    """The words of one run's packets, in the order in which they are sent."""

    def __init__(self) -> None:
        self._last = ("", "")
        self._reached: dict[tuple[str, str], int] = {}  # by ends: the sequence number that comes next

    def packed(self, step: Step) -> str:
        """The words of the packet that is sent in this step, without what is known."""
        text: str = step.get("text", "")
        found = _TCP.fullmatch(text)
        if found is None:
            return text
        here, there, flags = found.group(1, 2, 3)
        seq, ack, size = (int(number or 0) for number in found.group(4, 5, 6))
        way, back, before = (here, there), (there, here), self._last
        said = f" seq={seq}" if seq != self._reached.get(way, 0) else ""
        said += f" ack={ack}" if ack != self._reached.get(back, 0) else ""
        self._last = way
        self._reached[way] = seq + size + ("SYN" in flags) + ("FIN" in flags)
        if before not in (way, back) or size != step.get("size", 0):
            return text
        return f"{'>' if way == before else '<'}{flags}{said}"


def without_sleep(step: Step) -> str | int:
    """What a step says; 0 for a loop that sleeps, if it says no more than until when, which is in the state."""
    text: str | int = step.get("text", 0)
    until = step.get("set", {}).get(f"p{step.get('program')}.sleeps")
    words = f"{until:.12g} s" if isinstance(until, float | int) else "somebody is"
    return 0 if step["kind"] == "sleep" and text == f"nobody is ready: sleeps until {words}" else text


def told_things(timeline: Timeline) -> dict[str, dict[str, Any]]:
    """The things without what the first step of each tells: a packet's ends, "TCP here > there SYN"; program and name.

    The host is left out too, and the name of what has a protocol: no page shows them.
    """
    first: dict[str, Step] = {}
    for step in timeline.steps:
        first.setdefault(step.get("thing", ""), step)
    told = {name: _untold(thing, first.get(name)) for name, thing in timeline.things.items()}
    return {name: thing for name, thing in told.items() if thing or name not in first}


def _untold(thing: dict[str, Any], first: Step | None) -> dict[str, Any]:
    known = {} if first is None else {"program": first.get("program"), "name": first.get("text")}
    if first is not None and first["kind"] == "packet.sent":
        ends = first.get("text", "").split()
        if ends[1:4] == [thing["here"], ">", thing["there"]]:
            known |= {"here": thing["here"], "there": thing["there"]}
    unseen = {"host", "name"} if thing.get("protocol") else {"host"}
    return {key: value for key, value in thing.items() if key not in unseen and known.get(key, ...) != value}
