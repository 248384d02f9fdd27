"""ThreadPool: so many threads, and work that waits for them."""

import gc
import threading
import weakref

import pytest

from reactor.threadpool import ThreadPool

PATIENCE_S = 10


@pytest.fixture
def make_pool():
    """Makes pools; they are stopped after the test, and then none of their threads may be left."""
    before, pools = set(threading.enumerate()), []

    def make(*bounds, start=True, **options):
        pools.append(ThreadPool(*bounds, **options))
        if start:
            pools[-1].start()
        return pools[-1]

    yield make
    for pool in pools:
        if not pool.joined:
            pool.stop()
    assert set(threading.enumerate()) == before


class Gate:
    """Work that tells when it has begun, and ends when it may."""

    def __init__(self):
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self):
        self.begun.set()
        assert self.may_end.wait(PATIENCE_S)


@pytest.fixture
def gate():
    """A Gate that is open after the test, so that nothing waits for ever."""
    gate = Gate()
    yield gate
    gate.may_end.set()


def test_work_is_done_in_another_thread(make_pool):
    pool, seen = make_pool(0, 1), []
    pool.callInThread(lambda *args, **kw: seen.append((threading.get_ident(), args, kw)), 1, two=2)
    pool.stop()
    [(thread, args, kw)] = seen
    assert thread != threading.get_ident() and (args, kw) == ((1,), {"two": 2})


def test_one_thread_does_the_work_in_order(make_pool):
    pool, seen = make_pool(0, 1), []
    for number in range(100):
        pool.callInThread(seen.append, number)
    pool.stop()
    assert seen == list(range(100))


def test_there_are_no_threads_before_there_is_work(make_pool):
    assert make_pool(0, 5).workers == 0


def test_the_least_number_of_threads_is_there_from_the_start(make_pool):
    pool = make_pool(3, 5)
    assert pool.workers == len(pool.threads) == 3


def test_there_are_never_more_threads_than_the_most(make_pool, gate):
    pool, done = make_pool(0, 2), []
    for _ in range(2):
        pool.callInThread(gate)
    for number in range(5):
        pool.callInThread(done.append, number)
    assert gate.begun.wait(PATIENCE_S)
    assert pool.workers == 2 and done == []
    gate.may_end.set()
    pool.stop()
    assert sorted(done) == list(range(5))


def test_a_thread_that_has_nothing_to_do_is_used_again(make_pool):
    pool, threads = make_pool(0, 5), []
    for _ in range(3):
        came = threading.Event()
        pool.callInThreadWithCallback(lambda success, result, came=came: came.set(), threading.get_ident)
        assert came.wait(PATIENCE_S)
        threads.append(pool.workers)
    assert threads[0] == 1 and threads[-1] <= 3


def test_work_may_wait_for_the_start(make_pool):
    pool, done = make_pool(0, 2, start=False), []
    pool.callInThread(done.append, "waited")
    assert pool.workers == 0 and done == []
    pool.start()
    pool.stop()
    assert done == ["waited"]


def test_stop_waits_for_what_is_being_done_and_for_what_waits(make_pool, gate):
    pool, done = make_pool(0, 1), []
    pool.callInThread(gate)
    for number in range(3):
        pool.callInThread(done.append, number)
    assert gate.begun.wait(PATIENCE_S)
    opener = threading.Timer(0.01, gate.may_end.set)
    opener.start()
    pool.stop()
    opener.join()
    assert done == [0, 1, 2] and pool.joined and not pool.started


def test_the_callback_gets_the_result(make_pool):
    pool, results = make_pool(0, 1), []
    pool.callInThreadWithCallback(lambda *outcome: results.append(outcome), lambda: "result")
    pool.stop()
    assert results == [(True, "result")]


def test_the_callback_gets_the_failure(make_pool):
    pool, results = make_pool(0, 1), []
    pool.callInThreadWithCallback(lambda *outcome: results.append(outcome), lambda: 1 / 0)
    pool.stop()
    [(success, failure)] = results
    assert success is False and failure.check(ZeroDivisionError)


def test_an_error_without_a_callback_is_logged_and_the_thread_goes_on(make_pool, logged_errors):
    pool, done = make_pool(0, 1), []
    pool.callInThread(lambda: 1 / 0)
    pool.callInThread(done.append, "next")
    pool.stop()
    assert done == ["next"] and len(logged_errors.flush(ZeroDivisionError)) == 1


def test_an_error_in_the_callback_is_logged_and_the_thread_goes_on(make_pool, logged_errors):
    pool, done = make_pool(0, 1), []
    pool.callInThreadWithCallback(lambda success, result: 1 / 0, lambda: None)
    pool.callInThread(done.append, "next")
    pool.stop()
    assert done == ["next"] and len(logged_errors.flush(ZeroDivisionError)) == 1


def test_SystemExit_ends_neither_thread_nor_program(make_pool):
    pool, results = make_pool(0, 1), []
    pool.callInThreadWithCallback(lambda success, failure: results.append(failure.type), exit, 3)
    pool.callInThread(results.append, "next")
    pool.stop()
    assert results == [SystemExit, "next"]


@pytest.mark.own_promise("it ends once")
def test_it_can_be_started_again(make_pool):
    pool, done = make_pool(1, 1), []
    pool.stop()
    pool.start()
    pool.callInThread(done.append, "again")
    pool.stop()
    assert done == ["again"]


def test_more_threads_can_be_allowed_later(make_pool, gate):
    pool, done = make_pool(0, 1), threading.Event()
    pool.callInThread(gate)
    pool.callInThread(done.set)
    assert gate.begun.wait(PATIENCE_S)
    pool.adjustPoolsize(1, 2)
    assert (pool.min, pool.max) == (1, 2)
    pool.callInThread(list)
    assert done.wait(PATIENCE_S), "the second thread does what waited for the first"


def test_fewer_threads_can_be_asked_for(make_pool):
    pool = make_pool(4, 4)
    threads = list(pool.threads)
    pool.adjustPoolsize(1, 2)
    pool.stop()
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize(("bounds", "problem"), [((-1, 2), "minimum is negative"), ((3, 2), "greater than maximum")])
def test_bounds_that_cross_are_an_error(bounds, problem):
    with pytest.raises(AssertionError, match=problem):
        ThreadPool(*bounds)


def test_waiters_and_working_tell_the_threads_apart(make_pool, gate):
    pool = make_pool(2, 2)
    pool.callInThread(gate)
    assert gate.begun.wait(PATIENCE_S)
    assert (len(pool.working), len(pool.waiters)) == (1, 1)


def test_threads_are_made_by_the_factory(make_pool):
    made = []

    def factory(**options):
        made.append(options)
        return threading.Thread(**options)

    pool = make_pool(0, 1, name="kitchen", start=False)
    pool.threadFactory = factory
    pool.start()
    pool.callInThread(list)
    pool.stop()
    assert len(made) == 1 and "kitchen" in made[0]["name"]


@pytest.mark.own_promise("it has no bound")
def test_more_work_than_the_backlog_is_refused(make_pool, gate):
    from reactor.threadpool import ThreadPoolFull

    pool = make_pool(0, 1, backlog=2)
    pool.callInThread(gate)
    assert gate.begun.wait(PATIENCE_S)
    pool.callInThread(list)
    pool.callInThread(list)
    with pytest.raises(ThreadPoolFull, match="2 pieces of work wait already for 1 threads"):
        pool.callInThread(list)


@pytest.mark.own_promise("it drops the work without a word")
def test_a_stopped_pool_refuses_work(make_pool):
    pool = make_pool(0, 1)
    pool.stop()
    with pytest.raises(RuntimeError, match=r"was stopped.*start\(\) it again"):
        pool.callInThread(list)


@pytest.mark.own_promise("it lets the caller see what the system says")
def test_a_system_without_threads_is_told_of_when_there_is_none(make_pool):
    def none_left(**options):
        thread = threading.Thread(**options)
        thread.start = refuse
        return thread

    def refuse():
        raise RuntimeError("can't start new thread")

    pool = make_pool(0, 1)
    pool.threadFactory = none_left
    with pytest.raises(RuntimeError, match="can't start new thread"):
        pool.callInThread(list)
    assert pool.threads == [] and pool.waiters == []


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_of_a_call_is_kept_alive_while_its_result_is_received_or_after_it(make_pool, fails):
    class Thing:
        def __call__(self, *args, **kw):
            if fails:
                raise ZeroDivisionError

    def received(success, result):
        if not fails:  # a traceback keeps the variables of its frames
            gc.collect()
            alive.append([one() for one in things])

    pool, alive = make_pool(0, 1), []
    pool.start()
    call = [Thing(), Thing(), Thing()]
    things = [weakref.ref(one) for one in call]
    pool.callInThreadWithCallback(received, call[0], call[1], named=call[2])
    del call
    pool.stop()
    gc.collect()
    alive.append([one() for one in things])
    assert alive == [[None] * 3] * (1 if fails else 2)
