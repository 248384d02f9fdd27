"""What a service promises, and a collection of services.

They are Twisted's. Where a program for Twisted adapts something to one of them, `IService(application)`, it gets the
same thing back here: what is adapted there is one itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from reactor.defer import Deferred

__all__ = ["IService", "IServiceCollection", "checked"]


class IService(Protocol):
    """What can be started and stopped.

    name: its name among its parent's services, or None. parent: the collection it is in, or None. running: whether it
    was started, and not stopped since.
    """

    name: str | None
    parent: Any
    running: int

    def __new__(cls, adaptee: Any) -> Any:
        """`IService(application)`, as programs for Twisted have it, is the application: here it is one itself."""
        return checked(cls, adaptee)

    def setName(self, name: str) -> None:
        """Give it a name. Raises RuntimeError when it has a parent already, which knows it by the old one."""

    def setServiceParent(self, parent: Any) -> None:
        """Become a service of this collection, and leave the one before.

        Raises RuntimeError when the name is taken, or the collection is inside this service; TypeError if it is none.
        """

    def disownServiceParent(self) -> Deferred[Any] | None:
        """Leave the collection, and stop if that runs. A Deferred, if there is one, fires when it has stopped.

        Raises RuntimeError when it is in none.
        """

    def privilegedStartService(self) -> None:
        """Do what needs the privileges that are given up before `startService`."""

    def startService(self) -> None:
        """Start."""

    def stopService(self) -> Deferred[Any] | None:
        """Stop. A Deferred, if there is one, fires when it has stopped."""


class IServiceCollection(Protocol):
    """A collection of services, some of which have names."""

    def __new__(cls, adaptee: Any) -> Any:
        """`IServiceCollection(application)`, as programs for Twisted have it, is the application itself."""
        return checked(cls, adaptee)

    def getServiceNamed(self, name: str) -> Any:
        """The service of this name. Raises KeyError when there is none."""

    def __iter__(self) -> Iterator[Any]:
        """All services, in the order in which they came."""

    def addService(self, service: Any) -> None:
        """Take one in, and start it if the collection runs. Call `service.setServiceParent` instead.

        Raises RuntimeError when the name is taken, and what starting raises; then the service is not taken in.
        """

    def removeService(self, service: Any) -> Deferred[Any] | None:
        """Let one go, and stop it if the collection runs. Call `service.disownServiceParent` instead.

        Returns what its `stopService` returns. Raises ValueError when it isn't here.
        """


def checked(interface: type, adaptee: Any) -> Any:
    """The adaptee, if it has all that the interface names. Raises TypeError, with what is missing, if it hasn't."""
    missing = [name for name in vars(interface) if name[0] != "_" and not hasattr(adaptee, name)]
    if missing:
        raise TypeError(f"{adaptee!r} is no {interface.__name__}: it has no {', '.join(missing)}")
    return adaptee
