"""The reactor that programs use: the loop with TCP (`tcp.py`), and all the other ways in and out.

TLS, UNIX sockets, datagrams, sockets that another process opened, threads, names, child processes: each method checks
its arguments and hands them to a file of `transports/`. That file is imported inside the method, not up here: most
programs use one or two kinds, and otherwise every program would wait for `ssl` and `subprocess` at its start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reactor import defer
from reactor.abstract import isIPAddress
from reactor.core.tcp import TCPReactor
from reactor.core.transports.checks import (
    check_backlog,
    check_datagram_protocol,
    check_factory,
    check_host,
    check_interface,
    check_mode,
    check_packet_size,
    check_pool_size,
    check_port,
    check_timeout,
)
from reactor.core.transports.tcp import Connector, Port
from reactor.defer import Deferred
from reactor.interfaces import (
    IClientFactory,
    IHostnameResolver,
    IListeningPort,
    IProcessProtocol,
    IProtocolFactory,
    IResolverSimple,
)

if TYPE_CHECKING:
    from reactor.core.system.children import Environment, Text
    from reactor.core.transports import multicast, udp, unix, unix_datagrams
    from reactor.core.transports.process import Process, PTYProcess
    from reactor.core.transports.unix import Path
    from reactor.threadpool import ThreadPool

_NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


class Reactor(TCPReactor):
    """A loop with every way in and out. Programs get theirs by `from reactor import reactor`."""

    def listenSSL(
        self, port: int, factory: IProtocolFactory, contextFactory: Any, backlog: int = 50, interface: str = ""
    ) -> Port:
        """Take TCP connections as `listenTCP` does, and encrypt them with TLS.

        contextFactory: an `ssl.SSLContext` for servers, or a `CertificateOptions` of `reactor.ssl`.
        `connectionMade` comes before the handshake; what is written waits for it. If the protocol has a method
        `handshakeCompleted`, that is called afterwards. The connection is lost when the handshake fails or takes more
        than a minute. Raises ValueError or TypeError for a context that can't be a server's, and what `listenTCP`
        raises.
        """
        from reactor.core.transports import starttls

        check_factory(factory)
        return self.listenTCP(port, starttls.TLSMemoryBIOFactory(contextFactory, False, factory), backlog, interface)

    def connectSSL(
        self,
        host: str,
        port: int | str,
        factory: IClientFactory,
        contextFactory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> Connector:
        """Connect as `connectTCP` does, and encrypt with TLS.

        contextFactory: `reactor.ssl.optionsForClientTLS(hostname)`, or an `ssl.SSLContext` for clients; then the
            server must prove that its name is `host`.
        timeout: seconds for connecting, and as many again for the handshake; None for no limit.
        When the server can't prove its name, the connection counts as lost, not as failed: `connectionLost` gets the
        ssl.SSLCertVerificationError. Raises ValueError or TypeError for a context that can't be a client's, and what
        `connectTCP` raises.
        """
        from reactor.core.transports import starttls

        check_host(host)
        check_factory(factory)
        check_timeout(timeout)
        secured: Any = starttls.TLSMemoryBIOFactory(contextFactory, True, factory, host, timeout)
        return self.connectTCP(host, port, secured, timeout, bindAddress)

    def listenUNIX(
        self,
        address: Path,
        factory: IProtocolFactory,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool | int = False,
    ) -> unix.Port:
        """Take connections over a UNIX socket, and build a protocol for each with `factory`.

        address: a path where there is no file yet; or an abstract name, with a zero byte in front (Linux).
        backlog: how many connections may wait to be accepted. mode: the permissions of the socket's file.
        wantPID: also keep a lock beside the file, "….lock": a second server is turned away while this one lives, and
            what a dead server left is removed.
        Returns the port, which listens already; the file is removed when it stops. Raises CannotListenError when the
        path is taken or not available, ValueError or TypeError for an invalid path or mode.
        """
        from reactor.core.transports import unix

        check_factory(factory)
        check_backlog(backlog)
        check_mode(mode)
        listening = unix.Port(unix.to_path(address), factory, backlog, mode, self, bool(wantPID))
        listening.startListening()
        return listening

    def connectUNIX(
        self,
        address: Path,
        factory: IClientFactory,
        timeout: float | None = 30,
        checkPID: bool | int = False,
    ) -> unix.Connector:
        """Begin to connect to a server at a UNIX socket; the factory hears the outcome, in a later turn.

        address, timeout: as for `listenUNIX` and `connectTCP`.
        checkPID: fail with BadFileError unless a living server holds the lock (see `wantPID` of `listenUNIX`).
        Raises ValueError or TypeError for an invalid path or time-out.
        """
        from reactor.core.transports import unix

        check_factory(factory)
        check_timeout(timeout)
        connector = unix.Connector(unix.to_path(address), factory, timeout, self, bool(checkPID))
        connector.connect()
        return connector

    def listenUNIXDatagram(
        self, address: Path, protocol: Any, maxPacketSize: int = 8192, mode: int = 0o666
    ) -> unix_datagrams.UNIXDatagramPort:
        """Send and receive datagrams over a UNIX socket.

        address, mode: as for `listenUNIX`. protocol: a DatagramProtocol; its transport is the port.
        maxPacketSize: the most bytes to receive of one datagram.
        Returns the port, which is open already. Raises CannotListenError, ValueError or TypeError.
        """
        from reactor.core.transports import unix, unix_datagrams

        check_mode(mode)
        check_packet_size(maxPacketSize)
        check_datagram_protocol(protocol)
        port = unix_datagrams.UNIXDatagramPort(unix.to_path(address), protocol, maxPacketSize, mode, self)
        port.startListening()
        return port

    def connectUNIXDatagram(
        self,
        address: Path,
        protocol: Any,
        maxPacketSize: int = 8192,
        mode: int = 0o666,
        bindAddress: Path | None = None,
    ) -> unix_datagrams.ConnectedUNIXDatagramPort:
        """Exchange datagrams with one peer over a UNIX socket.

        address: the peer's path. protocol: a ConnectedDatagramProtocol; if there is no socket at that path, its
            `connectionFailed` is called before this method returns. bindAddress: a path for this end; without one the
            peer can't answer. maxPacketSize, mode: as for `listenUNIXDatagram`.
        Returns the port, which is open or has failed already. Raises ValueError or TypeError.
        """
        from reactor.core.transports import unix, unix_datagrams

        check_mode(mode)
        check_packet_size(maxPacketSize)
        check_datagram_protocol(protocol)
        if not hasattr(protocol, "connectionFailed"):
            raise TypeError(f"connectUNIXDatagram needs a ConnectedDatagramProtocol, not {protocol!r}")
        own_path = None if bindAddress is None else unix.to_path(bindAddress)
        port = unix_datagrams.ConnectedUNIXDatagramPort(
            unix.to_path(address), protocol, maxPacketSize, mode, own_path, self
        )
        port.startListening()
        return port

    def listenUDP(self, port: int, protocol: Any, interface: str = "", maxPacketSize: int = 8192) -> udp.Port:
        """Send and receive datagrams over UDP. Clients call this too, with port 0.

        port: 0–65535; 0 lets the kernel choose, and `getHost().port` tells.
        protocol: a DatagramProtocol; its transport is the port. maxPacketSize: the most bytes to receive of a datagram.
        interface: the address to bind to; "" is every IPv4 address, "::" every IPv6 one and IPv4 too.
        Returns the port, which is open already. Raises CannotListenError when it isn't available, InvalidAddressError,
        ValueError or TypeError for an argument that can't be right.
        """
        from reactor.core.transports import udp

        check_port(port)
        check_interface(interface)
        check_packet_size(maxPacketSize)
        check_datagram_protocol(protocol)
        bound = udp.Port(port, protocol, interface, maxPacketSize, self)
        bound.startListening()
        return bound

    def listenMulticast(
        self,
        port: int,
        protocol: Any,
        interface: str = "",
        maxPacketSize: int = 8192,
        listenMultiple: bool = False,
    ) -> multicast.MulticastPort:
        """As `listenUDP`, for a port that can join groups (`joinGroup`).

        listenMultiple: share the port with other sockets, in this process or another, that set this too.
        """
        from reactor.core.transports import multicast

        check_port(port)
        check_interface(interface)
        check_packet_size(maxPacketSize)
        check_datagram_protocol(protocol)
        bound = multicast.MulticastPort(port, protocol, interface, maxPacketSize, self, listenMultiple)
        bound.startListening()
        return bound

    def adoptStreamPort(self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory) -> IListeningPort:
        """Take connections from a listening socket that another program has opened.

        fileDescriptor: its number; we copy it, and you may close it. addressFamily: a constant of the socket module.
        Returns the port, which listens already. Raises UnsupportedAddressFamily, UnsupportedSocketType, or ValueError
        for a socket that isn't of this kind; OSError for a number that is no socket.
        """
        from reactor.core.transports import adopting

        return adopting.adopt_port(self, fileDescriptor, addressFamily, factory)

    def adoptStreamConnection(self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory) -> None:
        """Build a protocol for a connection that another program has accepted. Arguments as for `adoptStreamPort`."""
        from reactor.core.transports import adopting

        adopting.adopt_connection(self, fileDescriptor, addressFamily, factory)

    def adoptDatagramPort(
        self, fileDescriptor: int, addressFamily: int, protocol: Any, maxPacketSize: int = 8192
    ) -> udp.Port:
        """Send and receive with a UDP socket that another program has bound. Arguments as for `adoptStreamPort`."""
        from reactor.core.transports import adopting

        check_packet_size(maxPacketSize)
        check_datagram_protocol(protocol)
        return adopting.adopt_datagram_port(self, fileDescriptor, addressFamily, protocol, maxPacketSize)

    def getThreadPool(self) -> ThreadPool:
        """The threads that work for this reactor: at most 10, and 10,000 pieces of work in their queue.

        They start when the reactor runs; earlier work waits until then. When it stops they finish their work and the
        queue, and end before `run()` returns.
        """
        return self.threads.pool()

    def callInThread(self, callable: Callable[..., object], *args: object, **kwargs: object) -> None:
        """Call the function in a thread. What it raises is logged; for its result call `threads.deferToThread`.

        Raises ThreadPoolFull when the queue is full.
        """
        self.getThreadPool().callInThread(callable, *args, **kwargs)

    def suggestThreadPoolSize(self, size: int) -> None:
        """Limit the pool to this many threads."""
        check_pool_size(size)
        self.getThreadPool().adjustPoolsize(maxthreads=size)

    def resolve(self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)) -> Deferred[str]:
        """The IPv4 address of a host. An address is its own answer, and "" is 0.0.0.0.

        timeout: seconds; we wait for an answer as long as their sum. Fails with DNSLookupError.
        """
        if not name:
            return defer.succeed("0.0.0.0")
        if isIPAddress(name):
            return defer.succeed(name)
        return self.lookups.look_up(name, sum(timeout))

    @cached_property
    def nameResolver(self) -> IHostnameResolver:
        """The resolver that finds all addresses of a host."""
        from reactor.core.transports.resolving import HostResolver

        return HostResolver(self.lookups)

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:
        """From now on ask this resolver wherever a name is given: to `connectTCP`, `resolve` or an endpoint.

        Returns the previous one. A resolver that knows no IPv4 address of a name fails whatever asks for just one.
        """
        from reactor.core.transports.resolving import HostResolver, Installed

        before, self.nameResolver = self.nameResolver, resolver
        self.lookups = resolver.lookups if isinstance(resolver, HostResolver) else Installed(resolver, self)
        return before

    def installResolver(self, resolver: IResolverSimple | IHostnameResolver) -> Any:
        """The older way: one address of a host, by `getHostByName`. A resolver that can tell all is asked for all.

        Returns the previous one.
        """
        from reactor.core.transports.resolving import OneAddress

        knows_all = hasattr(resolver, "resolveHostName")
        before = self.installNameResolver(resolver if knows_all else OneAddress(resolver))  # type: ignore[arg-type]  # by what it has
        return before.resolver if isinstance(before, OneAddress) else before

    def spawnProcess(
        self,
        processProtocol: IProcessProtocol | None,
        executable: Text,
        args: Sequence[Text] = (),
        env: Environment | None = _NO_VARIABLES,
        path: Text | None = None,
        uid: int | None = None,
        gid: int | None = None,
        usePTY: bool | int | tuple[int, int, object] = 0,
        childFDs: Mapping[int, int | str] | None = None,
    ) -> Process | PTYProcess:
        """Start a child process; the protocol hears what it writes, and how it ends.

        executable: a path, or a name that is looked up in the PATH of `env`. args: begins with the program's own name.
        env: the child's whole environment, empty unless given; None is a copy of ours. path: the directory to start
            in; None is ours. uid, gid: the child's user and group, with that user's groups; only root may choose.
        usePTY: whether the child gets a terminal instead of pipes; or an existing terminal: (our end, its end, name).
        childFDs: what each of the child's descriptors is: "r" for a pipe that we read, "w" for one that we write to, or
            the number of one of ours. None is {0: "w", 1: "r", 2: "r"}. Standard ones that aren't named are the null
            device; no other descriptor of ours is open in the child.
        Returns its transport, after the protocol's `connectionMade`.
        Raises OSError, naming the file, when the program or the directory doesn't exist or may not be used;
            TypeError or ValueError, naming it, for an argument that can't be right; NotImplementedError on Windows.
        """
        if os.name != "posix":
            raise NotImplementedError(f"child processes need fork or its like, which {os.name!r} has not")
        from reactor.core.transports.spawning import Spawner  # brings subprocess

        spawner = Spawner(self, processProtocol, executable, args, env, path, uid, gid)
        if not usePTY:
            return spawner.with_pipes(childFDs)
        if childFDs is not None:
            raise ValueError(f"a process at a terminal has no other descriptors: childFDs={childFDs!r} needs usePTY=0")
        return spawner.at_terminal(usePTY)
