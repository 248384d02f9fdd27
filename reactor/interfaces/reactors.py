"""What a reactor can do: a promise for each ability, for code that needs just that one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from reactor.failure import Failure
    from reactor.interfaces.places import IConnector, IHostnameResolver, IListeningPort, IResolverSimple
    from reactor.interfaces.programs import IClientFactory, IProcessProtocol, IProtocolFactory
    from reactor.interfaces.transports import IProcessTransport


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


class IReadWriteDescriptor(IReadDescriptor, IWriteDescriptor, Protocol):
    """Something that wants to know both."""


@runtime_checkable
class IHalfCloseableDescriptor(Protocol):
    """A descriptor whose two directions can end one by one."""

    def readConnectionLost(self, reason: Failure) -> None:
        """The peer has sent its last byte; what we send may still arrive."""


class IDelayedCall(Protocol):
    """A call that will be made later: see reactor.core.loop.timers."""

    def getTime(self) -> float: ...
    def cancel(self) -> None: ...
    def delay(self, secondsLater: float) -> None: ...
    def reset(self, secondsFromNow: float) -> None: ...
    def active(self) -> bool: ...


class IReactorTime(Protocol):
    """A reactor as a clock. Code that only needs this can be tested with `reactor.testing.Clock`."""

    def seconds(self) -> float:
        """Now, in seconds; only differences between two calls have a meaning."""

    def callLater(self, delay: float, callable: Callable[..., object], *args: Any, **kw: Any) -> IDelayedCall:
        """Call in `delay` seconds."""


class IReactorFromThreads(Protocol):
    """How other threads reach the loop."""

    def callFromThread(self, callable: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Run the call in the loop's thread, soon. The one method of a reactor that any thread may call."""


class IReactorInThreads(Protocol):
    """How the loop reaches other threads."""

    def callInThread(self, callable: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        """Run the call in one of the reactor's other threads."""


class IReactorThreads(IReactorFromThreads, IReactorInThreads, Protocol):
    """Both directions, and the number of threads."""

    def getThreadPool(self) -> Any:
        """The pool of those threads: a `reactor.threadpool.ThreadPool`."""

    def suggestThreadPoolSize(self, size: int) -> None:
        """Limit the pool to this many threads."""


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
    """Watching file descriptors that aren't the reactor's own."""

    def addReader(self, reader: IReadDescriptor) -> None: ...
    def addWriter(self, writer: IWriteDescriptor) -> None: ...
    def removeReader(self, reader: IReadDescriptor) -> None: ...
    def removeWriter(self, writer: IWriteDescriptor) -> None: ...
    def removeAll(self) -> list[Any]: ...
    def getReaders(self) -> list[Any]: ...
    def getWriters(self) -> list[Any]: ...


class IReactorTCP(Protocol):
    """TCP, as server and as client."""

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
    """TLS over TCP, as server and as client."""

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


class IReactorSocket(Protocol):
    """Sockets that another program has opened, by the numbers of their descriptors."""

    def adoptStreamPort(self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory) -> IListeningPort: ...
    def adoptStreamConnection(self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory) -> None: ...
    def adoptDatagramPort(
        self, fileDescriptor: int, addressFamily: int, protocol: Any, maxPacketSize: int = 8192
    ) -> IListeningPort: ...


class IReactorPluggableResolver(Protocol):
    """Using another resolver of the older kind."""

    def installResolver(self, resolver: IResolverSimple) -> Any:
        """From now on ask this resolver. Returns the previous one."""


class IReactorPluggableNameResolver(Protocol):
    """Using another resolver of host names than the system's."""

    @property
    def nameResolver(self) -> IHostnameResolver:
        """The resolver that finds all addresses of a host."""

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:
        """From now on ask this resolver. Returns the previous one."""
