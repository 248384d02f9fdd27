"""callFromThread: the one method that other threads may call."""

import threading

from tests.support.loopback import run, run_until, turn


def test_a_call_from_this_thread_runs_in_a_later_turn(reactor):
    calls = []
    reactor.callFromThread(calls.append, 1)
    assert calls == []
    run_until(reactor, lambda: calls)


def test_a_call_from_another_thread_wakes_a_loop_that_waits(reactor):
    """Nothing else would: no socket is ready and no timer is due before the deadline."""
    calls = []
    thread = threading.Thread(target=reactor.callFromThread, args=(lambda: (calls.append(1), reactor.stop()),))
    reactor.callLater(0, thread.start)
    started = reactor.seconds()
    run(reactor)
    thread.join()
    assert calls == [1] and reactor.seconds() - started < 5


def test_calls_run_in_the_thread_of_the_loop(reactor):
    seen = []
    thread = threading.Thread(target=lambda: reactor.callFromThread(lambda: seen.append(threading.get_ident())))
    thread.start()
    thread.join()
    turn(reactor)
    assert seen == [threading.get_ident()]


def test_calls_keep_the_order_in_which_a_thread_made_them(reactor):
    calls = []

    def make_calls():
        for number in range(500):
            reactor.callFromThread(calls.append, number)
        reactor.callFromThread(reactor.stop)

    thread = threading.Thread(target=make_calls)
    reactor.callWhenRunning(thread.start)
    run(reactor)
    thread.join()
    assert calls == list(range(500))


def test_calls_of_many_threads_all_arrive(reactor):
    calls = []

    def arrived(name):
        calls.append(name)
        if len(calls) == 500:
            reactor.stop()

    def make_calls(name):
        for _ in range(100):
            reactor.callFromThread(arrived, name)

    threads = [threading.Thread(target=make_calls, args=(name,)) for name in range(5)]
    for thread in threads:
        reactor.callWhenRunning(thread.start)
    run(reactor)
    for thread in threads:
        thread.join()
    assert sorted(calls) == [name for name in range(5) for _ in range(100)]


def test_a_call_made_by_a_call_waits_for_the_next_turn(reactor):
    calls = []
    reactor.callFromThread(lambda: reactor.callFromThread(calls.append, "second"))
    reactor.callFromThread(calls.append, "first")
    turn(reactor)
    assert calls == ["first"]
    turn(reactor)
    assert calls == ["first", "second"]


def test_a_call_made_before_run_is_kept(reactor):
    calls = []
    reactor.callFromThread(lambda: (calls.append(bool(reactor.running)), reactor.stop()))
    run(reactor)
    assert calls == [True]


def test_arguments_are_passed_on(reactor):
    calls = []
    reactor.callFromThread(lambda *args, **kwargs: calls.append((args, kwargs)), 1, b=2)
    turn(reactor)
    assert calls == [((1,), {"b": 2})]


def test_a_call_that_raises_is_logged_and_the_others_run(reactor, logged_errors):
    calls = []
    reactor.callFromThread(lambda: 1 / 0)
    reactor.callFromThread(calls.append, "next")
    turn(reactor)
    assert calls == ["next"]
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_calls_from_threads_run_before_timers_of_the_same_turn(reactor):
    calls = []
    reactor.callLater(0, calls.append, "timer")
    reactor.callFromThread(calls.append, "thread")
    turn(reactor)
    assert calls == ["thread", "timer"]


def test_its_pool_has_no_thread_before_there_is_work_and_ten_at_most(reactor):
    pool = reactor.getThreadPool()
    assert (pool.min, pool.max, pool.threads) == (0, 10, [])
