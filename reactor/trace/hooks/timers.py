"""Delayed calls: set, moved, cancelled, made."""

from __future__ import annotations

from typing import Any

from reactor.core.loop.core import Loop
from reactor.core.loop.timers import DelayedCall, Timers
from reactor.trace.hooks.watched import Watched, one_or_none
from reactor.trace.patches import Patches
from reactor.trace.stable_text import name_of


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    tape = watched.tape
    last: dict[str, int | None] = {}  # the step that set it, or moved it

    def note(call: Any, program: int | None, kind: str, name: str) -> None:
        due = call.getTime() - call._timers.seconds() + tape.seconds()
        tape.change(f"{name}.due", round(due, 9))
        last[name] = tape.step(kind, name, program=program, at=tape.line(), text=name_of(call.func))

    @patches.around(Loop, "callLater")
    def _(original: Any, loop: Any, *args: Any, **kw: Any) -> Any:
        call = original(loop, *args, **kw)
        program = watched.program_of(loop)
        if program is not None and not tape.is_elsewhere():
            note(call, program, "timer.set", tape.name(call, "t", name=name_of(call.func), program=program))
        return call

    @patches.around(Timers, "move")
    def _(original: Any, timers: Any, call: Any, *when: float) -> None:
        original(timers, call, *when)
        if (name := tape.known(call)) is not None:
            note(call, tape.things[name].get("program") if name in tape.things else None, "timer.moved", name)

    @patches.around(DelayedCall, "cancel")
    def _(original: Any, call: Any) -> None:
        original(call)
        if (name := tape.known(call)) is not None:
            tape.change(f"{name}.due", None)
            tape.step("timer.cancelled", name, at=tape.line())
            tape.forget(call)

    @patches.around(DelayedCall, "run")
    def _(original: Any, call: Any) -> Any:
        name = tape.known(call)
        if name is None:
            return original(call)
        tape.forget(call)
        tape.change(f"{name}.due", None)
        because = one_or_none(last.pop(name, None))
        with tape.span("timer.fired", name, because=because, at=tape.places.of(call.func), text=name_of(call.func)):
            return original(call)
