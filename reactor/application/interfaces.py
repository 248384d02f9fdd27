"""What a service and a collection of services promise.

The names are Twisted's. Where a program for Twisted adapts an application, as in `IService(application)`, it gets the
application itself back here, which is a service.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from reactor.defer import Deferred

__all__ = ["IService", "IServiceCollection", "checked"]


class IService(Protocol):
    """A part of a program that can be started and stopped.

    name: its name among its parent's services, or None. parent: the collection it is in, or None. running: whether it
    was started, and not stopped since.
    """

    name: str | None
    parent: Any
    running: int

    def __new__(cls, adaptee: Any) -> Any:
        """`IService(application)`, which programs for Twisted write, is the application itself."""
        return checked(cls, adaptee)

    def setName(self, name: str) -> None:
        """Give it a name. Raises RuntimeError when it has a parent already, which knows it by the old name."""

    def setServiceParent(self, parent: Any) -> None:
        """Join this collection, and leave the previous one.

        Raises RuntimeError when the name is taken, or the collection is inside this service; TypeError when `parent`
        is no collection.
        """

    def disownServiceParent(self) -> Deferred[Any] | None:
        """Leave the collection; stop, if the collection runs. A Deferred, if there is one, fires when it has stopped.

        Raises RuntimeError when it is in no collection.
        """

    def privilegedStartService(self) -> None:
        """Do what needs privileges, such as binding ports: they are given up before `startService`."""

    def startService(self) -> None:
        """Start the service. Called once, after `privilegedStartService`. Raises when it can't start."""

    def stopService(self) -> Deferred[Any] | None:
        """Stop the service. A Deferred, if there is one, fires when it has stopped."""


class IServiceCollection(Protocol):
    """A collection of services, some of which have names."""

    def __new__(cls, adaptee: Any) -> Any:
        """`IServiceCollection(application)`, which programs for Twisted write, is the application itself."""
        return checked(cls, adaptee)

    def getServiceNamed(self, name: str) -> Any:
        """The service of this name. Raises KeyError when there is none."""

    def __iter__(self) -> Iterator[Any]:
        """All services, in the order in which they were added."""

    def addService(self, service: Any) -> None:
        """Add a service, and start it if the collection runs. Programs call `service.setServiceParent` instead.

        Raises RuntimeError when the name is taken, and what starting raises; the service is not added then.
        """

    def removeService(self, service: Any) -> Deferred[Any] | None:
        """Remove a service, and stop it if the collection runs. Programs call `service.disownServiceParent` instead.

        Returns what its `stopService` returns. Raises ValueError when it isn't here.
        """


def checked(interface: type, adaptee: Any) -> Any:
    """The adaptee, if it has every name of the interface. Raises TypeError, with what is missing, if it hasn't."""
    missing = [name for name in vars(interface) if name[0] != "_" and not hasattr(adaptee, name)]
    if missing:
        raise TypeError(f"{adaptee!r} is no {interface.__name__}: it has no {', '.join(missing)}")
    return adaptee
