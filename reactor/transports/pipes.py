"""File descriptors that are no sockets: pipes, terminals, files.

The buffering core asks little of a socket: recv, send, shutdown, fileno, close. A `Channel` is a descriptor with these
methods, so the core moves its bytes too, and there is no second buffer. What a descriptor lacks is a second direction:
pipes have one, and a terminal or a file that a program writes to is somebody else's to read. So reading and writing
are two transports here, `Incoming` and `Outgoing`, each with one half of the core's abilities; only a terminal of our
own making has both, `Terminal`.

Each tells an *owner*, the object that makes one thing of several descriptors: a process, standard input and output.
"""

from __future__ import annotations

import fcntl
import os
import select
import stat
from typing import Any, Protocol

from reactor.failure import Failure
from reactor.loop.core import Loop
from reactor.transports.stream import StreamTransport


class Owner(Protocol):
    """Whom the descriptors belong to."""

    def childDataReceived(self, name: Any, data: bytes) -> None:
        """Bytes came from the descriptor of this name."""

    def childConnectionLost(self, name: Any, reason: Failure) -> None:
        """The descriptor of this name is closed. reason: ConnectionDone at the end of the file, or as we asked."""


class Channel:
    """A non-blocking file descriptor with the methods of a socket.

    fd: its number. borrowed: it belongs to the rest of the program, so it is not closed, but given back.
    """

    def __init__(self, fd: int, borrowed: bool = False) -> None:
        self.fd = fd
        self._loan = (fd, os.get_blocking(fd)) if borrowed else None
        os.set_blocking(fd, False)

    def fileno(self) -> int:
        """The descriptor, -1 when it is closed."""
        return self.fd

    def recv(self, size: int) -> bytes:
        """Some bytes, b"" at the end."""
        return os.read(self.fd, size)

    def send(self, data: bytes | memoryview) -> int:
        """How many of these bytes the kernel took."""
        return os.write(self.fd, data)

    def shutdown(self, how: int) -> None:
        """A descriptor has one direction only; to end it is to close it."""

    def close(self) -> None:
        """Close it, unless it is borrowed."""
        fd, self.fd = self.fd, -1
        if fd >= 0 and self._loan is None:
            os.close(fd)

    def give_back(self) -> None:
        """Put a borrowed one into the mode in which it came.

        Not when it is closed: descriptors of one terminal share the mode, and another of them may still be in use.
        """
        if self._loan is not None:
            try:
                os.set_blocking(*self._loan)
            except OSError:
                pass  # the program has closed it


class WriteEnd(Channel):
    """The end of a pipe that is for writing. It is "readable" in one case: nobody is left at the other end."""

    def recv(self, size: int) -> bytes:
        """Raises BrokenPipeError when the readers are gone, else BlockingIOError."""
        question = select.poll()
        question.register(self.fd, 0)  # errors are always reported
        if question.poll(0):
            raise BrokenPipeError("nobody reads from this pipe any more")
        raise BlockingIOError("a pipe's writing end has nothing to read")


class _Relay:
    """Stands where the core expects a protocol, and tells the owner."""

    def __init__(self, owner: Owner, name: object) -> None:
        self._owner = owner
        self._name = name

    def makeConnection(self, transport: object) -> None:
        """The owner made the transport: it knows."""

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
        """Notice when the readers of a pipe are gone. Another kind of descriptor may have input, none of it ours."""
        if isinstance(self.socket, WriteEnd):
            super().startReading()


class Terminal(StreamTransport):
    """Reads from and writes to a terminal for its owner."""

    def __init__(self, reactor: Loop, owner: Owner, name: object, channel: Channel) -> None:
        super().__init__(reactor, channel, _Relay(owner, name))


def outgoing_channel(fd: int, borrowed: bool = False) -> Channel:
    """The channel for a descriptor that is to be written to."""
    is_pipe = stat.S_ISFIFO(os.fstat(fd).st_mode)
    is_write_only = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
    return WriteEnd(fd, borrowed) if is_pipe and is_write_only else Channel(fd, borrowed)
