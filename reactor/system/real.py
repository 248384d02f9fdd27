"""The machine's own operating system, by the standard library."""

from __future__ import annotations

import os
import socket
import time


class RealWaker:
    """A pair of connected sockets: a byte written to one makes the other readable. (A pipe, but Windows has it too.)"""

    def __init__(self) -> None:
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        self._outside.setblocking(False)

    def fileno(self) -> int:
        return self._inside.fileno()

    def signal_fileno(self) -> int:
        """What `signal.set_wakeup_fd` may write to."""
        return self._outside.fileno()

    def wake(self) -> None:
        try:
            self._outside.send(b"!")
        except OSError:
            pass  # full: it has been woken often enough; closed: nobody sleeps there any more

    def doRead(self) -> None:
        try:
            self._inside.recv(65536)
        except BlockingIOError:
            pass

    def connectionLost(self, reason: object) -> None:
        """The loop never ends its own waker."""

    def close(self) -> None:
        self._inside.close()
        self._outside.close()


class RealSystem:
    """Sockets of the kernel, its clock, its resolver."""

    seconds = staticmethod(time.monotonic)  # as it is: the loop asks every turn

    def waker(self) -> RealWaker:
        return RealWaker()

    def tcp_socket(self, host: str) -> socket.socket:
        new = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        new.setblocking(False)
        return new

    def prepare_to_listen(self, listener: socket.socket) -> None:
        """Let a server start again at once: connections of its last life may still linger in TIME_WAIT."""
        if os.name == "posix":  # elsewhere SO_REUSEADDR means that two may share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)

    def look_up(self, name: str) -> str:
        return socket.gethostbyname(name)
