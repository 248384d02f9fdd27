"""File descriptors that are no sockets: pipes, terminals, files.

A `Channel` (see core/system/channels.py) is a descriptor with the methods of a socket that the buffering core needs, so
the core moves its bytes too, and there is no second buffer. What a descriptor lacks is a second direction: pipes have
only one, and what a program writes to a terminal or a file is for others to read. So reading and writing are two
transports here, `Incoming` and `Outgoing`, each with one half of the core's abilities. Only a terminal that we have
opened ourselves has both, `Terminal`.

Each reports to an *owner*, the object that makes one thing of several descriptors: a process, or standard I/O.
"""

from __future__ import annotations

from typing import Any, Protocol

from reactor.core.loop.core import Loop
from reactor.core.system.channels import Channel, WriteEnd
from reactor.core.transports.stream import StreamTransport
from reactor.failure import Failure


class Owner(Protocol):
    """The object that the descriptors belong to."""

    def childDataReceived(self, name: Any, data: bytes) -> None:
        """Bytes came from the descriptor of this name."""

    def childConnectionLost(self, name: Any, reason: Failure) -> None:
        """The descriptor of this name is closed. reason: ConnectionDone at the end of the file, or if we closed it."""


class _Relay:
    """Takes the place of the core's protocol, and tells the owner."""

    def __init__(self, owner: Owner, name: object) -> None:
        self._owner = owner
        self._name = name

    def makeConnection(self, transport: object) -> None:
        """Nothing to tell: the owner made the transport itself."""

    def dataReceived(self, data: bytes) -> None:
        self._owner.childDataReceived(self._name, data)

    def connectionLost(self, reason: Failure) -> None:
        self._owner.childConnectionLost(self._name, reason)


class Incoming(StreamTransport):
    """Reads from a descriptor for its owner."""

    def __init__(self, reactor: Loop, owner: Owner, name: object, channel: Channel) -> None:
        super().__init__(reactor, channel, _Relay(owner, name))


class Outgoing(StreamTransport):
    """Writes to a descriptor for its owner."""

    def __init__(self, reactor: Loop, owner: Owner, name: object, channel: Channel) -> None:
        super().__init__(reactor, channel, _Relay(owner, name))

    def startReading(self) -> None:
        """Notice when the readers of a pipe are gone. Any other descriptor may have input, and that isn't ours."""
        if isinstance(self.socket, WriteEnd):
            super().startReading()


class Terminal(StreamTransport):
    """Reads from and writes to a terminal for its owner."""

    def __init__(self, reactor: Loop, owner: Owner, name: object, channel: Channel) -> None:
        super().__init__(reactor, channel, _Relay(owner, name))
