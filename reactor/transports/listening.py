"""Taking connections.

A listening socket is readable when somebody has connected. The port takes a handful of them a turn, no more, so that
a crowd at the door does not keep those inside waiting; asks the factory for a protocol for each; and gives it its
transport.
"""

from __future__ import annotations

import errno
from typing import Any

from reactor import error, log
from reactor.address import IPv4Address, IPv6Address
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall, IProtocolFactory
from reactor.loop.core import HANDLER_ERRORS, Loop
from reactor.transports.tcp import Connection, SocketAddress, to_address, to_socket_address

_ACCEPT_AT_MOST = 100  # connections a turn
_PAUSE_WHEN_FULL_S = 1.0  # out of descriptors or memory: try again so much later

_OUT_OF_RESOURCES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Port:
    """A TCP port that takes connections for a factory. Made by `reactor.listenTCP`."""

    def __init__(self, port: int, factory: IProtocolFactory, backlog: int, interface: str, reactor: Loop) -> None:
        self.port = port
        self.factory = factory
        self.backlog = backlog
        self.interface = interface
        self.reactor = reactor
        self.connected = False
        self.disconnecting = False
        self.sessionno = 0
        self._real_port = port
        self._socket: Any = None
        self._stopped: Deferred[None] | None = None
        self._pause: IDelayedCall | None = None

    def startListening(self) -> None:
        """Bind and listen; the first port of a factory starts the factory.

        Called by `listenTCP`, and by a user to begin again after `stopListening`.
        Raises CannotListenError: the port is taken, or not ours to have, or the interface isn't there.
        """
        listener = None
        try:
            listener = self.reactor.system.tcp_socket(self.interface)
            self.reactor.system.prepare_to_listen(listener)
            listener.bind(to_socket_address(self.interface, self.port))
            listener.listen(self.backlog)
        except OSError as problem:
            if listener is not None:
                listener.close()
            raise error.CannotListenError(self.interface, self.port, problem) from problem
        try:
            self.factory.doStart()
        except BaseException:
            listener.close()
            raise
        self._socket = listener
        self._real_port = listener.getsockname()[1]
        self.connected = True
        self.reactor.transports[self] = None
        self.startReading()

    def getHost(self) -> IPv4Address | IPv6Address:
        """Where it listens; the port is the real one when 0 was asked for. Raises NotListeningError."""
        if self._socket is None:
            raise error.NotListeningError(f"port {self.port} isn't listening: it has no address")
        return to_address(self._socket.getsockname())

    def stopListening(self) -> Deferred[None] | None:
        """Take no more connections; those that were taken go on.

        Returns a Deferred that fires when the port is free; the last port of a factory stops the factory first.
        None when it didn't listen.
        """
        if not self.connected:
            return None
        self.disconnecting = True
        self.stopReading()
        if self._stopped is None:
            self._stopped = Deferred()
            self.reactor.callLater(0, self.connectionLost, Failure(error.ConnectionDone()))
        return self._stopped

    loseConnection = stopListening

    def connectionLost(self, reason: Failure) -> None:
        """It has stopped, or the reactor has: give everything back. Called by the loop."""
        if not self.connected:
            return
        self.connected = self.disconnecting = False
        self.stopReading()
        self.reactor.transports.pop(self, None)
        self._socket.close()
        self._socket = None
        stopped, self._stopped = self._stopped, None
        try:
            self.factory.doStop()
        except HANDLER_ERRORS as problem:
            if stopped is None:
                raise
            stopped.errback(Failure(problem))
        else:
            if stopped is not None:
                stopped.callback(None)

    # --- accepting

    def fileno(self) -> int:
        """The listening socket's descriptor, -1 when there is none."""
        return -1 if self._socket is None else self._socket.fileno()

    def startReading(self) -> None:
        """Let the loop call `doRead`."""
        self._pause = None
        self.reactor.addReader(self)

    def stopReading(self) -> None:
        """Don't."""
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        self.reactor.removeReader(self)

    def doRead(self) -> None:
        """Take those who wait at the door. Called by the loop when there is somebody."""
        for _ in range(_ACCEPT_AT_MOST):
            if self.disconnecting or not self.connected:  # a handler has stopped us meanwhile
                return
            try:
                skt, peer = self._socket.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as problem:
                self._could_not_accept(problem)
                return
            self._welcome(skt, peer)

    def _could_not_accept(self, problem: OSError) -> None:
        """The kernel had a connection for us, and then had not. When nothing is left to hold it, wait for some."""
        log.msg(f"could not accept a connection on port {self.port}: {problem}")
        if problem.errno in _OUT_OF_RESOURCES:
            self.stopReading()
            self._pause = self.reactor.callLater(_PAUSE_WHEN_FULL_S, self.startReading)

    def _welcome(self, skt: Any, peer: SocketAddress) -> None:
        """Build a protocol for one connection and introduce the two; what raises costs this connection only."""
        skt.setblocking(False)
        try:
            protocol = self.factory.buildProtocol(to_address(peer))
        except HANDLER_ERRORS:
            log.err(None, f"while {self.factory!r} built a protocol for {peer[0]}")
            protocol = None
        if protocol is None:
            skt.close()
            return
        label = f"{type(protocol).__name__} #{self.sessionno} on {self._real_port}"
        self.sessionno += 1
        transport = Connection(self.reactor, skt, protocol, peer, label)
        try:
            protocol.makeConnection(transport)
        except HANDLER_ERRORS as problem:
            log.err(None, f"in connectionMade of {transport!r}")
            transport.connectionLost(Failure(problem))

    def __repr__(self) -> str:
        where = f"on {self._real_port}" if self.connected else "(not listening)"
        return f"<Port of {type(self.factory).__name__} {where}>"
