"""A result that isn't there yet.

A function that must wait returns a Deferred at once. Its caller hangs functions on it: *callbacks* for a result,
*errbacks* for a failure. They form a chain: each gets what the one before returned; an exception turns the chain over
to the errbacks, and an errback that returns normally turns it back. A callback may itself return a Deferred: then
the chain waits for that one, and goes on with its result.

Two rules keep the stack shallow, however many Deferreds wait for each other. A Deferred that waits for another is a
step of that one's chain: the loop that reaches this step hands the result over, and then runs the freed Deferred's
chain. And a step may fire a Deferred whose step fires another, but only so deep: see `nesting.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, overload

from reactor import failure
from reactor.defer import history
from reactor.defer.nesting import NEST_AT_MOST, Nesting
from reactor.defer.unhandled import Alarm
from reactor.failure import Failure

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future

    from typing_extensions import TypeVar  # for the default, as in reactor/interfaces/type_variables.py

    from reactor.defer.timeouts import Clock

    T = TypeVar("T", default=Any)  # `Deferred()` is complete: a checker doesn't ask of what
else:
    from typing import TypeVar

    T = TypeVar("T")
U = TypeVar("U")
P = ParamSpec("P")
Step = Callable[..., Any]

_nesting = Nesting()


class AlreadyCalledError(Exception):
    """A Deferred was given a second result. It holds one result, once."""


class CancelledError(Exception):
    """The Deferred was cancelled before it had a result."""


class Deferred(Generic[T]):
    """A result that will come, and what to do with it then.

    canceller: called with this Deferred when `cancel()` is called before there is a result; it should stop the work.
    called: whether there is (or was) a result. result: what the last step returned; missing before there is one.
    paused: how many `unpause()` calls the chain waits for.
    """

    called = False
    paused = 0
    result: Any

    _canceller: Callable[[Deferred[T]], object] | None = None
    _running = False
    _waiting_for: Deferred[Any] | None = None
    _ignore_next_result = False  # after cancel() the work may still finish, and say so
    _alarm: Alarm | None = None
    _history: history.History | None = None

    def __init__(self, canceller: Callable[[Deferred[T]], object] | None = None) -> None:
        self._steps: list[tuple[Step | None, Step | None] | Deferred[Any]] = []
        if canceller is not None:
            self._canceller = canceller
        if history.is_kept:
            self._history = history.History()

    # --- hanging functions on it

    def addCallbacks(
        self,
        callback: Callable[..., U | Deferred[U] | Failure],
        errback: Callable[..., Any] | None = None,
        callbackArgs: tuple[Any, ...] = (),
        callbackKeywords: dict[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] = (),
        errbackKeywords: dict[str, Any] | None = None,
    ) -> Deferred[Any]:
        """Add one step to the chain: `callback(result, …)` or `errback(failure, …)`, whichever fits. Returns self.

        If there is a result already, the step runs now.
        """
        for_result = _with_arguments(callback, callbackArgs, callbackKeywords)
        for_failure = None if errback is None else _with_arguments(errback, errbackArgs, errbackKeywords)
        return self._add(for_result, for_failure)

    @overload
    def addCallback(
        self, callback: Callable[Concatenate[T, P], Deferred[U] | Failure], *args: P.args, **kwargs: P.kwargs
    ) -> Deferred[U]: ...
    @overload
    def addCallback(
        self, callback: Callable[Concatenate[T, P], U | Failure], *args: P.args, **kwargs: P.kwargs
    ) -> Deferred[U]: ...
    def addCallback(self, callback: Step, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """Add a step for results only; failures pass by it. Returns self."""
        return self._add(_with_arguments(callback, args, kwargs) if args or kwargs else callback, None)

    @overload
    def addErrback(
        self, errback: Callable[Concatenate[Failure, P], Deferred[U] | Failure], *args: P.args, **kwargs: P.kwargs
    ) -> Deferred[T | U]: ...
    @overload
    def addErrback(
        self, errback: Callable[Concatenate[Failure, P], U | Failure], *args: P.args, **kwargs: P.kwargs
    ) -> Deferred[T | U]: ...
    def addErrback(self, errback: Step, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """Add a step for failures only; results pass by it. Returns self."""
        return self._add(None, _with_arguments(errback, args, kwargs))

    @overload
    def addBoth(
        self, callback: Callable[Concatenate[T | Failure, P], Deferred[U] | Failure], *args: P.args, **kwargs: P.kwargs
    ) -> Deferred[U]: ...
    @overload
    def addBoth(
        self, callback: Callable[Concatenate[T | Failure, P], U | Failure], *args: P.args, **kwargs: P.kwargs
    ) -> Deferred[U]: ...
    def addBoth(self, callback: Step, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """Add a step for results and failures alike, as `finally` is. Returns self."""
        step = _with_arguments(callback, args, kwargs)
        return self._add(step, step)

    def _add(self, for_result: Step | None, for_failure: Step | None) -> Deferred[Any]:
        self._steps.append((for_result, for_failure))
        if self.called:
            self._run()
        return self

    def chainDeferred(self, d: Deferred[T]) -> Deferred[None]:
        """Fire `d` with the result or failure that comes here. Returns self."""
        return self._add(d.callback, d.errback)

    def addTimeout(
        self, timeout: float, clock: Clock, onTimeoutCancel: Callable[[Any, float], Any] | None = None
    ) -> Deferred[T]:
        """Cancel this when it takes longer than so many seconds; it then fails with TimeoutError. Returns self.

        clock: what counts the seconds; usually a reactor.
        onTimeoutCancel: called as `onTimeoutCancel(result, timeout)`, with the result after the cancellation, usually
            a Failure; what it returns or raises takes the place of the TimeoutError.
        """
        from reactor.defer.timeouts import add_timeout

        return add_timeout(self, timeout, clock, onTimeoutCancel)

    # --- the result

    def callback(self, result: T | Failure) -> None:
        """Set the result, and run the chain with it. Raises AlreadyCalledError if there was one."""
        if isinstance(result, Deferred):
            raise AssertionError("a Deferred can't be the result of another: return it from a callback instead")
        self._fire(result)

    def errback(self, fail: Failure | BaseException | None = None) -> None:
        """Set a failure as the result, and run the chain with it. Raises AlreadyCalledError if there was one.

        fail: left out, it is the exception being handled now.
        """
        self._fire(fail if isinstance(fail, Failure) else Failure(fail))

    def _fire(self, result: Any) -> None:
        if self.called:
            if self._ignore_next_result:
                self._ignore_next_result = False
                return
            raise AlreadyCalledError(history.second_result(self, result))
        self.called = True
        self._canceller = None
        self.result = result
        if self._history is not None:
            self._history.note_fired()
        if self._steps:
            self._run()
        elif isinstance(result, Failure):
            self._watch_failure()

    def cancel(self) -> None:
        """Give the result up, and stop the work for it.

        Before there is a result, the canceller is called; if that doesn't fire this Deferred, the chain gets a
        CancelledError. A chain that waits for another Deferred cancels that one. After the chain has run, this does
        nothing.
        """
        innermost = self._find_innermost()
        if innermost is not self:
            innermost.cancel()
        elif not self.called:
            self._cancel_work()

    def _find_innermost(self) -> Deferred[Any]:
        """Follow those that wait for each other down to the one that has work to cancel, or a `cancel` of its own."""
        innermost: Deferred[Any] = self
        passed: set[int] = set()
        while innermost._waiting_for is not None and id(innermost) not in passed:  # in a ring, each waits for the next
            passed.add(id(innermost))
            innermost = innermost._waiting_for
            if type(innermost).cancel is not Deferred.cancel:
                break
        return innermost

    def _cancel_work(self) -> None:
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
        """Take back one `pause()`; after the last one, the chain goes on."""
        self.paused -= 1
        if not self.paused and self.called:
            self._run()

    # --- running the chain

    def _run(self) -> None:
        """Run the steps that can run, here and in every Deferred that waits for this one. Too deep: a little later."""
        if self._running or self.paused:  # when a step adds a step, the loop that runs the one comes to the other
            return
        nesting = _nesting
        if nesting.depth == NEST_AT_MOST:
            nesting.postponed.append(self)
            return
        nesting.depth += 1
        try:
            self._run_with_freed()
            if nesting.depth == NEST_AT_MOST:
                while nesting.postponed:
                    nesting.postponed.popleft()._run_with_freed()
        finally:
            nesting.depth -= 1

    def _run_with_freed(self) -> None:
        freed = self._advance()
        if freed is not None:
            todo = [self, freed]
            while todo:
                freed = todo[-1]._advance()
                if freed is None:
                    todo.pop()
                else:
                    todo.append(freed)

    def _advance(self) -> Deferred[Any] | None:
        """Run steps until the chain stands still. Returns the waiting Deferred that took the result, or None."""
        steps = self._steps
        self._running = True
        try:
            while steps and not self.paused:
                step = steps.pop(0)
                if isinstance(step, Deferred):
                    return self._hand_over(step)
                function = step[isinstance(self.result, Failure)]
                if function is None:
                    continue
                try:
                    self.result = function(self.result)
                except BaseException as error:
                    self.result = failure.caught(error)
                if isinstance(self.result, Deferred):
                    self._wait_for(self.result)
        finally:
            self._running = False
        self._watch_failure()
        return None

    def _wait_for(self, other: Deferred[Any]) -> None:
        """Go on with the result of `other`: at once if its chain is through, else when it gets there."""
        if other is self:
            problem = "a callback returned the Deferred it was attached to; it would wait for itself for ever"
            self.result = Failure(RuntimeError(f"{problem}: return the value, or another Deferred"))
        elif other.called and not (other.paused or other._running or other._steps):
            self.result = other._give_away()
        else:
            self.paused += 1
            self._waiting_for = other
            other._steps.append(self)

    def _hand_over(self, waiter: Deferred[Any]) -> Deferred[Any]:
        """Give the result to a Deferred that waited for it; a failure is now that one's to handle."""
        waiter.result = self._give_away()
        waiter._waiting_for = None
        waiter.paused -= 1
        return waiter

    def _give_away(self) -> Any:
        result, self.result = self.result, None
        if self._alarm is not None:
            self._alarm.failure = None
        return result

    def _watch_failure(self) -> None:
        """Have a failure that no errback handles reported when this Deferred is freed."""
        unhandled = self.result if isinstance(self.result, Failure) else None
        if self._alarm is not None:
            self._alarm.failure = unhandled
        elif unhandled is not None:
            self._alarm = Alarm(unhandled, self._history)

    # --- coroutines and futures

    def __await__(self) -> Generator[Any, Any, T]:
        """`await` gives the result, or raises the failure's exception.

        In a coroutine run by `ensureDeferred`; and in a task of asyncio, as a future would: to cancel the task is to
        cancel this.
        """
        if not self.called or self.paused or (self._steps and not self._running):
            try:
                return (yield self)  # type: ignore[no-any-return]  # `Running` sends the result
            except RuntimeError as problem:
                if not str(problem).startswith("Task got bad yield"):
                    raise
            import asyncio  # which has the caller's task already

            return (yield from self.asFuture(asyncio.get_running_loop()))
        if not isinstance(self.result, Failure):
            return self.result  # type: ignore[no-any-return]  # of type T, as the steps so far have made it
        if self._alarm is not None:
            self._alarm.failure = None
        self.result.raiseException()

    __iter__ = __await__  # `yield from` does the same in generators

    @classmethod
    def fromCoroutine(cls, coro: Coroutine[Any, Any, U] | Generator[Any, Any, U]) -> Deferred[U]:
        """Run a coroutine, now, up to where it waits. A Deferred of what it returns or raises.

        Raises NotACoroutineError for anything else.
        """
        from reactor.defer.coroutines import run_coroutine

        return run_coroutine(coro)

    def asFuture(self, loop: AbstractEventLoop) -> Future[T]:
        """An asyncio future of this result, for code that runs in `loop`. To cancel it is to cancel this."""
        from reactor.defer.futures import as_future

        return as_future(self, loop)

    @classmethod
    def fromFuture(cls, future: Future[U]) -> Deferred[U]:
        """A Deferred of a future's result. To cancel it is to cancel the future."""
        from reactor.defer.futures import FutureDeferred

        return FutureDeferred(future)

    def __repr__(self) -> str:
        state = ""
        if self._waiting_for is not None:
            state = f" waiting on Deferred at 0x{id(self._waiting_for):x}"
        elif self.called:
            state = f" current result: {self.result!r}"
        return f"<{type(self).__name__} at 0x{id(self):x}{state}>"


def _with_arguments(step: Step, args: tuple[Any, ...], kwargs: dict[str, Any] | None) -> Step:
    if not args and not kwargs:
        return step
    more = kwargs or {}
    return lambda result: step(result, *args, **more)


failure.carriers.add(__file__)
