"""Taking connections at a socket that somebody else has opened: systemd, or the program that ran before us.

It is bound already, and may have connections that wait. We work with a copy of the descriptor. The original is not
ours to close; a UNIX socket's file is not ours to remove.
"""

from __future__ import annotations

import os
import socket
from typing import Any

from reactor import error
from reactor.interfaces import IProtocolFactory
from reactor.loop.core import Loop
from reactor.transports import tcp


def adopt(fd: int, family: int, factory: IProtocolFactory, reactor: Loop) -> Any:
    """A port for a stream socket that is bound, not listening yet as a port. Raises CannotListenError, ValueError."""
    try:
        with _copy(fd) as given:
            is_stream, own_family, name = given.type == socket.SOCK_STREAM, given.family, given.getsockname()
    except OSError as problem:
        raise error.CannotListenError(None, fd, problem) from problem
    if not is_stream or own_family != family:
        raise ValueError(f"descriptor {fd} is a {own_family.name} {given.type.name} socket, not a stream of {family!r}")
    if family == getattr(socket, "AF_UNIX", None):
        from reactor.transports.adopting_unix import AdoptedUNIXPort

        return AdoptedUNIXPort(fd, os.fsencode(name), factory, reactor)
    return AdoptedPort(fd, factory, reactor)


def _copy(fd: int) -> socket.socket:
    copied = os.dup(fd)
    try:
        return socket.socket(fileno=copied)
    except OSError:
        os.close(copied)
        raise


def prepared_copy(fd: int) -> socket.socket:
    """A copy to listen with. Raises OSError."""
    copied = _copy(fd)
    copied.setblocking(False)
    return copied


class AdoptedPort(tcp.Port):
    """A TCP port that was bound by somebody else."""

    def __init__(self, fd: int, factory: IProtocolFactory, reactor: Loop) -> None:
        super().__init__(0, factory, socket.SOMAXCONN, "", reactor)
        self._fd = fd

    def _new_socket(self) -> Any:
        return prepared_copy(self._fd)

    def _bind(self, listener: Any) -> None:
        """It is."""
