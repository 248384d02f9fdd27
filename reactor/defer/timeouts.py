"""A bound on how long a result may take.

Usually a reactor counts the seconds. Only one of its methods is needed here; so a Deferred knows no more of a reactor
than `Clock` says, and no module below the loop imports the loop's interfaces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from reactor.defer.core import CancelledError, Deferred
from reactor.failure import Failure

T = TypeVar("T")


class TimeoutError(Exception):
    """The result did not come in time; `Deferred.addTimeout` says so."""


class Timer(Protocol):
    """A call to be made later, as `Clock.callLater` returns it."""

    def active(self) -> bool:
        """Whether the call is still to be made."""

    def cancel(self) -> None:
        """Drop the call."""


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
    """TimeoutError in the place of CancelledError; a result or failure that the canceller chose stays."""
    if isinstance(result, Failure):
        result.trap(CancelledError)
        raise TimeoutError(timeout, "Deferred")
    return result
