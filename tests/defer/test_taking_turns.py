"""DeferredLock, DeferredSemaphore and DeferredQueue: who is next?"""

import pytest

from reactor.defer import (
    CancelledError,
    Deferred,
    DeferredLock,
    DeferredQueue,
    DeferredSemaphore,
    QueueOverflow,
    QueueUnderflow,
    ensureDeferred,
)
from tests.support.outcomes import failure_of, is_waiting, outcomes, raising, result_of


def test_a_free_lock_is_had_at_once():
    lock = DeferredLock()
    assert not lock.locked
    assert result_of(lock.acquire()) is lock
    assert lock.locked


def test_a_lock_goes_to_those_who_wait_in_their_order():
    lock, order = DeferredLock(), []
    for name in "abc":
        lock.acquire().addCallback(lambda _, name=name: order.append(name))
    assert order == ["a"]
    lock.release()
    lock.release()
    assert order == ["a", "b", "c"] and lock.locked
    lock.release()
    assert not lock.locked


def test_releasing_a_lock_that_is_free_is_an_error():
    with pytest.raises(AssertionError, match="Tried to release an unlocked lock"):
        DeferredLock().release()


def test_who_cancels_leaves_the_line():
    lock = DeferredLock()
    lock.acquire()
    leaving, staying = lock.acquire(), lock.acquire()
    leaving.cancel()
    failure_of(leaving, CancelledError)
    assert lock.waiting == [staying]
    lock.release()
    assert result_of(staying) is lock


def test_cancelling_what_was_acquired_does_not_release():
    lock = DeferredLock()
    lock.acquire().cancel()
    assert lock.locked


def test_run_holds_the_lock_until_the_result_is_there():
    lock, inner = DeferredLock(), Deferred()
    results = outcomes(lock.run(lambda *args, **kw: inner.addCallback(lambda r: (r, args, kw)), 1, two=2))
    assert lock.locked and results == []
    inner.callback("done")
    assert results == [("done", (1,), {"two": 2})] and not lock.locked


def test_run_releases_after_an_error():
    lock = DeferredLock()
    failure_of(lock.run(raising), ZeroDivisionError)
    assert not lock.locked


def test_run_waits_for_its_turn():
    lock, called = DeferredLock(), []
    lock.acquire()
    lock.run(called.append, "called")
    assert called == []
    lock.release()
    assert called == ["called"]


def test_async_with_takes_a_turn():
    lock, inside = DeferredLock(), Deferred()

    async def work():
        async with lock as held:
            assert held is lock
            return await inside

    done = ensureDeferred(work())
    assert lock.locked
    inside.callback("result")
    assert result_of(done) == "result" and not lock.locked


def test_async_with_releases_after_an_error():
    lock = DeferredLock()

    async def work():
        async with lock:
            raising()

    failure_of(ensureDeferred(work()), ZeroDivisionError)
    assert not lock.locked


def test_a_semaphore_lets_in_as_many_as_it_has_tokens():
    semaphore = DeferredSemaphore(2)
    result_of(semaphore.acquire())
    result_of(semaphore.acquire())
    third = semaphore.acquire()
    assert semaphore.tokens == 0 and semaphore.limit == 2 and not third.called
    semaphore.release()
    assert result_of(third) is semaphore and semaphore.tokens == 0


def test_a_semaphore_has_at_least_one_token():
    with pytest.raises(ValueError, match="DeferredSemaphore requires tokens >= 1"):
        DeferredSemaphore(0)


def test_releasing_a_semaphore_too_often_is_an_error():
    with pytest.raises(AssertionError, match="too many times"):
        DeferredSemaphore(1).release()


def test_who_cancels_leaves_the_line_of_a_semaphore():
    semaphore = DeferredSemaphore(1)
    semaphore.acquire()
    waiting = semaphore.acquire()
    waiting.cancel()
    failure_of(waiting, CancelledError)
    semaphore.release()
    assert semaphore.tokens == 1


def test_a_semaphore_runs_so_many_at_once():
    semaphore, running = DeferredSemaphore(2), []

    def work():
        running.append(Deferred())
        return running[-1]

    for _ in range(3):
        semaphore.run(work)
    assert len(running) == 2
    running[0].callback(None)
    assert len(running) == 3


def test_a_queue_keeps_the_order_of_objects():
    queue = DeferredQueue()
    queue.put(1)
    queue.put(2)
    assert [result_of(queue.get()), result_of(queue.get())] == [1, 2]


def test_a_queue_keeps_the_order_of_those_who_wait():
    queue = DeferredQueue()
    first, second = outcomes(queue.get()), outcomes(queue.get())
    queue.put("a")
    assert (first, second) == (["a"], [])
    queue.put("b")
    assert second == ["b"]


def test_a_full_queue_takes_no_more():
    queue = DeferredQueue(size=1)
    queue.put("fits")
    with pytest.raises(QueueOverflow):
        queue.put("one too many")
    assert result_of(queue.get()) == "fits"


def test_a_queue_of_size_0_only_hands_over():
    queue = DeferredQueue(size=0)
    with pytest.raises(QueueOverflow):
        queue.put("nobody waits")
    waiting = outcomes(queue.get())
    queue.put("somebody does")
    assert waiting == ["somebody does"]


def test_no_more_than_the_backlog_may_wait():
    queue = DeferredQueue(backlog=1)
    assert is_waiting(queue.get())
    with pytest.raises(QueueUnderflow):
        queue.get()


def test_who_cancels_gets_nothing_from_the_queue():
    queue = DeferredQueue()
    leaving, staying = queue.get(), queue.get()
    leaving.cancel()
    failure_of(leaving, CancelledError)
    queue.put("object")
    assert result_of(staying) == "object"


@pytest.mark.own_promise("it raises them without a word")
def test_the_errors_of_a_queue_say_its_bounds():
    with pytest.raises(QueueOverflow, match="size is 0"):
        DeferredQueue(size=0).put(1)
    with pytest.raises(QueueUnderflow, match="backlog is 0"):
        DeferredQueue(backlog=0).get()
