"""Pausing a receiver in the middle of what has come: to its messages, the protocol is the producer."""

from __future__ import annotations

from typing import Any


class Pausing:
    """Adds `pauseProducing` and its sisters to a receiver that checks `paused` before each message.

    A protocol that must wait for something else, say a database, pauses: it gets no further message, and the
    transport stops reading. So at most one read's worth of bytes waits, however much the peer sends.
    """

    paused = False
    transport: Any

    def dataReceived(self, data: bytes) -> object:
        """The receiver's own; called with b"" to go on with what waits."""
        raise NotImplementedError

    def pauseProducing(self) -> None:
        """Pass on no messages, and read nothing, until `resumeProducing`."""
        self.paused = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Go on, beginning with what has come already."""
        self.paused = False
        self.transport.resumeProducing()
        self.dataReceived(b"")

    def stopProducing(self) -> None:
        """The consumer of the messages is gone: pass on no more, and close."""
        self.paused = True
        self.transport.stopProducing()
