"""A channel that is a connection to somewhere else, for those whose avatar allows it (RFC 4254, 7.2)."""

from __future__ import annotations

from typing import Any

import asyncssh

from reactor.conch.ssh.channel import Channel
from reactor.endpoints import connectProtocol
from reactor.protocols.portforward import Proxy


class Forwarded(Channel):
    """endpoint: where it leads. The client hears that the channel is open when the connection is."""

    def __init__(self, endpoint: Any, carrier: Any) -> None:
        super().__init__(_Side())
        self.endpoint, self._carrier = endpoint, carrier

    async def opened(self) -> Forwarded:
        """This one, connected. Raises ChannelOpenError, which says nothing of what lies behind."""
        outside = _Side()
        outside.setPeer(self.protocol)
        self.protocol.setPeer(outside)
        try:
            await connectProtocol(self.endpoint, outside)
        except Exception:
            self._carrier.channels.discard(self)
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, "there is no connection") from None
        return self


class _Side(Proxy):
    """One of the two. An end of file goes through; after the second, both are closed."""

    _has_ended = False

    def connectionMade(self) -> None:
        """The one outside is first, and waits for the channel."""
        assert isinstance(self.peer, _Side)
        if self.peer.transport is None:
            self.transport.pauseProducing()
        else:
            self.pump()
            self.peer.pump()
            self.peer.transport.resumeProducing()

    def readConnectionLost(self) -> None:
        """It sends no more."""
        self._has_ended = True
        if isinstance(self.peer, _Side):
            self.peer.unpump()
            self.peer.transport.loseWriteConnection()
            if self.peer._has_ended:
                self.peer.end()
                self.end()

    def writeConnectionLost(self) -> None:
        """Nothing: `connectionLost` follows."""
