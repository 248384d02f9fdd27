"""Deferred: a result that comes later, and who hears of it."""

import gc

import pytest

from reactor.defer import AlreadyCalledError, CancelledError, Deferred, fail, succeed
from reactor.failure import Failure


def collect(deferred):
    """The list to which the Deferred's outcome is appended."""
    results = []
    deferred.addBoth(results.append)
    return results


def raising(*_):
    raise ZeroDivisionError("on purpose")


def test_a_callback_gets_the_result():
    deferred = Deferred()
    results = collect(deferred)
    assert results == []
    deferred.callback("result")
    assert results == ["result"]


def test_a_callback_added_late_is_called_at_once():
    assert collect(succeed(7)) == [7]


def test_each_callback_gets_what_the_one_before_returned():
    deferred = Deferred()
    deferred.addCallback(lambda x: x + 1)
    deferred.addCallback(lambda x: x * 10)
    deferred.callback(1)
    assert collect(deferred) == [20]


def test_callbacks_get_further_arguments():
    deferred = Deferred()
    deferred.addCallback(lambda *args, **kwargs: (args, kwargs), 2, three=3)
    deferred.callback(1)
    assert collect(deferred) == [((1, 2), {"three": 3})]


def test_adding_returns_the_Deferred():
    deferred = Deferred()
    assert deferred.addCallback(id) is deferred
    assert deferred.addErrback(id) is deferred
    assert deferred.addBoth(id) is deferred
    assert deferred.addCallbacks(id, id) is deferred


def test_an_exception_in_a_callback_becomes_a_Failure():
    [failure] = collect(succeed(None).addCallback(raising))
    assert isinstance(failure, Failure) and failure.check(ZeroDivisionError)


def test_an_errback_gets_the_Failure_and_its_result_goes_on_as_success():
    deferred = fail(ZeroDivisionError())
    deferred.addErrback(lambda failure: failure.type.__name__)
    deferred.addCallback(lambda name: f"handled {name}")
    assert collect(deferred) == ["handled ZeroDivisionError"]


def test_a_failure_passes_by_callbacks_and_a_success_by_errbacks():
    called = []
    deferred = Deferred()
    deferred.addErrback(called.append)
    deferred.addCallback(raising)
    deferred.addCallback(called.append)
    deferred.addErrback(lambda _: "mended")
    deferred.callback(1)
    assert called == [] and collect(deferred) == ["mended"]


def test_errback_fires_with_an_exception_or_a_Failure():
    for error in (ValueError("x"), Failure(ValueError("x"))):
        deferred = Deferred()
        deferred.errback(error)
        [failure] = collect(deferred)
        assert failure.check(ValueError)


def test_errback_without_argument_takes_the_exception_being_handled():
    deferred = Deferred()
    try:
        raising()
    except ZeroDivisionError:
        deferred.errback()
    [failure] = collect(deferred)
    assert failure.check(ZeroDivisionError)


def test_an_errback_that_returns_its_Failure_passes_it_on():
    deferred = fail(ValueError())
    deferred.addErrback(lambda failure: failure)
    [failure] = collect(deferred)
    assert failure.check(ValueError)


def test_a_callback_that_returns_a_Failure_fails():
    [failure] = collect(succeed(None).addCallback(lambda _: Failure(ValueError())))
    assert failure.check(ValueError)


def test_trap_in_an_errback_lets_other_errors_pass():
    deferred = fail(ValueError())
    deferred.addErrback(lambda failure: failure.trap(KeyError))
    [failure] = collect(deferred)
    assert failure.check(ValueError)


def test_addCallbacks_runs_one_of_the_two():
    for deferred, expected in ((succeed(1), "callback"), (fail(ValueError()), "errback")):
        deferred.addCallbacks(lambda _: "callback", lambda _: "errback")
        assert collect(deferred) == [expected]


def test_an_error_in_a_callback_does_not_reach_the_errback_added_with_it():
    deferred = succeed(1)
    called = []
    deferred.addCallbacks(raising, called.append)
    [failure] = collect(deferred)
    assert called == [] and failure.check(ZeroDivisionError)


def test_addCallbacks_passes_each_its_own_arguments():
    deferred = succeed(1)
    deferred.addCallbacks(lambda *a, **k: (a, k), raising, callbackArgs=(2,), callbackKeywords={"three": 3})
    assert collect(deferred) == [((1, 2), {"three": 3})]
    deferred = fail(ValueError())
    deferred.addCallbacks(raising, lambda f, *a, **k: (a, k), errbackArgs=(2,), errbackKeywords={"three": 3})
    assert collect(deferred) == [((2,), {"three": 3})]


def test_firing_twice_is_an_error():
    deferred = succeed(1)
    with pytest.raises(AlreadyCalledError):
        deferred.callback(2)
    with pytest.raises(AlreadyCalledError):
        deferred.errback(ValueError())


def test_called_says_whether_it_has_fired():
    deferred = Deferred()
    assert not deferred.called
    deferred.callback(None)
    assert deferred.called


def test_a_callback_that_returns_a_Deferred_holds_back_the_next():
    inner = Deferred()
    results = collect(succeed(1).addCallback(lambda _: inner))
    assert results == []
    inner.callback("later")
    assert results == ["later"]


def test_a_callback_that_returns_a_Deferred_which_has_fired_goes_on_at_once():
    assert collect(succeed(1).addCallback(lambda _: succeed(2))) == [2]


def test_the_failure_of_a_returned_Deferred_is_the_outers_failure():
    inner = Deferred()
    results = collect(succeed(1).addCallback(lambda _: inner))
    inner.errback(ValueError())
    assert results[0].check(ValueError)


def test_an_errback_may_return_a_Deferred_too():
    assert collect(fail(ValueError()).addErrback(lambda _: succeed("mended"))) == ["mended"]


def test_callbacks_added_while_it_waits_for_another_run_afterwards():
    inner = Deferred()
    outer = succeed(None).addCallback(lambda _: inner)
    results = collect(outer.addCallback(lambda x: x + 1))
    inner.callback(1)
    assert results == [2]


def test_a_callback_added_by_a_callback_runs_after_those_that_were_there():
    order = []
    deferred = Deferred()

    def first(_):
        order.append("first")
        deferred.addCallback(lambda _: order.append("added"))

    deferred.addCallback(first)
    deferred.addCallback(lambda _: order.append("second"))
    deferred.callback(None)
    assert order == ["first", "second", "added"]


def test_a_long_chain_of_Deferreds_that_have_fired_needs_no_deep_stack():
    deferred = Deferred()
    for _ in range(5000):
        deferred.addCallback(lambda x: succeed(x + 1))
    results = collect(deferred)
    deferred.callback(0)
    assert results == [5000]


def test_a_long_chain_of_waiting_Deferreds_needs_no_deep_stack():
    first = last = Deferred()
    for _ in range(5000):
        following = Deferred()
        following.addCallback(lambda _, last=last: last)
        following.callback(None)
        last = following
    results = collect(last)
    first.callback("through")
    assert results == ["through"]


def test_chainDeferred_fires_another():
    for outcome, fire in (("result", "callback"), (ValueError(), "errback")):
        first, second = Deferred(), Deferred()
        first.chainDeferred(second)
        results = collect(second)
        getattr(first, fire)(outcome)
        assert results[0] == outcome or results[0].value is outcome


def test_pause_and_unpause_hold_back_the_callbacks():
    deferred = Deferred()
    results = collect(deferred)
    deferred.pause()
    deferred.callback(1)
    assert results == []
    deferred.unpause()
    assert results == [1]


def test_cancel_fires_with_CancelledError():
    deferred = Deferred()
    results = collect(deferred)
    deferred.cancel()
    assert results[0].check(CancelledError)


def test_cancel_asks_the_canceller_first():
    cancelled = []
    deferred = Deferred(cancelled.append)
    results = collect(deferred)
    deferred.cancel()
    assert cancelled == [deferred] and results[0].check(CancelledError)


def test_a_canceller_may_fire_the_Deferred_itself():
    deferred = Deferred(lambda deferred: deferred.callback("half a result"))
    results = collect(deferred)
    deferred.cancel()
    assert results == ["half a result"]


def test_the_late_result_of_a_cancelled_Deferred_is_ignored_once():
    deferred = Deferred()
    results = collect(deferred)
    deferred.cancel()
    deferred.callback("late")
    assert len(results) == 1
    with pytest.raises(AlreadyCalledError):
        deferred.callback("later still")


def test_cancelling_a_Deferred_that_has_fired_does_nothing():
    deferred = succeed(1)
    deferred.cancel()
    assert collect(deferred) == [1]


def test_cancelling_cancels_what_it_waits_for():
    inner = Deferred()
    outer = succeed(None).addCallback(lambda _: inner)
    results = collect(outer)
    outer.cancel()
    assert results[0].check(CancelledError)


def test_a_failure_nobody_handled_is_logged_when_the_Deferred_goes(logged_errors):
    deferred = fail(ZeroDivisionError("forgotten"))
    assert logged_errors.failures == []
    del deferred
    gc.collect()
    assert [str(error) for error in logged_errors.flush(ZeroDivisionError)] == ["forgotten"]


def test_a_failure_that_was_handled_is_not_logged():
    deferred = fail(ZeroDivisionError())
    deferred.addErrback(lambda failure: None)
    del deferred
    gc.collect()


def test_the_repr_shows_the_result():
    assert "Deferred" in repr(Deferred())
    assert "17" in repr(succeed(17))


@pytest.mark.own_promise("it raises RecursionError")
def test_cancelling_one_of_a_ring_ends():
    one, other = Deferred(), Deferred()
    one.addCallback(lambda _: other)
    other.addCallback(lambda _: one)
    one.callback(None)
    other.callback(None)
    one.cancel()
    assert one.called and other.called
