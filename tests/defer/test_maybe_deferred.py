"""Functions called so that they always give a Deferred: maybeDeferred, execute; succeed, fail, logError."""

import pytest

from reactor.defer import Deferred, execute, fail, logError, maybeDeferred, passthru, succeed
from reactor.failure import Failure, NoCurrentExceptionError
from tests.support.outcomes import failure_of, raising, result_of


@pytest.mark.parametrize("call", [execute, maybeDeferred])
def test_what_a_function_returns_is_the_result(call):
    assert result_of(call(lambda *args, **kw: (args, kw), 1, two=2)) == ((1,), {"two": 2})


@pytest.mark.parametrize("call", [execute, maybeDeferred])
def test_what_a_function_raises_is_the_failure(call):
    failure = failure_of(call(raising), ZeroDivisionError)
    assert "raising" in failure.getTraceback()


def test_maybeDeferred_returns_the_Deferred_that_a_function_returned():
    deferred = Deferred()
    assert maybeDeferred(lambda: deferred) is deferred


def test_maybeDeferred_takes_a_returned_Failure_for_one():
    failure_of(maybeDeferred(lambda: Failure(ValueError())), ValueError)


def test_maybeDeferred_runs_a_coroutine():
    inner = Deferred()

    async def work():
        return await inner + 1

    deferred = maybeDeferred(work)
    assert not deferred.called
    inner.callback(1)
    assert result_of(deferred) == 2


def test_succeed_has_its_result_and_fail_its_failure():
    assert result_of(succeed("result")) == "result"
    failure_of(fail(ValueError()), ValueError)
    failure_of(fail(Failure(ValueError())), ValueError)


def test_succeed_with_a_Failure_fails():
    failure_of(succeed(Failure(ValueError())), ValueError)


def test_fail_takes_the_exception_being_handled():
    try:
        raising()
    except ZeroDivisionError:
        failing = fail()
    failure_of(failing, ZeroDivisionError)


def test_fail_with_nothing_to_fail_with_is_an_error():
    with pytest.raises(NoCurrentExceptionError):
        fail()


def test_logError_logs_and_passes_on(logged_errors):
    failure_of(fail(ValueError("logged")).addErrback(logError), ValueError)
    assert [str(error) for error in logged_errors.flush(ValueError)] == ["logged"]


def test_passthru_changes_nothing():
    assert result_of(succeed(1).addCallback(passthru)) == 1
