"""What the parts of an event-driven program promise each other.

Five words carry the whole library. A *reactor* waits for events and calls. A *transport* moves bytes. A *protocol*
decides what the bytes mean. A *producer* makes more of them when it may; a *consumer* says when. Each promise is a
`typing.Protocol`: a class keeps it by having the methods, without inheriting anything.

This file is long because it is a list, to look things up in: one promise after the other, none of them with code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from reactor.defer import Deferred
    from reactor.failure import Failure

_C = TypeVar("_C", bound=type)


def implementer(*interfaces: type) -> Callable[[_C], _C]:
    """Class decorator: say which promises the class means to keep.

    For the reader, and for programs that come from zope.interface; what counts is that the methods are there.
    Raises TypeError, naming them, when one of the promised methods is missing.
    """

    def check(cls: _C) -> _C:
        for interface in interfaces:
            promised = (name for name, value in vars(interface).items() if callable(value) and name[0] != "_")
            missing = [name for name in promised if not hasattr(cls, name)]
            if missing:
                raise TypeError(f"{cls.__name__} promises {interface.__name__} but has no {', '.join(missing)}")
        return cls

    return check


# --- what a user writes -----------------------------------------------------------------------------------------------


class IAddress(Protocol):
    """Where one end of a connection is: see reactor.address."""


class IProtocol(Protocol):
    """The meaning of one connection's bytes. Made by a factory, one for each connection."""

    def makeConnection(self, transport: Any) -> None:
        """The connection is there; called once, first."""

    def dataReceived(self, data: bytes) -> None:
        """Some bytes came, at least one, cut anywhere: TCP keeps their order, not your messages' borders."""

    def connectionLost(self, reason: Failure) -> None:
        """The connection is gone; called once, last. reason: ConnectionDone when the end was clean."""


@runtime_checkable
class IHalfCloseableProtocol(Protocol):
    """A protocol that goes on when only one direction has ended."""

    def readConnectionLost(self) -> None:
        """The peer will send no more; we still may."""

    def writeConnectionLost(self) -> None:
        """All we had to send is sent, and the peer has been told that no more comes."""


class IProcessProtocol(Protocol):
    """What to make of a child process: see reactor.protocol.ProcessProtocol."""

    def makeConnection(self, process: Any) -> None:
        """The process runs; called once, first."""

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """The child wrote these bytes to its descriptor `childFD`."""

    def childConnectionLost(self, childFD: int) -> None:
        """The pipe to that descriptor is closed."""

    def processExited(self, reason: Failure) -> None:
        """The process is gone, with ProcessDone or ProcessTerminated. Some of its output may still come."""

    def processEnded(self, reason: Failure) -> None:
        """It is gone and every pipe to it is closed; called once, last."""


@runtime_checkable
class IHandshakeListener(Protocol):
    """A protocol that wants to know when its connection is secure."""

    def handshakeCompleted(self) -> None:
        """The TLS handshake is complete, the peer's certificate is believed; called once, before any bytes come."""


class IProtocolFactory(Protocol):
    """Makes a protocol for each connection, and holds what they share."""

    def buildProtocol(self, addr: Any) -> IProtocol | None:
        """A protocol for a connection from `addr`; None turns the connection away."""

    def doStart(self) -> None:
        """One more port or connector uses this factory."""

    def doStop(self) -> None:
        """One fewer uses it."""


class IClientFactory(IProtocolFactory, Protocol):
    """A factory that is also told how its attempts to connect fare."""

    def startedConnecting(self, connector: IConnector) -> None:
        """An attempt begins; `connector.stopConnecting()` may end it."""

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """The attempt came to nothing; `connector.connect()` tries again."""

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """A connection that was there is gone; `connector.connect()` makes another."""


# --- moving bytes -----------------------------------------------------------------------------------------------------


class IProducer(Protocol):
    """Makes data for a consumer."""

    def stopProducing(self) -> None:
        """The consumer is gone: make no more, ever."""


class IPullProducer(IProducer, Protocol):
    """Makes one piece each time it is asked; registered with `streaming=False`."""

    def resumeProducing(self) -> None:
        """Write one piece."""


class IPushProducer(IProducer, Protocol):
    """Makes data on its own account until told to pause; registered with `streaming=True`."""

    def pauseProducing(self) -> None:
        """The consumer's buffer is full: write no more for now. May be called when paused already."""

    def resumeProducing(self) -> None:
        """The buffer has emptied: go on."""


class IConsumer(Protocol):
    """Takes data from one producer at a time."""

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """From now on tell `producer` when to go on, and if it is `streaming` also when to pause."""

    def unregisterProducer(self) -> None:
        """The producer has said all it had to say."""

    def write(self, data: bytes) -> None:
        """Take these bytes."""


class ITransport(Protocol):
    """Moves bytes to and from a peer, in order, each once."""

    def write(self, data: bytes) -> None:
        """Send these bytes, some time soon; never blocks, never raises for the peer's sake."""

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send these, one after the other."""

    def loseConnection(self) -> None:
        """Send what is waiting, then close."""

    def getPeer(self) -> Any:
        """The address of the other side."""

    def getHost(self) -> Any:
        """The address of this side."""


class ITCPTransport(ITransport, IConsumer, IPushProducer, Protocol):
    """A transport over TCP: also closes in halves or at once, and shows the socket's options."""

    def loseWriteConnection(self) -> None:
        """Send what is waiting, then tell the peer that no more comes; go on reading."""

    def abortConnection(self) -> None:
        """Close now; what is waiting is thrown away."""

    def getTcpNoDelay(self) -> bool:
        """Whether small pieces leave at once (Nagle's algorithm is off)."""

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Choose whether small pieces leave at once."""

    def getTcpKeepAlive(self) -> bool:
        """Whether the kernel asks an idle peer if it is still there."""

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Choose whether the kernel asks an idle peer if it is still there."""


class IProcessTransport(IConsumer, Protocol):
    """A child process; what is written goes to its standard input."""

    pid: int | None

    def writeToChild(self, childFD: int, data: bytes) -> None:
        """Send these bytes to another of its descriptors."""

    def closeChildFD(self, descriptor: int) -> None:
        """Close our end of one of its descriptors, after what waits is sent."""

    def closeStdin(self) -> None: ...
    def closeStdout(self) -> None: ...
    def closeStderr(self) -> None: ...

    def loseConnection(self) -> None:
        """Close the standard three."""

    def signalProcess(self, signalID: str | int) -> None:
        """Send it a signal, by name or number. Raises ProcessExitedAlready."""


class IUNIXTransport(ITransport, Protocol):
    """A transport over a UNIX socket."""

    def sendFileDescriptor(self, descriptor: int) -> None:
        """Send a copy of an open descriptor, along with a byte that is given to `write`."""


@runtime_checkable
class IFileDescriptorReceiver(Protocol):
    """A protocol that takes the file descriptors which its peer sends."""

    def fileDescriptorReceived(self, descriptor: int) -> None:
        """A descriptor came, before the bytes that came with it. It is yours, to close too."""


class IUDPTransport(Protocol):
    """Moves datagrams, over UDP."""

    def write(self, datagram: bytes, addr: tuple[str, int] | None = None) -> None:
        """Send one to (host, port), or to the peer when connected; it may be lost, and nobody tells."""

    def connect(self, host: str, port: int) -> None:
        """Talk to this peer only."""

    def getHost(self) -> Any:
        """The address of this side."""

    def stopListening(self) -> Deferred[None] | None:
        """Close the port. The result comes when it is closed."""

    def setBroadcastAllowed(self, enabled: bool) -> None:
        """Choose whether datagrams may be sent to everybody on a network."""

    def getBroadcastAllowed(self) -> bool:
        """Whether datagrams may be sent to everybody on a network."""


class IMulticastTransport(IUDPTransport, Protocol):
    """Moves datagrams to and from groups."""

    def joinGroup(self, addr: str, interface: str = "") -> Deferred[None]:
        """Receive what is sent to a group."""

    def leaveGroup(self, addr: str, interface: str = "") -> Deferred[None]:
        """Receive it no more."""

    def setOutgoingInterface(self, addr: str | int) -> Deferred[int]:
        """Choose the interface by which datagrams to groups leave."""

    def getOutgoingInterface(self) -> str | int:
        """The interface by which datagrams to groups leave."""

    def setTTL(self, ttl: int) -> None:
        """Choose how far datagrams to groups go."""

    def getTTL(self) -> int:
        """How far datagrams to groups go."""

    def setLoopbackMode(self, mode: bool | int) -> None:
        """Choose whether this machine hears its own datagrams to groups."""

    def getLoopbackMode(self) -> bool:
        """Whether this machine hears its own datagrams to groups."""


class IUNIXDatagramTransport(Protocol):
    """Moves datagrams over a UNIX socket."""

    def write(self, datagram: bytes, address: str | bytes) -> None:
        """Send one to the socket at a path."""

    def getHost(self) -> Any:
        """The path of this side."""


class IUNIXDatagramConnectedTransport(Protocol):
    """Moves datagrams to and from one peer over a UNIX socket."""

    def write(self, datagram: bytes) -> None:
        """Send one to the peer."""

    def getHost(self) -> Any:
        """The path of this side."""

    def getPeer(self) -> Any:
        """The path of the peer."""


class ITLSTransport(ITCPTransport, Protocol):
    """A transport that can be encrypted in mid-stream."""

    def startTLS(self, contextFactory: Any, normal: bool = True) -> None:
        """Encrypt from here on; `normal` when who connected is TLS's client."""


class ISSLTransport(ITCPTransport, Protocol):
    """A transport that is encrypted."""

    def getPeerCertificate(self) -> bytes | None:
        """The certificate that the peer has shown, as DER bytes; None if it has shown none."""


class INegotiated(ISSLTransport, Protocol):
    """A transport on which both sides may have agreed what to speak."""

    @property
    def negotiatedProtocol(self) -> bytes | None:
        """What it is, by ALPN; None without agreement, and before the handshake is complete."""


class IListeningPort(Protocol):
    """A port that takes connections."""

    def startListening(self) -> None:
        """Begin, or begin again after `stopListening`. Raises CannotListenError."""

    def stopListening(self) -> Deferred[None] | None:
        """Take no more connections. The result comes when the port is free."""

    def getHost(self) -> Any:
        """Where it listens."""


class IConnector(Protocol):
    """One client's way to one server: it can be gone again and again."""

    def connect(self) -> None:
        """Try (again). Raises RuntimeError unless disconnected."""

    def disconnect(self) -> None:
        """End the attempt or the connection, whichever there is."""

    def stopConnecting(self) -> None:
        """End the attempt. Raises NotConnectingError when there is none."""

    def getDestination(self) -> Any:
        """The address it goes to."""


# --- places -----------------------------------------------------------------------------------------------------------


class IStreamServerEndpoint(Protocol):
    """A place where connections can be taken."""

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Begin to listen. The Deferred's result is the IListeningPort; it fails with CannotListenError."""


class IStreamClientEndpoint(Protocol):
    """A place that can be connected to."""

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect once. The Deferred's result is the protocol, after its `connectionMade`.

        It fails with the reason why there is no connection. Cancelling it stops the attempt.
        """


class IHostResolution(Protocol):
    """A question for the addresses of a host, on its way."""

    name: str

    def cancel(self) -> None:
        """Nobody wants to know any more."""


class IResolutionReceiver(Protocol):
    """Who is told the addresses of a host."""

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        """The question is asked; called first."""

    def addressResolved(self, address: Any) -> None:
        """Here is one of the addresses, an IPv4Address or IPv6Address."""

    def resolutionComplete(self) -> None:
        """That was all; there may have been none."""


class IHostnameResolver(Protocol):
    """Knows the addresses of hosts."""

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: Any = "TCP",
    ) -> IHostResolution:
        """Tell the receiver the host's addresses, now or later.

        portNumber, transportSemantics: the port, and "TCP" or "UDP", for the addresses. addressTypes: the classes that
        are wanted; None for all.
        """


# --- the reactor ------------------------------------------------------------------------------------------------------


class IReadDescriptor(Protocol):
    """Something with a file descriptor that wants to know when there is something to read."""

    def fileno(self) -> int:
        """The descriptor; -1 once it is closed."""

    def doRead(self) -> BaseException | None:
        """It is readable. An exception returned (or raised) ends it: `connectionLost` follows."""

    def connectionLost(self, reason: Failure) -> None:
        """It is out of the loop; close it."""


class IWriteDescriptor(Protocol):
    """Something with a file descriptor that wants to know when it can be written to."""

    def fileno(self) -> int:
        """The descriptor; -1 once it is closed."""

    def doWrite(self) -> BaseException | None:
        """It is writable. An exception returned (or raised) ends it: `connectionLost` follows."""

    def connectionLost(self, reason: Failure) -> None:
        """It is out of the loop; close it."""


@runtime_checkable
class IHalfCloseableDescriptor(Protocol):
    """A descriptor whose two directions can end one by one."""

    def readConnectionLost(self, reason: Failure) -> None:
        """The peer has sent its last byte; what we send may still arrive."""


class IDelayedCall(Protocol):
    """A call that will be made later: see reactor.loop.timers."""

    def getTime(self) -> float: ...
    def cancel(self) -> None: ...
    def delay(self, secondsLater: float) -> None: ...
    def reset(self, secondsFromNow: float) -> None: ...
    def active(self) -> bool: ...


class IReactorTime(Protocol):
    """A reactor as a clock. Code that only needs this can be tested with `reactor.testing.Clock`."""

    def seconds(self) -> float:
        """Now, in seconds; only differences mean something."""

    def callLater(self, delay: float, callable: Callable[..., object], *args: Any, **kw: Any) -> IDelayedCall:
        """Call in `delay` seconds."""


class IReactorThreads(Protocol):
    """How other threads reach the loop, and the loop them."""

    def callFromThread(self, callable: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Run the call in the loop's thread, soon. The one method of a reactor that any thread may call."""

    def callInThread(self, callable: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        """Run the call in one of the reactor's other threads."""

    def getThreadPool(self) -> Any:
        """Those threads: a `reactor.threadpool.ThreadPool`."""

    def suggestThreadPoolSize(self, size: int) -> None:
        """Let there be this many of them at most."""


class IReactorCore(Protocol):
    """Starting and stopping."""

    running: bool

    def run(self, installSignalHandlers: bool = True) -> None: ...
    def stop(self) -> None: ...
    def crash(self) -> None: ...
    def iterate(self, delay: float = 0) -> None: ...
    def callWhenRunning(self, callable: Callable[..., object], *args: Any, **kw: Any) -> object: ...
    def addSystemEventTrigger(
        self, phase: str, eventType: str, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> Any: ...
    def removeSystemEventTrigger(self, triggerID: Any) -> None: ...
    def fireSystemEvent(self, eventType: str) -> None: ...


class IReactorFDSet(Protocol):
    """Watching file descriptors that are none of ours."""

    def addReader(self, reader: IReadDescriptor) -> None: ...
    def addWriter(self, writer: IWriteDescriptor) -> None: ...
    def removeReader(self, reader: IReadDescriptor) -> None: ...
    def removeWriter(self, writer: IWriteDescriptor) -> None: ...
    def removeAll(self) -> list[Any]: ...
    def getReaders(self) -> list[Any]: ...
    def getWriters(self) -> list[Any]: ...


class IReactorTCP(Protocol):
    """TCP, both ends of it."""

    def listenTCP(
        self, port: int, factory: IProtocolFactory, backlog: int = 50, interface: str = ""
    ) -> IListeningPort: ...
    def connectTCP(
        self,
        host: str,
        port: int,
        factory: IClientFactory,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> IConnector: ...


class IReactorSSL(Protocol):
    """TLS over TCP, both ends of it."""

    def listenSSL(
        self, port: int, factory: IProtocolFactory, contextFactory: Any, backlog: int = 50, interface: str = ""
    ) -> IListeningPort: ...
    def connectSSL(
        self,
        host: str,
        port: int,
        factory: IClientFactory,
        contextFactory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> IConnector: ...


class IReactorProcess(Protocol):
    """Child processes."""

    def spawnProcess(
        self,
        processProtocol: IProcessProtocol,
        executable: Any,
        args: Sequence[Any] = (),
        env: Mapping[Any, Any] | None = ...,
        path: Any = None,
        uid: int | None = None,
        gid: int | None = None,
        usePTY: Any = 0,
        childFDs: Mapping[int, int | str] | None = None,
    ) -> IProcessTransport: ...


class IReactorUDP(Protocol):
    """UDP."""

    def listenUDP(self, port: int, protocol: Any, interface: str = "", maxPacketSize: int = 8192) -> IListeningPort: ...


class IReactorMulticast(Protocol):
    """UDP to and from groups."""

    def listenMulticast(
        self,
        port: int,
        protocol: Any,
        interface: str = "",
        maxPacketSize: int = 8192,
        listenMultiple: bool = False,
    ) -> IListeningPort: ...


class IReactorUNIX(Protocol):
    """Streams over UNIX sockets."""

    def listenUNIX(
        self,
        address: str | bytes,
        factory: IProtocolFactory,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool | int = False,
    ) -> IListeningPort: ...
    def connectUNIX(
        self,
        address: str | bytes,
        factory: IClientFactory,
        timeout: float | None = 30,
        checkPID: bool | int = False,
    ) -> IConnector: ...


class IReactorUNIXDatagram(Protocol):
    """Datagrams over UNIX sockets."""

    def listenUNIXDatagram(
        self, address: str | bytes, protocol: Any, maxPacketSize: int = 8192, mode: int = 0o666
    ) -> IListeningPort: ...
    def connectUNIXDatagram(
        self,
        address: str | bytes,
        protocol: Any,
        maxPacketSize: int = 8192,
        mode: int = 0o666,
        bindAddress: str | bytes | None = None,
    ) -> IListeningPort: ...
