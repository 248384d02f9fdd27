"""Deferreds: chains, await, generators, lists, loops, threads."""

from collections.abc import Generator
from typing import Any

from reactor import reactor
from reactor.defer import (
    Deferred,
    DeferredList,
    DeferredLock,
    ensureDeferred,
    gatherResults,
    inlineCallbacks,
    maybeDeferred,
    returnValue,
    succeed,
)
from reactor.failure import Failure
from reactor.task import LoopingCall, deferLater
from reactor.threads import deferToThread


def soup(of: str) -> Deferred[str]:
    return deferLater(reactor, 0.1, lambda: f"soup of {of}")


def length(text: str) -> int:
    return len(text)


def report(failure: Failure) -> int:
    print(failure.check(KeyError), failure.getErrorMessage())
    return 0


async def dinner() -> list[str]:
    lock = DeferredLock()
    async with lock:
        first = await soup("tomato")
    both = await gatherResults([soup("onion"), succeed("bread")])
    rows = await deferToThread(sorted, both)
    try:
        await maybeDeferred(length, first)
    except KeyError:
        return []
    return [first, *both, *rows]


@inlineCallbacks
def supper(guests: int) -> Generator[Deferred[Any], Any, int]:
    for _ in range(guests):
        yield soup("leek")
    word: str = yield soup("pea")
    return len(word)


@inlineCallbacks
def breakfast() -> Generator[Deferred[str], str, int]:
    word = yield soup("oats")
    return len(word)


def done(results: list[tuple[bool, Any]]) -> None:
    for succeeded, result in results:
        print(succeeded, result)


ensureDeferred(dinner()).addCallback(lambda courses: print(", ".join(courses)))
soup("lentil").addCallback(length).addErrback(report).addCallback(lambda number: print(number + 1))
DeferredList([soup("a"), succeed(1)], consumeErrors=True).addCallback(done)
supper(3).addCallback(lambda number: print(number + 1))
breakfast().addBoth(print)
clock = LoopingCall(print, "tick")
clock.start(1.0, now=False).addErrback(report)
print(returnValue)
reactor.run()
