"""The same for UNIX sockets."""

from __future__ import annotations

import socket
from typing import Any

from reactor.interfaces import IProtocolFactory
from reactor.loop.core import Loop
from reactor.transports import unix
from reactor.transports.adopting import prepared_copy


class AdoptedUNIXPort(unix.Port):
    """A UNIX socket that was bound by somebody else, who will also remove its file."""

    def __init__(self, fd: int, path: bytes, factory: IProtocolFactory, reactor: Loop) -> None:
        super().__init__(path, factory, socket.SOMAXCONN, 0o666, reactor, wantPID=False)
        self._fd = fd

    def _new_socket(self) -> Any:
        return prepared_copy(self._fd)

    def _bind(self, listener: Any) -> None:
        """It is."""
