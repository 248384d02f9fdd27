"""Standing between a transport and a protocol.

    transport  <->  ProtocolWrapper  <->  protocol

To the transport the wrapper is a protocol, to the protocol it is a transport. This one passes everything on; a policy
overrides the one method that it is about. A wrapper is no stand-in (`reactor.stand_in`): a policy lasts as long as the
connection, so it never steps aside. But it is a transport on which stand-ins do, from its `wrappedProtocol`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reactor.default import the_reactor
from reactor.failure import Failure
from reactor.interfaces import IConnector, IDelayedCall, IProtocol
from reactor.protocol import ClientFactory, Protocol, connectionDone


def call_later(delay_s: float, function: Callable[[], object]) -> IDelayedCall:
    """`callLater` of the program's reactor, which is looked up only when it is needed."""
    return the_reactor().callLater(delay_s, function)


class ProtocolWrapper(Protocol):
    """Passes on what comes from either side, and looks like the transport to the protocol that it wraps.

    wrappedProtocol: gets the bytes; None after the connection is lost. disconnecting: whether it asked to close.

    A wrapped protocol hears only of the end of the whole connection, not of the end of one direction.
    """

    disconnecting: int = 0
    wrappedProtocol: Any

    def __init__(self, factory: Any, wrappedProtocol: IProtocol) -> None:
        self.factory = factory
        self.wrappedProtocol = wrappedProtocol

    def logPrefix(self) -> str:
        """What the log calls this: the protocol, and what it is wrapped in."""
        return _both_prefixes(self.wrappedProtocol, self)

    # --- for the transport, a protocol

    def makeConnection(self, transport: Any) -> None:
        """Introduce the wrapped protocol to this."""
        super().makeConnection(transport)
        self.factory.registerProtocol(self)
        self.wrappedProtocol.makeConnection(self)

    def dataReceived(self, data: bytes) -> None:
        self.wrappedProtocol.dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.unregisterProtocol(self)
        try:
            self.wrappedProtocol.connectionLost(reason)
        finally:
            self.wrappedProtocol = None  # else the two would keep each other alive

    # --- for the protocol, a transport

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.transport.writeSequence(data)

    def loseConnection(self) -> None:
        self.disconnecting = 1
        self.transport.loseConnection()

    def getPeer(self) -> Any:
        return self.transport.getPeer()

    def getHost(self) -> Any:
        return self.transport.getHost()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self.transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        self.transport.unregisterProducer()

    def __getattr__(self, name: str) -> Any:
        if name in ("readConnectionLost", "writeConnectionLost"):  # the transport's own, and nothing for its protocol
            raise AttributeError(f"{type(self).__name__} hears only of the end of the whole connection, not of {name}")
        return getattr(self.transport, name)


class WrappingFactory(ClientFactory):
    """A factory around another one, for servers and for clients: wraps each protocol that it builds.

    protocol: what to wrap in; called with this factory and the protocol. wrappedFactory: builds the protocols.
    protocols: the wrappers of the connections there are now.
    """

    protocol: Callable[..., Any] | None = ProtocolWrapper

    def __init__(self, wrappedFactory: Any) -> None:
        self.wrappedFactory = wrappedFactory
        self.protocols: dict[Any, int] = {}

    def logPrefix(self) -> str:
        """What the log calls this: the factory, and what it is wrapped in."""
        return _both_prefixes(self.wrappedFactory, self)

    def doStart(self) -> None:
        """Start the wrapped factory too, before this one."""
        self.wrappedFactory.doStart()
        super().doStart()

    def doStop(self) -> None:
        """Stop the wrapped factory too, before this one."""
        self.wrappedFactory.doStop()
        super().doStop()

    def startedConnecting(self, connector: IConnector) -> None:
        """Tell the wrapped factory of an attempt."""
        self.wrappedFactory.startedConnecting(connector)

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """Tell the wrapped factory of a failure."""
        self.wrappedFactory.clientConnectionFailed(connector, reason)

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """Tell the wrapped factory of a loss."""
        self.wrappedFactory.clientConnectionLost(connector, reason)

    def buildProtocol(self, addr: Any) -> Any:
        """What the wrapped factory builds, wrapped; None if that turns the connection away."""
        protocol = self.wrappedFactory.buildProtocol(addr)
        return None if protocol is None else self.wrap(protocol)

    def wrap(self, protocol: IProtocol) -> Any:
        """The wrapper for one connection. A policy whose wrappers need more arguments overrides this."""
        assert self.protocol is not None
        return self.protocol(self, protocol)

    def registerProtocol(self, p: Any) -> None:
        """A connection is made. Called by its wrapper."""
        self.protocols[p] = 1

    def unregisterProtocol(self, p: Any) -> None:
        """A connection is lost. Called by its wrapper."""
        del self.protocols[p]


def _both_prefixes(inner: Any, outer: object) -> str:
    prefix = inner.logPrefix() if hasattr(inner, "logPrefix") else type(inner).__name__
    return f"{prefix} ({type(outer).__name__})"
