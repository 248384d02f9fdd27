"""What all simulated sockets have in common: a descriptor, options, and the behaviour of `socket.socket`.

They never block: a socket that waited would stop the whole world, for there is only one thread.
"""

from __future__ import annotations

import errno
import socket
import struct
from abc import ABC, abstractmethod
from typing import Any

from reactor.sim.addresses import failure, is_address, plain
from reactor.sim.descriptors import Descriptors
from reactor.sim.errors import SimulationError
from reactor.sim.host import Host
from reactor.sim.packets import Place
from reactor.sim.resolver import Names

# Python under WebAssembly lacks these names; the numbers are Linux'.
SHARES = (socket.SOL_SOCKET, getattr(socket, "SO_REUSEADDR", 2))
SHARES_ALL = (socket.SOL_SOCKET, getattr(socket, "SO_REUSEPORT", 15))
SHARING = {"SO_REUSEADDR": SHARES, "SO_REUSEPORT": SHARES_ALL}

_BUFFER = 131072  # bytes, in each direction; programs ask for other sizes by SO_SNDBUF and SO_RCVBUF
_SMALLEST_BUFFER = 2304  # as socket(7) has it

_DEFAULTS = {
    (socket.SOL_SOCKET, socket.SO_SNDBUF): _BUFFER,
    (socket.SOL_SOCKET, socket.SO_RCVBUF): _BUFFER,
    (socket.IPPROTO_IP, socket.IP_MULTICAST_TTL): 1,
    (socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP): 1,
    (socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS): 1,
    (socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP): 1,
    (socket.IPPROTO_IPV6, socket.IPV6_V6ONLY): 0,
}
_BUFFER_OPTIONS = ((socket.SOL_SOCKET, socket.SO_SNDBUF), (socket.SOL_SOCKET, socket.SO_RCVBUF))


class SimSocket(ABC):
    """One socket of a simulated program.

    host: the machine. descriptors: of the program. names: the resolver.
    family, type: as of `socket.socket`. error: an errno that was not reported yet, or 0.
    """

    type: int
    proto = 0

    def __init__(self, host: Host, descriptors: Descriptors, names: Names, family: int) -> None:
        self.host = host
        self.family = family
        self.error = 0
        self._descriptors = descriptors
        self._names = names
        self._options: dict[tuple[int, int], Any] = {}
        self._fd = descriptors.open(self)

    @abstractmethod
    def ready(self) -> int:
        """What the socket is ready for, in the bits of poll(2)."""

    @property
    def listens(self) -> bool:
        """Whether the socket takes connections or datagrams from others."""
        return False

    @abstractmethod
    def _release(self) -> None:
        """The socket is closed: release its ports and names."""

    @abstractmethod
    def recv(self, size: int, flags: int = 0) -> bytes:
        """Receive at most `size` bytes. Raises OSError."""

    def recv_into(self, buffer: Any, size: int = 0, flags: int = 0) -> int:
        """As `recv`, into a writable buffer. Returns how many bytes."""
        return fill(buffer, self.recv(size or len(buffer), flags))

    # --- manners

    def fileno(self) -> int:
        """The descriptor, -1 when it is closed."""
        return self._fd

    def setblocking(self, flag: bool) -> None:
        """Only False is possible. Raises SimulationError."""
        if flag:
            raise SimulationError("a simulated socket can't block: there is one thread, and all programs share it")

    def close(self) -> None:
        """Close the socket. A second call does nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            self._descriptors.close(fd)
            self._release()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _changed(self) -> None:
        self._descriptors.changed(self._fd)

    def _require_open(self) -> None:
        if self._fd < 0:
            raise failure(errno.EBADF)

    def _take_error(self) -> int:
        error, self.error = self.error, 0
        return error

    # --- options

    def setsockopt(self, level: int, option: int, value: int | bytes) -> None:
        """Set an option; one without a meaning here is only remembered."""
        self._require_open()
        if (level, option) in _BUFFER_OPTIONS:
            value = max(_SMALLEST_BUFFER, 2 * _number(value))  # socket(7): the kernel doubles it
        self._options[level, option] = value

    def getsockopt(self, level: int, option: int, buflen: int = 0) -> Any:
        """An option, as a number, or as `buflen` bytes."""
        self._require_open()
        if (level, option) == (socket.SOL_SOCKET, socket.SO_ERROR):
            return self._take_error()
        if (level, option) == (socket.SOL_SOCKET, socket.SO_TYPE):
            return self.type
        value = self._options.get((level, option), _DEFAULTS.get((level, option), 0))
        if not buflen:
            return _number(value)
        return value[:buflen] if isinstance(value, bytes) else struct.pack("i", value)[:buflen]

    def _option(self, level: int, option: int) -> int:
        return _number(self._options.get((level, option), _DEFAULTS.get((level, option), 0)))

    def _buffers(self) -> tuple[int, int]:
        """The sizes of the buffers for sending and for receiving, in bytes."""
        return self._option(*_BUFFER_OPTIONS[0]), self._option(*_BUFFER_OPTIONS[1])

    # --- addresses

    def _place(self, address: Any) -> Place:
        """The place that an address of the socket module means; looks up names. Raises OSError or TypeError."""
        self._require_open()
        if not isinstance(address, tuple) or len(address) < 2 or not isinstance(address[0], str):
            raise TypeError(f"a simulated socket needs (host, port), not {address!r}")
        host, port = address[0].partition("%")[0], address[1]
        if not isinstance(port, int):
            raise TypeError(f"a port is a whole number, not {port!r}")
        if not 0 <= port <= 65535:
            raise OverflowError("bind(): port must be 0-65535.")
        if not host:
            host = "::" if self.family == socket.AF_INET6 else "0.0.0.0"
        if not is_address(host):
            host = self._names.find(host, self.family)[0]
        if self.family == socket.AF_INET and ":" in host:
            raise socket.gaierror(socket.EAI_ADDRFAMILY, "Address family for hostname not supported")
        return plain(host), port

    def __repr__(self) -> str:
        return f"<{type(self).__name__} fd={self._fd} on {self.host.name}>"


def fill(buffer: Any, data: bytes) -> int:
    """Write these bytes to the beginning of a buffer. Returns how many."""
    memoryview(buffer).cast("B")[: len(data)] = data
    return len(data)


def _number(value: int | bytes) -> int:
    if isinstance(value, int):
        return int(value)
    return int(struct.unpack("i", value[:4])[0]) if len(value) >= 4 else 0
