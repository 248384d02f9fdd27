"""Endpoints that are sockets already, opened by another program.

A service manager that listens for its services can start them on demand, start them without root's rights,
and restart them without turning clients away meanwhile. See reactor.systemd.
"""

from __future__ import annotations

import os

from reactor import defer, error, systemd
from reactor.defer import Deferred
from reactor.interfaces import IListeningPort, IProtocolFactory, IReactorSocket


class AdoptedStreamServerEndpoint:
    """Listens at a socket that listens already. Only once: that closes the descriptor.

    The arguments are those of `reactor.adoptStreamPort`.
    """

    def __init__(self, reactor: IReactorSocket, fileno: int, addressFamily: int) -> None:
        self.reactor = reactor
        self.fileno = fileno
        self.addressFamily = addressFamily
        self._is_used = False

    def listen(self, factory: IProtocolFactory) -> Deferred[IListeningPort]:
        """A Deferred of the port. Fails with what `reactor.adoptStreamPort` raises, and with AlreadyListened."""
        if self._is_used:
            return defer.fail(error.AlreadyListened(f"descriptor {self.fileno} was adopted before, which closes it"))
        self._is_used = True
        return defer.execute(self._adopt, factory)

    def _adopt(self, factory: IProtocolFactory) -> IListeningPort:
        port = self.reactor.adoptStreamPort(self.fileno, self.addressFamily, factory)
        os.close(self.fileno)
        return port


class InheritedEndpoint:
    """As above, but the descriptor stays open, for a service that is stopped and started again. (Not in Twisted.)"""

    def __init__(self, reactor: IReactorSocket, fileno: int, addressFamily: int) -> None:
        self._reactor = reactor
        self._fileno = fileno
        self._family = addressFamily

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        return defer.execute(self._reactor.adoptStreamPort, self._fileno, self._family, protocolFactory)


def from_systemd(
    reactor: IReactorSocket, domain: int, index: int | None = None, name: str | None = None
) -> InheritedEndpoint:
    """The socket that systemd has opened for us, by its index (from 0) or its name. Raises ValueError."""
    if (index is None) == (name is None):
        raise ValueError("Specify exactly one of descriptor index or name: index=… or name=…")
    found = systemd.inherited()
    numbers = found.inheritedDescriptors()
    if name is None:
        assert index is not None
        if index >= len(numbers):
            raise ValueError(f"systemd has opened {len(numbers)} sockets for us: there is no index={index}")
        return InheritedEndpoint(reactor, numbers[index], domain)
    named = found.inheritedNamedDescriptors()
    if name not in named:
        raise ValueError(f"systemd has opened no socket named {name!r} for us; there are {', '.join(named) or 'none'}")
    return InheritedEndpoint(reactor, named[name], domain)
