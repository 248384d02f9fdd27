"""Coroutines that are not quite Python's own, what only looks like one, and what belongs to asyncio."""

import asyncio
from collections.abc import Coroutine
from unittest.mock import MagicMock, Mock

import pytest

from reactor.defer import (
    Deferred,
    NotACoroutineError,
    ensureDeferred,
    fail,
    inlineCallbacks,
    maybeDeferred,
    succeed,
)
from tests.support.outcomes import failure_of, outcomes, result_of


class Compiled(Coroutine):
    """A coroutine as Cython makes them: no CoroutineType, but with all its methods."""

    def __init__(self, generator):
        self.generator = generator

    def __await__(self):
        return self.generator

    def send(self, value):
        return self.generator.send(value)

    def throw(self, *error):
        return self.generator.throw(*error)

    def close(self):
        self.generator.close()


def wait_and_add(deferred):
    return (yield deferred) + 1


@pytest.mark.own_promise("its maybeDeferred asks for Python's own kinds")
@pytest.mark.parametrize("run", [ensureDeferred, Deferred.fromCoroutine, lambda it: maybeDeferred(lambda: it)])
def test_whatever_has_the_methods_of_a_coroutine_is_run(run):
    deferred = Deferred()
    results = outcomes(run(Compiled(wait_and_add(deferred))))
    assert results == []
    deferred.callback(1)
    assert results == [2]


@pytest.mark.own_promise("it knows only Python's own kinds")
def test_a_step_of_an_asynchronous_generator_is_run():
    async def numbers(deferred):
        yield await deferred
        yield 2

    deferred = Deferred()
    steps = numbers(deferred)
    results = outcomes(ensureDeferred(anext(steps)))
    deferred.callback(1)
    assert results == [1] and result_of(ensureDeferred(steps.__anext__())) == 2
    assert result_of(ensureDeferred(steps.aclose())) is None


@pytest.mark.own_promise("it knows only Python's own kinds")
def test_such_a_coroutine_may_be_yielded():
    @inlineCallbacks
    def work():
        return (yield Compiled(wait_and_add(succeed(1))))

    assert result_of(work()) == 2


@pytest.mark.parametrize("stand_in", [Mock(), MagicMock()], ids=["Mock", "MagicMock"])
def test_a_Mock_that_is_yielded_comes_straight_back(stand_in):
    @inlineCallbacks
    def work():
        return (yield stand_in)

    assert result_of(work()) is stand_in
    assert result_of(maybeDeferred(lambda: stand_in)) is stand_in
    with pytest.raises(NotACoroutineError):
        ensureDeferred(stand_in)


@pytest.mark.own_promise("it leaves that to asyncio's message")
def test_asyncio_sleep_under_Deferreds_is_told_of_with_the_way_out():
    async def mistaken():
        await asyncio.sleep(1)

    failure = failure_of(ensureDeferred(mistaken()), RuntimeError)
    assert "deferLater(reactor, seconds)" in failure.getTraceback()
    assert "no running event loop" in failure.getErrorMessage()


@pytest.mark.own_promise("it leaves that to asyncio's message")
def test_a_task_of_asyncio_can_await_a_Deferred():
    async def work():
        first, second = Deferred(), Deferred()
        asyncio.get_running_loop().call_soon(first.callback, "right")
        asyncio.get_running_loop().call_soon(second.errback, ValueError("wrong"))
        with pytest.raises(ValueError, match="wrong"):
            await second
        return await first

    assert asyncio.run(work()) == "right"


@pytest.mark.own_promise("it leaves that to asyncio's message")
def test_a_task_of_asyncio_that_is_cancelled_cancels_the_Deferred_that_it_awaits():
    cancelled = []

    async def work():
        task = asyncio.create_task(wait(Deferred(cancelled.append)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    async def wait(deferred):
        deferred.addErrback(lambda failure: None)
        await deferred

    assert asyncio.run(work()) and len(cancelled) == 1


def test_a_RuntimeError_that_is_awaited_is_passed_on_as_it_is():
    async def work():
        await fail(RuntimeError("its own"))

    async def wait(deferred):
        return await deferred

    deferred = Deferred()
    waiting = ensureDeferred(wait(deferred))
    deferred.errback(RuntimeError("later"))
    assert failure_of(ensureDeferred(work()), RuntimeError).getErrorMessage() == "its own"
    assert failure_of(waiting, RuntimeError).getErrorMessage() == "later"
