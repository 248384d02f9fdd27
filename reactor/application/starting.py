"""Starting an application, and stopping it when the reactor stops.

    privilegedStart(application)        # as root, perhaps
    ...                                 # the runner gives its privileges up
    startApplication(application)       # restores the state, and starts the services
    reactor.run()                       # at its end the services stop, and the state is saved

All or nothing: when a service can't start, those that had begun before it are stopped again, and the StartError says in
one line which service it was and why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from reactor import log
from reactor.application.errors import StartError, in_one_line
from reactor.application.interfaces import IService
from reactor.application.tree import path_of
from reactor.default import the_reactor
from reactor.defer import Deferred, maybeDeferred

__all__ = ["privilegedStart", "startApplication", "stopAgain"]

T = TypeVar("T")


class Kept(Protocol):
    """State that outlives the program."""

    def restore(self) -> None:
        """Give the services the state that was saved. Raises StateError."""

    def save(self) -> None:
        """Save the services' state. Raises StateError or OSError."""


class Startable(IService, Protocol):
    """A service that is started as a whole: an application."""

    def state(self) -> Kept | None:
        """The state of its services; None when no service declares any. Raises StateError."""


def privilegedStart(application: Startable) -> None:
    """The first step of starting: what may need privileges, such as binding ports. Raises StartError."""
    _begin(application, application.privilegedStartService)


def startApplication(application: Startable, save: bool | int = True, reactor: Any = None) -> None:
    """Start the services, and have the reactor's shutdown stop them and wait for them.

    save: whether the state that services declare is restored now, and saved when all have stopped.
    reactor: the program's, unless given.
    Raises StartError when a service can't start, or the state can't be restored or saved.
    """
    state = _begin(application, application.state) if save else None
    if state is not None:
        _begin(application, state.restore)
    _begin(application, application.startService)
    the_reactor(reactor).addSystemEventTrigger("before", "shutdown", _stop, application, state)


def _begin(application: Startable, step: Callable[[], T]) -> T:
    try:
        return step()
    except Exception as problem:
        message = f"{path_of(_failing(application))} can't start: {in_one_line(problem)}"
        raise StartError(message, _stop(application, None)) from problem


def _failing(service: Any) -> Any:
    """The innermost service whose start failed."""
    while getattr(service, "starting", None) is not None:
        service = service.starting
    return service


def _stop(application: Startable, state: Kept | None) -> Deferred[None]:
    def save(_: object) -> None:
        if state is not None:
            state.save()

    stopped: Deferred[Any] = maybeDeferred(application.stopService)
    return stopped.addCallback(save).addErrback(log.err, f"while {application.name} was stopped")


def stopAgain(error: StartError, reactor: Any = None, timeout: float = 10) -> None:
    """Turn the loop until the services that had begun have stopped again, for `timeout` seconds at most.

    To be called when the reactor doesn't run.
    """
    reactor = the_reactor(reactor)
    done: list[object] = []
    error.stopped.addBoth(done.append)
    late = reactor.callLater(timeout, done.append, None)
    while not done:
        reactor.iterate(0.05)
    if late.active():
        late.cancel()
