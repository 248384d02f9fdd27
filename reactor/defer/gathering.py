"""Waiting for several results: for all of them, or for the first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from reactor import log
from reactor.defer.core import Deferred
from reactor.failure import Failure

T = TypeVar("T")

SUCCESS = True
FAILURE = False


class FirstError(Exception):
    """One of several Deferreds failed, and the first failure was to be the result.

    subFailure: its failure. index: its place in the list.
    """

    def __init__(self, failure: Failure, index: int) -> None:
        super().__init__(failure, index)
        self.subFailure = failure
        self.index = index

    def __eq__(self, other: object) -> bool:
        """The same failure at the same place."""
        if not isinstance(other, FirstError):
            return NotImplemented
        return (self.index, self.subFailure) == (other.index, other.subFailure)

    def __hash__(self) -> int:
        return hash((self.index, self.subFailure))

    def __str__(self) -> str:
        return f"FirstError[#{self.index}, {self.subFailure}]"

    def __repr__(self) -> str:
        return f"FirstError[#{self.index}, {self.subFailure.value!r}]"


class FailureGroup(Exception):
    """Every Deferred of a `race` failed. failures: one of each, in the order of the Deferreds."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__(failures)
        self.failures = failures


class DeferredList(Deferred[Any]):
    """The results of many, in one list of pairs `(success, result or Failure)`, in the order of the Deferreds.

    fireOnOneCallback: the first result is enough, and comes as `(result, index)`.
    fireOnOneErrback: the first failure is enough, and comes as a FirstError.
    consumeErrors: each Deferred's failure ends here; otherwise it stays with that Deferred, whose errbacks handle it.
    Cancelling the list cancels every Deferred in it.
    """

    def __init__(
        self,
        deferredList: Iterable[Deferred[Any]],
        fireOnOneCallback: bool = False,
        fireOnOneErrback: bool = False,
        consumeErrors: bool = False,
    ) -> None:
        super().__init__()
        self._deferreds = list(deferredList)
        self.resultList: list[Any] = [None] * len(self._deferreds)
        self.fireOnOneCallback = fireOnOneCallback
        self.fireOnOneErrback = fireOnOneErrback
        self.consumeErrors = consumeErrors
        self.finishedCount = 0
        if not self._deferreds and not fireOnOneCallback:
            self.callback(self.resultList)
        for index, deferred in enumerate(self._deferreds):
            deferred.addCallbacks(self._one_came, self._one_came, (index, SUCCESS), None, (index, FAILURE), None)

    def _one_came(self, result: Any, index: int, success: bool) -> Any:
        self.resultList[index] = (success, result)
        self.finishedCount += 1
        if not self.called:
            if success and self.fireOnOneCallback:
                self.callback((result, index))
            elif not success and self.fireOnOneErrback:
                self.errback(FirstError(result, index))
            elif self.finishedCount == len(self.resultList):
                self.callback(self.resultList)
        return None if not success and self.consumeErrors else result

    def cancel(self) -> None:
        """Cancel every Deferred that has no result yet. What a canceller raises is logged."""
        if self.called:
            super().cancel()
        else:
            _cancel(self._deferreds)


def gatherResults(deferredList: Iterable[Deferred[T]], consumeErrors: bool = False) -> Deferred[list[T]]:
    """The results of all, as a list in their order; FirstError as soon as one fails.

    consumeErrors: as for DeferredList. Cancelling the result cancels all of them.
    """
    gathered = DeferredList(deferredList, fireOnOneErrback=True, consumeErrors=consumeErrors)
    return gathered.addCallback(lambda pairs: [result for _, result in pairs])


def race(ds: Sequence[Deferred[T]]) -> Deferred[tuple[int, T]]:
    """The first result, as `(index, result)`; the others are then cancelled. FailureGroup when all of them fail.

    Cancelling the race cancels all of them.
    """
    contestants = list(ds)
    failures: dict[int, Failure] = {}
    finish: Deferred[tuple[int, T]] = Deferred(lambda _: _cancel(contestants))
    is_won = False

    def won(result: T, index: int) -> None:
        nonlocal is_won
        if not is_won:  # a loser that can't be cancelled may still get a result
            is_won = True
            _cancel(contestants[:index] + contestants[index + 1 :])
            finish.callback((index, result))

    def lost(failure: Failure, index: int) -> None:
        failures[index] = failure
        if len(failures) == len(contestants):
            finish.errback(FailureGroup([failures[place] for place in sorted(failures)]))

    for index, contestant in enumerate(contestants):
        contestant.addCallbacks(won, lost, callbackArgs=(index,), errbackArgs=(index,))
    return finish


def _cancel(deferreds: Iterable[Deferred[Any]]) -> None:
    """Cancel these; in the place of a list among them, what it consists of, so that lists in lists don't recurse."""
    todo = deque(deferreds)
    while todo:
        deferred = todo.popleft()._find_innermost()
        if type(deferred) is DeferredList and not deferred.called:
            todo.extendleft(reversed(deferred._deferreds))
            continue
        try:
            deferred.cancel()
        except Exception:
            log.err(None, "in the canceller of one of several Deferreds")
