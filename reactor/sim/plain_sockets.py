"""Plain sockets for simulated programs, in place of the module `socket`'s own.

A simulated socket never blocks, since all programs share one thread. A plain socket does by default: while it waits,
it lets the world go on from inside the call. The program itself can't go on meanwhile, as in
reality; but neither can another program that waits in the same way further out on the stack. If two programs wait for
each other by plain sockets only, they get NothingLeftToHappen; with a reactor on one side all is well.
"""

from __future__ import annotations

import errno
import os
import socket as real
from collections.abc import Callable
from typing import Any

from reactor.sim.addresses import failure, family_of, is_address, shown
from reactor.sim.descriptors import POLLIN, POLLOUT
from reactor.sim.errors import SimulationError
from reactor.sim.sockets import SHARES, SHARES_ALL, fill
from reactor.sim.system import SimSystem

NAMES = (
    *("socket", "create_connection", "create_server", "socketpair"),
    *("getaddrinfo", "gethostbyname", "gethostname"),
)
"""The names of the module `socket` that are replaced."""

Wait = Callable[[Callable[[], object], float | None], bool]
"""Lets the world go on until the condition holds, at most for so many seconds. Returns whether it holds then."""


_PROTOCOLS: dict[int, int] = {real.SOCK_STREAM: real.IPPROTO_TCP, real.SOCK_DGRAM: real.IPPROTO_UDP}


class PlainSockets:
    """For one program, the functions of the module `socket` that open sockets or look up names.

    system: the program's. wait: see `Wait`.
    """

    def __init__(self, system: SimSystem, wait: Wait) -> None:
        self._system = system
        self.wait = wait
        # In place of `socket.socket`, so it is a class: annotations name it, and `isinstance` asks for it.
        self.socket: type[PlainSocket] = type("socket", (PlainSocket,), {"program": self})

    def open(self, family: int, type: int) -> Any:
        """A simulated socket. Raises EAFNOSUPPORT for kinds that a simulated host doesn't have."""
        family = real.AF_INET if family == -1 else family
        datagrams = type == real.SOCK_DGRAM
        if family == getattr(real, "AF_UNIX", 1):
            return self._system.unix_socket(datagrams)
        if family not in (real.AF_INET, real.AF_INET6) or type not in (-1, real.SOCK_STREAM, real.SOCK_DGRAM):
            raise failure(errno.EAFNOSUPPORT)
        host = "::" if family == real.AF_INET6 else ""
        return self._system.udp_socket(host) if datagrams else self._system.tcp_socket(host)

    def create_connection(
        self, address: tuple[str, int], timeout: Any = None, source_address: Any = None
    ) -> PlainSocket:
        """As `socket.create_connection`: to the first address that answers. Raises the OSError of the last one."""
        *others, last = self.getaddrinfo(*address, type=real.SOCK_STREAM)
        for family, *_, place in others:
            try:
                return self._connected(family, place, timeout, source_address)
            except OSError:
                continue
        return self._connected(last[0], last[-1], timeout, source_address)

    def _connected(self, family: int, place: Any, timeout: Any, source_address: Any) -> PlainSocket:
        skt = self.socket(family)
        try:
            if isinstance(timeout, (int, float)):
                skt.settimeout(timeout)
            if source_address is not None:
                skt.bind(source_address)
            skt.connect(place)
        except BaseException:
            skt.close()
            raise
        return skt

    def create_server(
        self, address: tuple[str, int], *, family: int = real.AF_INET, backlog: int = 128, reuse_port: bool = False
    ) -> PlainSocket:
        """As `socket.create_server`."""
        skt = self.socket(family)
        try:
            skt.setsockopt(*SHARES, 1)
            if reuse_port:
                skt.setsockopt(*SHARES_ALL, 1)
            skt.bind(address)
            skt.listen(backlog)
        except BaseException:
            skt.close()
            raise
        return skt

    def socketpair(self, *kind: int) -> tuple[PlainSocket, PlainSocket]:
        """Two connected UNIX sockets without names."""
        one, other = self._system.unix_pair()
        return self.socket.around(one), self.socket.around(other)

    def getaddrinfo(
        self, host: str | None, port: int | str | None, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[tuple[int, int, int, str, tuple[Any, ...]]]:
        """As `socket.getaddrinfo`, for the world's names. Raises socket.gaierror."""
        number = self._system.service(port) if isinstance(port, str) and not port.isdigit() else int(port or 0)
        if host:
            found = [host] if is_address(host) else self._system.look_up_all(host)
        else:  # RFC 3493, section 6.1: to bind to, or to connect to
            anywhere = ["0.0.0.0", "::"] if real.has_ipv6 else ["0.0.0.0"]
            found = anywhere if flags & real.AI_PASSIVE else self._system.look_up_all("localhost")
        kinds = [type] if type else [real.SOCK_STREAM, real.SOCK_DGRAM]
        return [
            (family_of(address), kind, _PROTOCOLS.get(kind, 0), "", shown(family_of(address), (address, number)))
            for address in found
            if address is not None and family in (0, family_of(address))
            for kind in kinds
        ]

    def gethostbyname(self, name: str) -> str:
        """The IPv4 address of a name, or the address itself."""
        return name if is_address(name) else self._system.look_up(name)

    def gethostname(self) -> str:
        """The name of the program's host."""
        return self._system.host.name


class PlainSocket:
    """A socket that waits by default: `socket.socket` in a program. program: the functions beside it.

    family, type: as there; a simulated socket doesn't care for `proto`.
    Raises EAFNOSUPPORT for kinds that a simulated host doesn't have, SimulationError for `fileno`.
    """

    program: PlainSockets

    makefile = real.socket.makefile
    _io_refs = 0  # how many of those files are open: the two names are the standard library's, which counts in them
    _closed = False

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        if fileno is not None:
            raise SimulationError("a simulated program can't make a socket of a descriptor: open one")
        self._socket = self.program.open(family, type)
        self._timeout: float | None = None

    @classmethod
    def around(cls, skt: Any) -> PlainSocket:
        """One for a simulated socket that is open already, which has all other methods."""
        made = cls.__new__(cls)
        made._socket, made._timeout = skt, None
        return made

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def __enter__(self) -> PlainSocket:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it, or let the last of its files do so."""
        self._closed = True
        if self._io_refs == 0:
            self._socket.close()

    def _decref_socketios(self) -> None:
        self._io_refs -= 1
        if self._closed:
            self.close()

    def settimeout(self, seconds: float | None) -> None:
        """Set how long a call may wait: None for ever, 0 not at all."""
        self._timeout = seconds

    def gettimeout(self) -> float | None:
        """How long a call may wait."""
        return self._timeout

    def setblocking(self, flag: bool) -> None:
        """True lets calls wait for ever, False not at all."""
        self._timeout = None if flag else 0.0

    def getblocking(self) -> bool:
        """Whether calls may wait."""
        return self._timeout != 0

    def _until(self, mask: int) -> None:
        """Wait for one of these bits of poll(2). Raises TimeoutError."""
        if self._timeout == 0:
            return
        if not self.program.wait(lambda: self._socket.fileno() < 0 or self._socket.ready() & mask, self._timeout):
            raise TimeoutError("timed out")

    def connect(self, address: Any) -> None:
        """Connect, and wait until that is done. Raises OSError."""
        try:
            self._socket.connect(address)
        except BlockingIOError:
            if self._timeout == 0:
                raise
            self._until(POLLOUT)
            if error := self._socket.connect_ex(address):
                raise OSError(error, os.strerror(error)) from None

    def accept(self) -> tuple[PlainSocket, Any]:
        """The next connection, and its peer's address."""
        self._until(POLLIN)
        skt, address = self._socket.accept()
        return self.around(skt), address

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Receive at most `size` bytes."""
        self._until(POLLIN)
        return bytes(self._socket.recv(size, flags))

    def recv_into(self, buffer: Any, size: int = 0, flags: int = 0) -> int:
        """Receive into a writable buffer."""
        return fill(buffer, self.recv(size or len(buffer), flags))

    def recvfrom(self, size: int) -> tuple[bytes, Any]:
        """The next datagram, and its sender."""
        self._until(POLLIN)
        data, address = self._socket.recvfrom(size)
        return data, address

    def send(self, data: bytes | memoryview) -> int:
        """Send some of these bytes, or a datagram. Returns how many bytes."""
        self._until(POLLOUT)
        return int(self._socket.send(data))

    def sendall(self, data: bytes) -> None:
        """Send all of these bytes."""
        left = memoryview(data)
        while left:
            left = left[self.send(left) :]
