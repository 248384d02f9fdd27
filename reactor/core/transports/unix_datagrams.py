"""Datagrams over UNIX sockets: between processes of one machine, in order; once the kernel has one, it isn't lost."""

from __future__ import annotations

import os
from typing import Any

from reactor import error
from reactor.address import UNIXAddress
from reactor.core.loop.core import Loop
from reactor.core.transports.checks import check_datagram
from reactor.core.transports.datagrams import DatagramPort
from reactor.core.transports.unix import is_abstract, to_path
from reactor.failure import Failure


class UNIXDatagramPort(DatagramPort):
    """A UNIX socket for datagrams. Made by `reactor.listenUNIXDatagram`, and the protocol's transport.

    port: its path; None for a socket without one, which no other can send to.
    """

    _log_name = "UNIX"

    def __init__(self, path: bytes | None, protocol: Any, maxPacketSize: int, mode: int, reactor: Loop) -> None:
        super().__init__(protocol, maxPacketSize, reactor)
        self.port = path
        self.mode = mode
        self._file: Any = None

    def _open(self) -> Any:
        new = None
        try:
            new = self.reactor.system.unix_socket(datagrams=True)
            if self.port is not None:
                self._bind(new, self.port)
        except OSError as problem:
            if new is not None:
                new.close()
            raise error.CannotListenError(None, self.port or b"", problem) from problem
        return new

    def _bind(self, new: Any, path: bytes) -> None:
        new.bind(path)
        if not is_abstract(path):
            self._file = self.reactor.system.socket_file(path, self.mode)

    def _close(self) -> None:
        """Close the socket and, unlike Twisted, remove its file: a leftover would keep the next server out."""
        super()._close()
        if self._file is not None:
            self._file.remove()
            self._file = None

    def getHost(self) -> UNIXAddress:
        """The path of this end. Raises NotListeningError."""
        if self.socket is None:
            raise error.NotListeningError(f"{self!r} has no address")
        return UNIXAddress(self.socket.getsockname())

    def write(self, datagram: bytes, address: str | bytes) -> None:
        """Send one datagram to a path, at once; if the kernel has no room for it, it is dropped.

        Raises MessageLengthError, ValueError or TypeError; OSError when no socket is open there.
        """
        check_datagram(datagram)
        self._require_open(len(datagram))
        self._send(self.socket.sendto, datagram, to_path(address))

    def _refused(self) -> None:
        """Does nothing: `write` has raised already."""

    def _require_open(self, size: int) -> None:
        if self.socket is None:
            raise error.NotListeningError(f"cannot write {size} bytes: {self!r} is closed")

    def _where(self) -> object:
        return "a socket without a name" if self.port is None else os.fsdecode(self.port)

    def __repr__(self) -> str:
        where = f"on {self._where()}" if self.connected else "(not listening)"
        return f"<{type(self).__name__} of {type(self.protocol).__name__} {where}>"


class ConnectedUNIXDatagramPort(UNIXDatagramPort):
    """A UNIX socket for datagrams with one peer. Made by `reactor.connectUNIXDatagram`.

    remoteaddr: the peer's path.
    """

    def __init__(
        self, path: bytes, protocol: Any, maxPacketSize: int, mode: int, bind_path: bytes | None, reactor: Loop
    ) -> None:
        super().__init__(bind_path, protocol, maxPacketSize, mode, reactor)
        self.remoteaddr = path

    def startListening(self) -> None:
        """Open the port, connect it, and start the protocol; or call its `connectionFailed`."""
        try:
            self.socket = self._open()
            self.socket.connect(self.remoteaddr)
        except (OSError, error.CannotListenError) as problem:
            if self.socket is not None:
                self._close()
            self.protocol.connectionFailed(Failure(problem))
        else:
            self.adopt(self.socket)

    def getPeer(self) -> UNIXAddress:
        """The path of the peer."""
        return UNIXAddress(self.remoteaddr)

    def write(self, datagram: bytes) -> None:  # type: ignore[override]  # Twisted's: no address, there is one peer
        """Send one datagram to the peer, at once; if the kernel has no room for it, it is dropped.

        When the peer is gone, the protocol's `connectionRefused` is called. Raises MessageLengthError or TypeError.
        """
        check_datagram(datagram)
        self._require_open(len(datagram))
        self._send(self.socket.send, datagram)

    def _deliver(self, datagram: bytes, sender: object) -> None:
        self.protocol.datagramReceived(datagram)

    def _refused(self) -> None:
        self.protocol.connectionRefused()
