"""Cooperator: long work in small pieces."""

import pytest

from reactor import task
from reactor.defer import Deferred
from reactor.task import (
    Clock,
    Cooperator,
    NotPaused,
    SchedulerError,
    SchedulerStopped,
    TaskDone,
    TaskFailed,
    TaskFinished,
    TaskStopped,
)
from tests.support.outcomes import failure_of, outcomes, result_of


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cooperator(clock):
    """One that does a single piece of work in each turn of the clock."""
    return Cooperator(terminationPredicateFactory=lambda: lambda: True, scheduler=lambda step: clock.callLater(1, step))


def pieces(name, number, done):
    for piece in range(number):
        done.append(f"{name}{piece}")
        yield None


def test_tasks_take_turns(clock, cooperator):
    done = []
    for name in "ab":
        cooperator.cooperate(pieces(name, 3, done))
    assert done == []
    clock.pump([1] * 6)
    assert done == ["a0", "b0", "a1", "b1", "a2", "b2"]


def test_a_task_is_done_when_its_iterator_is(clock, cooperator):
    iterator = pieces("a", 1, [])
    done = outcomes(cooperator.cooperate(iterator).whenDone())
    clock.advance(1)
    assert done == []
    clock.advance(1)
    assert done == [iterator] and not clock.getDelayedCalls()


def test_whenDone_may_be_asked_again_and_late(clock, cooperator):
    iterator = pieces("a", 0, [])
    running = cooperator.cooperate(iterator)
    clock.advance(1)
    assert result_of(running.whenDone()) is iterator and result_of(running.whenDone()) is iterator


def test_coiterate_is_whenDone(clock, cooperator):
    iterator = pieces("a", 0, [])
    mine = Deferred()
    done = cooperator.coiterate(iterator)
    assert cooperator.coiterate(iter(()), mine) is mine
    clock.pump([1, 1])
    assert result_of(done) is iterator
    assert mine.called


def test_an_error_ends_the_task(clock, cooperator):
    running = cooperator.cooperate(1 / 0 for _ in "a")
    clock.advance(1)
    failure_of(running.whenDone(), ZeroDivisionError)
    with pytest.raises(TaskFailed):
        running.pause()


def test_a_Deferred_is_waited_for(clock, cooperator):
    inner, done = Deferred(), []

    def work():
        yield inner
        done.append("after")

    running = outcomes(cooperator.cooperate(work()).whenDone())
    clock.pump([1] * 3)
    assert done == [] and not clock.getDelayedCalls()
    inner.callback(None)
    clock.advance(1)
    assert done == ["after"] and running


def test_a_Deferred_that_fails_ends_the_task(clock, cooperator):
    inner = Deferred()
    running = cooperator.cooperate(iter([inner]))
    clock.advance(1)
    inner.errback(ValueError())
    failure_of(running.whenDone(), ValueError)


def test_pause_and_resume_come_in_pairs(clock, cooperator):
    done = []
    running = cooperator.cooperate(pieces("a", 5, done))
    running.pause()
    running.pause()
    clock.pump([1] * 3)
    running.resume()
    clock.pump([1] * 3)
    assert done == []
    running.resume()
    clock.advance(1)
    assert done == ["a0"]


def test_resume_without_pause_is_an_error(cooperator):
    with pytest.raises(NotPaused):
        cooperator.cooperate(iter(())).resume()


def test_stop_ends_a_task(clock, cooperator):
    done = []
    running = cooperator.cooperate(pieces("a", 5, done))
    clock.advance(1)
    running.stop()
    clock.pump([1] * 3)
    assert done == ["a0"] and not clock.getDelayedCalls()
    failure_of(running.whenDone(), TaskStopped)


@pytest.mark.parametrize("ending", ["stop", "done"])
def test_what_has_ended_can_not_be_stopped_or_paused(clock, cooperator, ending):
    running = cooperator.cooperate(iter(()))
    if ending == "stop":
        running.stop()
        failure_of(running.whenDone(), TaskStopped)
    else:
        clock.advance(1)
    for method in (running.stop, running.pause):
        with pytest.raises(TaskStopped if ending == "stop" else TaskDone):
            method()


def test_a_paused_task_may_be_stopped(cooperator):
    running = cooperator.cooperate(pieces("a", 5, []))
    running.pause()
    running.stop()
    failure_of(running.whenDone(), TaskStopped)
    running.resume()


def test_the_errors_are_a_family():
    assert issubclass(SchedulerStopped, SchedulerError) and issubclass(NotPaused, SchedulerError)
    assert issubclass(TaskFinished, SchedulerError)
    assert all(issubclass(error, TaskFinished) for error in (TaskDone, TaskStopped, TaskFailed))


def test_stopping_the_cooperator_ends_its_tasks(clock, cooperator):
    running = cooperator.cooperate(pieces("a", 5, []))
    cooperator.stop()
    assert not cooperator.running and not clock.getDelayedCalls()
    failure_of(running.whenDone(), SchedulerStopped)


@pytest.mark.own_promise("it leaves out every second one")
def test_stopping_the_cooperator_ends_every_task(cooperator):
    running = [cooperator.cooperate(pieces("a", 5, [])) for _ in range(4)]
    cooperator.stop()
    for one in running:
        failure_of(one.whenDone(), SchedulerStopped)


def test_a_stopped_cooperator_takes_nothing(cooperator):
    cooperator.stop()
    failure_of(cooperator.coiterate(iter(())), SchedulerStopped)


def test_it_may_be_started_later(clock):
    done = []
    cooperator = Cooperator(scheduler=lambda step: clock.callLater(0, step), started=False)
    cooperator.cooperate(pieces("a", 2, done))
    clock.advance(1)
    assert done == [] and not cooperator.running
    cooperator.start()
    clock.advance(1)
    assert done == ["a0", "a1"] and cooperator.running


def test_it_may_be_started_again(clock, cooperator):
    done = []
    cooperator.stop()
    cooperator.start()
    cooperator.cooperate(pieces("a", 1, done))
    clock.advance(1)
    assert done == ["a0"]


def test_a_slice_ends_when_the_predicate_says_so(clock):
    done = []
    cooperator = Cooperator(
        terminationPredicateFactory=lambda: iter([False, False, True]).__next__,
        scheduler=lambda step: clock.callLater(1, step),
    )
    cooperator.cooperate(pieces("a", 5, done))
    clock.advance(1)
    assert len(done) == 3
    clock.advance(1)
    assert len(done) == 5


def test_the_cooperator_of_the_program_is_there_for_all():
    running = task.cooperate(iter(()))
    running.stop()
    failure_of(running.whenDone(), TaskStopped)
