"""Between the loop's thread and others.

The loop's thread must never wait, and other threads may touch nothing that belongs to it. So there are two ways across.
`deferToThread`, for the loop: call this in another thread, and fire a Deferred here with the result.
`blockingCallFromThread`, for other threads: call this in the loop's thread, and wait for the result.
(`reactor.callFromThread` is the latter without the waiting.)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, Protocol, TypeVar, overload

from reactor.default import the_reactor
from reactor.defer import Deferred, fail, maybeDeferred
from reactor.error import ReactorNotRunning
from reactor.failure import Failure
from reactor.interfaces import IReactorThreads
from reactor.threadpool import ThreadPoolFull

__all__ = ["blockingCallFromThread", "callMultipleInThread", "deferToThread", "deferToThreadPool"]

P = ParamSpec("P")
R = TypeVar("R")


class _Pool(Protocol):
    def callInThreadWithCallback(
        self, onResult: Callable[[bool, Any], object] | None, func: Callable[..., object], *args: Any, **kw: Any
    ) -> None: ...


def deferToThread(f: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Deferred[R]:
    """Call the function in a thread of the program's reactor. Returns a Deferred of its result, fired in the loop.

    It fails with ThreadPoolFull when too much work waits for a thread. What a thread has begun can't be stopped:
    cancelling the Deferred only means that the result is dropped.
    """
    reactor = the_reactor()
    return deferToThreadPool(reactor, reactor.getThreadPool(), f, *args, **kwargs)


def deferToThreadPool(
    reactor: IReactorThreads, threadpool: _Pool, f: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> Deferred[R]:
    """As `deferToThread`, in a thread of this pool, and with the Deferred fired by this reactor."""
    deferred: Deferred[R] = Deferred()

    def send_home(success: bool, result: Any) -> None:
        reactor.callFromThread(deferred.callback if success else deferred.errback, result)

    try:
        threadpool.callInThreadWithCallback(send_home, f, *args, **kwargs)
    except ThreadPoolFull as problem:
        return fail(problem)
    return deferred


def callMultipleInThread(tupleList: Iterable[tuple[Callable[..., object], Iterable[Any], dict[str, Any]]]) -> None:
    """Call several functions in one thread of the program's reactor, one after the other.

    tupleList: `(function, args, kwargs)` of each. When one raises, that is logged, and the rest are not called.
    """
    calls = list(tupleList)

    def call_all() -> None:
        for function, args, kwargs in calls:
            function(*args, **kwargs)

    the_reactor().callInThread(call_all)


@overload
def blockingCallFromThread(reactor: IReactorThreads, f: Callable[P, Deferred[R]], *a: P.args, **kw: P.kwargs) -> R: ...
@overload
def blockingCallFromThread(reactor: IReactorThreads, f: Callable[P, R], *a: P.args, **kw: P.kwargs) -> R: ...
def blockingCallFromThread(reactor: IReactorThreads, f: Callable[..., Any], *a: Any, **kw: Any) -> Any:
    """Call the function in the reactor's thread, wait here, and return what it returned, or raise what it raised.

    If it returns a Deferred, this waits for the Deferred's result. It also waits for a reactor that doesn't run yet.
    Raises RuntimeError in the reactor's own thread, where waiting would keep the call from ever being made; its kind
    ReactorNotRunning when the reactor stops before there is a result, for then there will be none, or has stopped.
    """
    if getattr(reactor, "thread", None) == threading.get_ident():
        raise RuntimeError(
            f"blockingCallFromThread({f!r}) in the reactor's own thread would wait for itself for ever: "
            "call the function directly, and add a callback to its Deferred"
        )
    question = _Question(reactor)
    reactor.callFromThread(question.ask, f, a, kw)
    if getattr(reactor, "has_ended", False):
        question.give_up()
    return question.answer()


class _Question:
    """What a thread asks the loop, and the first answer that arrives. All but `ask` may be called in any thread."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._answers: list[Any] = []
        self._arrived = threading.Event()

    def ask(self, f: Callable[..., Any], a: tuple[Any, ...], kw: dict[str, Any]) -> None:
        """Make the call, in the loop's thread. If the loop ends before there is a result, the thread is told."""
        if self._answers:  # it has given up
            return
        asked = maybeDeferred(f, *a, **kw).addBoth(self._take)
        if not self._answers:
            trigger = self._reactor.addSystemEventTrigger("during", "shutdown", self.give_up)
            asked.addCallback(lambda _: self._forget(trigger))

    def give_up(self) -> None:
        """Answer that there will be no answer."""
        self._take(Failure(ReactorNotRunning("the reactor has stopped: a thread that waits for it gets no answer")))

    def answer(self) -> Any:
        """Wait for the answer. Returns or raises it."""
        self._arrived.wait()
        if isinstance(self._answers[0], Failure):
            self._answers[0].raiseException()
        return self._answers[0]

    def _take(self, answer: Any) -> None:
        self._answers.append(answer)  # safe between threads: the first one counts
        self._arrived.set()

    def _forget(self, trigger: Any) -> None:
        if len(self._answers) == 1:  # else the trigger has run
            self._reactor.removeSystemEventTrigger(trigger)
