"""What SIGHUP asks for: reopen the log, and let the services reload.

A service that has something to reload has a method `reloadService()`, which may return a Deferred. When one fails,
that is logged, and the service goes on as it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from reactor import log
from reactor.application.runner.logs import Log
from reactor.application.tree import path_of
from reactor.defer import Deferred, DeferredList, maybeDeferred
from reactor.systemd import Notifier


def reload(application: Any, written: Log, notifier: Notifier) -> Deferred[Any]:
    """Reload, and tell systemd when that begins and when it is done."""
    notifier.notify(RELOADING=1, MONOTONIC_USEC=time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)
    written.reopen()
    log.msg("reloading")
    reloaded = [_reloaded(service) for service in _all(application) if hasattr(service, "reloadService")]
    return DeferredList(reloaded).addCallback(lambda _: notifier.notify(READY=1))


def _all(service: Any) -> Iterator[Any]:
    yield service
    for inner in getattr(service, "services", ()):
        yield from _all(inner)


def _reloaded(service: Any) -> Deferred[Any]:
    return maybeDeferred(service.reloadService).addErrback(log.err, f"while {path_of(service)} reloaded")
