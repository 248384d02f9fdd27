"""Deferreds: made, fired, each function of the chain, and which one waits for which.

Those that the library makes for its own use are left out: no line of the program made them or added a callback.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, SupportsIndex
from weakref import WeakKeyDictionary

from reactor.defer.core import Deferred
from reactor.defer.coroutines import Running
from reactor.failure import Failure
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches
from reactor.trace.stable_text import name_of, shown
from reactor.trace.tape import Tape


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    deferreds = _Deferreds(watched.tape)
    patches.around(Deferred, "__init__")(deferreds.made)
    patches.around(Running, "__init__")(deferreds.started)
    patches.around(Deferred, "_fire")(deferreds.fire)
    patches.around(Deferred, "_advance")(deferreds.advance)


class _Deferreds:
    """The functions around the methods of Deferreds. Each gets the method itself first, then its arguments."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        # Weak, since a watched Deferred must be freed no later than any other: then its unhandled failure is logged.
        self._names: WeakKeyDictionary[Deferred[Any], str] = WeakKeyDictionary()

    def made(self, original: Any, deferred: Any, *args: Any, **kwargs: Any) -> None:
        original(deferred, *args, **kwargs)
        if deferred not in self._names and (line := self._tape.line()) is not None:
            self._introduce(deferred, type(deferred).__name__, line)

    def started(self, original: Any, running: Any, coroutine: Any) -> None:
        code = getattr(coroutine, "cr_code", None) or getattr(coroutine, "gi_code", None)
        line = self._tape.line()
        if code is not None and line is not None:
            self._introduce(running, code.co_qualname.replace("<locals>.", "") + "()", line)
        original(running, coroutine)

    def _introduce(self, deferred: Any, what: str, line: str | None) -> str | None:
        if self._tape.program is None or self._tape.is_elsewhere():
            return None
        name = self._names[deferred] = self._tape.new_name("d")
        self._tape.describe(name, name=what, program=self._tape.program)
        self._tape.change(f"{name}.state", "waiting")
        self._tape.step("deferred.made", name, at=line, text=what)
        return name

    def _name(self, deferred: Any) -> str | None:
        """A Deferred of the library becomes interesting when the program adds a function to it."""
        if deferred in self._names:
            return self._names[deferred]
        functions = [one for step in deferred._steps if isinstance(step, tuple) for one in step if one is not None]
        if not any(self._tape.places.of(one) for one in functions):
            return None
        return self._introduce(deferred, type(deferred).__name__, None)

    def fire(self, original: Any, deferred: Any, result: Any) -> Any:
        name = self._name(deferred)
        if name is None or deferred.called:
            return original(deferred, result)
        self._tape.change(f"{name}.state", "failed" if isinstance(result, Failure) else "fired")
        self._tape.change(f"{name}.result", shown(result))
        chain = [_chained(step) for step in deferred._steps]
        with self._tape.span("deferred.fired", name, at=self._tape.line(), text=shown(result), chain=chain):
            return original(deferred, result)

    def advance(self, original: Any, deferred: Any) -> Any:
        name = self._names.get(deferred)
        steps = deferred._steps
        if name is None or not steps:
            return original(deferred)
        watched = _Steps(steps, lambda function, is_errback: self._around(name, function, is_errback))
        deferred._steps = watched
        try:
            return original(deferred)
        finally:
            steps[:] = watched
            deferred._steps = steps
            if (other := deferred._waiting_for) is not None:
                other_name = self._names.get(other) or self._introduce(other, type(other).__name__, None)
                self._tape.change(f"{name}.state", f"waits for {other_name or 'another'}")

    def _around(self, name: str, function: Callable[[Any], Any], is_errback: bool) -> Callable[[Any], Any]:
        """Wrap a function of the chain, so that its call and its result are recorded."""

        def call(given: Any) -> Any:
            at = self._tape.places.of(function)
            kind = "deferred.errback" if is_errback else "deferred.callback"
            with self._tape.span(kind, name, at=at, text=name_of(function)):
                try:
                    result = function(given)
                except BaseException as problem:
                    self._result(name, problem, True)
                    raise
                if not isinstance(result, Deferred):
                    self._result(name, result, isinstance(result, Failure))
                return result

        return call

    def _result(self, name: str, result: object, is_failure: bool) -> None:
        self._tape.change(f"{name}.state", "failed" if is_failure else "fired")
        self._tape.change(f"{name}.result", shown(result))


class _Steps(list[Any]):
    """The steps of a chain; each is wrapped when it is taken out."""

    def __init__(self, steps: list[Any], around: Callable[[Any, bool], Any]) -> None:
        super().__init__(steps)
        self._around = around

    def pop(self, index: SupportsIndex = -1) -> Any:
        step = super().pop(index)
        if not isinstance(step, tuple):
            return step
        return tuple(None if one is None else self._around(one, number == 1) for number, one in enumerate(step))


def _chained(step: Any) -> str:
    """One step of a chain, as text."""
    if isinstance(step, Deferred):
        return "another Deferred"
    callback, errback = step
    if callback is errback:
        return name_of(callback)
    return " / ".join("–" if one is None else name_of(one) for one in (callback, errback))
