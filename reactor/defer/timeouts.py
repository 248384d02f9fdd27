"""A bound on how long a result may take.

A reactor counts the seconds, as a rule. Of all its methods this needs one; so a Deferred knows no more of a reactor
than `Clock` says, and nothing below the loop has to import what the loop promises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from reactor.defer.core import CancelledError, Deferred
from reactor.failure import Failure

T = TypeVar("T")


class TimeoutError(Exception):
    """The result did not come in time: see `Deferred.addTimeout`."""


class Timer(Protocol):
    """A call that a clock is to make: what `Clock.callLater` returns."""

    def active(self) -> bool:
        """Whether it is still to come."""

    def cancel(self) -> None:
        """Have it not made."""


class Clock(Protocol):
    """What counts the seconds: a reactor, or `reactor.task.Clock`."""

    def callLater(self, delay: float, callable: Callable[..., object], /) -> Timer:
        """Make the call in `delay` seconds."""


def add_timeout(
    deferred: Deferred[T], timeout: float, clock: Clock, on_cancel: Callable[[Any, float], Any] | None
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
