"""Waiting for several Deferreds: DeferredList, gatherResults, race."""

import gc

import pytest

from reactor.defer import (
    FAILURE,
    SUCCESS,
    CancelledError,
    Deferred,
    DeferredList,
    FailureGroup,
    FirstError,
    fail,
    gatherResults,
    race,
    succeed,
)
from reactor.failure import Failure
from tests.support.outcomes import failure_of, is_waiting, outcomes, raising, result_of


def test_a_list_fires_with_every_outcome_in_the_order_of_the_Deferreds():
    first, second, third = Deferred(), Deferred(), Deferred()
    results = outcomes(DeferredList([first, second, third], consumeErrors=True))
    third.callback(3)
    error = ValueError()
    second.errback(error)
    assert results == []
    first.callback(1)
    [[one, two, three]] = results
    assert one == (SUCCESS, 1) and three == (SUCCESS, 3)
    assert two[0] is FAILURE and two[1].value is error


def test_a_list_of_none_has_its_result_at_once():
    assert result_of(DeferredList([])) == []


def test_a_list_of_none_that_wants_one_result_waits_for_ever():
    assert is_waiting(DeferredList([], fireOnOneCallback=True))


def test_the_first_result_may_be_enough():
    first, second = Deferred(), Deferred()
    results = outcomes(DeferredList([first, second], fireOnOneCallback=True))
    second.callback("quick")
    first.callback("slow")
    assert results == [("quick", 1)]


def test_failures_do_not_count_for_who_wants_the_first_result():
    first, second = Deferred(), Deferred()
    results = outcomes(DeferredList([first, second], fireOnOneCallback=True, consumeErrors=True))
    first.errback(ValueError())
    assert results == []
    second.callback(2)
    assert results == [(2, 1)]


def test_all_failures_are_told_to_who_wants_the_first_result():
    gathered = DeferredList([fail(ValueError()), fail(KeyError())], fireOnOneCallback=True, consumeErrors=True)
    assert [success for success, _ in result_of(gathered)] == [FAILURE, FAILURE]


def test_the_first_failure_may_be_enough():
    first, second = Deferred(), Deferred()
    gathered = DeferredList([first, second], fireOnOneErrback=True, consumeErrors=True)
    error = ValueError("told")
    second.errback(error)
    failure = failure_of(gathered, FirstError)
    assert failure.value.index == 1 and failure.value.subFailure.value is error
    first.callback("late, and that is all right")


def test_a_FirstError_says_what_it_was():
    first = failure_of(DeferredList([fail(ValueError("told"))], fireOnOneErrback=True, consumeErrors=True), FirstError)
    assert "#0" in str(first.value) and "told" in str(first.value)
    assert "#0" in repr(first.value) and "ValueError" in repr(first.value)


def test_failures_stay_with_their_Deferreds_unless_consumed(logged_errors):
    failing = fail(ValueError("kept"))
    result_of(DeferredList([failing]))
    assert logged_errors.flush(ValueError) == []
    del failing
    gc.collect()
    assert [str(error) for error in logged_errors.flush(ValueError)] == ["kept"]


def test_results_stay_with_their_Deferreds_for_further_callbacks():
    deferred = Deferred()
    gathered = DeferredList([deferred])
    deferred.addCallback(lambda result: result + 1)
    results = outcomes(deferred)
    deferred.callback(1)
    assert results == [2] and result_of(gathered) == [(SUCCESS, 1)]


def test_cancelling_a_list_cancels_all_in_it():
    deferreds = [Deferred(), Deferred()]
    gathered = DeferredList(deferreds, consumeErrors=True)
    gathered.cancel()
    assert [failure.check(CancelledError) for _, failure in result_of(gathered)] == [CancelledError, CancelledError]


def test_a_canceller_that_raises_does_not_save_the_others(logged_errors):
    second = Deferred()
    gathered = DeferredList([Deferred(raising), second], consumeErrors=True)
    gathered.cancel()
    assert is_waiting(gathered), "the first of them has no outcome"
    assert second.called
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_cancelling_a_list_that_has_fired_does_nothing():
    waiting = Deferred()
    gathered = DeferredList([succeed(1), waiting], fireOnOneCallback=True)
    gathered.cancel()
    assert not waiting.called


def test_gatherResults_gives_the_results_alone():
    first, second = Deferred(), Deferred()
    results = outcomes(gatherResults([first, second]))
    second.callback(2)
    first.callback(1)
    assert results == [[1, 2]]


def test_gatherResults_of_none():
    assert result_of(gatherResults([])) == []


def test_gatherResults_fails_with_the_first_failure():
    first, second = Deferred(), Deferred()
    gathered = gatherResults([first, second], consumeErrors=True)
    second.errback(ValueError())
    assert failure_of(gathered, FirstError).value.subFailure.check(ValueError)


def test_cancelling_gatherResults_cancels_all():
    deferreds = [Deferred(), Deferred()]
    gathered = gatherResults(deferreds, consumeErrors=True)
    gathered.cancel()
    assert all(deferred.called for deferred in deferreds)
    assert failure_of(gathered, FirstError).value.subFailure.check(CancelledError)


def test_the_winner_of_a_race_is_its_result_and_the_others_are_cancelled():
    first, second, third = Deferred(), Deferred(), Deferred()
    results = outcomes(race([first, second, third]))
    second.callback("won")
    assert results == [(1, "won")]
    assert first.called and third.called


def test_a_contestant_may_have_won_before_the_start():
    assert result_of(race([Deferred(), succeed("early")])) == (1, "early")


def test_a_failure_does_not_win_a_race():
    first, second = Deferred(), Deferred()
    results = outcomes(race([first, second]))
    first.errback(ValueError())
    assert results == []
    second.callback(2)
    assert results == [(1, 2)]


def test_a_race_that_nobody_wins_fails_with_all_failures_in_order():
    first, second = Deferred(), Deferred()
    results = outcomes(race([first, second]))
    second.errback(KeyError())
    first.errback(ValueError())
    assert results[0].check(FailureGroup)
    assert [failure.type for failure in results[0].value.failures] == [ValueError, KeyError]


def test_a_loser_that_can_not_be_cancelled_is_ignored():
    stubborn = Deferred(lambda deferred: deferred.callback("me too"))
    winner = Deferred()
    results = outcomes(race([winner, stubborn]))
    winner.callback("won")
    assert results == [(0, "won")]


def test_cancelling_a_race_cancels_all():
    contestants = [Deferred(), Deferred()]
    contest = race(contestants)
    contest.cancel()
    assert all(contestant.called for contestant in contestants)
    failure_of(contest, FailureGroup, CancelledError)


@pytest.mark.parametrize("build", [DeferredList, gatherResults, race])
def test_Deferreds_may_be_added_to_later_and_the_list_is_not_changed_by_it(build):
    deferreds = [Deferred(), Deferred()]
    gathered = build(deferreds)
    deferreds.append(Deferred())
    deferreds[0].callback(1)
    deferreds[1].callback(2)
    assert gathered.called


def test_FirstErrors_of_one_failure_at_one_place_are_equal():
    failure = Failure(ValueError("told"))
    first = FirstError(failure, 1)
    assert first == FirstError(failure, 1)
    assert first != FirstError(failure, 2) and first != failure
