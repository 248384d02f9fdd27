"""UNIX sockets: like TCP, but between processes of one machine, named by a path, and able to send file descriptors."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from reactor import defer, error, log
from reactor.address import UNIXAddress
from reactor.core.loop.core import Loop
from reactor.core.transports import connecting
from reactor.core.transports.connection import SocketConnection
from reactor.core.transports.descriptor_passing import PassingSocket, close_all
from reactor.core.transports.listening import ListeningPort
from reactor.defer import Deferred
from reactor.interfaces import IClientFactory, IProtocol, IProtocolFactory

Path = str | bytes | os.PathLike[str]

_DESCRIPTORS_WAITING = 64  # above this a push producer is paused, as above bufferSize bytes


def to_path(address: object) -> bytes:
    """The name of a UNIX socket as the kernel wants it, from text, bytes, or a path object.

    A name that starts with a zero byte is abstract: it is in no directory, and vanishes with its socket (Linux).
    Raises TypeError for anything else, ValueError for a path that is empty or has a zero byte inside.
    """
    if not isinstance(address, (str, bytes, os.PathLike)):
        raise TypeError(f"the address of a UNIX socket is a path, as text or bytes, not {address!r}")
    path = os.fsencode(address)
    if not path:
        raise ValueError("the address of a UNIX socket is a path, and this one is empty")
    if 0 in path and not is_abstract(path):
        raise ValueError(f"a path has no zero byte inside (an abstract name has one in front): {address!r}")
    return path


def is_abstract(path: bytes) -> bool:
    """Whether this name is abstract: in no directory."""
    return path.startswith(b"\0")


def lock_path(path: bytes) -> bytes:
    """The path of the lock of a server that listens at `path`."""
    return path + b".lock"


class Connection(SocketConnection):
    """One end of an established connection over a UNIX socket."""

    def __init__(
        self,
        reactor: Loop,
        skt: Any,
        protocol: IProtocol,
        peer: bytes | str | None,
        label: str,
        connector: Connector | None = None,
    ) -> None:
        self._passing = PassingSocket(skt)
        super().__init__(reactor, self._passing, protocol, peer, label, connector)

    def getPeer(self) -> UNIXAddress:
        """The path of the other end; a server has one, a client usually not. Also after the connection is lost."""
        return UNIXAddress(self._peer or None)

    def getHost(self) -> UNIXAddress:
        """The path of this end, if it has one. Also after the connection is lost."""
        return UNIXAddress(self._own_name() or None)

    def getTcpNoDelay(self) -> bool:
        """Always False. For protocols that expect every transport to be TCP."""
        return False

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Does nothing: a UNIX socket never holds anything back."""

    def sendFileDescriptor(self, fileno: int) -> None:
        """Send a copy of an open descriptor, along with the next byte that is sent; you may close yours at once.

        For each descriptor, give at least one byte to `write`, before or in the same handler; otherwise the connection
        is lost with FileDescriptorOverrun. Raises TypeError or OSError for anything but an open descriptor.
        Once the connection, or our direction of it, is closed, this is ignored, as `write` is.
        """
        if not isinstance(fileno, int) or isinstance(fileno, bool):
            raise TypeError(f"a file descriptor is a whole number, not {fileno!r}")
        if not self._accepts_bytes:
            return
        self._passing.to_send.append(os.dup(fileno))
        if len(self._passing.to_send) > _DESCRIPTORS_WAITING and self._streaming:
            self._producer_is_paused = True
            self.producer.pauseProducing()
        if not self._turn_to_send:
            self._send_in_turn()

    def doRead(self) -> Exception | None:
        """Pass on what has come, the descriptors before the bytes. Called by the loop."""
        descriptors = self._passing.fetch(self.bufferSize)
        if descriptors:
            self._hand_over(descriptors)
        return super().doRead()

    def _hand_over(self, descriptors: Sequence[int]) -> None:
        """Give each descriptor to the protocol, which then owns it; close those that it doesn't take."""
        received = getattr(self.protocol, "fileDescriptorReceived", None)
        if received is None:
            close_all(descriptors)
            log.msg(
                f"{self!r}: {len(descriptors)} file descriptors came, and the protocol has no fileDescriptorReceived"
            )
            return
        waiting = iter(descriptors)
        try:
            for descriptor in waiting:
                received(descriptor)
        finally:
            close_all(waiting)

    def doWrite(self) -> Exception | None:
        """Hand the kernel what it takes. Called by the loop."""
        if len(self._passing.to_send) > self.pending_bytes:
            return error.FileDescriptorOverrun()
        return super().doWrite()


class Port(ListeningPort):
    """A UNIX socket that takes connections for a factory. Made by `reactor.listenUNIX`."""

    def __init__(
        self, path: bytes, factory: IProtocolFactory, backlog: int, mode: int, reactor: Loop, wantPID: bool
    ) -> None:
        super().__init__(factory, backlog, reactor)
        self.port = path
        self.mode = mode
        self.wantPID = wantPID
        self._file: Any = None
        self._lock = reactor.system.lock_file(lock_path(path))

    def _new_socket(self) -> Any:
        return self.reactor.system.unix_socket()

    def _bind(self, listener: Any) -> None:
        if self.wantPID and not is_abstract(self.port):  # the kernel itself frees an abstract name with its socket
            self._lock.acquire(stale_file=self.port)
        listener.bind(self.port)
        if not is_abstract(self.port):
            self._file = self.reactor.system.socket_file(self.port, self.mode)

    def _cannot_listen(self, problem: OSError) -> error.CannotListenError:
        return error.CannotListenError(None, self.port, problem)

    def _close(self, listener: Any) -> None:
        listener.close()
        if self._file is not None:
            self._file.remove()
            self._file = None
        self._lock.release()

    def _connection(self, skt: Any, protocol: IProtocol, peer: str | bytes, label: str) -> Connection:
        return Connection(self.reactor, skt, protocol, peer, label)

    def _address(self, name: str | bytes) -> UNIXAddress:
        return UNIXAddress(name)  # type: ignore[arg-type]  # it takes text, and encodes it

    def _where(self) -> str:
        return os.fsdecode(self.port)


class Connector(connecting.Connector):
    """One client's way to one server over a UNIX socket. Made by `reactor.connectUNIX`."""

    def __init__(
        self, path: bytes, factory: IClientFactory, timeout: float | None, reactor: Loop, checkPID: bool
    ) -> None:
        super().__init__(factory, timeout, reactor)
        self.address = path
        self.checkPID = checkPID

    def getDestination(self) -> UNIXAddress:
        """The path that this connects to."""
        return UNIXAddress(self.address)

    def _prepared_socket(self) -> None:
        """None. Raises BadFileError if `checkPID` was asked for and no server holds the lock."""
        if self.checkPID and not is_abstract(self.address) and not self._is_served():
            raise error.BadFileError(string=os.fsdecode(self.address))

    def _is_served(self) -> bool:
        try:
            return self.reactor.system.lock_file(lock_path(self.address)).is_held()
        except OSError:
            return False

    def _find(self) -> Deferred[bytes]:
        return defer.succeed(self.address)

    def _target(self, place: bytes) -> bytes:
        return place

    def _new_socket(self, place: bytes) -> Any:
        return self.reactor.system.unix_socket()

    def _connection(self, skt: Any, protocol: IProtocol, target: bytes) -> Connection:
        label = f"{type(protocol).__name__} to {os.fsdecode(target)}"
        return Connection(self.reactor, skt, protocol, target, label, self)

    def _address(self, target: bytes) -> UNIXAddress:
        return UNIXAddress(target)
