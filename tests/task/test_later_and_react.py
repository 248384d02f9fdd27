"""deferLater: one call, later. react: a whole program as one function."""

import pytest

from reactor.defer import CancelledError, Deferred, fail, succeed
from reactor.task import Clock, deferLater, react
from tests.support.loopback import DEADLINE_S
from tests.support.outcomes import failure_of, outcomes, raising, result_of


@pytest.fixture
def clock():
    return Clock()


def test_deferLater_gives_what_the_function_returns(clock):
    results = outcomes(deferLater(clock, 3, lambda *args, **kw: (args, kw), 1, two=2))
    clock.advance(2)
    assert results == []
    clock.advance(1)
    assert results == [((1,), {"two": 2})]


def test_deferLater_gives_what_the_function_raises(clock):
    deferred = deferLater(clock, 3, raising)
    clock.advance(3)
    failure_of(deferred, ZeroDivisionError)


def test_deferLater_without_a_function_is_a_pause(clock):
    deferred = deferLater(clock, 3)
    clock.advance(3)
    assert result_of(deferred) is None


def test_cancelling_cancels_the_call(clock):
    called = []
    deferred = deferLater(clock, 3, called.append, 1)
    deferred.cancel()
    failure_of(deferred, CancelledError)
    clock.advance(3)
    assert called == [] and not clock.getDelayedCalls()


# --- react


@pytest.fixture
def exit_status(reactor):
    """Runs a main function to its end; the status that the program would have."""

    def run(main, *argv):
        watchdog = reactor.callLater(DEADLINE_S, reactor.crash)
        with pytest.raises(SystemExit) as exit:
            react(main, argv, _reactor=reactor)
        assert watchdog.active(), "nothing ended it"
        watchdog.cancel()
        return exit.value.code

    return run


def test_the_program_ends_when_main_is_through(reactor, exit_status):
    assert exit_status(lambda reactor: deferLater(reactor, 0.001)) == 0


def test_main_gets_the_reactor_and_the_arguments(reactor, exit_status):
    got = []

    def main(*args):
        got.extend(args)
        return succeed(None)

    assert exit_status(main, "a", "b") == 0
    assert got == [reactor, "a", "b"]


def test_main_may_be_a_coroutine(exit_status):
    async def main(reactor):
        await deferLater(reactor, 0.001)
        assert reactor.running

    assert exit_status(main) == 0


def test_a_failure_is_logged_and_the_status_is_1(exit_status, logged_errors):
    assert exit_status(lambda reactor: fail(ValueError("why"))) == 1
    assert [str(error) for error in logged_errors.flush(ValueError)] == ["why"]


def test_a_SystemExit_is_the_status(exit_status):
    async def main(reactor):
        await deferLater(reactor, 0.001)
        raise SystemExit(7)

    assert exit_status(main) == 7


def test_stopping_the_reactor_ends_the_program_before_main(reactor, exit_status):
    def main(reactor):
        reactor.callWhenRunning(reactor.stop)
        return Deferred()

    assert exit_status(main) == 0


def test_main_may_end_with_the_shutdown(reactor, exit_status, logged_errors):
    def main(reactor):
        end = Deferred()
        reactor.addSystemEventTrigger("before", "shutdown", end.errback, ValueError("too late"))
        reactor.callWhenRunning(reactor.stop)
        return end

    assert exit_status(main) == 1
    assert len(logged_errors.flush(ValueError)) == 1


def test_an_error_before_the_reactor_runs_is_the_callers(reactor):
    with pytest.raises(ZeroDivisionError):
        react(raising, (), _reactor=reactor)


def test_what_is_no_coroutine_and_no_Deferred_is_an_error(reactor):
    with pytest.raises(TypeError, match="not a coroutine or a Deferred"):
        react(lambda reactor: None, (), _reactor=reactor)
