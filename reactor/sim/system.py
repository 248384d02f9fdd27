"""The simulated operating system, as one program on one host sees it: a `System` without a real one behind it."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING, Any, NoReturn

from reactor.sim.addresses import failure, family_of
from reactor.sim.clock import Clock
from reactor.sim.descriptors import POLLIN, Descriptors
from reactor.sim.errors import SimulationError
from reactor.sim.files import LockFile, SocketFile
from reactor.sim.host import Host
from reactor.sim.resolver import Names
from reactor.sim.sockets import SHARES, SHARES_ALL
from reactor.sim.streams import Channel, Input, Output
from reactor.sim.tcp_socket import TCPSocket
from reactor.sim.udp import UDPSocket
from reactor.sim.unix import UNIXDatagrams, UNIXStream, pair

if TYPE_CHECKING:
    from reactor.core.system.children import Command
    from reactor.failure import Failure


# From IANA's list of services: those that programs ask for by name.
_SERVICES = {"echo": 7, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "finger": 79, "http": 80}
_SERVICES |= {"pop3": 110, "nntp": 119, "imap": 143, "https": 443}


class SimWaker:
    """Ends a poll from outside; here "outside" is another event in the same thread."""

    def __init__(self, descriptors: Descriptors) -> None:
        self._descriptors = descriptors
        self._is_awake = False
        self._fd = descriptors.open(self)

    def fileno(self) -> int:
        return self._fd

    def signal_fileno(self) -> int:
        """Never used: there are no signals from outside."""
        return -1

    def wake(self) -> None:
        self._is_awake = True
        self._descriptors.changed(self._fd)

    def doRead(self) -> None:
        self._is_awake = False

    def ready(self) -> int:
        """What it is ready for, in the bits of poll(2)."""
        return POLLIN if self._is_awake else 0

    def connectionLost(self, reason: Failure) -> None:
        """The loop never ends its own waker."""

    def close(self) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            self._descriptors.close(fd)


class SimSystem:
    """A host's operating system, for one program.

    is_running: False once the program has ended; a lock that it left behind then counts as free.
    """

    def __init__(self, host: Host, descriptors: Descriptors, names: Names, clock: Clock) -> None:
        self.host = host
        self.descriptors = descriptors
        self.is_running = True
        self.seconds = clock.seconds
        self._names = names

    def waker(self) -> SimWaker:
        return SimWaker(self.descriptors)

    def tcp_socket(self, host: str) -> TCPSocket:
        return TCPSocket(self.host, self.descriptors, self._names, family_of(host))

    def prepare_to_listen(self, listener: Any) -> None:
        listener.setsockopt(*SHARES, 1)

    def udp_socket(self, host: str) -> UDPSocket:
        return UDPSocket(self.host, self.descriptors, self._names, family_of(host))

    def share_port(self, skt: Any) -> None:
        skt.setsockopt(*SHARES, 1)
        skt.setsockopt(*SHARES_ALL, 1)

    def unix_socket(self, datagrams: bool = False) -> UNIXStream | UNIXDatagrams:
        return (UNIXDatagrams if datagrams else UNIXStream)(self.host, self.descriptors, self._names)

    def unix_pair(self) -> tuple[UNIXStream, UNIXStream]:
        """Two UNIX sockets that are connected, and have no names."""
        ends = pair(None, None)
        one, other = (UNIXStream(self.host, self.descriptors, self._names, end) for end in ends)
        return one, other

    def socket_file(self, path: bytes, mode: int) -> SocketFile:
        return SocketFile(self.host.files, path)

    def lock_file(self, path: bytes) -> LockFile:
        return LockFile(self.host.files, path, self)

    def incoming_channel(self, fd: int) -> Channel:
        return self._channel(fd, Input)

    def outgoing_channel(self, fd: int) -> Channel:
        return self._channel(fd, Output)

    def _channel(self, fd: int, kind: type[Input] | type[Output]) -> Channel:
        stream = self.descriptors.standard.get(fd)
        if not isinstance(stream, kind):
            raise failure(errno.EBADF)
        return Channel(fd, stream)

    def look_up(self, name: str) -> str:
        return self._names.find(name, socket.AF_INET)[0]

    def look_up_all(self, name: str) -> list[str]:
        return self._names.find(name)

    def service(self, name: str) -> int:
        if name not in _SERVICES:
            raise OSError("service/proto not found")
        return _SERVICES[name]

    def spawn(self, command: Command) -> NoReturn:
        raise failure(errno.ENOSYS)

    def end(self) -> None:
        """The program has ended: close all that it has left open."""
        self.is_running = False
        self.descriptors.close_all()


def no_threads(*args: object) -> NoReturn:
    """Raises SimulationError."""
    raise SimulationError("a simulated program has no threads: the world is one thread, so that each run is the same")
