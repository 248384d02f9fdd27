"""What happened in a step, in a sentence; and why, back to the program's own doing.

A cause is either written down (`because`: the write whose bytes arrive, the `callLater` of a timer), or it is what the
step is inside of. Some steps only carry others: a turn of the loop, a descriptor that is ready. A descriptor becomes
ready because a packet has arrived, and a connection is introduced to its protocol because it was made.
"""

from __future__ import annotations

import re

from reactor.trace.timeline import Step, Timeline

SENTENCES = {
    "turn": "the loop of {program} takes a turn",
    "ready": "the poller tells {program}: {thing} is ready[, {text}]",
    "data.received": "{program} receives {data} from {thing}[ in {text}][ ({at})]",
    "data.written": "{program} writes {data} to {thing}[ ({at})]",
    "data.sent": "{program} hands {size} bytes for {thing} to the kernel",
    "connection.made": "{program} has a connection, {thing}",
    "connection.begun": "{program} hears that {thing} is made[: {text}][ ({at})]",
    "connection.closing": "{program} calls {text} of {thing}[ ({at})]",
    "connection.half_lost": "{program} hears that nothing more comes from {thing}[ ({at})]",
    "connection.lost": "{program} hears that {thing} is lost: {text}[ ({at})]",
    "connect.begun": "{program} begins to connect to {text}[ ({at})]",
    "connect.failed": "{program} could not connect: {text}[ ({at})]",
    "connect.lost": "the client factory of {program} hears that its connection is lost: {text}",
    "port.listening": "{program} listens: {text}[ ({at})]",
    "port.accepted": "{program} accepts a connection at {thing}",
    "port.opened": "{program} opens a port for datagrams: {text}[ ({at})]",
    "port.closed": "{program} closes its port {thing}",
    "datagram.written": "{program} sends the datagram {data}[ ({at})]",
    "datagram.received": "{program} receives the datagram {data}[ ({at})]",
    "producer.registered": "{text} fills the buffer of {thing} from now on[ ({at})]",
    "producer.paused": "the producer of {thing} is told to pause[ ({at})]",
    "producer.resumed": "the producer of {thing} is told to go on[ ({at})]",
    "producer.stopped": "the producer of {thing} is told to stop[ ({at})]",
    "producer.unregistered": "the producer of {thing} is done[ ({at})]",
    "reading.paused": "{program} stops reading from {thing}[ ({at})]",
    "reading.resumed": "{program} reads from {thing} again[ ({at})]",
    "timer.set": "{program} asks for {text} later[ ({at})]",
    "timer.moved": "{program} moves the timer {thing}[ ({at})]",
    "timer.cancelled": "{program} cancels the timer {thing}[ ({at})]",
    "timer.fired": "the time of {text} has come[ ({at})]",
    "deferred.made": "{program} has a Deferred, {thing}: {text}[ ({at})]",
    "deferred.fired": "the Deferred {thing} fires with {text}[ ({at})]",
    "deferred.callback": "{thing} calls {text} with its result[ ({at})]",
    "deferred.errback": "{thing} calls {text} with its failure[ ({at})]",
    "thread.asked": "a thread of {program} asks the loop for {text}[ ({at})]",
    "thread.called": "the loop of {program} makes the call {text} for a thread",
    "system.event": "{program} fires its event {text}",
    "system.call": "{program} makes the call for its event, {text}[ ({at})]",
    "system.stop": "{program} calls {text}[ ({at})]",
    "program.begun": "{text} begins",
    "program.interrupted": "somebody presses Ctrl-C for {program}",
    "program.ended": "{program} ends, {text}",
    "output": "{program} prints {data}[ ({at})]",
    "packet.sent": "the kernel sends {text}",
    "packet.arrived": "the network delivers {text}",
    "packet.lost": "the network loses {text}",
    "line": "{program} is about to run {at}",
    "call": "{program} enters {text}[ ({at})]",
    "sleep": "{program}: {text}",
    "skipped": "{text}",
    "end": "that is over",
}
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")
_CARRIERS = ("turn", "ready", "call", "port.accepted")
_LONGEST = 40


def sentence(timeline: Timeline, number: int) -> str:
    """What happened in a step. A kind that is not known here is named."""
    step = timeline.steps[number]
    fields = {
        "program": _program(timeline, step),
        "thing": _thing(timeline, step.get("thing")),
        "at": step.get("at", ""),
        "text": step.get("text", ""),
        "data": _data(step),
        "size": str(step.get("size", "")),
    }
    words = SENTENCES.get(step["kind"], str(step["kind"]))
    words = _OPTIONAL.sub(lambda match: _filled(str(match[1]), fields), words)
    return _FIELD.sub(lambda match: fields[str(match[1])], words)


def why(timeline: Timeline, number: int) -> list[int]:
    """The steps that led to this one: its cause, the cause of that, and so on, to something that has none."""
    chain: list[int] = []
    cause = _cause(timeline, number)
    while cause is not None:
        if timeline.steps[cause]["kind"] not in _CARRIERS:
            chain.append(cause)
        cause = _cause(timeline, cause)
    return chain


def _cause(timeline: Timeline, number: int) -> int | None:
    step = timeline.steps[number]
    if step.get("because"):
        return int(step["because"][-1])
    if step["kind"] == "connection.begun":
        return _before(timeline, number, "connection.made", step["thing"])
    if step["kind"] == "connection.lost":  # by our own wish, if that is what we have asked for before
        asked = _before(timeline, number, "connection.closing", step["thing"])
        return step.get("in") if asked is None else asked
    if step["kind"] == "ready":
        return _packet_for(timeline, number, step["thing"])
    if step["kind"] == "end":
        return int(step["of"])
    inside: int | None = step.get("in")
    if inside is not None or "program" not in step or step["kind"] == "program.begun":
        return inside
    return _before(timeline, number, "program.begun", None, step["program"])


def _before(timeline: Timeline, number: int, kind: str, thing: str | None, program: int | None = None) -> int | None:
    for earlier in range(number - 1, -1, -1):
        step = timeline.steps[earlier]
        if step["kind"] == kind and step.get("thing") == thing and program in (None, step.get("program")):
            return earlier
    return None


def _packet_for(timeline: Timeline, number: int, thing: str) -> int | None:
    """The packet that has made a connection or a port ready: the last one that arrived there."""
    place = timeline.things.get(thing, {}).get("here")
    for earlier in range(number - 1, -1, -1):
        step = timeline.steps[earlier]
        if step["kind"] == "packet.arrived" and timeline.things.get(step["thing"], {}).get("there") == place:
            return earlier
    return timeline.steps[number].get("in")


def _filled(words: str, fields: dict[str, str]) -> str:
    return words if all(fields[name] for name in _FIELD.findall(words)) else ""


def _program(timeline: Timeline, step: Step) -> str:
    number = step.get("program")
    return "the network" if number is None else str(timeline.programs[number]["name"])


def _thing(timeline: Timeline, name: str | None) -> str:
    if name is None:
        return ""
    known = timeline.things.get(name, {})
    protocol = known.get("protocol") or known.get("name")
    return f"{name} ({protocol})" if protocol else name


def _data(step: Step) -> str:
    data = step.get("data", "")
    shown = repr(data) if step["kind"] == "output" else repr(data.encode("latin-1"))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}… ({step['size']:,} bytes)"
