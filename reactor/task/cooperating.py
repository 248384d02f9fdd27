"""Long work in small pieces, between which the loop goes on.

The work is an iterator; each `next()` does a piece of it. A *Cooperator* takes turns among all its iterators, for a
hundredth of a second, then lets the loop have a turn. An iterator that yields a Deferred rests until that has fired.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from reactor import failure
from reactor.default import the_reactor
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall

I = TypeVar("I", bound=Iterator[Any])  # noqa: E741  # the iterator itself is what comes back

_SLICE_S = 0.01  # Twisted's number


class SchedulerError(Exception):
    """The task, or the scheduler, is in the wrong state for this."""


class SchedulerStopped(SchedulerError):
    """The cooperator was stopped, and its tasks with it."""


class TaskFinished(SchedulerError):
    """The task is over: the subclasses say how."""


class TaskDone(TaskFinished):
    """Its iterator came to its end."""


class TaskStopped(TaskFinished):
    """The program called the task's `stop()`."""


class TaskFailed(TaskFinished):
    """Its iterator raised something."""


class NotPaused(SchedulerError):
    """`resume()` was called more often than `pause()`."""


class CooperativeTask(Generic[I]):
    """One iterator that a Cooperator works on. Made by `cooperate`."""

    def __init__(self, iterator: I, cooperator: Cooperator) -> None:
        self._iterator = iterator
        self._cooperator = cooperator
        self._whenDone: list[Deferred[I]] = []
        self._pauses = 0
        self._end: SchedulerError | None = None
        self._result: I | Failure = iterator
        cooperator._add(self)

    def whenDone(self) -> Deferred[I]:
        """A new Deferred that fires with the iterator when it is exhausted, or fails with what ended it."""
        deferred: Deferred[I] = Deferred()
        if self._end is None:
            self._whenDone.append(deferred)
        else:
            deferred.callback(self._result)
        return deferred

    def pause(self) -> None:
        """Do nothing until `resume()` has been called as often as this. Raises TaskFinished."""
        self._require_unfinished()
        self._pauses += 1
        if self._pauses == 1:
            self._cooperator._remove(self)

    def resume(self) -> None:
        """Undo one `pause()`. Raises NotPaused."""
        if not self._pauses:
            raise NotPaused("the task is not paused: call resume() once for each pause()")
        self._pauses -= 1
        if not self._pauses and self._end is None:
            self._cooperator._add(self)

    def stop(self) -> None:
        """Stop working. Raises TaskFinished if the task is over already."""
        self._require_unfinished()
        self._finish(TaskStopped("stop() was called"), Failure(TaskStopped("stop() was called")))

    def _require_unfinished(self) -> None:
        if self._end is not None:
            raise self._end

    def _finish(self, end: SchedulerError, result: I | Failure) -> None:
        self._end = end
        self._result = result
        if not self._pauses:
            self._cooperator._remove(self)
        for deferred in self._whenDone:
            deferred.callback(result)

    def _do_a_piece(self) -> None:
        try:
            result = next(self._iterator)
        except StopIteration:
            self._finish(TaskDone("its iterator is exhausted"), self._iterator)
        except BaseException as error:
            self._fail(failure.caught(error))
        else:
            if isinstance(result, Deferred):
                self.pause()
                result.addCallbacks(lambda _: self.resume(), self._fail)

    def _fail(self, why: Failure) -> None:
        if self._end is None:  # it may have been stopped while it waited
            self._finish(TaskFailed(f"its iterator failed: {why.getErrorMessage()}"), why)


def _slice() -> Callable[[], bool]:
    end = time.monotonic() + _SLICE_S
    return lambda: time.monotonic() >= end


def _next_turn(step: Callable[[], None]) -> IDelayedCall:
    return the_reactor().callLater(0, step)


class Cooperator:
    """Takes turns among any number of iterators.

    terminationPredicateFactory: called at the start of each turn of the loop; its result is called after each
        piece, and returns whether that is enough for now. By default it is after a hundredth of a second.
    scheduler: called with a function, which it must call in a later turn of the loop; returns that delayed call.
    started: True to begin at once, False to wait for `start()`.
    """

    def __init__(
        self,
        terminationPredicateFactory: Callable[[], Callable[[], bool]] = _slice,
        scheduler: Callable[[Callable[[], None]], IDelayedCall] = _next_turn,
        started: bool = True,
    ) -> None:
        self._tasks: list[CooperativeTask[Any]] = []
        self._round: Iterator[CooperativeTask[Any]] = iter(())
        self._new_slice = terminationPredicateFactory
        self._scheduler = scheduler
        self._delayed: IDelayedCall | None = None
        self._stopped = False
        self._started = started

    @property
    def running(self) -> bool:
        """Whether it works on what it has."""
        return self._started and not self._stopped

    def cooperate(self, iterator: I) -> CooperativeTask[I]:
        """Work on this iterator too. On a stopped cooperator the task fails at once, with SchedulerStopped."""
        return CooperativeTask(iterator, self)

    def coiterate(self, iterator: I, doneDeferred: Deferred[I] | None = None) -> Deferred[I]:
        """As `cooperate`, but returns only the Deferred of `whenDone()`. doneDeferred: fire this one instead."""
        done: Deferred[I] = Deferred() if doneDeferred is None else doneDeferred
        CooperativeTask(iterator, self).whenDone().chainDeferred(done)
        return done

    def start(self) -> None:
        """Begin, or begin again after `stop()`."""
        self._stopped = False
        self._started = True
        self._schedule()

    def stop(self) -> None:
        """Stop working; every task fails with SchedulerStopped."""
        self._stopped = True
        for task in list(self._tasks):
            self._turn_down(task)

    def _turn_down(self, task: CooperativeTask[Any]) -> None:
        problem = "the cooperator was stopped"
        task._finish(SchedulerStopped(problem), Failure(SchedulerStopped(problem)))

    def _add(self, task: CooperativeTask[Any]) -> None:
        self._tasks.append(task)
        if self._stopped:
            self._turn_down(task)
        else:
            self._schedule()

    def _remove(self, task: CooperativeTask[Any]) -> None:
        self._tasks.remove(task)
        if not self._tasks and self._delayed is not None:
            self._delayed.cancel()
            self._delayed = None

    def _schedule(self) -> None:
        if self._started and self._tasks and self._delayed is None:
            self._delayed = self._scheduler(self._work)

    def _work(self) -> None:
        """One slice of time: do a piece of each task, round after round."""
        self._delayed = None
        is_over = self._new_slice()
        while (task := self._next()) is not None:
            task._do_a_piece()
            if is_over():
                break
        self._schedule()

    def _next(self) -> CooperativeTask[Any] | None:
        """The next task in the round; a round goes on from slice to slice, so that no task is left out."""
        task = next(self._round, None)
        if task is None:
            self._round = iter(self._tasks)
            task = next(self._round, None)
        return task


_the_cooperator = Cooperator()


def cooperate(iterator: I) -> CooperativeTask[I]:
    """Work on this iterator, a piece at a time, along with all others of the program. See Cooperator."""
    return _the_cooperator.cooperate(iterator)


def coiterate(iterator: I) -> Deferred[I]:
    """As `cooperate`, but returns only a Deferred of the end."""
    return _the_cooperator.coiterate(iterator)
