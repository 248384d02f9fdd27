"""What SIGHUP asks for: open the log anew, and let the services reload what they want.

A service that has something to reload has a method `reloadService()`, which may return a Deferred. One that fails is
logged; it goes on as it was.
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
    """Do it, and tell systemd when it begins and when it is done."""
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
