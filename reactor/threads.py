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
    Raises RuntimeError in the reactor's own thread, where waiting would keep the call from ever being made.
    """
    if getattr(reactor, "thread", None) == threading.get_ident():
        raise RuntimeError(
            f"blockingCallFromThread({f!r}) in the reactor's own thread would wait for itself for ever: "
            "call the function directly, and add a callback to its Deferred"
        )
    arrived = threading.Event()
    results: list[Any] = []

    def call() -> None:
        maybeDeferred(f, *a, **kw).addBoth(results.append).addBoth(lambda _: arrived.set())

    reactor.callFromThread(call)
    arrived.wait()
    if isinstance(results[0], Failure):
        results[0].raiseException()
    return results[0]
