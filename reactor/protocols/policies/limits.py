"""How many connections there may be. Further clients are turned away, or told so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from reactor.protocol import ServerFactory
from reactor.protocols.policies.wrapping import ProtocolWrapper, WrappingFactory


class LimitTotalConnectionsFactory(ServerFactory):
    """Builds `protocol` as any factory does, for a limited number of connections at the same time.

    connectionLimit: how many; None for no limit. connectionCount: how many there are now.
    overflowProtocol: what to build for clients beyond the limit; it is counted too, so let it send its message and
        close. None closes their connections at once.
    """

    connectionCount: int = 0
    connectionLimit: int | None = None
    overflowProtocol: Callable[..., Any] | None = None

    def buildProtocol(self, addr: Any) -> Any:
        """A protocol while there is room, then the overflow protocol, if there is one."""
        has_room = self.connectionLimit is None or self.connectionCount < self.connectionLimit
        build = self.protocol if has_room else self.overflowProtocol
        if build is None:
            return None
        wrapped = build()
        wrapped.factory = self
        self.connectionCount += 1
        return ProtocolWrapper(self, wrapped)

    def registerProtocol(self, p: ProtocolWrapper) -> None:
        """Does nothing: `buildProtocol` has counted it."""

    def unregisterProtocol(self, p: ProtocolWrapper) -> None:
        """A connection is lost. Called by its wrapper."""
        self.connectionCount -= 1


class LimitConnectionsByPeer(WrappingFactory):
    """Limits the connections from each host.

    maxConnectionsPerPeer: how many at the same time from one address. peerConnections: how many there are, by host.
    """

    maxConnectionsPerPeer: int = 5

    def __init__(self, wrappedFactory: Any) -> None:
        super().__init__(wrappedFactory)
        self.peerConnections: Counter[str] = Counter()

    def buildProtocol(self, addr: Any) -> Any:
        """What the wrapped factory builds; None for a host that has its share already."""
        if self.peerConnections[addr.host] >= self.maxConnectionsPerPeer:
            return None
        protocol = super().buildProtocol(addr)
        if protocol is not None:
            self.peerConnections[addr.host] += 1
            protocol.peer_host = addr.host  # for later: a lost connection may not know its peer any more
        return protocol

    def unregisterProtocol(self, p: Any) -> None:
        """A connection from this host is lost. Called by its wrapper."""
        super().unregisterProtocol(p)
        self.peerConnections[p.peer_host] -= 1
        if not self.peerConnections[p.peer_host]:  # else the counter would grow with every new host
            del self.peerConnections[p.peer_host]
