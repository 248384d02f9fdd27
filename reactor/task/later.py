"""One call, later, with a Deferred of what it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.defer import Deferred
from reactor.interfaces import IReactorTime


def deferLater(
    clock: IReactorTime, delay: float, callable: Callable[..., Any] | None = None, *args: Any, **kw: Any
) -> Deferred[Any]:
    """Call the function in `delay` seconds; a Deferred of what comes of it.

    clock: a reactor, or a Clock. callable: left out, nothing is called, and the result is None: a pause.
    To cancel the Deferred before its time is to cancel the call. Raises as `clock.callLater` does.
    """

    def call(_: object) -> Any:
        return None if callable is None else callable(*args, **kw)

    deferred: Deferred[Any] = Deferred(lambda _: delayed.cancel())
    deferred.addCallback(call)
    delayed = clock.callLater(delay, deferred.callback, None)
    return deferred
