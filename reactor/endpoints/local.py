"""Endpoints that stay on this machine: UNIX sockets, and the terminal."""

from __future__ import annotations

from typing import Any

from reactor import defer, error
from reactor.defer import Deferred
from reactor.interfaces import IListeningPort, IProtocolFactory, IReactorUNIX
from reactor.interfaces.type_variables import P
from reactor.protocol.one_attempt import connect_once


class UNIXServerEndpoint:
    """Listens at a UNIX socket. The arguments are those of `reactor.listenUNIX`."""

    def __init__(
        self, reactor: IReactorUNIX, address: str | bytes, backlog: int = 50, mode: int = 0o666, wantPID: bool | int = 0
    ) -> None:
        self._reactor = reactor
        self._address = address
        self._backlog = backlog
        self._mode = mode
        self._want_lock = wantPID

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        return defer.execute(
            self._reactor.listenUNIX,
            self._address,
            protocolFactory,
            backlog=self._backlog,
            mode=self._mode,
            wantPID=self._want_lock,
        )


class UNIXClientEndpoint:
    """Connects to a UNIX socket. The arguments are those of `reactor.connectUNIX`."""

    def __init__(
        self, reactor: IReactorUNIX, path: str | bytes, timeout: float | None = 30, checkPID: bool | int = 0
    ) -> None:
        self._reactor = reactor
        self._path = path
        self._timeout = timeout
        self._check_lock = checkPID

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        return connect_once(
            protocolFactory,
            lambda once: self._reactor.connectUNIX(self._path, once, timeout=self._timeout, checkPID=self._check_lock),
        )


class StandardIOEndpoint:
    """Takes one connection: the program's standard input and output."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor

    def listen(self, stdioProtocolFactory: IProtocolFactory) -> Deferred[Any]:
        """A Deferred of the transport, a `reactor.stdio.StandardIO`."""
        from reactor.stdio import PipeAddress, StandardIO

        def start() -> StandardIO:
            protocol = stdioProtocolFactory.buildProtocol(PipeAddress())
            if protocol is None:
                raise error.NoProtocol("the factory built none for standard input and output")
            return StandardIO(protocol, reactor=self._reactor)

        return defer.execute(start)
