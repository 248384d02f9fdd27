"""Work in threads, and its results in the loop: the reactor's pool, deferToThread, blockingCallFromThread."""

import os
import signal
import threading

import pytest

from reactor.defer import Deferred, gatherResults
from reactor.error import ReactorNotRunning
from reactor.threads import blockingCallFromThread, deferToThreadPool
from tests.support.loopback import run
from tests.support.outcomes import outcomes, raising

PATIENCE_S = 10


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:  # those that looked up names may be on their way out
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def run_with(reactor, start):
    """Run the reactor until the Deferred that `start()` returns has fired. Returns its outcome."""
    results = []

    def begin():
        start().addBoth(results.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    run(reactor)
    return results[0]


def in_thread(reactor, function, *args, **kw):
    return deferToThreadPool(reactor, reactor.getThreadPool(), function, *args, **kw)


def test_the_result_comes_to_the_thread_of_the_loop(reactor):
    threads = []

    def start():
        deferred = in_thread(reactor, threading.get_ident)
        return deferred.addCallback(lambda there: threads.extend([there, threading.get_ident()]))

    run_with(reactor, start)
    assert threads[1] == threading.get_ident() != threads[0]


def test_arguments_are_passed_on(reactor):
    assert run_with(reactor, lambda: in_thread(reactor, lambda *a, **k: (a, k), 1, two=2)) == ((1,), {"two": 2})


def test_what_the_function_raises_is_the_failure(reactor):
    failure = run_with(reactor, lambda: in_thread(reactor, raising))
    assert failure.check(ZeroDivisionError) and "raising" in failure.getTraceback()


def test_the_loop_goes_on_while_a_thread_blocks(reactor):
    released = threading.Event()

    def start():
        reactor.callLater(0.001, released.set)
        return in_thread(reactor, released.wait, PATIENCE_S)

    assert run_with(reactor, start) is True


def test_there_are_ten_threads_at_most(reactor):
    assert (reactor.getThreadPool().min, reactor.getThreadPool().max) == (0, 10)
    assert run_with(reactor, lambda: in_thread(reactor, lambda: reactor.getThreadPool().workers)) == 1


def test_ten_pieces_of_work_go_on_at_once(reactor):
    meeting = threading.Barrier(10, timeout=PATIENCE_S)
    arrived = run_with(reactor, lambda: gatherResults([in_thread(reactor, meeting.wait) for _ in range(10)]))
    assert sorted(arrived) == list(range(10))


def test_suggestThreadPoolSize_sets_the_most(reactor):
    reactor.suggestThreadPoolSize(3)
    assert reactor.getThreadPool().max == 3


def test_work_that_is_asked_for_before_run_waits_for_it(reactor):
    done = []
    reactor.callInThread(done.append, "done")
    assert done == []
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert done == ["done"]


def test_what_work_without_a_result_raises_is_logged(reactor, logged_errors):
    reactor.callInThread(raising)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_the_end_of_a_run_waits_for_the_threads(reactor):
    begun, released, done = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        released.wait(PATIENCE_S)
        done.append("done")

    def end():
        assert begun.wait(PATIENCE_S)
        reactor.stop()
        releasing.start()

    releasing = threading.Timer(0.01, released.set)
    reactor.callInThread(work)
    reactor.callWhenRunning(end)
    run(reactor)
    releasing.join()
    assert done == ["done"]


def test_a_thread_may_ask_the_loop_and_wait_for_the_answer(reactor):
    asked = []

    def answer(question):
        asked.append((question, threading.get_ident()))
        return "yes"

    def start():
        return in_thread(reactor, blockingCallFromThread, reactor, answer, "well?")

    assert run_with(reactor, start) == "yes"
    assert asked == [("well?", threading.get_ident())]


def test_the_answer_may_be_a_Deferred(reactor):
    def answer_later():
        later = Deferred()
        reactor.callLater(0.001, later.callback, "later")
        return later

    assert run_with(reactor, lambda: in_thread(reactor, blockingCallFromThread, reactor, answer_later)) == "later"


def test_what_goes_wrong_in_the_loop_is_raised_in_the_thread(reactor):
    def ask():
        with pytest.raises(ZeroDivisionError):
            blockingCallFromThread(reactor, raising)
        return "raised"

    assert run_with(reactor, lambda: in_thread(reactor, ask)) == "raised"


@pytest.mark.own_promise("it waits for itself for ever")
def test_blockingCallFromThread_in_the_loops_own_thread_is_an_error(reactor):
    problems = []

    def misuse():
        with pytest.raises(RuntimeError, match="in the reactor's own thread would wait for itself") as problem:
            blockingCallFromThread(reactor, list)
        problems.append(problem)
        reactor.stop()

    reactor.callWhenRunning(misuse)
    run(reactor)
    assert problems


@pytest.mark.own_promise("the two wait for each other for ever")
def test_a_thread_that_asks_the_loop_during_its_end_gets_the_answer(reactor):
    begun, answers = threading.Event(), []

    def work():
        begun.set()
        ended.wait(PATIENCE_S)
        answers.append(blockingCallFromThread(reactor, lambda: "answered"))

    def end():
        assert begun.wait(PATIENCE_S)
        reactor.stop()

    ended = threading.Event()
    reactor.addSystemEventTrigger("before", "shutdown", ended.set)
    reactor.callInThread(work)
    reactor.callWhenRunning(end)
    run(reactor)
    assert answers == ["answered"]


def ask_in_vain(reactor, answers, begun):
    """What a thread does that asks for what never comes, and notes what it gets instead."""

    def never():
        begun.set()
        return Deferred()

    try:
        answers.append(blockingCallFromThread(reactor, never))
    except ReactorNotRunning as problem:
        answers.append(str(problem))


IN_VAIN = "the reactor has stopped: a thread that waits for it gets no answer"


@pytest.mark.own_promise("the two wait for each other for ever")
@pytest.mark.parametrize("end", ["stop", "signal"])
def test_a_thread_that_waits_for_the_loop_when_it_ends_is_told_so(reactor, end):
    begun, answers = threading.Event(), []

    def stop():
        reactor.stop() if end == "stop" else signal.raise_signal(signal.SIGTERM)

    reactor.callInThread(ask_in_vain, reactor, answers, begun)
    reactor.callInThread(lambda: begun.wait(PATIENCE_S) and reactor.callFromThread(stop))
    run(reactor)
    assert answers == [IN_VAIN]


@pytest.mark.own_promise("the two wait for each other for ever")
def test_a_thread_that_begins_to_wait_during_the_loops_end_is_told_so(reactor):
    begun, ended, answers = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        ended.wait(PATIENCE_S)
        ask_in_vain(reactor, answers, begun)

    def end():
        assert begun.wait(PATIENCE_S)
        reactor.stop()

    reactor.addSystemEventTrigger("during", "shutdown", ended.set)
    reactor.callInThread(work)
    reactor.callWhenRunning(end)
    run(reactor)
    assert answers == [IN_VAIN]


@pytest.mark.own_promise("the thread waits for ever, and the program with it")
def test_a_thread_of_the_programs_own_is_told_so_during_the_end_and_after_it(reactor):
    begun, answers = threading.Event(), []
    thread = threading.Thread(target=ask_in_vain, args=(reactor, answers, begun))

    def look():
        reactor.stop() if begun.is_set() else reactor.callLater(0.001, look)

    reactor.callWhenRunning(thread.start)
    reactor.callWhenRunning(look)
    run(reactor)
    thread.join(PATIENCE_S)
    ask_in_vain(reactor, answers, begun)
    assert answers == [IN_VAIN, IN_VAIN]


@pytest.mark.own_promise("a reactor runs once")
def test_a_thread_that_gave_up_is_not_asked_for_in_the_next_run_and_others_are_answered(reactor):
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    calls = []
    with pytest.raises(ReactorNotRunning):
        blockingCallFromThread(reactor, calls.append, "too late")
    assert run_with(reactor, lambda: in_thread(reactor, blockingCallFromThread, reactor, str, "in time")) == "in time"
    assert calls == []


@pytest.mark.own_promise("the thread waits for ever")
def test_an_answer_leaves_nothing_behind_for_the_shutdown(reactor):
    def answer_later():
        later = Deferred()
        reactor.callLater(0.001, later.callback, "later")
        return later

    assert run_with(reactor, lambda: in_thread(reactor, blockingCallFromThread, reactor, answer_later)) == "later"
    with pytest.raises(ReactorNotRunning):
        blockingCallFromThread(reactor, list)


@pytest.mark.own_promise("the signal is lost")
def test_a_signal_while_the_loop_only_waits_for_its_threads_is_the_programs(reactor):
    begun, ended, released = threading.Event(), threading.Event(), threading.Event()
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)

    def work():
        begun.set()
        ended.wait(PATIENCE_S)
        blockingCallFromThread(reactor, list)  # is answered when the loop waits for this thread
        os.kill(os.getpid(), signal.SIGINT)
        released.wait(PATIENCE_S)

    def end():
        assert begun.wait(PATIENCE_S)
        reactor.stop()

    reactor.addSystemEventTrigger("during", "shutdown", ended.set)
    reactor.callInThread(work)
    reactor.callWhenRunning(end)
    try:
        with pytest.raises(KeyboardInterrupt):
            reactor.run()
    finally:
        released.set()
        signal.signal(signal.SIGINT, previous)


@pytest.mark.own_promise("its threads wait for ever, and the program with them")
def test_a_run_that_is_left_by_ctrl_c_leaves_no_thread_that_waits_for_work(reactor):
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            done = in_thread(reactor, str)
            done.addCallback(lambda _: reactor.callLater(0, signal.raise_signal, signal.SIGINT))
            reactor.run(installSignalHandlers=False)
    finally:
        signal.signal(signal.SIGINT, previous)


@pytest.mark.own_promise("a reactor runs once")
def test_a_second_run_has_threads_again(reactor):
    for expected in ("first", "second"):
        assert run_with(reactor, lambda expected=expected: in_thread(reactor, str, expected)) == expected


@pytest.mark.own_promise("its pool has no bound")
def test_too_much_work_fails_at_once(make_reactor):
    from reactor.threadpool import ThreadPool, ThreadPoolFull

    pool = ThreadPool(0, 1, backlog=0)
    [failure] = outcomes(deferToThreadPool(make_reactor(), pool, list))
    assert failure.check(ThreadPoolFull)


@pytest.mark.own_promise("it can't be asked before it runs")
def test_work_of_a_thread_may_wait_for_a_name(reactor):
    """Ten pieces of work that wait for the resolver don't keep the resolver from working."""

    def ask():
        return blockingCallFromThread(reactor, reactor.resolve, "localhost")

    answers = run_with(reactor, lambda: gatherResults([in_thread(reactor, ask) for _ in range(10)]))
    assert answers == ["127.0.0.1"] * 10
