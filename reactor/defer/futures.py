"""Deferreds for asyncio, and asyncio's futures for us.

Both stand for a result to come. A future calls back in a later turn of its loop, a Deferred at once; so a result that
comes from asyncio arrives one turn later. Nothing else differs.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future
from typing import TypeVar

from reactor import failure
from reactor.defer.core import Deferred
from reactor.failure import Failure

T = TypeVar("T")


def as_future(deferred: Deferred[T], loop: AbstractEventLoop) -> Future[T]:
    """What `Deferred.asFuture` promises."""
    future: Future[T] = loop.create_future()

    def succeed(result: T) -> None:
        if not future.cancelled():
            future.set_result(result)

    def fail(failure: Failure) -> None:
        if not future.cancelled():
            future.set_exception(failure.value)

    def cancel(future: Future[T]) -> None:
        if future.cancelled():
            deferred.cancel()

    deferred.addCallbacks(succeed, fail)
    future.add_done_callback(cancel)
    return future


class FutureDeferred(Deferred[T]):
    """The Deferred of a future's result. Cancelling it cancels the future, whose end then is the result."""

    def __init__(self, future: Future[T]) -> None:
        super().__init__()
        self._future = future
        future.add_done_callback(self._done)

    def cancel(self) -> None:
        """Cancel the future. The failure, usually asyncio.CancelledError, comes in a later turn of its loop."""
        if not self.called:
            self._future.cancel()
        else:
            super().cancel()

    def _done(self, future: Future[T]) -> None:
        try:
            result: T | Failure = future.result()
        except BaseException as error:
            result = failure.caught(error)
        self.callback(result)
