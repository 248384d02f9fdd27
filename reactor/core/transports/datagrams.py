"""Datagrams: each stands for itself, comes whole or not at all, and needs no connection.

So there is no buffer here. A datagram goes to the kernel when it is written, and if the kernel has no room for it, it
is lost, as it might be anywhere else on its way. A port reads all that has come, but only up to a limit in each turn: a
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
from reactor.core.loop.descriptors import log_raised
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.log.speaker import prefix_of

# News of one datagram on its way, from the list in accept(2); they don't concern the port itself.
_LOST_ON_THE_WAY = {
    getattr(errno, name)
    for name in (
        *("ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH", "ENONET"),
        *("EPROTO", "ENOPROTOOPT", "EOPNOTSUPP"),
    )
    if hasattr(errno, name)
}
_NO_ROOM = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS)
_COUNTS_AS_BYTES = 256  # added to each datagram's size, since an empty one takes time too; picked arbitrarily


class DatagramPort(ABC):
    """Moves datagrams between one protocol and one socket. Each kind of socket adds its addresses and options.

    protocol: gets the datagrams. maxPacketSize: in bytes; the rest of a longer datagram is lost.
    socket: None while the port is closed. connected: whether the port is open (not whether it has a peer).
    """

    _log_name = "UDP"  # in the log

    maxThroughput = 256 * 1024
    """About how many bytes to read in a turn (Twisted's number); each datagram counts for 256 more than it has."""

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
        """Close the socket, and remove what `_open` has made in the file system."""
        self.socket.close()
        self.socket = None

    def _deliver(self, datagram: bytes, sender: Any) -> None:
        """Give the datagram to the protocol."""
        self.protocol.datagramReceived(datagram, sender)

    @abstractmethod
    def _refused(self) -> None:
        """No socket is open where an earlier datagram was sent: if the port has one peer, tell the protocol."""

    @abstractmethod
    def _where(self) -> object:
        """Where it is open, for people to read."""

    def logPrefix(self) -> str:
        """What the log calls this port."""
        return f"{prefix_of(self.protocol)} ({self._log_name})"

    # --- starting and stopping

    def startListening(self) -> None:
        """Open the port and start the protocol.

        Called by `reactor.listen…`, and by a program to begin again after `stopListening`. Raises CannotListenError.
        """
        self.adopt(self._open())

    def adopt(self, skt: Any) -> None:
        """Begin with a socket that is bound already. The socket belongs to this port from now on."""
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
            log.msg(f"{prefix_of(self.protocol)} starting on {self._where()}")
            if self._stopped is None:
                self.startReading()

    def stopListening(self) -> Deferred[None] | Any:
        """Close the port; nothing more is delivered.

        Returns a Deferred that fires when the port is closed and the protocol stopped; None if the port wasn't open.
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
        """The port, or the reactor, has stopped: stop the protocol and close the socket. Called by the loop."""
        if not self.connected:
            return
        self.connected = False
        self.stopReading()
        self.reactor.transports.pop(self, None)
        log.msg(f"({self._log_name} Port {self._where()} Closed)")
        stopped, self._stopped = self._stopped, None
        try:
            try:
                self.protocol.doStop()
            finally:
                self._close()
        except BaseException as problem:
            if stopped is None or isinstance(problem, KeyboardInterrupt):
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
        """Keep the loop from calling `doRead`. What comes meanwhile waits in the kernel, as far as there is room."""
        self._is_reading = False
        self.reactor.removeReader(self)

    pauseProducing = stopReading
    resumeProducing = startReading

    def doRead(self) -> None:
        """Deliver the datagrams that have come. Called by the loop when there are some."""
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
        """Call a handler; what it raises is logged and doesn't end the port: the next datagram is another matter."""
        try:
            handler(*args)
        except BaseException as problem:
            log_raised(problem, f"in a handler of {self!r}")

    # --- sending

    def _send(self, send: Callable[..., object], *args: object) -> None:
        """Hand a datagram to the kernel, by a method of the socket.

        When the kernel has no room, the datagram is dropped silently, as happens to datagrams. Raises
        MessageLengthError, and OSError when the kernel has no route there or doesn't allow it.
        """
        try:
            send(*args)
        except ConnectionRefusedError:  # news of an earlier datagram
            self._refused()
        except OSError as problem:
            if problem.errno == errno.EMSGSIZE:
                raise error.MessageLengthError("message too long") from problem
            if problem.errno not in _NO_ROOM:
                raise
