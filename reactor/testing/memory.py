"""A reactor that does nothing but remember what it was asked for: the test plays the network."""

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
    """What MemoryReactor's listening methods return: it has an address, and that is all."""

    def __init__(self, hostAddress: Any) -> None:
        self._address = hostAddress

    def startListening(self) -> None:
        """Nothing."""

    def stopListening(self) -> Deferred[None]:
        """Nothing, and it is done."""
        return succeed(None)

    def getHost(self) -> Any:
        """The address that was asked for."""
        return self._address


class FakeConnector:
    """What MemoryReactor's connecting methods return: remembers whether it was told to stop.

    stoppedConnecting: whether `stopConnecting` was called.
    """

    stoppedConnecting = False

    def __init__(self, address: Any) -> None:
        self._address = address

    def connect(self) -> None:
        """Nothing."""

    def disconnect(self) -> None:
        """Nothing."""

    def stopConnecting(self) -> None:
        """Remember it."""
        self.stoppedConnecting = True

    def getDestination(self) -> Any:
        """The address that was asked for."""
        return self._address


class FixedResolver:
    """Knows its names by heart, and answers at once.

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
        """Answer; without a table of names every one is the IPv4 address 127.0.0.1."""
        found = ["127.0.0.1"] if self.addresses is None else self.addresses.get(hostName, [])
        resolutionReceiver.resolutionBegan(self)
        for host in [hostName] if isIPv6Address(hostName) else found:
            kind = IPv6Address if isIPv6Address(host) else IPv4Address
            if addressTypes is None or kind in addressTypes:
                resolutionReceiver.addressResolved(kind("TCP", host, portNumber))
        resolutionReceiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        """Too late, always."""


class RaisingMemoryReactor:
    """A reactor that has no luck: everything that listens raises one exception, everything that connects another."""

    def __init__(self, listenException: Exception | None = None, connectException: Exception | None = None) -> None:
        self._listen_exception = listenException
        self._connect_exception = connectException
        self.nameResolver: Any = FixedResolver()

    def installNameResolver(self, nameResolver: Any) -> Any:
        """Answer host names with this from now on. Returns the one before."""
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
    """Remembers, in the order of asking, as the arguments of the calls:

    tcpServers: (port, factory, backlog, interface). tcpClients: (host, port, factory, timeout, bindAddress).
    sslServers: (port, factory, contextFactory, backlog, interface).
    sslClients: (host, port, factory, contextFactory, timeout, bindAddress).
    unixServers: (address, factory, backlog, mode, wantPID). unixClients: (address, factory, timeout, checkPID).
    adoptedPorts: (fileno, addressFamily, factory), or (fileno, addressFamily, protocol, maxPacketSize).
    adoptedStreamConnections: (fileDescriptor, addressFamily, factory).
    connectors: what the connecting methods returned. triggers: by phase and event, (callable, args, kw).
    readers, writers: the descriptors that were added.
    hasRun, hasStopped, hasCrashed: what was called. whenRunningHooks: what is to be called by `run`.
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
        """Remember it."""
        self.hasInstalled = True

    def installNameResolver(self, resolver: Any) -> Any:
        """Answer host names with this from now on. Returns the one before."""
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
        """Make the calls that waited for this, and stop."""
        assert self.running is False, "run() while it runs, or after a crash"
        self.running = self.hasRun = True
        for function, args, kwargs in self.whenRunningHooks:
            function(*args, **kwargs)
        self.stop()

    def stop(self) -> None:
        """Remember it."""
        self.running = False
        self.hasStopped = True

    def crash(self) -> None:
        """Remember it; `running` is None from now on."""
        self.running = None
        self.hasCrashed = True

    def callWhenRunning(self, callable: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Remember the call for `run`; once that was called, make it at once."""
        if self.running or self.hasRun:
            callable(*args, **kw)
        else:
            self.whenRunningHooks.append((callable, args, kw))

    def addSystemEventTrigger(
        self, phase: str, eventType: str, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> None:
        """Remember it in `triggers`; the test may call it."""
        self.triggers.setdefault(phase, {}).setdefault(eventType, []).append((callable, args, kw))

    # --- file descriptors

    def addReader(self, reader: Any) -> None:
        """Remembered in `readers`."""
        self.readers.add(reader)

    def removeReader(self, reader: Any) -> None:
        """Forgotten."""
        self.readers.discard(reader)

    def addWriter(self, writer: Any) -> None:
        """Remembered in `writers`."""
        self.writers.add(writer)

    def removeWriter(self, writer: Any) -> None:
        """Forgotten."""
        self.writers.discard(writer)

    def getReaders(self) -> list[Any]:
        """Who would be called to read."""
        return list(self.readers)

    def getWriters(self) -> list[Any]:
        """Who would be called to write."""
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
