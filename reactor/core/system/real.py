"""The machine's own operating system, through the standard library."""

from __future__ import annotations

import errno
import os
import socket
import time
from typing import TYPE_CHECKING

from reactor.core.system.files import LockFile, SocketFile

if TYPE_CHECKING:
    from reactor.core.system.channels import Channel
    from reactor.core.system.children import Child, Command


class RealWaker:
    """A pair of connected sockets: a byte written to one makes the other readable. (A pipe, but Windows has it too.)"""

    def __init__(self) -> None:
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        self._outside.setblocking(False)

    def fileno(self) -> int:
        return self._inside.fileno()

    def signal_fileno(self) -> int:
        """The descriptor for `signal.set_wakeup_fd`."""
        return self._outside.fileno()

    def wake(self) -> None:
        try:
            self._outside.send(b"!")
        except OSError:
            pass  # full: the loop is going to wake anyway; closed: the run has ended

    def doRead(self) -> None:
        try:
            self._inside.recv(65536)  # all wakes in one read, since one is as good as many; any rest is reported again
        except BlockingIOError:
            pass

    def connectionLost(self, reason: object) -> None:
        """The loop never ends its own waker."""

    def close(self) -> None:
        self._inside.close()
        self._outside.close()


class RealSystem:
    """Sockets of the kernel, its clock, its resolver."""

    seconds = staticmethod(time.monotonic)  # without a method around it: the loop asks in every turn

    def waker(self) -> RealWaker:
        return RealWaker()

    def tcp_socket(self, host: str) -> socket.socket:
        return _new_socket(_family_of(host), socket.SOCK_STREAM)

    def udp_socket(self, host: str) -> socket.socket:
        new = _new_socket(_family_of(host), socket.SOCK_DGRAM)
        if new.family == socket.AF_INET6:
            new.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # RFC 3493 says off; some systems have it on
        return new

    def share_port(self, skt: socket.socket) -> None:
        skt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):  # the BSDs need this one; on Linux either will do for datagrams
            skt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)

    def unix_socket(self, datagrams: bool = False) -> socket.socket:
        if not hasattr(socket, "AF_UNIX"):
            raise OSError(errno.EAFNOSUPPORT, "Python has no UNIX sockets on this platform")
        return _new_socket(socket.AF_UNIX, socket.SOCK_DGRAM if datagrams else socket.SOCK_STREAM)

    def socket_file(self, path: bytes, mode: int) -> SocketFile:
        return SocketFile(path, mode)

    def lock_file(self, path: bytes) -> LockFile:
        return LockFile(path)

    def prepare_to_listen(self, listener: socket.socket) -> None:
        """Let a server start again at once: connections of its last run may still linger in TIME_WAIT."""
        if os.name == "posix":  # on Windows SO_REUSEADDR would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # so that "::" takes IPv4 clients too

    def incoming_channel(self, fd: int) -> Channel:
        from reactor.core.system.channels import Channel  # not on Windows, and rarely needed

        return Channel(fd, borrowed=True)

    def outgoing_channel(self, fd: int) -> Channel:
        from reactor.core.system.channels import outgoing_channel

        return outgoing_channel(fd, borrowed=True)

    def look_up(self, name: str) -> str:
        return socket.gethostbyname(name)

    def look_up_all(self, name: str) -> list[str]:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        known = [str(address[0]) for family, *_, address in found if family in (socket.AF_INET, socket.AF_INET6)]
        return list(dict.fromkeys(known))

    def service(self, name: str) -> int:
        return socket.getservbyname(name, "tcp")

    def spawn(self, command: Command) -> Child:
        from reactor.core.system import children  # not on Windows, and rarely needed

        return children.spawn(command)


def _family_of(host: str) -> int:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _new_socket(family: int, kind: int) -> socket.socket:
    new = socket.socket(family, kind)
    new.setblocking(False)
    return new
