"""What mypy is to know of Deferreds. Nothing here is run: tests/modules/test_types.py has mypy read it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, assert_type

from reactor import log
from reactor.defer import (
    Deferred,
    DeferredLock,
    DeferredQueue,
    ensureDeferred,
    execute,
    gatherResults,
    inlineCallbacks,
    maybeDeferred,
    race,
    succeed,
)
from reactor.failure import Failure
from reactor.interfaces import IReactorThreads
from reactor.threads import blockingCallFromThread, deferToThread


def as_text(number: int) -> str:
    return str(number)


def as_text_later(number: int) -> Deferred[str]:
    return succeed(str(number))


def with_more(number: int, factor: float, unit: str = "m") -> float:
    return number * factor


def mend(failure: Failure) -> None:
    return None


async def count() -> int:
    return await succeed(1)


@inlineCallbacks
def count_by_yield(limit: int) -> Generator[Deferred[Any], Any, int]:
    number: int = yield succeed(limit)
    return number


async def in_coroutines() -> None:
    assert_type(await succeed("text"), str)
    assert_type(await succeed(1).addCallback(as_text), str)
    assert_type(await gatherResults([succeed(1), succeed(2)]), list[int])
    assert_type(await race([succeed("text")]), tuple[int, str])
    async with DeferredLock() as lock:
        assert_type(lock, DeferredLock)


def chains() -> None:
    assert_type(succeed(1), Deferred[int])
    assert_type(succeed(1).addCallback(as_text), Deferred[str])
    assert_type(succeed(1).addCallback(as_text_later), Deferred[str])
    assert_type(succeed(1).addCallback(lambda number: [number]), Deferred[list[int]])
    assert_type(succeed(1).addCallback(with_more, 2.5, unit="km"), Deferred[float])
    assert_type(succeed(1).addErrback(mend), Deferred[int | None])
    assert_type(succeed(1).addErrback(log.err, "why"), Deferred[int | None])
    assert_type(succeed(1).addBoth(lambda result: isinstance(result, Failure)), Deferred[bool])


def helpers(reactor: IReactorThreads) -> None:
    assert_type(ensureDeferred(count()), Deferred[int])
    assert_type(Deferred.fromCoroutine(count()), Deferred[int])
    assert_type(count_by_yield(3), Deferred[int])
    assert_type(maybeDeferred(as_text, 1), Deferred[str])
    assert_type(maybeDeferred(as_text_later, 1), Deferred[str])
    assert_type(maybeDeferred(count), Deferred[int])
    assert_type(execute(as_text, 1), Deferred[str])
    assert_type(DeferredQueue[bytes]().get(), Deferred[bytes])
    assert_type(deferToThread(as_text, 1), Deferred[str])
    assert_type(blockingCallFromThread(reactor, as_text, 1), str)
    assert_type(blockingCallFromThread(reactor, as_text_later, 1), str)


def mistakes() -> None:
    """Each of these lines is an error that mypy must find; with none, it complains that the comment is idle."""
    succeed("text").addCallback(as_text)  # type: ignore[call-overload]  # a callback for another result
    succeed(1).addCallback(with_more)  # type: ignore[call-overload]  # an argument is missing
    succeed(1).addCallback(with_more, "2.5")  # type: ignore[call-overload]  # an argument of another type
    succeed(1).addErrback(as_text)  # type: ignore[call-overload]  # an errback gets a Failure
    count_by_yield("three")  # type: ignore[arg-type]  # the function's own arguments are known
    deferToThread(as_text, "one")  # type: ignore[arg-type]  # so are those of a call in a thread
    Deferred[int]().callback("one")  # type: ignore[arg-type]  # a result of another type
