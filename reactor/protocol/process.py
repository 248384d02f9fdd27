"""The protocol of a child process: it handles the child's output, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reactor.failure import Failure
    from reactor.interfaces import IProcessTransport


class ProcessProtocol:
    """Handles the output and the end of a child process. Passed to `reactor.spawnProcess`.

    transport: the process, from `makeConnection` on; what is written to it goes to the child's standard input.
    connected: 1 from then on.
    """

    connected: int = 0
    transport: IProcessTransport | Any = None

    def makeConnection(self, transport: Any) -> None:
        """Called by the transport, once, before anything else. Override `connectionMade` instead."""
        self.connected = 1
        self.transport = transport
        self.connectionMade()

    def connectionMade(self) -> None:
        """The process runs."""

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """The child wrote to its descriptor `childFD`. Override `outReceived` and `errReceived` for 1 and 2."""
        if childFD == 1:
            self.outReceived(data)
        elif childFD == 2:
            self.errReceived(data)

    def outReceived(self, data: bytes) -> None:
        """The child wrote to its standard output."""

    def errReceived(self, data: bytes) -> None:
        """The child wrote to its standard error."""

    def childConnectionLost(self, childFD: int) -> None:
        """The pipe to descriptor `childFD` is closed. Override one of the next three for 0, 1 and 2."""
        if childFD == 0:
            self.inConnectionLost()
        elif childFD == 1:
            self.outConnectionLost()
        elif childFD == 2:
            self.errConnectionLost()

    def inConnectionLost(self) -> None:
        """Standard input is closed: by the child, or by us."""

    def outConnectionLost(self) -> None:
        """Standard output is closed: no more of it comes."""

    def errConnectionLost(self) -> None:
        """Standard error is closed: no more of it comes."""

    def processExited(self, reason: Failure) -> None:
        """The process is gone; some of its output may still come.

        reason: holds ProcessDone when it ended with status 0, else ProcessTerminated with its `exitCode` or `signal`.
        """

    def processEnded(self, reason: Failure) -> None:
        """The process is gone and all pipes to it are closed. Called once; nothing is called after it."""
