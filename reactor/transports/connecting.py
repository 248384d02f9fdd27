"""Going to a server.

Two objects, with two lives. The *connector* is one client's way to one server, and lasts: it can be asked again after
a failure or a loss. The *attempt* is one try: look up the name, begin to connect, wait for the kernel's word or the
time-out. An attempt ends in exactly one of two ways, a `Connection` or a Failure, and always in a later turn than
the one that asked for it, so that a client never hears of its failure before `connectTCP` has returned.
"""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

from reactor import error, log
from reactor.abstract import isIPAddress, isIPv6Address
from reactor.address import IPv4Address, IPv6Address
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IClientFactory, IDelayedCall, IProtocol
from reactor.loop.core import HANDLER_ERRORS, Loop
from reactor.transports.tcp import Connection, SocketAddress, to_address, to_socket_address

_IN_PROGRESS = (errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK, errno.EINTR)


class Attempt:
    """One try to connect. It stands in for the transport until there is one."""

    def __init__(self, connector: Connector, host: str, port: int, bind_address: tuple[str, int] | None) -> None:
        self.reactor = connector.reactor
        self._connector: Connector | None = connector  # None when the attempt is over
        self._host = host
        self._port = port
        self._socket: Any = None
        self._target: SocketAddress = (host, port)
        self._lookup: Deferred[str] | None = None
        self.reactor.transports[self] = None
        try:
            if bind_address is not None:
                self._bind(bind_address)
        except OSError as problem:
            refusal = error.ConnectBindError(problem.errno, problem.strerror or str(problem))
            self.reactor.callLater(0, self.failIfNotConnected, refusal)
        else:
            self.reactor.callLater(0, self._find_address)

    def _bind(self, bind_address: tuple[str, int]) -> None:
        host, port = bind_address
        self._socket = self.reactor.system.tcp_socket(host)
        if port:
            self.reactor.system.prepare_to_listen(self._socket)  # leave from the same port again, soon after
        self._socket.bind(to_socket_address(host, port))

    def _find_address(self) -> None:
        if self._connector is None:
            return
        if isIPAddress(self._host) or isIPv6Address(self._host):
            self._connect_to(self._host)
            return
        self._lookup = self.reactor.lookups.look_up(self._host)
        self._lookup.addCallbacks(self._connect_to, self.failIfNotConnected)

    def _connect_to(self, address: str) -> None:
        self._lookup = None
        if self._connector is None:
            return
        try:
            self._target = to_socket_address(address, self._port)
            if self._socket is None:
                self._socket = self.reactor.system.tcp_socket(address)
        except OSError as problem:
            self.failIfNotConnected(error.getConnectError(problem))
        else:
            self.doWrite()

    # --- asking the kernel

    def fileno(self) -> int:
        """The socket's descriptor, -1 when there is none."""
        return -1 if self._socket is None else self._socket.fileno()

    def doWrite(self) -> None:
        """Begin to connect, or ask how it went. Called by the loop when the kernel has news."""
        if self._connector is None:
            return
        # Asking a second time is how POSIX lets us tell "done" (EISCONN) from "not yet" (EALREADY), connect(2).
        # A hint from the poller alone proves nothing: it may be about a descriptor's earlier life.
        result = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not result:
            result = self._connect()
        if result in _IN_PROGRESS:
            self.reactor.addWriter(self)
        elif result in (0, errno.EISCONN):
            self._succeed()
        else:
            self.failIfNotConnected(error.getConnectError((result, os.strerror(result))))

    doRead = doWrite

    def _connect(self) -> int:
        try:
            return int(self._socket.connect_ex(self._target))
        except OSError as problem:  # an address that the kernel didn't even look at
            return problem.errno or errno.EINVAL

    def _succeed(self) -> None:
        connector, skt = self._connector, self._socket
        assert connector is not None
        self._leave()
        connector._connected(skt, self._target)

    def failIfNotConnected(self, problem: Failure | BaseException) -> None:
        """Give up, for this reason, unless it is over already."""
        connector = self._connector
        if connector is None:
            return
        skt = self._socket
        self._leave()
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
        """Out of the loop; whatever still comes is ignored."""
        self.reactor.removeWriter(self)
        self.reactor.transports.pop(self, None)
        self._connector = None
        self._socket = None
        if self._lookup is not None:
            lookup, self._lookup = self._lookup, None
            lookup.cancel()


class Connector:
    """One client's way to one server. Made by `reactor.connectTCP`, and given to every callback of the factory.

    state: "disconnected", "connecting" or "connected".
    transport: the connection while there is one, before that the attempt, else None.
    """

    def __init__(
        self,
        host: str,
        port: int,
        factory: IClientFactory,
        timeout: float | None,
        bindAddress: tuple[str, int] | None,
        reactor: Loop,
    ) -> None:
        self.host = host
        self.port = port
        self.factory = factory
        self.timeout = timeout
        self.bindAddress = bindAddress
        self.reactor = reactor
        self.state = "disconnected"
        self.transport: Attempt | Connection | None = None
        self._deadline: IDelayedCall | None = None
        self._factory_is_started = False

    def connect(self) -> None:
        """Try to connect, for the first time or again. Raises RuntimeError unless disconnected."""
        if self.state != "disconnected":
            raise RuntimeError(f"can't connect in this state: {self.state}")
        self.state = "connecting"
        if not self._factory_is_started:
            self.factory.doStart()
            self._factory_is_started = True
        self.transport = attempt = Attempt(self, self.host, self.port, self.bindAddress)
        if self.timeout is not None:
            self._deadline = self.reactor.callLater(self.timeout, attempt.failIfNotConnected, error.TimeoutError())
        self.factory.startedConnecting(self)

    def stopConnecting(self) -> None:
        """End the attempt; `clientConnectionFailed` follows with UserError. Raises NotConnectingError without one."""
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

    def getDestination(self) -> IPv4Address | IPv6Address:
        """Where it goes to: the host as it was given, a name too."""
        kind = IPv6Address if ":" in self.host else IPv4Address
        return kind("TCP", self.host, self.port)

    # --- what the attempt and the connection tell it

    def _connected(self, skt: Any, peer: SocketAddress) -> None:
        self.state = "connected"
        self._cancel_deadline()
        try:
            protocol = self.factory.buildProtocol(to_address(peer))
        except HANDLER_ERRORS as problem:
            log.err(None, f"while {self.factory!r} built a protocol for {self.host}")
            skt.close()
            self._failed(Failure(error.ConnectError(string=f"no protocol could be built: {problem}")))
            return
        transport = ClientConnection(self, skt, protocol or _Nobody(), peer)
        self.transport = transport
        if protocol is None:
            transport.loseConnection()
            return
        try:
            protocol.makeConnection(transport)
        except HANDLER_ERRORS as problem:
            log.err(None, f"in connectionMade of {transport!r}")
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
        if self.state == "disconnected" and self._factory_is_started:  # the factory has not called connect()
            self._factory_is_started = False
            self.factory.doStop()

    def _cancel_deadline(self) -> None:
        deadline, self._deadline = self._deadline, None
        if deadline is not None and deadline.active():
            deadline.cancel()

    def __repr__(self) -> str:
        return f"<Connector {self.state} {self.getDestination()}>"


class ClientConnection(Connection):
    """The client's end of a connection: when it is lost, its connector is told after its protocol."""

    def __init__(self, connector: Connector, skt: Any, protocol: IProtocol, peer: SocketAddress) -> None:
        self.connector = connector
        label = f"{type(protocol).__name__} to {peer[0]}:{peer[1]}"
        super().__init__(connector.reactor, skt, protocol, peer, label)

    def connectionLost(self, reason: Failure) -> None:
        was_there = self.connected
        try:
            super().connectionLost(reason)
        finally:
            if was_there:
                self.connector._lost(reason)


class _Nobody:
    """In place of the protocol that a factory didn't want to build: hears, and does nothing."""

    def makeConnection(self, transport: Any) -> None: ...
    def dataReceived(self, data: bytes) -> None: ...
    def connectionLost(self, reason: Failure) -> None: ...
