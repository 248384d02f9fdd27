"""A reactor that only records what it was asked for: the test plays the network."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from typing import Any, Literal

from reactor.abstract import isIPv6Address
from reactor.address import IPv4Address, IPv6Address, UNIXAddress
from reactor.defer import Deferred, succeed
from reactor.error import UnsupportedAddressFamily
from reactor.task import Clock


class FakePort:
    """MemoryReactor's listening methods return this: it has an address, and does nothing."""

    def __init__(self, hostAddress: Any) -> None:
        self._address = hostAddress

    def startListening(self) -> None:
        """Does nothing."""

    def stopListening(self) -> Deferred[None]:
        """Does nothing; returns a Deferred that has fired."""
        return succeed(None)

    def getHost(self) -> Any:
        """The address that was asked for."""
        return self._address


class FakeConnector:
    """MemoryReactor's connecting methods return this: it records whether it was told to stop.

    stoppedConnecting: whether `stopConnecting` was called.
    """

    stoppedConnecting = False

    def __init__(self, address: Any) -> None:
        self._address = address

    def connect(self) -> None:
        """Does nothing."""

    def disconnect(self) -> None:
        """Does nothing."""

    def stopConnecting(self) -> None:
        """Record the call in `stoppedConnecting`."""
        self.stoppedConnecting = True

    def getDestination(self) -> Any:
        """The address that was asked for."""
        return self._address


class FixedResolver:
    """A resolver with a table of names, which answers at once.

    addresses: host names and their addresses.
    """

    def __init__(self, addresses: dict[str, Sequence[str]] | None = None) -> None:
        self.addresses = addresses

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """Answer at once; without a table every name has the IPv4 address 127.0.0.1."""
        found = ["127.0.0.1"] if self.addresses is None else self.addresses.get(hostName, [])
        resolutionReceiver.resolutionBegan(self)
        for host in [hostName] if isIPv6Address(hostName) else found:
            kind = IPv6Address if isIPv6Address(host) else IPv4Address
            if addressTypes is None or kind in addressTypes:
                resolutionReceiver.addressResolved(kind("TCP", host, portNumber))
        resolutionReceiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        """Does nothing: the answer has come already."""


class RaisingMemoryReactor:
    """A reactor without luck: every method that listens raises one exception, every method that connects another."""

    def __init__(self, listenException: Exception | None = None, connectException: Exception | None = None) -> None:
        self._listen_exception = listenException
        self._connect_exception = connectException
        self.nameResolver: Any = FixedResolver()

    def installNameResolver(self, nameResolver: Any) -> Any:
        """From now on answer host names with this resolver. Returns the previous one."""
        before, self.nameResolver = self.nameResolver, nameResolver
        return before

    def _cannot_listen(self, *args: Any, **kwargs: Any) -> Any:
        assert self._listen_exception is not None, "say at the beginning what listening is to raise"
        raise self._listen_exception

    def _cannot_connect(self, *args: Any, **kwargs: Any) -> Any:
        assert self._connect_exception is not None, "say at the beginning what connecting is to raise"
        raise self._connect_exception

    listenTCP = listenSSL = listenUNIX = adoptStreamPort = _cannot_listen
    connectTCP = connectSSL = connectUNIX = adoptStreamConnection = adoptDatagramPort = _cannot_connect


class MemoryReactor:
    """Records the arguments of its calls, in their order, in these lists:

    tcpServers: (port, factory, backlog, interface). tcpClients: (host, port, factory, timeout, bindAddress).
    sslServers: (port, factory, contextFactory, backlog, interface).
    sslClients: (host, port, factory, contextFactory, timeout, bindAddress).
    unixServers: (address, factory, backlog, mode, wantPID). unixClients: (address, factory, timeout, checkPID).
    adoptedPorts: (fileno, addressFamily, factory), or (fileno, addressFamily, protocol, maxPacketSize).
    adoptedStreamConnections: (fileDescriptor, addressFamily, factory).
    connectors: what the connecting methods returned. triggers: by phase and event, (callable, args, kw).
    readers, writers: the descriptors that were added.
    hasRun, hasStopped, hasCrashed: what was called. whenRunningHooks: the calls that `run` has to make.
    """

    def __init__(self) -> None:
        self.running: bool | None = False
        self.hasRun = self.hasStopped = self.hasCrashed = self.hasInstalled = False
        self.tcpServers: list[tuple[Any, ...]] = []
        self.tcpClients: list[tuple[Any, ...]] = []
        self.sslServers: list[tuple[Any, ...]] = []
        self.sslClients: list[tuple[Any, ...]] = []
        self.unixServers: list[tuple[Any, ...]] = []
        self.unixClients: list[tuple[Any, ...]] = []
        self.adoptedPorts: list[tuple[Any, ...]] = []
        self.adoptedStreamConnections: list[tuple[Any, ...]] = []
        self.connectors: list[FakeConnector] = []
        self.whenRunningHooks: list[tuple[Any, ...]] = []
        self.triggers: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
        self.readers: set[Any] = set()
        self.writers: set[Any] = set()
        self.nameResolver: Any = FixedResolver()

    def install(self) -> None:
        """Record the call in `hasInstalled`."""
        self.hasInstalled = True

    def installNameResolver(self, resolver: Any) -> Any:
        """From now on answer host names with this resolver. Returns the previous one."""
        before, self.nameResolver = self.nameResolver, resolver
        return before

    # --- listening and connecting

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> FakePort:
        """Recorded in `tcpServers`."""
        self.tcpServers.append((port, factory, backlog, interface))
        if isIPv6Address(interface):
            return FakePort(IPv6Address("TCP", interface, port))
        return FakePort(IPv4Address("TCP", "0.0.0.0", port))

    def connectTCP(
        self, host: str, port: int, factory: Any, timeout: float | None = 30, bindAddress: Any = None
    ) -> FakeConnector:
        """Recorded in `tcpClients`."""
        self.tcpClients.append((host, port, factory, timeout, bindAddress))
        kind = IPv6Address if isIPv6Address(host) else IPv4Address
        return self._started(factory, kind("TCP", host, port))

    def listenSSL(
        self, port: int, factory: Any, contextFactory: Any, backlog: int = 50, interface: str = ""
    ) -> FakePort:
        """Recorded in `sslServers`."""
        self.sslServers.append((port, factory, contextFactory, backlog, interface))
        return FakePort(IPv4Address("TCP", "0.0.0.0", port))

    def connectSSL(
        self,
        host: str,
        port: int,
        factory: Any,
        contextFactory: Any,
        timeout: float | None = 30,
        bindAddress: Any = None,
    ) -> FakeConnector:
        """Recorded in `sslClients`."""
        self.sslClients.append((host, port, factory, contextFactory, timeout, bindAddress))
        return self._started(factory, IPv4Address("TCP", host, port))

    def listenUNIX(
        self, address: Any, factory: Any, backlog: int = 50, mode: int = 0o666, wantPID: bool | int = 0
    ) -> FakePort:
        """Recorded in `unixServers`."""
        self.unixServers.append((address, factory, backlog, mode, wantPID))
        return FakePort(UNIXAddress(address))

    def connectUNIX(
        self, address: Any, factory: Any, timeout: float | None = 30, checkPID: bool | int = 0
    ) -> FakeConnector:
        """Recorded in `unixClients`."""
        self.unixClients.append((address, factory, timeout, checkPID))
        return self._started(factory, UNIXAddress(address))

    def adoptStreamPort(self, fileno: int, addressFamily: int, factory: Any) -> FakePort:
        """Recorded in `adoptedPorts`. Raises UnsupportedAddressFamily for what is neither IPv4 nor IPv6."""
        self.adoptedPorts.append((fileno, addressFamily, factory))
        return FakePort(_any_address("TCP", addressFamily))

    def adoptDatagramPort(self, fileno: int, addressFamily: int, protocol: Any, maxPacketSize: int = 8192) -> FakePort:
        """Recorded in `adoptedPorts`. Raises as `adoptStreamPort`."""
        self.adoptedPorts.append((fileno, addressFamily, protocol, maxPacketSize))
        return FakePort(_any_address("UDP", addressFamily))

    def adoptStreamConnection(self, fileDescriptor: int, addressFamily: int, factory: Any) -> None:
        """Recorded in `adoptedStreamConnections`."""
        self.adoptedStreamConnections.append((fileDescriptor, addressFamily, factory))

    def _started(self, factory: Any, address: Any) -> FakeConnector:
        connector = FakeConnector(address)
        factory.startedConnecting(connector)
        self.connectors.append(connector)
        return connector

    # --- running

    def run(self, installSignalHandlers: bool = True) -> None:
        """Make the calls of `callWhenRunning`, and stop."""
        assert self.running is False, "run() while it runs, or after a crash"
        self.running = self.hasRun = True
        for function, args, kwargs in self.whenRunningHooks:
            function(*args, **kwargs)
        self.stop()

    def stop(self) -> None:
        """Record the call in `hasStopped`."""
        self.running = False
        self.hasStopped = True

    def crash(self) -> None:
        """Record the call in `hasCrashed`; `running` is None from now on."""
        self.running = None
        self.hasCrashed = True

    def callWhenRunning(self, callable: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Keep the call for `run`; after that, make it at once."""
        if self.running or self.hasRun:
            callable(*args, **kw)
        else:
            self.whenRunningHooks.append((callable, args, kw))

    def addSystemEventTrigger(
        self, phase: str, eventType: str, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> None:
        """Record the trigger in `triggers`; the test may call it."""
        self.triggers.setdefault(phase, {}).setdefault(eventType, []).append((callable, args, kw))

    # --- file descriptors

    def addReader(self, reader: Any) -> None:
        """Recorded in `readers`."""
        self.readers.add(reader)

    def removeReader(self, reader: Any) -> None:
        """Removed from `readers`."""
        self.readers.discard(reader)

    def addWriter(self, writer: Any) -> None:
        """Recorded in `writers`."""
        self.writers.add(writer)

    def removeWriter(self, writer: Any) -> None:
        """Removed from `writers`."""
        self.writers.discard(writer)

    def removeAll(self) -> list[Any]:
        """Forget all readers and writers; returns them, each once."""
        everyone = list(self.readers | self.writers)
        self.readers.clear()
        self.writers.clear()
        return everyone

    def getReaders(self) -> list[Any]:
        """The readers that were added."""
        return list(self.readers)

    def getWriters(self) -> list[Any]:
        """The writers that were added."""
        return list(self.writers)


def _any_address(kind: Literal["TCP", "UDP"], family: int) -> IPv4Address | IPv6Address:
    if family == socket.AF_INET:
        return IPv4Address(kind, "0.0.0.0", 1234)
    if family == socket.AF_INET6:
        return IPv6Address(kind, "::", 1234)
    raise UnsupportedAddressFamily(f"MemoryReactor has no address for family {family!r}: use AF_INET or AF_INET6")


class MemoryReactorClock(MemoryReactor, Clock):
    """A MemoryReactor with a clock that the test moves."""

    def __init__(self) -> None:
        MemoryReactor.__init__(self)
        Clock.__init__(self)
