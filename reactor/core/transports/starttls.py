"""Beginning TLS: which side is the client, with which certificates, and on which connections.

A *context factory* is what programs pass: an `ssl.SSLContext`, or any object whose `getContext()` returns one (for
clients `getClientContext()`, if it has that). If it has a `hostname`, that is the name which the server must prove;
otherwise it is the host that the client connected to. If it has a `session`, a client asks the server to go on with it.
"""

from __future__ import annotations

import ssl
from typing import Any

from reactor.core.transports.security_layer import LayeredTransport
from reactor.core.transports.state import State
from reactor.core.transports.tls import TLSSocket
from reactor.interfaces import IProtocol, IProtocolFactory
from reactor.stand_in import StandIn

HANDSHAKE_WITHIN_S = 60.0
"""How long a handshake may take by default; asyncio and nginx wait as long."""


def start_tls(transport: LayeredTransport, contextFactory: Any, normal: bool) -> None:
    """Put TLS between a transport and its socket: see `SocketConnection.startTLS`."""
    is_client = (transport.connector is not None) == bool(normal)
    side = Side(contextFactory, is_client, getattr(transport.connector, "host", None))
    side.secure(transport, HANDSHAKE_WITHIN_S)


class Side:
    """One side of TLS: its context factory and, for a client, the name that the server must prove.

    host: the host that the client connected to, if it is known.
    """

    def __init__(self, contextFactory: Any, is_client: bool, host: str | None = None) -> None:
        self._context_factory = contextFactory
        self._is_client = is_client
        self._hostname = _without_scope(getattr(contextFactory, "hostname", None) or host) if is_client else None

    def secure(self, transport: LayeredTransport, within_s: float | None) -> None:
        """Begin TLS on a transport. within_s: seconds for the handshake, None for no limit. Raises as `startTLS`."""
        is_encrypted = transport.layer.encrypts
        if is_encrypted or transport.state is not State.OPEN:
            state = "encrypted already" if is_encrypted else transport.state.value
            raise RuntimeError(f"can't start TLS: the connection is {state}; begin once, while it is open")
        secured = TLSSocket(transport, self.new, within_s)
        transport.layer = transport.socket = secured
        # Otherwise the first answer, right after the session tickets, waits 40 ms until the peer acknowledges them.
        transport.setTcpNoDelay(True)
        secured.begin()

    def new(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> ssl.SSLObject:
        """TLS for one connection. Raises ValueError or TypeError for a context that can't be used here."""
        context = context_of(self._context_factory, self._is_client)
        if self._is_client and context.check_hostname and not self._hostname:  # here ssl itself would check no name
            raise ValueError(
                "the name that the server must prove to have is missing: use optionsForClientTLS(hostname)"
            )
        try:
            session = getattr(self._context_factory, "session", None) if self._is_client else None
            return context.wrap_bio(incoming, outgoing, not self._is_client, self._hostname, session)
        except ssl.SSLError as problem:
            side = "client" if self._is_client else "server"
            raise ValueError(f"{context!r} can't be a {side}'s: {problem.args[-1]}") from problem


def context_of(contextFactory: Any, is_client: bool = False) -> ssl.SSLContext:
    """The context that a context factory stands for. Raises TypeError for anything else.

    Its connections refuse renegotiation, as TLS 1.3 does: nothing good came of it (RFC 5746).
    """
    context = contextFactory
    if not isinstance(context, ssl.SSLContext):
        own = getattr(contextFactory, "getClientContext", None) if is_client else None
        get_context = own or getattr(contextFactory, "getContext", None)
        context = get_context() if get_context is not None else None
    if not isinstance(context, ssl.SSLContext):
        raise TypeError(
            f"a context factory is an ssl.SSLContext, or has a getContext() that gives one: {contextFactory!r}"
        )
    context.options |= ssl.OP_NO_RENEGOTIATION
    return context


def _without_scope(host: str | None) -> str | None:
    """The host without a link-local address's scope, which no certificate has."""
    return None if host is None else host.partition("%")[0]


class TLSMemoryBIOFactory:
    """Wraps a factory, so that its connections are encrypted from the first byte.

    contextFactory: see above. isClient: which side we are. wrappedFactory: builds the protocols.
    host: for a client whose context factory names no host. within_s: seconds for the handshake, None for no limit.
    The protocols get the transport itself, and `connectionMade` before the handshake: what they write waits for it.
    Raises ValueError or TypeError for a context that can't be used.
    """

    def __init__(
        self,
        contextFactory: Any,
        isClient: bool,
        wrappedFactory: IProtocolFactory,
        host: str | None = None,
        within_s: float | None = HANDSHAKE_WITHIN_S,
    ) -> None:
        self.wrappedFactory = wrappedFactory
        self.side = Side(contextFactory, isClient, host)
        self.side.new(ssl.MemoryBIO(), ssl.MemoryBIO())  # so that a mistake shows here, and not with each connection
        self.within_s = within_s

    def buildProtocol(self, addr: Any) -> IProtocol | None:
        """What the wrapped factory builds, behind a stand-in that begins TLS."""
        protocol = self.wrappedFactory.buildProtocol(addr)
        return None if protocol is None else _Securing(self, protocol)

    def doStart(self) -> None:
        """One more port or connector uses the wrapped factory."""
        self.wrappedFactory.doStart()

    def doStop(self) -> None:
        """One fewer uses it."""
        self.wrappedFactory.doStop()

    def __getattr__(self, name: str) -> Any:
        """All other attributes are the wrapped factory's, so that it hears what a connector tells its factory."""
        if name == "wrappedFactory":  # `copy` asks before it fills in the attributes
            raise AttributeError(name)
        return getattr(self.wrappedFactory, name)

    def __repr__(self) -> str:
        return f"<TLS for {self.wrappedFactory!r}>"


class _Securing(StandIn):
    """Takes a protocol's place until there is a transport, and begins TLS on it."""

    def __init__(self, factory: TLSMemoryBIOFactory, protocol: IProtocol) -> None:
        super().__init__(protocol)
        self._factory = factory

    def makeConnection(self, transport: LayeredTransport) -> None:
        # Another protocol may have had the transport: a proxy's, which hands its tunnel over to this one.
        transport.protocol = self
        self._factory.side.secure(transport, self._factory.within_s)
        super().makeConnection(transport)
