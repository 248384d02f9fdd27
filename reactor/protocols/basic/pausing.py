"""Making a receiver wait in the middle of what has come: for its part of the stream, the protocol is the producer."""

from __future__ import annotations

from typing import Any


class Pausing:
    """Adds `pauseProducing` and its sisters to a receiver that looks at `paused` before each message.

    A protocol that must wait for something else, say a database, pauses: no further message is handed to it, and the
    transport stops reading. So at most one read's worth of bytes waits, however much the peer sends.
    """

    paused = False
    transport: Any

    def dataReceived(self, data: bytes) -> object:
        """The receiver's own; called with nothing to go on with what waits."""
        raise NotImplementedError

    def pauseProducing(self) -> None:
        """Hand on no more messages, and read no more, until `resumeProducing`."""
        self.paused = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Go on, first of all with what has come already."""
        self.paused = False
        self.transport.resumeProducing()
        self.dataReceived(b"")

    def stopProducing(self) -> None:
        """Whoever gets what this makes is gone: hand on no more, and close."""
        self.paused = True
        self.transport.stopProducing()
