"""What mypy is to check of a user's own classes. Nothing here is run: tests/modules/test_types.py has mypy read it.

A transport, a producer and a factory that inherit nothing of ours are handed in where ours would be; those of ours are
handed in where a promise is asked for; and what is missing or wrong is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reactor import endpoints, interfaces
from reactor.core.reactor import Reactor
from reactor.core.transports import multicast, tcp, udp, unix
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import implementer
from reactor.protocol import ClientFactory, ConnectedDatagramProtocol, Factory, ProcessProtocol, Protocol
from reactor.protocols.basic import FileSender, LineReceiver
from reactor.testing import Clock, MemoryReactor, StringTransport


@implementer(interfaces.ITransport, interfaces.IConsumer, interfaces.IPushProducer)
class Tape:
    """A user's transport: it writes to a tape, and plays what was on it."""

    def __init__(self, protocol: interfaces.IProtocol) -> None:
        self.protocol = protocol
        self.written: list[bytes] = []
        self.producer: interfaces.IPushProducer | None = None

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        self.written.extend(iovec)

    def loseConnection(self) -> None:
        self.protocol.connectionLost(Failure(ConnectionError("the tape has ended")))

    def getPeer(self) -> str:
        return "tape"

    getHost = getPeer

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    def pauseProducing(self) -> None: ...
    def resumeProducing(self) -> None: ...
    def stopProducing(self) -> None: ...


class Quiet:
    """A user's protocol and factory in one, and nobody's child."""

    def makeConnection(self, transport: interfaces.ITransport) -> None: ...
    def dataReceived(self, data: bytes) -> None: ...
    def connectionLost(self, reason: Failure) -> None: ...
    def buildProtocol(self, addr: object) -> Quiet:
        return self

    def doStart(self) -> None: ...
    def doStop(self) -> None: ...


class Descriptor:
    """A user's own descriptor for addReader and addWriter."""

    def fileno(self) -> int:
        return 0

    def doRead(self) -> None: ...
    def doWrite(self) -> None: ...
    def connectionLost(self, reason: Failure) -> None: ...


class Places:
    """A user's endpoints."""

    def listen(self, protocolFactory: interfaces.IProtocolFactory) -> Deferred[Any]:
        return Deferred()

    def connect(self, protocolFactory: interfaces.IProtocolFactory) -> Deferred[Any]:
        return Deferred()


def a_users_own() -> None:
    quiet, descriptor, reactor = Quiet(), Descriptor(), Reactor(*parts())
    tape: interfaces.ITransport = Tape(quiet)
    consumer: interfaces.IConsumer = Tape(quiet)
    reactor.listenTCP(8080, quiet)
    reactor.addReader(descriptor)
    reactor.addWriter(descriptor)
    FileSender().beginFileTransfer(file(), consumer).addCallback(len)
    endpoints.wrapServerTLS(None, Places()).listen(quiet)
    endpoints.connectProtocol(Places(), quiet).addErrback(lambda failure: failure.getErrorMessage())
    tape.write(b"bytes")


def parts() -> Any: ...
def file() -> Any: ...


def ours(reactor: Reactor, connection: tcp.Connection, port: tcp.Port, unix_connection: unix.Connection) -> None:
    """What we have keeps the promises; a program may ask for no more than it needs."""
    full: list[interfaces.IReactorTCP | interfaces.IReactorSSL] = [reactor, MemoryReactor()]
    core: interfaces.IReactorCore = reactor
    clocks: list[interfaces.IReactorTime] = [reactor, Clock()]
    threads: interfaces.IReactorThreads = reactor
    descriptors: interfaces.IReactorFDSet = reactor
    datagrams: interfaces.IReactorUDP = reactor
    groups: interfaces.IReactorMulticast = reactor
    local: interfaces.IReactorUNIX = reactor
    local_datagrams: interfaces.IReactorUNIXDatagram = reactor
    processes: interfaces.IReactorProcess = reactor
    sockets: interfaces.IReactorSocket = reactor
    names: interfaces.IReactorPluggableNameResolver = reactor
    secure: interfaces.ITLSTransport = connection
    negotiated: interfaces.INegotiated = connection
    handle: interfaces.ISystemHandle = connection
    listening: interfaces.IListeningPort = port
    passing: interfaces.IUNIXTransport = unix_connection
    double: interfaces.ITransport = StringTransport()
    protocols: list[interfaces.IProtocol] = [Protocol(), LineReceiver()]
    factories: list[interfaces.IClientFactory] = [ClientFactory()]
    child: interfaces.IProcessProtocol = ProcessProtocol()
    pull: interfaces.IPullProducer = FileSender()
    places: interfaces.IStreamClientEndpoint = endpoints.HostnameEndpoint(reactor, "localhost", 80)
    print(full, core, clocks, threads, descriptors, datagrams, groups, local, local_datagrams, processes, sockets)
    print(names, secure, negotiated, handle, listening, passing, double, protocols, factories, child, pull, places)


def datagrams(one: udp.Port, many: multicast.MulticastPort) -> None:
    transport: interfaces.IUDPTransport = one
    group: interfaces.IMulticastTransport = many
    print(transport, group, ConnectedDatagramProtocol())


class Half:
    """A transport that lacks most of what it should have."""

    def write(self, data: str) -> None: ...


def mistakes(reactor: Reactor) -> None:
    """Each of these lines is an error that mypy must find; with none, it complains that the comment is idle."""
    half: interfaces.ITransport = Half()  # type: ignore[assignment]  # methods are missing
    reactor.listenTCP(8080, Protocol())  # type: ignore[arg-type]  # a protocol is no factory
    reactor.listenTCP("8080", Factory())  # type: ignore[arg-type]  # a port is a number
    reactor.connectTCP("localhost", 80, Quiet())  # type: ignore[arg-type]  # it isn't told how attempts fare
    reactor.addReader(Half())  # type: ignore[arg-type]  # no descriptor
    reactor.callLater("soon", print)  # type: ignore[arg-type]  # a delay is a number
    clock: interfaces.IReactorTCP = Clock()  # type: ignore[assignment]  # a clock is no network
    StringTransport().write("text")  # type: ignore[arg-type]  # bytes travel, text doesn't
    print(half, clock)
