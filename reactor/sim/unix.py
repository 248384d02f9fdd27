"""UNIX sockets, unix(7): between programs of one host, by a path. What is sent has arrived when the call returns."""

from __future__ import annotations

import errno
import os
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from reactor.sim.addresses import failure
from reactor.sim.descriptors import POLLERR, POLLHUP, POLLIN, POLLOUT, Descriptors
from reactor.sim.host import Host
from reactor.sim.resolver import Names
from reactor.sim.sockets import SimSocket

_AF_UNIX = 1  # Python doesn't have the name on every platform
_LONGEST_PATH = 108  # bytes, in struct sockaddr_un
_DATAGRAMS = 10  # that wait for a socket, net.unix.max_dgram_qlen


class UNIXSocket(SimSocket):
    """What both kinds share: a name."""

    def __init__(self, host: Host, descriptors: Descriptors, names: Names) -> None:
        super().__init__(host, descriptors, names, _AF_UNIX)
        self.name: bytes | None = None

    def bind(self, address: str | bytes) -> None:
        """Bind to a name. Raises OSError: taken, too long, or bound already."""
        self._require_open()
        if self.name is not None:
            raise failure(errno.EINVAL)
        path = _path(address)
        self.host.files.bind(path, self)
        self.name = path

    def getsockname(self) -> str | bytes:
        """The name; "" for none."""
        self._require_open()
        return _shown(self.name)

    def _release(self) -> None:
        if self.name is not None:
            self.host.files.closed(self.name, self)


class _End:
    """One end of a stream. name: of the socket there. peer: the other end, which may be closed.

    reads, writes: which directions are still open. error: an errno that was not reported yet, or 0.
    """

    def __init__(self, name: bytes | None) -> None:
        self.name = name
        self.incoming = bytearray()
        self.reads = self.writes = True
        self.error = 0
        self.on_change: Callable[[], None] = _nothing
        self.peer: _End

    def shut(self, reading: bool, writing: bool) -> None:
        """End directions: what is reading for us is writing for the peer."""
        self.reads, self.writes = self.reads and not reading, self.writes and not writing
        self.peer.reads, self.peer.writes = self.peer.reads and not writing, self.peer.writes and not reading
        self.peer.on_change()
        self.on_change()

    def close(self, taken: bool = True) -> None:
        """The socket is closed. If it left bytes unread, or connections not accepted, the peer gets an error."""
        self.on_change = _nothing
        if self.incoming or not taken:
            self.peer.error = errno.ECONNRESET
        self.shut(True, True)


def pair(name: bytes | None, peer_name: bytes | None) -> tuple[_End, _End]:
    """Two ends of one stream, of sockets that have these names."""
    ends = _End(name), _End(peer_name)
    ends[0].peer, ends[1].peer = ends[1], ends[0]
    return ends


class UNIXStream(UNIXSocket):
    """A UNIX socket of SOCK_STREAM. Made by `SimSystem.unix_socket`, and by `accept`."""

    type = socket.SOCK_STREAM

    def __init__(self, host: Host, descriptors: Descriptors, names: Names, end: _End | None = None) -> None:
        super().__init__(host, descriptors, names)
        self._end = end
        if end is not None:
            end.on_change = self._changed
        self._backlog = 0
        self._waiting: deque[_End] | None = None  # if it listens: the connections that wait for `accept`

    # --- beginning

    def listen(self, backlog: int = 128) -> None:
        """Listen; at most `backlog` + 1 connections wait for `accept`. Raises OSError."""
        self._require_open()
        if self.name is None or self._end is not None:
            raise failure(errno.EINVAL)
        self._waiting = deque() if self._waiting is None else self._waiting
        self._backlog = max(0, backlog)

    def accept(self) -> tuple[UNIXStream, str | bytes]:
        """The connection that waits longest, and its name. Raises OSError."""
        self._require_open()
        if self._waiting is None:
            raise failure(errno.EINVAL)
        if not self._waiting:
            raise failure(errno.EAGAIN)
        new = UNIXStream(self.host, self._descriptors, self._names, self._waiting[0])
        end = self._waiting.popleft()
        return new, _shown(end.peer.name)

    def connect(self, address: str | bytes) -> None:
        """Connect at once. Raises OSError: BlockingIOError if too many connections wait there already."""
        self._require_open()
        listener = self.host.files.find(_path(address))
        if not isinstance(listener, UNIXStream):
            raise failure(errno.EPROTOTYPE)
        if self._end is not None:
            raise failure(errno.EISCONN)
        if self._waiting is not None:
            raise failure(errno.EINVAL)
        if listener._waiting is None or listener.fileno() < 0:
            raise failure(errno.ECONNREFUSED)
        if len(listener._waiting) > listener._backlog:
            raise failure(errno.EAGAIN)
        self._end, theirs = pair(self.name, listener.name)
        self._end.on_change = self._changed
        listener._waiting.append(theirs)
        listener._changed()

    def connect_ex(self, address: str | bytes) -> int:
        """As `connect`, with the errno instead of the exception; 0 when it is connected."""
        try:
            self.connect(address)
        except OSError as problem:
            return problem.errno or errno.EINVAL
        return 0

    def getsockname(self) -> str | bytes:
        self._require_open()
        return _shown(self.name if self._end is None else self._end.name)

    def getpeername(self) -> str | bytes:
        """The name of the other end. Raises ENOTCONN."""
        return _shown(self._connected().peer.name)

    def _connected(self) -> _End:
        self._require_open()
        if self._end is None:
            raise failure(errno.ENOTCONN)
        return self._end

    # --- moving bytes

    def send(self, data: bytes | memoryview, flags: int = 0) -> int:
        """Send as many bytes as there is room for. Returns how many. Raises OSError."""
        end = self._connected()
        if end.error:
            raise failure(self._take_error())
        if not end.writes:
            raise failure(errno.EPIPE)
        taken = min(len(data), self._room(end))
        if len(data) and not taken:
            raise failure(errno.EAGAIN)
        end.peer.incoming += data[:taken]
        end.peer.on_change()
        return taken

    def _room(self, end: _End) -> int:
        return max(0, self._buffers()[0] - len(end.peer.incoming))

    def recv(self, size: int, flags: int = 0) -> bytes:
        """What has come, at most `size` bytes; b"" at the end. flags: MSG_PEEK leaves it there. Raises OSError."""
        self._require_open()
        end = self._end
        if end is None:
            raise failure(errno.EINVAL)
        if not end.incoming and size:
            if end.error:
                raise failure(self._take_error())
            if not end.reads:
                return b""
            raise failure(errno.EAGAIN)
        piece = bytes(end.incoming[:size])
        if not flags & socket.MSG_PEEK:
            del end.incoming[:size]
            end.peer.on_change()
        return piece

    def recvmsg(self, size: int, ancillary: int = 0, flags: int = 0) -> tuple[bytes, list[Any], int, None]:
        """As `recv`, with the descriptors that came along, of which there are never any."""
        return self.recv(size), [], 0, None

    def sendmsg(self, buffers: list[bytes], ancillary: object = ()) -> int:
        """As `send`. Raises EOPNOTSUPP for descriptors: those of a real machine mean nothing here."""
        if ancillary:
            raise failure(errno.EOPNOTSUPP)
        return self.send(b"".join(buffers))

    def shutdown(self, how: int) -> None:
        """End one direction, or both. Raises ENOTCONN."""
        both = how == socket.SHUT_RDWR
        self._connected().shut(both or how == socket.SHUT_RD, both or how == socket.SHUT_WR)

    # --- the rest

    def _take_error(self) -> int:
        if self._end is None:
            return 0
        error, self._end.error = self._end.error, 0
        return error

    @property
    def listens(self) -> bool:
        return self._waiting is not None

    def ready(self) -> int:
        if self._waiting is not None:
            return POLLIN if self._waiting else 0
        end = self._end
        if end is None:
            return POLLOUT | POLLHUP
        mask = POLLERR if end.error else 0
        mask |= 0 if end.reads or end.writes else POLLHUP
        mask |= POLLIN if end.incoming or not end.reads else 0
        return mask | (POLLOUT if len(end.peer.incoming) * 4 <= self._buffers()[0] else 0)

    def _release(self) -> None:
        super()._release()
        waiting, self._waiting = self._waiting or (), None
        for end in waiting:
            end.close(taken=False)
        if self._end is not None:
            self._end.close()


class UNIXDatagrams(UNIXSocket):
    """A UNIX socket of SOCK_DGRAM. Made by `SimSystem.unix_socket`."""

    type = socket.SOCK_DGRAM

    def __init__(self, host: Host, descriptors: Descriptors, names: Names) -> None:
        super().__init__(host, descriptors, names)
        self._peer: UNIXDatagrams | None = None
        self._waiting: deque[tuple[bytes, bytes | None]] = deque()

    def connect(self, address: str | bytes) -> None:
        """Talk to this one peer only. Raises OSError."""
        self._peer = self._find(address)

    def _find(self, address: str | bytes) -> UNIXDatagrams:
        self._require_open()
        found = self.host.files.find(_path(address))
        if not isinstance(found, UNIXDatagrams):
            raise failure(errno.EPROTOTYPE)
        if found.fileno() < 0:
            raise failure(errno.ECONNREFUSED)
        return found

    def getpeername(self) -> str | bytes:
        """The name of the one peer. Raises ENOTCONN."""
        self._require_open()
        if self._peer is None:
            raise failure(errno.ENOTCONN)
        return _shown(self._peer.name)

    def send(self, data: bytes) -> int:
        """Send a datagram to the one peer. Raises OSError."""
        self._require_open()
        if self._peer is None:
            raise failure(errno.ENOTCONN)
        if self._peer.fileno() < 0:
            raise failure(errno.ECONNREFUSED)
        return self._send(data, self._peer)

    def sendto(self, data: bytes, address: str | bytes) -> int:
        """Send a datagram. Raises OSError: BlockingIOError when too many wait there."""
        return self._send(data, self._find(address))

    def _send(self, data: bytes, target: UNIXDatagrams) -> int:
        if len(data) > self._buffers()[0]:
            raise failure(errno.EMSGSIZE)
        if len(target._waiting) > _DATAGRAMS:
            raise failure(errno.EAGAIN)
        target._waiting.append((bytes(data), self.name))
        target._changed()
        return len(data)

    def recvfrom(self, size: int, flags: int = 0) -> tuple[bytes, str | bytes | None]:
        """The datagram that waits longest, at most `size` bytes of it, and the name of its sender. Raises OSError.

        flags: MSG_PEEK leaves it there.
        """
        self._require_open()
        if not self._waiting:
            raise failure(errno.EAGAIN)
        data, sender = self._waiting[0] if flags & socket.MSG_PEEK else self._waiting.popleft()
        return data[:size], None if sender is None else _shown(sender)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As `recvfrom`, without the sender."""
        return self.recvfrom(size, flags)[0]

    def ready(self) -> int:
        return POLLOUT | (POLLIN if self._waiting else 0)


def _path(address: str | bytes) -> bytes:
    """Raises OSError for a path that is too long."""
    path = os.fsencode(address)
    if len(path) >= _LONGEST_PATH:
        raise OSError("AF_UNIX path too long")
    return path


def _shown(name: bytes | None) -> str | bytes:
    """As the socket module has it: abstract names as bytes, others as text."""
    if name is None:
        return ""
    return name if name.startswith(b"\0") else os.fsdecode(name)


def _nothing() -> None:
    """Does nothing: the callback of a socket that is closed."""
