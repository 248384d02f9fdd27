"""Services: the parts of a program that are started and stopped.

A protocol lives as long as its connection, a factory as long as its port. What lives as long as the program, its mail
store, its list of users, the port itself, is a *service*: it has a name, a parent, and is told when to start and when
to stop. A `MultiService` is a service made of services: a program is a tree, and is started at its root.

Starting has two steps. `privilegedStartService` is for what only root may do, as a rule binding a port below 1024;
after that the runner gives its privileges up, and `startService` is for everything else. Stopping has one step, in the
opposite order: the service that was started last stops first. One that needs time to stop returns a Deferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reactor import log
from reactor.application.interfaces import IService, IServiceCollection, checked
from reactor.defer import Deferred, DeferredList, maybeDeferred
from reactor.failure import Failure
from reactor.interfaces import implementer

__all__ = ["MultiService", "Service", "path_of"]


@implementer(IService)
class Service:
    """A service that does nothing yet: override the methods that you need, and call the overridden ones from yours.

    name, parent, running: see IService. keeps: the names of its attributes that outlive the program, if the
    application keeps its state (see `reactor.application.state_file`). A service that can reload its files has a
    method `reloadService()`, which may return a Deferred; the runner calls it for SIGHUP.
    """

    name: str | None = None
    parent: Any = None
    running: int = 0
    keeps: tuple[str, ...] = ()

    def setName(self, name: str) -> None:
        if self.parent is not None:
            raise RuntimeError(f"{path_of(self)} can't be named {name!r}: it has a parent already; name it before")
        self.name = name

    def setServiceParent(self, parent: Any) -> None:
        place = checked(IServiceCollection, parent)
        while place is not None:
            if place is self:
                raise RuntimeError(
                    f"{path_of(self)} can't be a service of {path_of(parent)}: it would be inside itself"
                )
            place = getattr(place, "parent", None)
        if self.parent is not None:
            self.disownServiceParent()
        self.parent = parent
        try:
            parent.addService(self)
        except BaseException:
            self.parent = None
            raise

    def disownServiceParent(self) -> Deferred[Any] | None:
        if self.parent is None:
            raise RuntimeError(f"{path_of(self)} has no parent that it could leave")
        stopped: Deferred[Any] | None = self.parent.removeService(self)
        self.parent = None
        return stopped

    def privilegedStartService(self) -> None:
        pass

    def startService(self) -> None:
        self.running = 1

    def stopService(self) -> Deferred[Any] | None:
        self.running = 0
        return None


@implementer(IService, IServiceCollection)
class MultiService(Service):
    """A service made of services. Starts them in order, and stops them in the opposite order.

    services: all of them. namedServices: those that have a name, by name. starting: the service that is being started
    now; after a failed start, the one that failed.

    When a service raises in its start, those after it are not started, and the caller must stop the whole again
    (`startApplication` does). Only services that have begun to start are ever stopped.
    """

    starting: Any = None

    def __init__(self) -> None:
        self.services: list[Any] = []
        self.namedServices: dict[str, Any] = {}
        self._begun: dict[int, Any] = {}  # by id(): the services that have begun to start, and are to be stopped

    def privilegedStartService(self) -> None:
        super().privilegedStartService()
        for service in list(self.services):
            self._begin(service).privilegedStartService()
        self.starting = None

    def startService(self) -> None:
        super().startService()
        for service in list(self.services):
            self._begin(service).startService()
        self.starting = None

    def _begin(self, service: Any) -> Any:
        self.starting = self._begun[id(service)] = service
        return service

    def stopService(self) -> Deferred[Any]:
        """Stop all services that have begun to start. The Deferred fires when all of them have stopped.

        Its result is that of a DeferredList. When a service fails to stop, that is logged, and the others still stop.
        """
        super().stopService()
        begun = [one for one in self.services if id(one) in self._begun or getattr(one, "running", False)]
        self._begun.clear()
        return DeferredList([_stopped(service) for service in reversed(begun)], consumeErrors=True)

    def getServiceNamed(self, name: str) -> Any:
        return self.namedServices[name]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.services)

    def addService(self, service: Any) -> None:
        if service.name is not None:
            if service.name in self.namedServices:
                raise RuntimeError(f"cannot have two services with same name {service.name!r} in {path_of(self)}")
            self.namedServices[service.name] = service
        self.services.append(service)
        if self.running:
            self._start_late(service)

    def _start_late(self, service: Any) -> None:
        """Start a service that was added while the others run: too late for privileges, but it may not need any."""
        others = self.starting  # the service that is being started may be the one that adds this
        self._begin(service)
        try:
            service.privilegedStartService()
            service.startService()
        except BaseException:
            self._forget(service)
            _stopped(service).addErrback(lambda _: None)  # logged already; the caller gets the start's error
            raise
        finally:
            self.starting = others

    def removeService(self, service: Any) -> Deferred[Any] | None:
        has_begun = self._forget(service)
        if self.running or has_begun:
            stopped: Deferred[Any] | None = service.stopService()
            return stopped
        return None

    def _forget(self, service: Any) -> bool:
        """Remove it. Returns whether it had begun to start."""
        self.services.remove(service)
        if service.name is not None:
            del self.namedServices[service.name]
        return self._begun.pop(id(service), None) is not None


def _stopped(service: Any) -> Deferred[Any]:
    """Stop a service. The Deferred fires when it has stopped, or fails when it couldn't; that is logged."""

    def failed(problem: Failure) -> Failure:
        log.err(problem, f"while stopping {path_of(service)}")
        return problem

    return maybeDeferred(service.stopService).addErrback(failed)


def path_of(service: Any) -> str:
    """A service's name in messages: the names from the root of its tree down to it, as in `web/pages`.

    A service without a name is named after its class.
    """
    own = service.name if getattr(service, "name", None) is not None else f"({type(service).__name__})"
    parent = getattr(service, "parent", None)
    return own if parent is None else f"{path_of(parent)}/{own}"
