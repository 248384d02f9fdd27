"""The client's side of SOCKS: a connection to the proxy that becomes one to somebody else.

    hello 5 -> choice -> [login -> verdict ->] request -> reply -> the program's bytes            version 5
                                               request -> reply -> the program's bytes            versions 4 and 4a

A name goes to the proxy as it is. Looking it up at home would tell the neighbours whom one is about to talk to, which
is what many use a proxy to avoid; so a name that doesn't fit is an error (CVE-2023-38545 is about the other way).
"""

from __future__ import annotations

from typing import Any

from reactor import log
from reactor.address import HostnameAddress, IPv4Address, IPv6Address
from reactor.defer import Deferred, ensureDeferred
from reactor.endpoints.socks import wire
from reactor.endpoints.socks.reading import ReadsValues
from reactor.endpoints.socks.wire import SocksError
from reactor.error import ConnectError, ConnectionRefusedError, NoProtocol, NoRouteError, TimeoutError
from reactor.failure import Failure
from reactor.interfaces import IProtocolFactory, IStreamClientEndpoint
from reactor.interfaces.type_variables import P
from reactor.protocol import Factory, Protocol, connectionDone
from reactor.stand_in import step_aside

_ERRORS: dict[int, type[ConnectError]] = {
    wire.REFUSED: ConnectionRefusedError,
    wire.NETWORK_UNREACHABLE: NoRouteError,
    wire.HOST_UNREACHABLE: NoRouteError,
}


class SOCKSClientEndpoint:
    """Connects to a host through a SOCKS proxy.

    proxy: an endpoint that connects to the proxy. host: an address, or a name, which the proxy looks up. version: 5, 4,
    or "4a"; 4 takes IPv4 addresses only. username, password: for version 5, text; version 4 sends the name alone.
    timeout: how long the proxy may take to answer after it was connected to, in seconds.
    Raises SocksError for a name that is too long, and for what the version can't do.
    """

    def __init__(
        self,
        reactor: Any,
        proxy: IStreamClientEndpoint,
        host: str,
        port: int,
        version: int | str = 5,
        username: str = "",
        password: str = "",
        timeout: float = 30,
    ) -> None:
        if str(version) not in ("4", "4a", "5"):
            raise SocksError(f"the versions of SOCKS are 4, 4a and 5, not {version!r}")
        if str(version) == "4" and not wire.is_address(host):
            raise SocksError(f"SOCKS 4 takes no names such as {host!r}: use 4a or 5")
        if password and not username:
            raise SocksError("a password needs a name")
        self._reactor, self._proxy, self._timeout = reactor, proxy, timeout
        number = int(str(version)[0])
        request = wire.Request(number, wire.CONNECT, host, port, username.encode() if number == 4 else b"")
        self._request = wire.request_4(request) if number == 4 else wire.request_5(request)
        self._login = wire.login(username.encode(), password.encode()) if username and number == 5 else b""
        self._version, self._address = number, _address_of(host, port)

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        """Connect; the protocol is built when the proxy has connected.

        Fails with what connecting to the proxy fails with; ConnectionRefusedError, NoRouteError or another ConnectError
        for what the proxy says; TimeoutError; SocksError when the other side isn't a proxy.
        """
        connected: Deferred[P] = Deferred(lambda _: waiting.give_up())
        waiting = _Negotiating(self, protocolFactory, connected)
        waiting.attempt = self._proxy.connect(_ToProxy(waiting, protocolFactory))
        waiting.attempt.addErrback(waiting.fail)
        return connected


def _address_of(host: str, port: int) -> Any:
    if not wire.is_address(host):
        return HostnameAddress(wire.name_bytes(host), port)
    return IPv6Address("TCP", host, port) if ":" in host else IPv4Address("TCP", host, port)


class _ToProxy(Factory[Any]):
    """Builds what negotiates, and starts and stops the program's factory."""

    noisy = False

    def __init__(self, waiting: _Negotiating, factory: IProtocolFactory[Any]) -> None:
        self._waiting = waiting
        self.doStart = factory.doStart  # type: ignore[method-assign]  # these two are the program's
        self.doStop = factory.doStop  # type: ignore[method-assign]  # likewise

    def buildProtocol(self, addr: Any) -> _Negotiating:
        return self._waiting


class _Negotiating(ReadsValues, Protocol):
    """Talks to the proxy, and steps aside for the program's protocol."""

    attempt: Deferred[Any]

    def __init__(self, endpoint: SOCKSClientEndpoint, factory: IProtocolFactory[Any], connected: Deferred[Any]) -> None:
        self._endpoint, self._factory, self._connected = endpoint, factory, connected
        self._deadline: Any = None
        self._protocol: Any = None
        self._is_over = False

    def connectionMade(self) -> None:
        """Begin to negotiate."""
        end = self._endpoint
        self._deadline = end._reactor.callLater(end._timeout, self._too_late)
        ensureDeferred(self._negotiate()).addErrback(self._refuse)

    def dataReceived(self, data: bytes) -> None:
        """The proxy answers; later on, pass on what comes."""
        if self._protocol is not None:
            self._protocol.dataReceived(data)
        elif not self._is_over:
            self.received(data)

    async def _negotiate(self) -> None:
        end = self._endpoint
        if end._version == 5:
            await self._log_in(end._login)
        self.transport.write(end._request)
        reply = await self.taken(wire.read_reply_4 if end._version == 4 else wire.read_reply_5)
        if reply.code not in (wire.SUCCEEDED, wire.GRANTED_4):
            reason = wire.REASONS.get(reply.code, f"code {reply.code}")
            raise _ERRORS.get(reply.code, ConnectError)(string=f"the proxy says: {reason}")
        self._step_aside()

    async def _log_in(self, login: bytes) -> None:
        wanted = wire.PASSWORD if login else wire.NO_LOGIN
        self.transport.write(bytes([5, 1, wanted]))
        choice = await self.taken(wire.read_choice)
        if choice != wanted:
            hint = "it wants none of a name and password" if login else "give a name and a password"
            raise SocksError(f"the proxy doesn't take this way to log in (it chose {choice}): {hint}")
        if login:
            self.transport.write(login)
            if not await self.taken(wire.read_verdict):
                raise SocksError("the proxy doesn't take this name and password")

    def _step_aside(self) -> None:
        """The rest of the connection is the program's; what came behind the reply is its first data."""
        self._stop_waiting()
        protocol = self._factory.buildProtocol(self._endpoint._address)
        if protocol is None:
            raise NoProtocol()
        self._is_over, self._protocol = True, protocol
        step_aside(self.transport, self, protocol, self.buf)
        self._connected.callback(protocol)

    def _too_late(self) -> None:
        self._deadline = None
        self._refuse(Failure(TimeoutError(string=f"the proxy didn't answer in {self._endpoint._timeout:g} s")))

    def _refuse(self, reason: Failure) -> None:
        if self._is_over:
            log.err(reason, "a protocol behind a SOCKS proxy")
        self.transport.abortConnection()
        self.fail(reason)

    def _stop_waiting(self) -> None:
        deadline, self._deadline = self._deadline, None
        if deadline is not None:
            deadline.cancel()

    def fail(self, reason: Failure) -> None:
        """It comes to nothing. Called once or more; the first reason counts."""
        self._stop_waiting()
        if not self._is_over:
            self._is_over = True
            self._connected.errback(reason)

    def give_up(self) -> None:
        """The program cancels."""
        self._is_over = True
        self._stop_waiting()
        if self.transport is None:
            self.attempt.cancel()
        else:
            self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Pass it on, or fail with it."""
        if self._protocol is not None:
            self._protocol.connectionLost(reason)
        else:
            self.fail(Failure(ConnectError(string=f"the proxy closed the connection: {reason.getErrorMessage()}")))
