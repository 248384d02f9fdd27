"""A result that isn't there yet.

A function that must wait returns a Deferred at once. Its caller hangs functions on it: *callbacks* for a result,
*errbacks* for a failure. They form a chain: each gets what the one before returned; an exception turns the chain over
to the errbacks, and an errback that returns normally turns it back. A callback may itself return a Deferred: then
the chain waits for that one, and goes on with its result.

One rule keeps long chains safe: running a chain never recurses. A chain that waits for another leaves a note in it
(`_Waiter`), and whoever finishes the other picks the note up and goes on in the same loop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from reactor import log
from reactor.failure import Failure

__all__ = ["AlreadyCalledError", "CancelledError", "Deferred", "execute", "fail", "maybeDeferred", "succeed"]

T = TypeVar("T")

_NOT_YET: Any = object()
Step = Callable[..., Any]


class AlreadyCalledError(Exception):
    """A Deferred was given a second result. It holds one result, once."""


class CancelledError(Exception):
    """The Deferred was cancelled: nobody wants its result any more."""


class _Waiter:
    """A note in one Deferred's chain: when you get here, hand your result to `deferred` and run it."""

    def __init__(self, deferred: Deferred[Any]) -> None:
        self.deferred = deferred


class Deferred(Generic[T]):
    """A result that will come, and what to do with it then.

    canceller: called with this Deferred when `cancel()` is called before there is a result; it should stop the work.
    called: whether there is (or was) a result.
    """

    called = False
    paused = 0

    def __init__(self, canceller: Callable[[Deferred[T]], object] | None = None) -> None:
        self._canceller = canceller
        self._steps: deque[tuple[Step, Step] | _Waiter] = deque()
        self._running = False
        self._waiting_for: Deferred[Any] | None = None
        self._ignore_next_result = False  # after cancel() the work may still finish, and say so
        self.result: Any = _NOT_YET

    # --- hanging functions on it

    def addCallbacks(
        self,
        callback: Step,
        errback: Step | None = None,
        callbackArgs: tuple[Any, ...] = (),
        callbackKeywords: dict[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] = (),
        errbackKeywords: dict[str, Any] | None = None,
    ) -> Deferred[Any]:
        """Add one step to the chain: `callback(result, …)` or `errback(failure, …)`, whichever fits. Returns self.

        If there is a result already, the step runs now.
        """
        self._steps.append(
            (
                _with_arguments(callback, callbackArgs, callbackKeywords or {}),
                _with_arguments(errback or _pass, errbackArgs, errbackKeywords or {}),
            )
        )
        if self.called:
            self._run()
        return self

    def addCallback(self, callback: Step, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """Add a step for results only; failures pass by it. Returns self."""
        return self.addCallbacks(callback, callbackArgs=args, callbackKeywords=kwargs)

    def addErrback(self, errback: Step, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """Add a step for failures only; results pass by it. Returns self."""
        return self.addCallbacks(_pass, errback, errbackArgs=args, errbackKeywords=kwargs)

    def addBoth(self, callback: Step, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """Add a step that gets whatever comes, as `finally` would. Returns self."""
        return self.addCallbacks(callback, callback, args, kwargs, args, kwargs)

    def chainDeferred(self, other: Deferred[Any]) -> Deferred[Any]:
        """Fire `other` with whatever comes. Returns self."""
        return self.addCallbacks(other.callback, other.errback)

    # --- the result

    def callback(self, result: T) -> None:
        """Here is the result: run the chain with it. Raises AlreadyCalledError the second time."""
        if isinstance(result, Deferred):
            raise AssertionError("a Deferred can't be the result of another: return it from a callback instead")
        self._fire(result)

    def errback(self, failure: Failure | BaseException | None = None) -> None:
        """It went wrong: run the chain with this failure (left out: with the exception being handled now)."""
        self._fire(failure if isinstance(failure, Failure) else Failure(failure))

    def _fire(self, result: Any) -> None:
        if self.called:
            if self._ignore_next_result:
                self._ignore_next_result = False
                return
            raise AlreadyCalledError(f"{self!r} has had its result; now came {result!r}")
        self.called = True
        self._canceller = None
        self.result = result
        self._run()

    def cancel(self) -> None:
        """Say that nobody wants the result any more.

        Without a result the canceller is called; if it fires nothing, the chain gets a CancelledError. A chain that
        waits for another Deferred cancels that one. After the chain has run, this does nothing.
        """
        if self.called:
            if isinstance(self._waiting_for, Deferred):
                self._waiting_for.cancel()
            return
        canceller, self._canceller = self._canceller, None
        self._ignore_next_result = canceller is None
        if canceller is not None:
            canceller(self)
        if not self.called:
            self.errback(Failure(CancelledError()))

    def pause(self) -> None:
        """Hold the chain until as many `unpause()` calls have come."""
        self.paused += 1

    def unpause(self) -> None:
        """Let the chain go on."""
        self.paused -= 1
        if not self.paused and self.called:
            self._run()

    # --- running the chain

    def _run(self) -> None:
        """Run the steps that can run, here and in every Deferred that waits for this one."""
        if self._running:  # a step added a step: the loop that runs it will come to the new one
            return
        todo: list[Deferred[Any]] = [self]
        while todo:
            freed = todo[-1]._advance()
            if freed is None:
                todo.pop()
            else:
                todo.append(freed)

    def _advance(self) -> Deferred[Any] | None:
        """Run steps until the chain ends, pauses or waits (None), or has given its result to one that waited (that)."""
        while self._steps and not self.paused:
            step = self._steps.popleft()
            if isinstance(step, _Waiter):
                return self._hand_over(step.deferred)
            self._take(step)
        return None

    def _take(self, step: tuple[Step, Step]) -> None:
        """Run one step; if it returned a Deferred, make the chain wait for that."""
        self._running = True
        try:
            self.result = step[isinstance(self.result, Failure)](self.result)
        except Exception as error:
            self.result = Failure(error)
        finally:
            self._running = False
        if isinstance(self.result, Deferred):
            self._wait_for(self.result)

    def _wait_for(self, other: Deferred[Any]) -> None:
        """Go on with the result of `other`: at once if its chain is through, else when it gets there."""
        if other is self:
            problem = "a callback returned the Deferred it was attached to; it would wait for itself for ever"
            self.result = Failure(RuntimeError(problem))
        elif other.called and not other.paused and not other._steps and not other._running:
            self.result, other.result = other.result, None
        else:
            self.paused += 1
            self._waiting_for = other
            other._steps.append(_Waiter(self))

    def _hand_over(self, waiter: Deferred[Any]) -> Deferred[Any]:
        """Give the result to one that waited; a failure is that one's to handle now."""
        waiter.result, self.result = self.result, None
        waiter._waiting_for = None
        waiter.paused -= 1
        return waiter

    def __del__(self) -> None:
        if self.called and isinstance(self.result, Failure):
            log.err(self.result, "Unhandled error in Deferred")

    def __repr__(self) -> str:
        state = ""
        if self._waiting_for is not None:
            state = f" waiting on Deferred at 0x{id(self._waiting_for):x}"
        elif self.called:
            state = f" current result: {self.result!r}"
        return f"<Deferred at 0x{id(self):x}{state}>"


def _pass(result: Any) -> Any:
    return result


def _with_arguments(step: Step, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Step:
    return (lambda result: step(result, *args, **kwargs)) if args or kwargs else step


def succeed(result: T) -> Deferred[T]:
    """A Deferred that has its result already."""
    deferred: Deferred[T] = Deferred()
    deferred.callback(result)
    return deferred


def fail(failure: Failure | BaseException | None = None) -> Deferred[Any]:
    """A Deferred that has failed already (left out: with the exception being handled now)."""
    deferred: Deferred[Any] = Deferred()
    deferred.errback(failure)
    return deferred


def execute(function: Callable[..., T], *args: Any, **kwargs: Any) -> Deferred[T]:
    """Call the function now; a Deferred of what it returned or raised."""
    try:
        return succeed(function(*args, **kwargs))
    except Exception:
        return fail()


def maybeDeferred(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Deferred[Any]:
    """As `execute`, but what returned a Deferred, or a Failure, keeps its meaning."""
    try:
        result = function(*args, **kwargs)
    except Exception:
        return fail()
    if isinstance(result, Deferred):
        return result
    return fail(result) if isinstance(result, Failure) else succeed(result)
