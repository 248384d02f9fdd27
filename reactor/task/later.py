"""One delayed call, with a Deferred of its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.defer import Deferred
from reactor.interfaces import IReactorTime


def deferLater(
    clock: IReactorTime, delay: float, callable: Callable[..., Any] | None = None, *args: Any, **kw: Any
) -> Deferred[Any]:
    """Call the function in `delay` seconds. Returns a Deferred of its result.

    clock: a reactor, or a Clock. callable: if left out, this is a pause, and the result is None.
    Cancelling the Deferred before its time cancels the call. Raises as `clock.callLater` does.
    """

    def call(_: object) -> Any:
        return None if callable is None else callable(*args, **kw)

    deferred: Deferred[Any] = Deferred(lambda _: delayed.cancel())
    deferred.addCallback(call)
    delayed = clock.callLater(delay, deferred.callback, None)
    return deferred
