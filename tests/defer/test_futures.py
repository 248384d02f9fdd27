"""asFuture and fromFuture: between Deferreds and asyncio."""

import asyncio

import pytest

from reactor.defer import CancelledError, Deferred, ensureDeferred, fail, succeed
from tests.support.outcomes import failure_of, outcomes, result_of


@pytest.fixture
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def turn(loop):
    """One turn of asyncio's loop, in which the callbacks of its futures are called."""
    loop.call_soon(loop.stop)
    loop.run_forever()


def test_a_future_gets_the_result(loop):
    deferred = Deferred()
    future = deferred.asFuture(loop)
    assert not future.done()
    deferred.callback("result")
    assert loop.run_until_complete(future) == "result"


def test_a_future_gets_the_exception(loop):
    future = fail(ValueError("told")).asFuture(loop)
    with pytest.raises(ValueError, match="told"):
        loop.run_until_complete(future)


def test_a_future_that_is_cancelled_cancels_the_Deferred(loop):
    cancelled = []
    deferred = Deferred(cancelled.append)
    deferred.asFuture(loop).cancel()
    turn(loop)
    assert cancelled == [deferred]


def test_a_result_that_comes_after_the_future_was_cancelled_is_dropped(loop):
    deferred = Deferred()
    deferred.asFuture(loop).cancel()
    deferred.callback("late")
    turn(loop)


def test_a_coroutine_of_asyncio_awaits_a_Deferred_by_its_future(loop):
    async def work():
        return await succeed(1).asFuture(loop)

    assert loop.run_until_complete(work()) == 1


def test_a_Deferred_gets_the_result_of_a_future(loop):
    future = loop.create_future()
    results = outcomes(Deferred.fromFuture(future))
    future.set_result("result")
    assert results == []
    turn(loop)
    assert results == ["result"]


def test_a_Deferred_gets_the_exception_of_a_future(loop):
    future = loop.create_future()
    deferred = Deferred.fromFuture(future)
    future.set_exception(ValueError("told"))
    turn(loop)
    assert failure_of(deferred, ValueError).getErrorMessage() == "told"


def test_a_coroutine_of_ours_awaits_a_task_of_asyncio(loop):
    async def theirs():
        await asyncio.sleep(0)
        return 1

    async def ours():
        return await Deferred.fromFuture(loop.create_task(theirs())) + 1

    deferred = ensureDeferred(ours())
    loop.run_until_complete(deferred.asFuture(loop))


def test_to_cancel_the_Deferred_is_to_cancel_the_future(loop):
    future = loop.create_future()
    deferred = Deferred.fromFuture(future)
    deferred.cancel()
    assert future.cancelled()
    results = outcomes(deferred)
    turn(loop)
    assert isinstance(results[0].value, (asyncio.CancelledError, CancelledError))


def test_a_task_may_mend_its_cancellation(loop):
    async def stubborn():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "all the same"

    task = loop.create_task(stubborn())
    turn(loop)
    deferred = Deferred.fromFuture(task)
    deferred.cancel()
    loop.run_until_complete(task)
    turn(loop)
    assert result_of(deferred) == "all the same"
