"""Two connections that become one: what comes on one goes out on the other, also that no more comes.

`portforward` has the pump: each transport is the other's producer, so a slow side holds the fast one back. Here the
ends are kept apart, too. A client may say "that was my question" by closing its half, and still wait for the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocol import Factory, connectionDone
from reactor.protocols.portforward import Proxy

if TYPE_CHECKING:
    from reactor.protocols.socks.errands import SOCKSProtocol


class Half(Proxy):
    """One of the two. carried: how many bytes came here. hasEnded: whether it was said that no more come."""

    carried = 0
    hasEnded = False

    def join(self, other: Half, first: bytes) -> None:
        """Begin. first: what came here before there was another side."""
        self.setPeer(other)
        other.setPeer(self)
        self.pump()
        other.pump()
        if first:
            self.dataReceived(first)
        self.transport.resumeProducing()
        for side in (self, other):
            if side.hasEnded:
                side.readConnectionLost()

    def dataReceived(self, data: bytes) -> None:
        """Pass the bytes on to the other side."""
        self.carried += len(data)
        super().dataReceived(data)

    def readConnectionLost(self) -> None:
        """No more comes here: say so on the other side, and close both when neither sends any more."""
        self.hasEnded = True
        peer = self.peer
        if not isinstance(peer, Half):
            return
        if peer.hasEnded:
            self.end()
            peer.end()
        else:
            peer.unpump()
            peer.transport.loseWriteConnection()


class _OtherSide(Half):
    """The connection that isn't the client's. socks: the client's side."""

    def __init__(self, socks: SOCKSProtocol) -> None:
        self.socks = socks


class SOCKSv4Outgoing(_OtherSide):
    """The connection that the proxy makes for a client."""

    def connectionMade(self) -> None:
        """Tell the client that it is connected."""
        self.socks.otherConnected(self)


class SOCKSv4Incoming(_OtherSide):
    """The connection that the announced peer makes to a client."""

    def connectionMade(self) -> None:
        """Tell the client that the peer has come."""
        self.socks.peerCame(self)


class SOCKSv4IncomingFactory(Factory[Any]):
    """Takes the one connection of BIND, from the announced peer and nobody else.

    socks: the client's side. ip: the peer's address; "" when one has come.
    """

    noisy = False

    def __init__(self, socks: SOCKSProtocol, ip: str) -> None:
        self.socks = socks
        self.ip = ip

    def buildProtocol(self, addr: Any) -> SOCKSv4Incoming | None:
        """The connection, if it comes from the peer; else none, and the client is told that it is over."""
        host = addr[0] if isinstance(addr, tuple) else addr.host
        if self.ip == "":
            return None
        expected, self.ip = self.ip, ""
        if host == expected:
            return SOCKSv4Incoming(self.socks)
        self.socks.wrongPeerCame(host)
        return None


def reason_of(reason: Failure = connectionDone) -> str:
    """Why a connection ended, in a word or a sentence."""
    return "done" if reason.check(ConnectionDone) else reason.getErrorMessage()
