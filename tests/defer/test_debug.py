"""What is said of a Deferred that was misused, or whose failure nobody handled."""

import gc
import subprocess
import sys

import pytest

from reactor import defer, log
from reactor.defer import AlreadyCalledError, Deferred, fail, succeed
from tests.support import oracle
from tests.support.outcomes import failure_of, outcomes, raising


@pytest.fixture
def debugging():
    defer.setDebugging(True)
    yield
    defer.setDebugging(False)


@pytest.fixture
def logged():
    """The text of everything that was logged."""
    events = []
    log.addObserver(events.append)
    yield lambda: "\n".join(log.textFromEventDict(event) or "" for event in events)
    log.removeObserver(events.append)


def line_of(needle):
    """The place of the line in this file that holds the text."""
    with open(__file__) as file:
        return next(number for number, line in enumerate(file, 1) if needle in line)


def test_debugging_is_off_and_can_be_turned_on_and_off():
    assert defer.getDebugging() is False
    defer.setDebugging(1)
    assert defer.getDebugging() is True
    defer.setDebugging(False)
    assert defer.getDebugging() is False


@pytest.mark.own_promise("it leaves coroutines to Python")
def test_coroutines_remember_who_made_them_while_debugging_is_on_and_cost_nothing_otherwise():
    defer.setDebugging(True)
    assert sys.get_coroutine_origin_tracking_depth() > 0
    defer.setDebugging(False)
    assert sys.get_coroutine_origin_tracking_depth() == 0


@pytest.mark.own_promise("it has no such variable")
def test_the_environment_can_turn_it_on():
    source = "from reactor import defer; print(defer.getDebugging())"
    command = oracle.python(source)
    for value, expected in (("1", "True"), ("0", "False"), ("", "False")):
        done = subprocess.run(command, capture_output=True, text=True, env={"REACTOR_DEBUG": value}, check=True)
        assert done.stdout.strip() == expected


def test_an_unhandled_failure_names_the_line_that_made_the_Deferred(debugging, logged, logged_errors):
    deferred = Deferred()  # made here
    deferred.callback(None)  # fired here
    deferred.addCallback(raising)
    del deferred
    gc.collect()
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    text = logged()
    assert "Unhandled error in Deferred" in text
    assert f":{line_of('# made here')}" in text or "made here" in text


@pytest.mark.own_promise("it tells who fired a Deferred only to who fires it again")
def test_an_unhandled_failure_names_the_line_that_fired_it_too(debugging, logged, logged_errors):
    deferred = Deferred()
    deferred.callback(None)  # lit here
    deferred.addCallback(raising)
    del deferred
    gc.collect()
    logged_errors.flush(ZeroDivisionError)
    assert f"fired at {__file__}:{line_of('# lit here')} in " in logged()


def test_without_debugging_an_unhandled_failure_is_reported_all_the_same(logged, logged_errors):
    fail(ValueError("forgotten"))
    gc.collect()
    assert len(logged_errors.flush(ValueError)) == 1
    assert "Unhandled error in Deferred" in logged() and "forgotten" in logged()


def test_firing_twice_names_the_lines_that_made_and_fired_it_first(debugging):
    deferred = Deferred()  # begun here
    deferred.callback(1)  # done here
    with pytest.raises(AlreadyCalledError) as caught:
        deferred.callback(2)
    text = str(caught.value).replace(", line ", ":")
    assert "begun here" in text or f":{line_of('# begun here')}" in text
    assert "done here" in text or f":{line_of('# done here')}" in text


@pytest.mark.own_promise("it says nothing")
def test_firing_twice_says_what_came_and_what_to_do():
    deferred = succeed("first")
    with pytest.raises(AlreadyCalledError, match=r"'first'.*'second'.*once.*REACTOR_DEBUG=1"):
        deferred.callback("second")


def test_cancelling_twice_is_no_error_and_cancels_once():
    cancelled = []
    deferred = Deferred(cancelled.append)
    deferred.cancel()
    deferred.cancel()
    assert cancelled == [deferred]
    failure_of(deferred, defer.CancelledError)


def test_after_a_canceller_has_spoken_a_late_result_is_an_error():
    deferred = Deferred(lambda deferred: deferred.errback(ValueError()))
    deferred.cancel()
    with pytest.raises(AlreadyCalledError):
        deferred.callback("late")
    failure_of(deferred, ValueError)


@pytest.mark.own_promise("it warns, and the chain hangs for ever")
def test_a_callback_that_returns_its_own_Deferred_fails():
    deferred = Deferred()
    deferred.addCallback(lambda _: deferred)
    deferred.callback(None)
    message = failure_of(deferred, RuntimeError).getErrorMessage()
    assert "wait for itself for ever" in message and "return the value" in message


@pytest.mark.own_promise("it lets this pass, and the callbacks get a Deferred")
def test_a_Deferred_is_no_result():
    with pytest.raises(AssertionError, match="return it from a callback instead"):
        Deferred().callback(Deferred())


def test_a_SystemExit_in_a_callback_is_a_failure_like_any_other():
    def leave(_):
        raise SystemExit(3)

    [failure] = outcomes(succeed(None).addCallback(leave))
    assert failure.type is SystemExit and failure.value.code == 3


@pytest.mark.own_promise("it says nothing of it")
def test_without_debugging_an_unhandled_failure_tells_how_to_learn_more(logged, logged_errors):
    fail(ValueError("forgotten"))
    gc.collect()
    logged_errors.flush(ValueError)
    assert "Unhandled error in Deferred, REACTOR_DEBUG=1 tells which line made it" in logged()


@pytest.mark.own_promise("it leaves that to Python's own switches")
def test_a_coroutine_that_was_never_awaited_is_told_of_with_the_line_that_made_it(debugging):
    async def forgotten():
        pass

    with pytest.warns(RuntimeWarning, match="coroutine '.*forgotten' was never awaited") as warned:
        forgotten()  # left here
        gc.collect()
    assert f"line {line_of('# left here')}, in test_a_coroutine" in str(warned[0].message)
