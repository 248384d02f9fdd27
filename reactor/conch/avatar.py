"""Who has logged in by SSH. The name of `twisted.conch.avatar`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.conch.error import ConchError


class ConchUser:
    """An avatar that has nothing until it is given something.

    sessionFactory: called with the avatar for each channel, returns its ISession; Twisted asks an adapter. Without one
        there are no shells and no commands.
    subsystemLookup: name (b"sftp") → called as factory(data, avatar=…), returns a Protocol for the channel.
    channelLookup: b"direct-tcpip" → called with the avatar and (host, port); returns an endpoint to connect to, or
        None. Without it nothing is forwarded.
    """

    sessionFactory: Callable[[Any], Any] | None = None
    conn: Any = None

    def __init__(self) -> None:
        self.channelLookup: dict[bytes, Callable[..., Any]] = {}
        self.subsystemLookup: dict[bytes, Callable[..., Any]] = {}

    def lookupChannel(self, channelType: bytes, windowSize: int, maxPacket: int, data: Any) -> Any:
        """See channelLookup. Raises ConchError for a kind that isn't in it."""
        if channelType not in self.channelLookup:
            raise ConchError(f"no channels of the kind {channelType!r}", 3)  # unknown channel type, RFC 4254, 5.1
        return self.channelLookup[channelType](self, data)

    def lookupSubsystem(self, subsystem: bytes, data: bytes) -> Any:
        """See subsystemLookup."""
        factory = self.subsystemLookup.get(subsystem)
        return factory and factory(data, avatar=self)
