"""A bound on how long a result may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from reactor.defer.core import CancelledError, Deferred
from reactor.failure import Failure
from reactor.interfaces import IReactorTime

T = TypeVar("T")


class TimeoutError(Exception):
    """The result did not come in time: see `Deferred.addTimeout`."""


def add_timeout(
    deferred: Deferred[T], timeout: float, clock: IReactorTime, on_cancel: Callable[[Any, float], Any] | None
) -> Deferred[T]:
    """What `Deferred.addTimeout` promises."""
    is_late = False

    def give_up() -> None:
        nonlocal is_late
        is_late = True
        deferred.cancel()

    def settle(result: Any) -> Any:
        if deadline.active():
            deadline.cancel()
        return (on_cancel or _cancelled_is_late)(result, timeout) if is_late else result

    deadline = clock.callLater(timeout, give_up)
    deferred.addBoth(settle)
    return deferred


def _cancelled_is_late(result: Any, timeout: float) -> Any:
    """A canceller may have found a better end than CancelledError; that is left as it is."""
    if isinstance(result, Failure):
        result.trap(CancelledError)
        raise TimeoutError(timeout, "Deferred")
    return result
