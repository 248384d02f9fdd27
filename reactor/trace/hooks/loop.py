"""Turns of the loop: ready descriptors, calls from threads, what happens when it starts and ends."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from typing import Any

from reactor.core.loop.core import Loop
from reactor.core.loop.triggers import SystemEvent, Trigger
from reactor.core.pollers import READABLE, WRITABLE
from reactor.trace.hooks.watched import Watched, one_or_none
from reactor.trace.patches import Patches
from reactor.trace.stable_text import name_of
from reactor.trace.tape import Span

_READY = {READABLE: "readable", WRITABLE: "writable", READABLE | WRITABLE: "readable and writable"}


def install(watched: Watched, patches: Patches) -> None:
    """Record the turns of every watched loop, calls from threads, system events and how a run ends."""
    _Turns(watched, patches).install()
    _install_threads(watched, patches)
    _install_events(watched, patches)


class _Turns:
    """The two halves of a turn: calls that are due, and descriptors that are ready."""

    def __init__(self, watched: Watched, patches: Patches) -> None:
        self._watched = watched
        self._tape = watched.tape
        self._patches = patches
        self._turns: dict[int, int] = {}
        self._pollers: set[type] = set()
        self._serving: list[tuple[Any, Span]] = []

    def install(self) -> None:
        @self._patches.around(Loop, "make_due_calls")
        def _(original: Any, loop: Any) -> Any:
            with self._watched.turn_of(loop) as is_watched:
                if not is_watched:
                    return original(loop)
                self._watch_poller(type(loop.descriptors.poller))
                self._turns[id(loop)] = self._turns.get(id(loop), 0) + 1
                with self._tape.span("turn", quiet=True, changes=self._turn(loop)):
                    return original(loop)

        @self._patches.around(Loop, "serve")
        def _(original: Any, loop: Any, timeout: float | None) -> Any:
            with self._watched.turn_of(loop) as is_watched:
                if not is_watched:
                    return original(loop, timeout)
                with self._tape.span("turn", quiet=True, changes=self._turn(loop)) as span:
                    self._serving.append((loop, span))
                    try:
                        original(loop, timeout)
                    finally:
                        self._serving.pop()

    def _turn(self, loop: Any) -> dict[str, Any]:
        return {f"p{self._tape.program}.turn": self._turns.get(id(loop), 1)}

    def _watch_poller(self, kind: type) -> None:
        """Pollers are patched when they are first used: a program may bring its own kind."""
        if kind in self._pollers:
            return
        self._pollers.add(kind)

        @self._patches.around(kind, "poll")
        def _(original: Any, poller: Any, timeout: float | None) -> Iterable[tuple[int, int]]:
            if not self._serving or self._serving[-1][0].descriptors.poller is not poller:
                return original(poller, timeout)  # type: ignore[no-any-return]  # a list, says the poller
            loop, span = self._serving[-1]
            self._tape.again(span)  # the wait is not part of it
            ready = original(poller, timeout)
            return self._each(loop, ready) if ready else ready

    def _each(self, loop: Any, ready: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """The same items; what the loop does with each is inside a step."""
        for fd, mask in ready:
            one = loop.descriptors.readers.get(fd) or loop.descriptors.writers.get(fd)
            if one is None or one is loop.waker:
                yield fd, mask
                continue
            name = self._tape.known(one) or self._tape.name(one, "x", name=type(one).__name__)
            with self._tape.span("ready", name, text=_READY.get(mask)):
                yield fd, mask


def _install_threads(watched: Watched, patches: Patches) -> None:
    tape = watched.tape

    @patches.around(Loop, "callFromThread")
    def _(original: Any, loop: Any, callable: Any, *args: Any, **kw: Any) -> Any:
        if watched.program_of(loop) is None:
            return original(loop, callable, *args, **kw)
        line = tape.line()
        asked = tape.step("thread.asked", at=line, text=name_of(callable))

        def call(*args: Any, **kw: Any) -> Any:
            with tape.span("thread.called", at=line, because=one_or_none(asked), text=name_of(callable)):
                return callable(*args, **kw)

        return original(loop, call if builtins.callable(callable) else callable, *args, **kw)


def _install_events(watched: Watched, patches: Patches) -> None:
    tape = watched.tape
    loops: list[Any] = []  # the loops that run now, the innermost last

    @patches.around(Loop, "become_running")
    def _(original: Any, loop: Any) -> None:
        if (number := watched.program_of(loop)) is not None:
            tape.change(f"p{number}.loop", "running")
        original(loop)

    @patches.around(Loop, "begin_run")
    def _(original: Any, loop: Any, *args: Any, **kwargs: Any) -> Any:
        if watched.program_of(loop) is not None and watched.world is None:
            tape.program = watched.program_of(loop)
        if loop not in loops:
            loops.append(loop)
        return original(loop, *args, **kwargs)

    @patches.around(SystemEvent, "fire")
    def _(original: Any, event: Any) -> Any:
        loop, name = next(
            ((loop, name) for loop in reversed(loops) for name, one in loop.events.items() if one is event),
            (None, "event"),
        )
        if loop is None:
            return original(event)
        with watched.turn_of(loop) as is_watched:
            if not is_watched:
                return original(event)
            with tape.span("system.event", text=name):
                return original(event)

    @patches.around(Trigger, "run")
    def _(original: Any, trigger: Any) -> Any:
        function = trigger._func
        with tape.span("system.call", at=tape.places.of(function), text=f"{trigger.phase}: {name_of(function)}"):
            return original(trigger)

    for name, said in (("stop", "reactor.stop()"), ("crash", "reactor.crash()")):
        _say(watched, patches, name, said)


def _say(watched: Watched, patches: Patches, name: str, said: str) -> None:
    """A program has asked for the end of a run, or the run has ended."""

    @patches.around(Loop, name)
    def _(original: Any, loop: Any) -> None:
        original(loop)
        number = watched.program_of(loop)
        if number is not None:
            watched.tape.change(f"p{number}.loop", "stopping" if name == "stop" else "stopped")
            watched.tape.step("system.stop", program=number, at=watched.tape.line(), text=said)
