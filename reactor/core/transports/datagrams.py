"""Datagrams: each stands for itself, comes whole or not at all, and nobody is connected to anybody.

So there is no buffer here. A datagram goes to the kernel when it is written, and if the kernel has no room for it, it
is lost, as it might be anywhere else on its way. A port reads all that has come, but no more than so much a turn: a
flood of datagrams must not keep the rest of the program waiting.
"""

from __future__ import annotations

import errno
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from reactor import error, log
from reactor.core.loop.core import Loop
from reactor.core.loop.descriptors import HANDLER_ERRORS
from reactor.defer import Deferred
from reactor.failure import Failure

# These are news about one datagram on its way, accept(2) has the list; the port itself is as good as before.
_LOST_ON_THE_WAY = {
    getattr(errno, name)
    for name in (
        *("ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH", "ENONET"),
        *("EPROTO", "ENOPROTOOPT", "EOPNOTSUPP"),
    )
    if hasattr(errno, name)
}
_NO_ROOM = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS)
_COUNTS_AS_BYTES = 256  # an empty datagram costs time too


class DatagramPort(ABC):
    """Moves datagrams between one protocol and one socket. Kinds of sockets add their addresses and options.

    protocol: who gets the datagrams. maxPacketSize: bytes; of a longer one the rest is lost.
    socket: while it is open. connected: whether it is open (to nobody in particular).
    """

    maxThroughput = 256 * 1024
    """Bytes to read in a turn, about; each datagram counts for 256 more than it has."""

    def __init__(self, protocol: Any, maxPacketSize: int, reactor: Loop) -> None:
        self.protocol = protocol
        self.maxPacketSize = maxPacketSize
        self.reactor = reactor
        self.connected = False
        self.socket: Any = None
        self._stopped: Deferred[None] | None = None
        self._is_reading = False

    # --- what kinds of sockets differ in

    @abstractmethod
    def _open(self) -> Any:
        """A socket that is bound. Raises CannotListenError."""

    def _close(self) -> None:
        """Close the socket, and remove what `_open` left outside of it."""
        self.socket.close()
        self.socket = None

    def _deliver(self, datagram: bytes, sender: Any) -> None:
        """Give it to the protocol."""
        self.protocol.datagramReceived(datagram, sender)

    @abstractmethod
    def _refused(self) -> None:
        """Nobody listens where something was sent earlier: tell the protocol, if there is one peer only."""

    # --- starting and stopping

    def startListening(self) -> None:
        """Open the port and start the protocol.

        Called by `reactor.listen…`, and by a user to begin again after `stopListening`. Raises CannotListenError.
        """
        self.adopt(self._open())

    def adopt(self, skt: Any) -> None:
        """Begin with a socket that is bound, whoever has made it; it is this port's from now on."""
        self.socket = skt
        self.connected = True
        try:
            self.protocol.makeConnection(self)
        except BaseException:
            self.connected = False
            self._close()
            raise
        if self.connected:  # startProtocol might have closed it again
            self.reactor.transports[self] = None
            if self._stopped is None:
                self.startReading()

    def stopListening(self) -> Deferred[None] | Any:
        """Close the port; nothing more is delivered.

        Returns a Deferred that fires when it is closed and the protocol stopped. None when it wasn't open.
        """
        if not self.connected:
            return None
        self.stopReading()
        if self._stopped is None:
            self._stopped = Deferred()
            self.reactor.callLater(0, self.connectionLost)
        return self._stopped

    def loseConnection(self) -> None:
        """Deprecated, as in Twisted: there is no connection. Call `stopListening`."""
        warnings.warn("Please use stopListening() to disconnect port", DeprecationWarning, stacklevel=2)
        self.stopListening()

    def connectionLost(self, reason: Failure | None = None) -> None:
        """It has stopped, or the reactor has: stop the protocol, give everything back. Called by the loop."""
        if not self.connected:
            return
        self.connected = False
        self.stopReading()
        self.reactor.transports.pop(self, None)
        stopped, self._stopped = self._stopped, None
        try:
            try:
                self.protocol.doStop()
            finally:
                self._close()
        except HANDLER_ERRORS:
            if stopped is None:
                raise
            stopped.errback()
        else:
            if stopped is not None:
                stopped.callback(None)

    # --- receiving

    def fileno(self) -> int:
        """The socket's descriptor, -1 when there is none."""
        return -1 if self.socket is None else self.socket.fileno()

    def getHandle(self) -> Any:
        """The socket itself."""
        return self.socket

    def startReading(self) -> None:
        """Let the loop call `doRead`."""
        self._is_reading = True
        self.reactor.addReader(self)

    def stopReading(self) -> None:
        """Don't. What comes meanwhile waits in the kernel, as much as it has room for."""
        self._is_reading = False
        self.reactor.removeReader(self)

    pauseProducing = stopReading
    resumeProducing = startReading

    def doRead(self) -> None:
        """Deliver what has come. Called by the loop when there is something."""
        read = 0
        while read < self.maxThroughput and self._is_reading:  # a handler may have paused or closed it
            try:
                datagram, sender = self.socket.recvfrom(self.maxPacketSize)
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionRefusedError:
                self._call(self._refused)
            except OSError as problem:
                if problem.errno not in _LOST_ON_THE_WAY:
                    raise
            else:
                read += len(datagram)
                self._call(self._deliver, datagram, sender)
            read += _COUNTS_AS_BYTES

    def _call(self, handler: Callable[..., object], *args: object) -> None:
        """Call a handler; what it raises is logged, and the port goes on: the next datagram is another matter."""
        try:
            handler(*args)
        except HANDLER_ERRORS:
            log.err(None, f"in a handler of {self!r}")

    # --- sending

    def _send(self, send: Callable[..., object], *args: object) -> None:
        """Hand a datagram to the kernel, by a method of the socket.

        It is dropped without a word when the kernel has no room, as happens to datagrams. Raises MessageLengthError,
        and OSError when the kernel knows no way there or doesn't allow it.
        """
        try:
            send(*args)
        except ConnectionRefusedError:  # news of an earlier one
            self._refused()
        except OSError as problem:
            if problem.errno == errno.EMSGSIZE:
                raise error.MessageLengthError("message too long") from problem
            if problem.errno not in _NO_ROOM:
                raise
