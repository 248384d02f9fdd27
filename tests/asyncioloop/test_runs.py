"""Who starts and who stops, when a reactor and an asyncio loop are one; and what an error costs."""

import asyncio
import os
import signal
import threading

import pytest

from reactor import error
from reactor.defer import Deferred
from reactor.protocol import Protocol
from tests.support.loopback import DEADLINE_S, run, run_until
from tests.support.twoworlds import ON_EVERY_POLLER, echo_port, finish, make_loop, say, two_worlds

pytestmark = ON_EVERY_POLLER


@pytest.fixture
def loop(reactor):
    with two_worlds(reactor) as loop:
        yield loop


async def nothing():
    return "nothing"


# --- stopping


def test_the_loops_stop_leaves_connections_open_for_the_next_run(reactor, loop):
    _port, number = echo_port(reactor)
    assert [finish(loop, say(number)) for _ in range(2)] == [b"hello\n"] * 2
    assert not reactor.running


def test_the_reactors_stop_ends_run_forever_after_the_shutdown(reactor, loop):
    calls = []
    reactor.addSystemEventTrigger("after", "shutdown", calls.append, "shutdown")
    port, _number = echo_port(reactor)
    loop.call_soon(reactor.stop)
    loop.run_forever()
    assert calls == ["shutdown"] and port not in reactor.getReaders()


def test_run_until_complete_says_so_when_the_reactors_stop_ends_it_early(reactor, loop):
    task = loop.create_task(asyncio.Event().wait())
    loop.call_soon(reactor.stop)
    with pytest.raises(RuntimeError, match="stopped before Future completed"):
        loop.run_until_complete(task)
    task.cancel()
    finish(loop, asyncio.gather(task, return_exceptions=True))


def test_the_loops_stop_ends_a_run_of_the_reactor_with_its_shutdown(reactor, loop):
    calls = []
    reactor.addSystemEventTrigger("after", "shutdown", calls.append, "shutdown")
    loop.call_soon(loop.stop)
    run(reactor)
    assert calls == ["shutdown"]


def test_a_crash_of_the_reactor_ends_either_run_without_a_shutdown(reactor, loop):
    trigger = reactor.addSystemEventTrigger("after", "shutdown", pytest.fail)
    loop.call_soon(reactor.crash)
    run(reactor)
    loop.call_soon(reactor.crash)
    loop.run_forever()
    reactor.removeSystemEventTrigger(trigger)


def test_a_shutdown_that_has_begun_is_seen_through_though_the_loop_was_stopped(reactor, loop):
    calls, last_words = [], Deferred()

    def before():
        calls.append("before")
        loop.stop()
        reactor.callLater(0.001, last_words.callback, None)
        return last_words

    reactor.addSystemEventTrigger("before", "shutdown", before)
    reactor.addSystemEventTrigger("after", "shutdown", calls.append, "after")
    loop.call_soon(reactor.stop)
    loop.run_forever()
    assert calls == ["before", "after"]


def test_asyncio_goes_on_where_it_was_after_the_reactors_shutdown(reactor, loop):
    """What is asyncio's is not closed with the reactor's connections: the client still talks to its server."""

    async def echo(reader, writer):
        writer.write(await reader.readline())
        writer.close()
        await writer.wait_closed()

    async def connect():
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        return server, *await asyncio.open_connection(*server.sockets[0].getsockname())

    async def talk():
        writer.write(b"still here\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        return answer

    server, reader, writer = finish(loop, connect())
    loop.call_soon(reactor.stop)
    loop.run_forever()
    assert finish(loop, talk()) == b"still here\n"


# --- beginning where it can't be


def test_a_run_inside_a_run_is_refused_either_way(reactor, loop):
    async def main():
        with pytest.raises(error.ReactorAlreadyRunning):
            reactor.run()
        with pytest.raises(RuntimeError, match="already running"):
            loop.run_forever()

    finish(loop, main())
    task = loop.create_task(main())
    task.add_done_callback(lambda task: reactor.stop())
    run(reactor)
    task.result()


def test_a_second_loop_on_one_reactor_is_refused_until_the_first_is_closed(reactor, loop):
    with pytest.raises(RuntimeError, match="has an asyncio loop already"):
        make_loop(reactor)
    loop.close()
    with two_worlds(reactor) as second:
        assert finish(second, nothing()) == "nothing"


def test_a_reactor_that_is_a_guest_in_another_loop_is_refused(loop):
    from reactor.asyncioreactor import AsyncioSelectorReactor

    with pytest.raises(RuntimeError, match="AsyncioSelectorReactor is a guest in the loop of another"):
        make_loop(AsyncioSelectorReactor(loop))


def test_two_loops_on_two_reactors_run_one_after_the_other(make_reactor):
    for _ in range(2):
        with two_worlds(make_reactor()) as loop:
            assert finish(loop, nothing()) == "nothing"


# --- turns by hand


def test_iterate_turns_both_sides(reactor, loop):
    _port, number = echo_port(reactor)
    task = loop.create_task(say(number))
    run_until(reactor, task.done)
    assert task.result() == b"hello\n"


def test_iterate_waits_no_longer_than_it_is_told_and_not_when_asyncio_has_something_to_do(reactor, loop):
    ran = []
    reactor.iterate(0.001)
    loop.call_later(0.001, ran.append, "asyncio")
    reactor.iterate(DEADLINE_S)
    reactor.callLater(0.001, ran.append, "reactor")
    reactor.iterate(DEADLINE_S)
    assert ran == ["asyncio", "reactor"]


def test_iterate_inside_of_a_run_turns_the_reactor_alone(reactor, loop):
    ran = []

    async def main():
        loop.call_soon(ran.append, "asyncio")
        reactor.callLater(0, ran.append, "reactor")
        reactor.iterate()
        assert ran == ["reactor"]

    finish(loop, main())


def test_iterate_is_the_reactors_own_again_when_the_loop_is_closed(reactor, loop):
    loop.close()
    called = []
    reactor.callLater(0, called.append, True)
    run_until(reactor, lambda: called)


# --- closing


def test_close_shuts_the_reactor_down_that_a_run_has_left_open(reactor, loop):
    calls = []
    reactor.addSystemEventTrigger("before", "shutdown", calls.append, "shutdown")
    echo_port(reactor)
    finish(loop, nothing())
    assert calls == []
    loop.close()
    loop.close()
    assert calls == ["shutdown"] and reactor.getReaders() == []


def test_close_waits_for_a_shutdown_trigger_but_not_for_ever(reactor, loop, logged_errors):
    calls = []
    reactor.addSystemEventTrigger("before", "shutdown", Deferred)  # which nobody fires
    reactor.addSystemEventTrigger("after", "shutdown", calls.append, "after")
    finish(loop, nothing())
    loop.close_within_s = 0.01
    loop.close()
    assert calls == ["after"] and loop.is_closed()
    (problem,) = logged_errors.flush(error.TimeoutError)
    assert "still waited for" in str(problem)


def test_a_deferred_that_fires_after_close_gave_up_changes_nothing(reactor, loop, logged_errors):
    calls, late = [], Deferred()
    reactor.addSystemEventTrigger("before", "shutdown", lambda: late)
    reactor.addSystemEventTrigger("after", "shutdown", calls.append, "after")
    finish(loop, nothing())
    loop.close_within_s = 0.01
    loop.close()
    late.callback(None)
    assert calls == ["after"]
    assert logged_errors.flush(error.TimeoutError)


def test_a_reactor_whose_loop_is_closed_runs_by_itself(reactor, loop):
    finish(loop, nothing())
    loop.close()
    reactor.callLater(0, reactor.stop)
    run(reactor)


def test_a_loop_that_never_ran_closes_without_a_run_of_the_reactor(reactor, loop):
    trigger = reactor.addSystemEventTrigger("before", "startup", pytest.fail)
    loop.close()
    reactor.removeSystemEventTrigger(trigger)


def test_a_running_loop_can_not_be_closed(reactor, loop):
    async def main():
        with pytest.raises(RuntimeError, match="running event loop"):
            loop.close()

    finish(loop, main())


def test_a_closed_loop_says_so(loop):
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.run_forever()


def test_asyncios_runner_takes_the_loop(reactor):
    _port, number = echo_port(reactor)
    with asyncio.Runner(loop_factory=lambda: make_loop(reactor)) as runner:
        assert runner.run(say(number)) == b"hello\n"
    assert reactor.getReaders() == []


# --- errors


def test_an_error_in_a_handler_is_logged_and_costs_its_connection_only(reactor, loop, logged_errors):
    class Clumsy(Protocol):
        def dataReceived(self, data):
            raise ZeroDivisionError

    _port, number = echo_port(reactor, Clumsy)
    _other, other_number = echo_port(reactor)
    assert finish(loop, say(number)) == b""
    assert finish(loop, say(other_number)) == b"hello\n"
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_an_error_in_a_callback_of_asyncio_goes_to_its_exception_handler(reactor, loop):
    loop.call_soon(lambda: 1 / 0)
    reactor.callLater(0, reactor.stop)
    run(reactor)
    (context,) = loop.get_exception_handler().flush()
    assert isinstance(context["exception"], ZeroDivisionError)


def test_a_keyboard_interrupt_in_a_handler_ends_the_run_and_the_next_one_goes_on(reactor, loop):
    def interrupt():
        raise KeyboardInterrupt

    reactor.callLater(0, interrupt)
    with pytest.raises(KeyboardInterrupt):
        loop.run_forever()
    assert finish(loop, nothing()) == "nothing"


# --- signals


@pytest.fixture
def pythons_own_handler():
    """Starts from Python's own: a test run in the background of a shell begins with SIGINT ignored."""
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.signal(signal.SIGINT, inherited) is signal.default_int_handler
    assert signal.set_wakeup_fd(-1) == -1


def interrupt_this_process():
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.usefixtures("pythons_own_handler")
def test_a_signal_ends_a_run_of_the_reactor_and_its_coroutine_hears_of_it(reactor, loop):
    stopped = Deferred()
    reactor.addSystemEventTrigger("before", "shutdown", stopped.callback, "interrupted")
    task = loop.create_task(heard_by_asyncio(stopped))
    loop.call_soon(interrupt_this_process)
    run(reactor)
    assert finish(loop, task) == "interrupted"


async def heard_by_asyncio(deferred):
    return await deferred.asFuture(asyncio.get_running_loop())


@pytest.mark.usefixtures("pythons_own_handler")
def test_a_signal_handler_of_asyncio_is_called_in_either_run(reactor, loop):
    for start in (lambda: run(reactor), loop.run_forever):
        heard = []
        loop.call_soon(loop.add_signal_handler, signal.SIGINT, lambda heard=heard: (heard.append(1), loop.stop()))
        loop.call_soon(threading.Thread(target=interrupt_this_process).start)
        start()
        assert heard == [1]
        assert loop.remove_signal_handler(signal.SIGINT)


def hear_once(loop, heard):
    """Send this process SIGUSR1, from another thread, and end the run when its handler of asyncio has heard it."""
    loop.call_later(DEADLINE_S, lambda: heard or loop.stop())  # or deafness would show as a test that never ends
    loop.call_soon(threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR1)).start)


@pytest.mark.usefixtures("pythons_own_handler")
@pytest.mark.parametrize("added", ["before", "in the first run"])
def test_a_signal_handler_of_asyncio_hears_in_every_run_whenever_it_was_added(reactor, loop, added):
    heard = []

    def add():
        loop.add_signal_handler(signal.SIGUSR1, lambda: (heard.append(1), loop.stop()))

    if added == "before":
        add()
    else:
        loop.call_soon(add)
    for count, start in enumerate([lambda: run(reactor), loop.run_forever, lambda: run(reactor)], 1):
        hear_once(loop, heard)
        start()
        assert heard == [1] * count
    assert loop.remove_signal_handler(signal.SIGUSR1)


@pytest.mark.usefixtures("pythons_own_handler")
def test_the_reactors_signals_work_beside_a_handler_of_asyncio(reactor, loop):
    loop.add_signal_handler(signal.SIGUSR1, pytest.fail)
    reactor.callLater(0, threading.Thread(target=interrupt_this_process).start)
    run(reactor)
    assert loop.remove_signal_handler(signal.SIGUSR1)


@pytest.mark.usefixtures("pythons_own_handler")
def test_asyncios_runner_cancels_its_task_when_ctrl_c_comes(reactor):
    cancelled = []

    async def main():
        asyncio.get_running_loop().call_soon(interrupt_this_process)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    with (
        pytest.raises(KeyboardInterrupt),
        asyncio.Runner(loop_factory=lambda: make_loop(reactor)) as runner,
    ):
        runner.run(main())
    assert cancelled == [True]
