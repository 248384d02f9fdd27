"""Taking connections.

A listening socket is readable when a client has connected. The port accepts a limited number of connections a turn, so
that a crowd at the door does not keep those inside waiting. For each it asks the factory for a protocol, and gives the
protocol a transport.
"""

from __future__ import annotations

import errno
from abc import ABC, abstractmethod
from typing import Any

from reactor import error, log
from reactor.address import IPv4Address, IPv6Address
from reactor.core.loop.core import Loop
from reactor.core.loop.descriptors import log_raised
from reactor.core.transports.connection import SocketConnection
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall, IProtocol, IProtocolFactory
from reactor.log.speaker import prefix_of

_ACCEPT_AT_MOST = 100  # connections a turn; Twisted begins with as many
_PAUSE_WHEN_FULL_S = 1.0  # out of descriptors or memory: try again after this time, as asyncio does

_OUT_OF_RESOURCES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class ListeningPort(ABC):
    """Takes connections for a factory. Each kind of socket adds where it listens and what transport it makes."""

    def __init__(self, factory: IProtocolFactory, backlog: int, reactor: Loop) -> None:
        self.factory = factory
        self.backlog = backlog
        self.reactor = reactor
        self.connected = False
        self.disconnecting = False
        self.sessionno = 0
        self._socket: Any = None
        self._spare: Any = None  # a descriptor to give up when there are no others: see `_turn_away`
        self._stopped: Deferred[None] | None = None
        self._pause: IDelayedCall | None = None

    # --- what kinds of sockets differ in

    @abstractmethod
    def _new_socket(self) -> Any:
        """A socket to listen with. Raises OSError."""

    @abstractmethod
    def _bind(self, listener: Any) -> None:
        """Bind the socket to its address. Raises OSError."""

    @abstractmethod
    def _cannot_listen(self, problem: OSError) -> error.CannotListenError:
        """The exception for a socket that could not be made, bound or put into listening mode."""

    def _close(self, listener: Any) -> None:
        """Close the socket, and remove what `_bind` has made in the file system."""
        listener.close()

    @abstractmethod
    def _connection(self, skt: Any, protocol: IProtocol, peer: Any, label: str) -> SocketConnection:
        """The transport for a socket that was accepted from `peer`."""

    @abstractmethod
    def _address(self, name: Any) -> Any:
        """One of our addresses, from the socket module's form of it."""

    @abstractmethod
    def _where(self) -> object:
        """Where the port listens, or was to listen, as text for logs."""

    # --- starting and stopping

    def startListening(self) -> None:
        """Bind and listen; the first port of a factory starts the factory.

        Called by `reactor.listen…`, and by a program to begin again after `stopListening`.
        Raises CannotListenError: the address is taken, not permitted, or not one of this machine's.
        """
        listener = None
        try:
            listener = self._new_socket()
            self._bind(listener)
            listener.listen(self.backlog)
        except OSError as problem:
            if listener is not None:
                self._close(listener)
            raise self._cannot_listen(problem) from problem
        self.adopt(listener)

    def adopt(self, listener: Any) -> None:
        """Take connections from a socket that listens already. The socket belongs to this port from now on."""
        try:
            self.factory.doStart()
        except BaseException:
            self._close(listener)
            raise
        self._socket = listener
        self._keep_spare()
        self.connected = True
        self.reactor.transports[self] = None
        log.msg(f"{self.logPrefix()} starting on {self._where()}")
        self.startReading()

    def logPrefix(self) -> str:
        """What the log calls this port: as its factory is called."""
        return prefix_of(self.factory)

    def getHost(self) -> IPv4Address | IPv6Address | Any:
        """The address where it listens. Raises NotListeningError."""
        if self._socket is None:
            raise error.NotListeningError(f"{self!r} has no address")
        return self._address(self._socket.getsockname())

    def stopListening(self) -> Deferred[None] | Any:
        """Take no more connections; those that were accepted go on.

        Returns a Deferred that fires when the port is free; before that, the factory's last port stops the factory.
        Returns None if the port doesn't listen.
        """
        if not self.connected:
            return None
        self.disconnecting = True
        self.stopReading()
        if self._stopped is None:
            self._stopped = Deferred()
            # In a later turn: then the caller has the Deferred before it fires, and a handler of ours has returned.
            self.reactor.callLater(0, self.connectionLost, Failure(error.ConnectionDone()))
        return self._stopped

    loseConnection = stopListening

    def connectionLost(self, reason: Failure) -> None:
        """The port, or the reactor, has stopped: close the socket and stop the factory. Called by the loop."""
        if not self.connected:
            return
        self.connected = self.disconnecting = False
        self.stopReading()
        self.reactor.transports.pop(self, None)
        log.msg(f"(Port {self._where()} Closed)")
        self._give_up_spare()
        listener, self._socket = self._socket, None
        self._close(listener)
        stopped, self._stopped = self._stopped, None
        try:
            self.factory.doStop()
        except BaseException as problem:
            if stopped is None or isinstance(problem, KeyboardInterrupt):
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
        """Keep the loop from calling `doRead`. New connections wait in the kernel, up to `backlog` of them."""
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        self.reactor.removeReader(self)

    def doRead(self) -> None:
        """Accept the connections that wait. Called by the loop when there are some."""
        for _ in range(_ACCEPT_AT_MOST):
            if self.disconnecting or not self.connected:  # a handler has stopped the port meanwhile
                return
            try:
                skt, peer = self._socket.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as problem:
                self._could_not_accept(problem)
                return
            self.welcome(skt, peer)

    def _could_not_accept(self, problem: OSError) -> None:
        """Log why accepting failed. Out of descriptors or memory: turn peers away, else accept nothing for a while."""
        log.msg(f"could not accept a connection on {self._where()}: {problem}")
        if problem.errno in _OUT_OF_RESOURCES and not self._turn_away():
            # The connection still waits, so the poller would report it at once and the loop would spin.
            self.stopReading()
            self._pause = self.reactor.callLater(_PAUSE_WHEN_FULL_S, self.startReading)

    def _turn_away(self) -> bool:
        """Out of descriptors: accept with the spare one, and close at once, so that peers don't hang. Did it work?"""
        has_worked = False
        if self._give_up_spare():
            try:
                for _ in range(_ACCEPT_AT_MOST):
                    self._socket.accept()[0].close()
                    has_worked = True
            except OSError:
                pass  # that was the last of them; or there is still nothing left
            self._keep_spare()
        return has_worked

    def _keep_spare(self) -> None:
        """A copy of the listening socket costs a descriptor and nothing else. A simulated one can't be copied."""
        if hasattr(self._socket, "dup"):
            try:
                self._spare = self._socket.dup()
            except OSError:
                pass  # none was left: then accepting pauses

    def _give_up_spare(self) -> bool:
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.close()
        return spare is not None

    def welcome(self, skt: Any, peer: Any) -> None:
        """Build a protocol for one connection and introduce the two; an exception costs this connection only.

        skt: a connected socket. peer: the other end, in the socket module's form.
        """
        skt.setblocking(False)  # on Linux it doesn't inherit this from the listening socket, accept(2)
        try:
            protocol = self.factory.buildProtocol(self._address(peer))
        except BaseException as problem:
            log_raised(problem, f"while {self.factory!r} built a protocol for {peer}")
            protocol = None
        if protocol is None:
            skt.close()
            return
        label = f"{type(protocol).__name__} #{self.sessionno} on {self._where()}"
        transport = self._connection(skt, protocol, peer, label)
        transport.session = f"{self.sessionno},{peer[0]}" if isinstance(peer, tuple) else str(self.sessionno)
        self.sessionno += 1
        try:
            protocol.makeConnection(transport)
        except BaseException as problem:
            log_raised(problem, f"in connectionMade of {transport!r}")
            transport.connectionLost(Failure(problem))

    def __repr__(self) -> str:
        where = f"on {self._where()}" if self.connected else "(not listening)"
        return f"<Port of {type(self.factory).__name__} {where}>"
