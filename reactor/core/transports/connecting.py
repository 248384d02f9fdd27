"""Connecting to a server.

There are two objects, with two lives. The *connector* is one client's way to one server, and lasts: it can be asked
again after a failure or a loss. The *attempt* is one try: look up the name, begin to connect, wait for the kernel's
answer or the time-out. An attempt ends in exactly one of two ways, a `Connection` or a Failure, and always in a later
turn than the one that asked for it, so that a client never hears of its failure before `connectTCP` has returned.
"""

from __future__ import annotations

import errno
import os
import socket
from abc import ABC, abstractmethod
from typing import Any

from reactor import error
from reactor.core.loop.core import Loop
from reactor.core.loop.descriptors import log_raised
from reactor.core.transports.connection import SocketConnection
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IClientFactory, IDelayedCall, IProtocol

_INSTEAD_OF_EALREADY: int = getattr(errno, "WSAEINVAL", errno.EALREADY)  # what Windows says
_IN_PROGRESS = (errno.EINPROGRESS, errno.EALREADY, _INSTEAD_OF_EALREADY, errno.EWOULDBLOCK, errno.EINTR)
_AGAIN_AFTER_S = 0.02  # picked arbitrarily


class Attempt:
    """One try to connect. It takes the transport's place until there is one."""

    def __init__(self, connector: Connector) -> None:
        self.reactor = connector.reactor
        self._connector: Connector | None = connector  # None when the attempt is over
        self._socket: Any = None
        self._target: Any = None
        self._lookup: Deferred[str] | None = None
        self._again: IDelayedCall | None = None
        self.reactor.transports[self] = None
        try:
            self._socket = connector._prepared_socket()
        except error.ConnectError as problem:
            self.reactor.callLater(0, self.failIfNotConnected, problem)
        else:
            self.reactor.callLater(0, self._find_address)

    def _find_address(self) -> None:
        if self._connector is not None:
            self._lookup = self._connector._find()
            self._lookup.addCallbacks(self._connect_to, self.failIfNotConnected)

    def _connect_to(self, place: Any) -> None:
        self._lookup = None
        if self._connector is None:
            return
        try:
            self._target = self._connector._target(place)
            if self._socket is None:
                self._socket = self._connector._new_socket(place)
        except OSError as problem:
            self.failIfNotConnected(error.getConnectError(problem))
        else:
            self.doWrite()

    # --- asking the kernel

    def fileno(self) -> int:
        """The socket's descriptor, -1 when there is none."""
        return -1 if self._socket is None else self._socket.fileno()

    def doWrite(self) -> None:
        """Begin to connect, or ask for the outcome. Called by the loop when the kernel has news."""
        if self._connector is None:
            return
        # POSIX lets us call connect(2) again to tell "done" (EISCONN) from "not yet" (EALREADY). The poller's hint
        # alone proves nothing: it may be about a file that had this descriptor before.
        result = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not result:
            result = self._connect()
        if result == errno.EAGAIN:  # a UNIX server's queue is full, connect(2), and no event tells when there is room
            self._again = self.reactor.callLater(_AGAIN_AFTER_S, self.doWrite)
        elif result in _IN_PROGRESS:
            self.reactor.addWriter(self)
        elif result in (0, errno.EISCONN):
            self._succeed()
        else:
            self.failIfNotConnected(error.getConnectError((result, os.strerror(result))))

    doRead = doWrite

    def _connect(self) -> int:
        try:
            return int(self._socket.connect_ex(self._target))
        except OSError as problem:  # Python refused the address before the kernel saw it
            return problem.errno or errno.EINVAL

    def _succeed(self) -> None:
        connector, skt = self._connector, self._socket
        assert connector is not None
        self._leave()
        connector._connected(skt, self._target)

    def failIfNotConnected(self, problem: Failure | BaseException) -> None:
        """Give up, for this reason, unless the attempt is over already."""
        connector = self._connector
        if connector is None:
            return
        skt = self._socket
        self._leave()  # before the socket is closed: the poller must not watch a number that may come back
        if skt is not None:
            skt.close()
        connector._failed(problem if isinstance(problem, Failure) else Failure(problem))

    def connectionLost(self, reason: Failure) -> None:
        """The reactor has stopped. Called by the loop."""
        self.failIfNotConnected(error.ConnectError(string=reason.getErrorMessage()))

    def loseConnection(self) -> None:
        """As `stopConnecting` of the connector."""
        self.failIfNotConnected(error.UserError())

    abortConnection = loseConnection

    def _leave(self) -> None:
        """Leave the loop; ignore whatever still comes."""
        self.reactor.removeWriter(self)
        self.reactor.transports.pop(self, None)
        self._connector = None
        self._socket = None
        if self._lookup is not None:
            lookup, self._lookup = self._lookup, None
            lookup.cancel()
        if self._again is not None and self._again.active():
            self._again.cancel()


class Connector(ABC):
    """One client's way to one server, passed to the factory's callbacks. Each kind of socket adds how to get there.

    state: "disconnected", "connecting" or "connected".
    transport: the connection while there is one, before that the attempt, else None.
    """

    def __init__(self, factory: IClientFactory, timeout: float | None, reactor: Loop) -> None:
        self.factory = factory
        self.timeout = timeout
        self.reactor = reactor
        self.state = "disconnected"
        self.transport: Attempt | SocketConnection | None = None
        self._deadline: IDelayedCall | None = None
        self._factory_is_started = False

    # --- what kinds of sockets differ in

    @abstractmethod
    def getDestination(self) -> Any:
        """The address that this connects to, as the program gave it."""

    @abstractmethod
    def _prepared_socket(self) -> Any:
        """A socket, if one is needed before the address is found; else None. Raises ConnectError to fail at once."""

    @abstractmethod
    def _find(self) -> Deferred[Any]:
        """A Deferred of the place to connect to."""

    @abstractmethod
    def _target(self, place: Any) -> Any:
        """The place in the form that `connect` of the socket wants. Raises OSError."""

    @abstractmethod
    def _new_socket(self, place: Any) -> Any:
        """A socket that can connect to this place. Raises OSError."""

    @abstractmethod
    def _connection(self, skt: Any, protocol: IProtocol, target: Any) -> SocketConnection:
        """The transport for a socket that is connected to `target`."""

    @abstractmethod
    def _address(self, target: Any) -> Any:
        """The address of `target`, for the factory."""

    # --- what all have in common

    def connect(self) -> None:
        """Try to connect, for the first time or again. Raises RuntimeError unless `state` is "disconnected"."""
        if self.state != "disconnected":
            raise RuntimeError(f"can't connect in this state: {self.state}")
        self.state = "connecting"
        if not self._factory_is_started:
            self.factory.doStart()
            self._factory_is_started = True
        self.transport = attempt = Attempt(self)
        if self.timeout is not None:
            self._deadline = self.reactor.callLater(self.timeout, attempt.failIfNotConnected, error.TimeoutError())
        self.factory.startedConnecting(self)

    def stopConnecting(self) -> None:
        """End the attempt; `clientConnectionFailed` gets a UserError. Raises NotConnectingError if there is none."""
        if self.state != "connecting":
            raise error.NotConnectingError("we're not trying to connect")
        assert isinstance(self.transport, Attempt)
        self.state = "disconnected"
        self.transport.failIfNotConnected(error.UserError())

    def disconnect(self) -> None:
        """End the attempt or lose the connection, whichever there is."""
        if self.state == "connecting":
            self.stopConnecting()
        elif self.state == "connected":
            assert self.transport is not None
            self.transport.loseConnection()

    # --- what the attempt and the connection tell it

    def _connected(self, skt: Any, target: Any) -> None:
        self.state = "connected"
        self._cancel_deadline()
        try:
            protocol = self.factory.buildProtocol(self._address(target))
        except BaseException as problem:
            log_raised(problem, f"while {self.factory!r} built a protocol for {self.getDestination()}")
            skt.close()
            self._failed(Failure(error.ConnectError(string=f"no protocol could be built: {problem}")))
            return
        transport = self._connection(skt, protocol or _Nobody(), target)
        self.transport = transport
        if protocol is None:
            transport.loseConnection()
            return
        try:
            protocol.makeConnection(transport)
        except BaseException as problem:
            log_raised(problem, f"in connectionMade of {transport!r}")
            transport.connectionLost(Failure(problem))

    def _failed(self, reason: Failure) -> None:
        self._cancel_deadline()
        self.transport = None
        self.state = "disconnected"
        try:
            self.factory.clientConnectionFailed(self, reason)
        finally:
            self._stop_factory_unless_connecting()

    def _lost(self, reason: Failure) -> None:
        self.state = "disconnected"
        try:
            self.factory.clientConnectionLost(self, reason)
        finally:
            self._stop_factory_unless_connecting()

    def _stop_factory_unless_connecting(self) -> None:
        if self.state == "disconnected" and self._factory_is_started:  # unless the factory has just called connect()
            self._factory_is_started = False
            self.factory.doStop()

    def _cancel_deadline(self) -> None:
        deadline, self._deadline = self._deadline, None
        if deadline is not None and deadline.active():
            deadline.cancel()

    def __repr__(self) -> str:
        return f"<Connector {self.state} {self.getDestination()}>"


class _Nobody:
    """Takes the place of the protocol when a factory has built none; ignores everything."""

    def makeConnection(self, transport: Any) -> None: ...
    def dataReceived(self, data: bytes) -> None: ...
    def connectionLost(self, reason: Failure) -> None: ...
