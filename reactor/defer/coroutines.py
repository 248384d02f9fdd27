"""`await`, by means of Deferreds.

A coroutine (or a generator under `inlineCallbacks`) runs until it needs a result, and yields the Deferred of it. Its
`Running` adds a callback to that Deferred; when the result comes, this sends it into the coroutine, which goes on.
The Running is itself a Deferred: of what the coroutine returns.

A result that is there already is sent in at once, in a loop: a thousand of them in a row need no stack. Each coroutine
runs in a copy of the context (`contextvars`) it was started in.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine, Generator
from contextvars import copy_context
from typing import Any, NoReturn, ParamSpec, TypeGuard, TypeVar

from reactor import failure
from reactor.defer.core import Deferred
from reactor.failure import Failure

T = TypeVar("T")
P = ParamSpec("P")

_FOREIGN = "{!r} is asyncio's, and this coroutine runs on Deferreds: await Deferred.fromFuture(...) of it"
_NO_LOOP = (
    "this coroutine runs on Deferreds, and asyncio has no loop here: await deferLater(reactor, seconds) instead of "
    "asyncio.sleep, or let the program run on reactor.asyncioloop"
)


class NotACoroutineError(TypeError):
    """`ensureDeferred` or `fromCoroutine` got something else. Perhaps the call is missing: `ensureDeferred(f())`."""


class Running(Deferred[T]):
    """A coroutine on its way: the Deferred of its result.

    Cancelling it cancels the Deferred that the coroutine waits for; there the coroutine gets a CancelledError, which it
    may handle.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, T] | Generator[Any, Any, T]) -> None:
        super().__init__()
        self._coroutine = coroutine
        self._run_in_context = copy_context().run
        self._go_on(None)

    def _go_on(self, result: Any) -> None:
        """Send this result in, and then every result that is there already, until the coroutine waits or ends."""
        self._waiting_for = None
        while True:
            try:
                if isinstance(result, Failure):
                    error = result.value.with_traceback(result.tb)
                    result = self._run_in_context(self._coroutine.throw, error)
                else:
                    result = self._run_in_context(self._coroutine.send, result)
            except (StopIteration, _Return) as end:
                value: Any = end.value
                break
            except BaseException as error:
                if type(error) is RuntimeError and error.args == ("no running event loop",):
                    error.add_note(_NO_LOOP)
                value = failure.caught(error, result.tb if isinstance(result, Failure) else None)
                break
            if is_coroutine(result):
                result = Running(result)
            if isinstance(result, Deferred):
                if not result.called or result.paused or result._running or result._steps:
                    self._waiting_for = result
                    result._add(self._go_on, self._go_on)
                    return
                result = result._give_away()
            elif hasattr(type(result), "_asyncio_future_blocking") and result._asyncio_future_blocking:
                result = Failure(TypeError(_FOREIGN.format(result)))
        self.callback(value)


def is_coroutine(thing: object) -> TypeGuard[Coroutine[Any, Any, Any] | Generator[Any, Any, Any]]:
    """Whether it can be run: also a step of an asynchronous generator, or what Cython makes of a coroutine."""
    return isinstance(thing, (Coroutine, Generator))


def run_coroutine(coro: Coroutine[Any, Any, T] | Generator[Any, Any, T]) -> Deferred[T]:
    """What `Deferred.fromCoroutine` promises."""
    if not is_coroutine(coro):
        raise NotACoroutineError(f"{coro!r} is not a coroutine{_advice(coro)}")
    return Running(coro)


def ensureDeferred(coro: Coroutine[Any, Any, T] | Generator[Any, Any, T] | Deferred[T]) -> Deferred[T]:
    """Run a coroutine, now, up to where it waits; a Deferred is returned as it is. Raises NotACoroutineError."""
    if isinstance(coro, Deferred):
        return coro
    if not is_coroutine(coro):
        raise NotACoroutineError(f"{coro!r} is not a coroutine or a Deferred{_advice(coro)}")
    return Running(coro)


def _advice(thing: object) -> str:
    return ": call it, and pass what it returns" if callable(thing) else ""


def inlineCallbacks(f: Callable[P, Generator[Any, Any, T]]) -> Callable[P, Deferred[T]]:
    """Decorator: a generator that yields Deferreds becomes a function that returns one.

    `result = yield deferred` waits as `await` does; any other value comes straight back. The function
    raises TypeError when what it decorates is not a generator function: one with a `yield` in it.
    """

    @functools.wraps(f)
    def start(*args: P.args, **kwargs: P.kwargs) -> Deferred[T]:
        generator: Any
        try:
            generator = f(*args, **kwargs)
        except _Return as end:
            generator = end
        if not isinstance(generator, Generator):
            raise TypeError(
                f"inlineCallbacks requires {f!r} to produce a generator; instead got {generator!r}: "
                "put a yield into it, or leave the decorator out"
            )
        return Running(generator)

    return start


class _Return(BaseException):
    def __init__(self, value: object) -> None:
        super().__init__(f"returnValue({value!r}) ends a generator under inlineCallbacks, and this is none: use return")
        self.value = value


def returnValue(val: object) -> NoReturn:
    """End a generator under `inlineCallbacks` with this result. Older programs use it; `return val` does the same."""
    raise _Return(val)


failure.carriers.add(__file__)
