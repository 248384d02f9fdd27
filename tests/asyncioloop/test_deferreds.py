"""Deferreds and asyncio's futures, awaited on either side of one loop."""

import asyncio

import pytest

from reactor import task
from reactor.defer import CancelledError, Deferred, ensureDeferred
from tests.support.twoworlds import ON_THE_BEST_POLLER, finish, two_worlds

pytestmark = ON_THE_BEST_POLLER


@pytest.fixture
def loop(reactor):
    with two_worlds(reactor) as loop:
        yield loop


def test_a_task_of_asyncio_awaits_a_deferred(reactor, loop):
    async def main():
        return await task.deferLater(reactor, 0.001, lambda: "from the reactor").asFuture(loop)

    assert finish(loop, main()) == "from the reactor"


def test_a_failure_is_raised_in_the_task_that_awaits_it(reactor, loop):
    async def main():
        with pytest.raises(ZeroDivisionError):
            await task.deferLater(reactor, 0, lambda: 1 / 0).asFuture(loop)

    finish(loop, main())


def test_a_coroutine_on_deferreds_awaits_what_asyncio_promises(loop):
    async def ours():
        return await Deferred.fromFuture(asyncio.ensure_future(asyncios(), loop=loop))

    async def asyncios():
        await asyncio.sleep(0.001)
        return "from asyncio"

    async def main():
        return await ensureDeferred(ours()).asFuture(loop)

    assert finish(loop, main()) == "from asyncio"


def test_a_future_awaited_as_it_is_in_a_coroutine_on_deferreds_says_what_to_do(loop):
    async def ours():
        await loop.create_future()

    async def main():
        with pytest.raises(TypeError, match=r"await Deferred\.fromFuture"):
            await ensureDeferred(ours()).asFuture(loop)

    finish(loop, main())


def test_a_task_that_is_cancelled_cancels_the_deferred_that_it_awaits(loop):
    cancelled = []

    async def main():
        deferred = Deferred(cancelled.append)
        deferred.addErrback(lambda failure: failure.trap(CancelledError))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001):
                await deferred.asFuture(loop)
        assert cancelled == [deferred]

    finish(loop, main())
