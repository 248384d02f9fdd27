"""Endpoints that are sockets already, opened by somebody else."""

from __future__ import annotations

from typing import Any

from reactor import defer, systemd
from reactor.defer import Deferred
from reactor.interfaces import IListeningPort, IProtocolFactory


class AdoptedStreamServerEndpoint:
    """Listens at a socket that is bound already. The arguments are those of `reactor.adoptStreamPort`."""

    def __init__(self, reactor: Any, fileno: int, addressFamily: int) -> None:
        self._reactor = reactor
        self._fileno = fileno
        self._family = addressFamily

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        return defer.execute(self._reactor.adoptStreamPort, self._fileno, self._family, protocolFactory)


def from_systemd(reactor: Any, domain: int, index: int | None = None, name: str | None = None) -> Any:
    """The socket of that number, from 0, or that name, which systemd has opened for us. Raises ValueError."""
    found = systemd.inherited()
    numbers = found.inheritedDescriptors()
    if (index is None) == (name is None):
        raise ValueError("give the socket's index=… or its name=…, one of the two")
    if name is not None:
        named = found.inheritedNamedDescriptors()
        if name not in named:
            raise ValueError(
                f"systemd has opened no socket named {name!r} for us; there are {', '.join(named) or 'none'}"
            )
        return AdoptedStreamServerEndpoint(reactor, named[name], domain)
    assert index is not None
    if index >= len(numbers):
        raise ValueError(f"systemd has opened {len(numbers)} sockets for us: there is no index={index}")
    return AdoptedStreamServerEndpoint(reactor, numbers[index], domain)
