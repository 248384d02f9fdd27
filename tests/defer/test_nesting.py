"""However many Deferreds fire each other, the stack stays shallow; each test has thousands of them."""

from itertools import pairwise

import pytest

from reactor.defer import (
    CancelledError,
    Deferred,
    DeferredList,
    DeferredLock,
    DeferredQueue,
    DeferredSemaphore,
    TimeoutError,
    ensureDeferred,
    gatherResults,
    inlineCallbacks,
    maybeDeferred,
    race,
    succeed,
)
from reactor.task import Clock
from tests.support.outcomes import failure_of, is_waiting, outcomes, raising, result_of

MANY = 5_000

pytestmark = pytest.mark.own_promise("it recurses for each of them, and stops at a few hundred")


async def wait_for(deferred):
    return await deferred


@inlineCallbacks
def yield_for(deferred):
    return (yield deferred)


TURNS = [DeferredLock, lambda: DeferredSemaphore(1), lambda: DeferredSemaphore(7)]


@pytest.mark.parametrize("make", TURNS)
def test_all_who_wait_for_a_turn_are_served_in_order(make):
    turns, order, done = make(), [], []
    held = [turns.acquire() for _ in range(getattr(turns, "limit", 1))]
    for number in range(MANY):
        turns.run(order.append, number).addCallback(lambda _, number=number: done.append(number))
    for _ in held:
        turns.release()
    assert order == done == list(range(MANY))


@pytest.mark.parametrize("make", TURNS)
def test_coroutines_that_wait_for_a_turn_are_served_in_order(make):
    turns, order = make(), []
    held = [turns.acquire() for _ in range(getattr(turns, "limit", 1))]

    async def work(number):
        async with turns:
            order.append(number)

    ended = [outcomes(ensureDeferred(work(number))) for number in range(MANY)]
    for _ in held:
        turns.release()
    assert order == list(range(MANY)) and all(ended)


def test_who_asks_for_a_turn_while_others_are_served_stands_behind_them():
    lock, order = DeferredLock(), []
    lock.acquire()

    def ask_again():
        order.append("first")
        lock.run(order.append, "again")

    lock.run(ask_again)
    lock.run(order.append, "second")
    lock.release()
    assert order == ["first", "second", "again"] and not lock.locked


def test_a_turn_given_up_while_others_are_served_is_the_next_ones():
    lock, order = DeferredLock(), []
    lock.acquire()
    lock.run(lambda: leaving.cancel())
    leaving = lock.run(order.append, "leaving")
    lock.run(order.append, "staying")
    lock.release()
    failure_of(leaving, CancelledError)
    assert order == ["staying"] and not lock.locked


def test_queues_that_feed_each_other():
    queues, seen = [DeferredQueue() for _ in range(MANY)], []

    def pass_on(number):
        seen.append(number)
        if number + 1 < MANY:
            queues[number + 1].put(number + 1)

    for queue in queues:
        queue.get().addCallback(pass_on)
    queues[0].put(0)
    assert seen == list(range(MANY))


def test_a_taker_that_puts_into_its_own_queue():
    queue, seen = DeferredQueue(), []
    for _ in range(MANY):
        queue.get().addCallback(lambda number: (seen.append(number), queue.put(number + 1)))
    queue.put(0)
    assert seen == list(range(MANY)) and queue.pending[0] == MANY


@pytest.mark.parametrize("wait", [lambda deferred: ensureDeferred(wait_for(deferred)), yield_for])
@pytest.mark.parametrize("fire", [lambda first: first.callback("x"), lambda first: first.errback(KeyError("x"))])
def test_coroutines_that_wait_for_each_other(wait, fire):
    first = last = Deferred()
    for _ in range(MANY):
        last = wait(last)
    fire(first)
    [outcome] = outcomes(last)
    assert outcome == "x" or outcome.check(KeyError)


def test_coroutines_that_fire_what_the_next_one_waits_for():
    steps, seen = [Deferred() for _ in range(MANY + 1)], []

    async def pass_on(number):
        seen.append(await steps[number])
        steps[number + 1].callback(number + 1)

    for number in range(MANY):
        ensureDeferred(pass_on(number))
    steps[0].callback(0)
    assert seen == list(range(MANY)) and result_of(steps[-1]) == MANY


@pytest.mark.parametrize("outcome", ["callback", "errback"])
def test_Deferreds_chained_to_each_other(outcome):
    chain = [Deferred() for _ in range(MANY)]
    for one, following in pairwise(chain):
        one.chainDeferred(following)
    fired = KeyError("x")
    getattr(chain[0], outcome)(fired)
    [last] = outcomes(chain[-1])
    assert last is fired or last.value is fired


def test_Deferreds_that_unpause_each_other():
    chain, seen = [succeed(number) for number in range(MANY)], []
    for deferred in chain:
        deferred.pause()
    for number, deferred in enumerate(chain):
        deferred.addCallback(seen.append)
        if number + 1 < MANY:
            deferred.addCallback(lambda _, following=chain[number + 1]: following.unpause())
    chain[0].unpause()
    assert seen == list(range(MANY))


@pytest.mark.parametrize("gather", [gatherResults, lambda ds: DeferredList(ds, fireOnOneCallback=True), race])
def test_lists_in_lists(gather):
    first = last = Deferred()
    for _ in range(MANY):
        last = gather([last]).addCallback(lambda _: "done")
    first.callback(None)
    assert result_of(last) == "done"


def test_a_loop_of_callbacks_that_each_return_the_next_round():
    rounds = []

    def again(_):
        rounds.append(1)
        return maybeDeferred(lambda: None).addCallback(again) if len(rounds) < MANY else "done"

    assert result_of(succeed(None).addCallback(again)) == "done"


@pytest.mark.parametrize(
    "wait",
    [
        lambda deferred: ensureDeferred(wait_for(deferred)),
        lambda deferred: succeed(None).addCallback(lambda _: deferred),
        lambda deferred: gatherResults([deferred], consumeErrors=True).addErrback(lambda first: first.value.subFailure),
    ],
)
def test_cancelling_the_last_of_many_that_wait_for_each_other(wait):
    first = last = Deferred()
    for _ in range(MANY):
        last = wait(last)
    last.cancel()
    failure_of(last, CancelledError)
    assert first.called


def test_timeouts_of_many_that_wait_for_each_other():
    clock = Clock()
    last = Deferred()
    for _ in range(MANY):
        last = ensureDeferred(wait_for(last)).addTimeout(2, clock)
    last.addTimeout(1, clock)
    clock.advance(1)
    failure_of(last, TimeoutError)
    assert not clock.getDelayedCalls()


def test_a_failure_among_those_that_fire_each_other_stays_its_own():
    chain = [Deferred() for _ in range(MANY)]
    for one, following in pairwise(chain):
        one.addCallback(lambda _, following=following: following.callback(None))
        one.addCallback(raising)
    chain[0].callback(None)
    for one in chain[:-1]:
        failure_of(one, ZeroDivisionError)
    assert not is_waiting(chain[-1])
