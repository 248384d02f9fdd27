"""How many connections there may be. Further clients are turned away, or told so.

Servers of ours inherit LimitedFactory. The other two, of Twisted, put a wrapper around each protocol: so they fit any
factory, and cost something for each piece of data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any

from reactor.failure import Failure
from reactor.interfaces.type_variables import P
from reactor.protocol import Protocol, ServerFactory, connectionDone
from reactor.protocols.policies.logins import source_of
from reactor.protocols.policies.wrapping import ProtocolWrapper, WrappingFactory


class LimitedFactory(ServerFactory[P]):
    """A server that counts its connections, and tells the clients that are too many to come again later.

    maxConnections: how many at the same time, on all of its ports; None for no limit. maxConnectionsPerPeer: how many
    of them from one source, which is an IPv4 address, 64 bits of IPv6, or this machine without a network; None for no
    limit. tooMany: what is said to the others, in the words of the protocol. Over TLS nothing is said: a handshake
    costs more than most sessions.
    """

    maxConnections: int | None = 1000
    maxConnectionsPerPeer: int | None = 50
    tooMany = b""

    @cached_property
    def peerConnections(self) -> Counter[str]:
        """How many connections there are, by source."""
        return Counter()

    def buildProtocol(self, addr: Any) -> Any:
        """What `buildSession` builds, counted; a protocol that says `tooMany` and closes when there is no room."""
        source = source_of(addr)
        if not self._has_room_for(source):
            return _TurnedAway(self.tooMany)
        session = self.buildSession(addr)
        if session is not None:
            self._count(session, source)
        return session

    def buildSession(self, addr: Any) -> Any:
        """A protocol for a connection that there is room for; None turns it away. Override this one."""
        return super().buildProtocol(addr)

    def _has_room_for(self, source: str) -> bool:
        counts, total, share = self.peerConnections, self.maxConnections, self.maxConnectionsPerPeer
        return (total is None or counts.total() < total) and (share is None or counts[source] < share)

    def _count(self, session: Any, source: str) -> None:
        """Count it until it hears that its connection is lost, whatever its class does then."""
        self.peerConnections[source] += 1
        tell = session.connectionLost

        def connectionLost(reason: Failure = connectionDone) -> None:
            del session.connectionLost  # else the two would keep each other alive
            self.peerConnections[source] -= 1
            if not self.peerConnections[source]:  # else the counter would grow with every new source
                del self.peerConnections[source]
            tell(reason)

        session.connectionLost = connectionLost


class _TurnedAway(Protocol):
    """Says that there is no room."""

    def __init__(self, words: bytes) -> None:
        self._words = words

    def connectionMade(self) -> None:
        if getattr(self.transport, "TLS", False):
            self.transport.abortConnection()
        else:
            self.transport.write(self._words)
            self.transport.loseConnection()


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
