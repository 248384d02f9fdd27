"""Any protocol through SSH: the standard streams of a command as a connection, and connections on from there or back.

    endpoint = SSHCommandClientEndpoint.newConnection(reactor, "git-upload-pack repo", "ann", "host.example", keys=[…])
    endpoint = clientFromString(reactor, "ssh:ann@host.example:command=git-upload-pack repo:keys=~/.ssh/id_ed25519")
    d = endpoint.connect(factory)                # a Deferred of the protocol, whose transport is a channel

The other two stand on a NewConnection or an ExistingConnection, too: SSHForwardClientEndpoint connects from the
server to what is there for it alone (RFC 4254, 7.2), SSHForwardServerEndpoint has the server listen for us (7.1).
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncssh

from reactor.address import HostnameAddress, IPv4Address
from reactor.conch.client.connecting import ExistingConnection, NewConnection, in_time
from reactor.conch.error import AuthenticationFailed
from reactor.conch.ssh.channel import Channel
from reactor.defer import Deferred
from reactor.error import NoProtocol
from reactor.failure import Failure
from reactor.interfaces import IListeningPort, IProtocolFactory
from reactor.interfaces.type_variables import P

__all__ = [
    "AuthenticationFailed",
    "ExistingConnection",
    "NewConnection",
    "SSHCommandAddress",
    "SSHCommandClientEndpoint",
    "SSHForwardClientEndpoint",
    "SSHForwardServerEndpoint",
]


Creator = NewConnection | ExistingConnection


@dataclass(frozen=True)
class SSHCommandAddress:
    """A command on a server. server: the address that was connected to."""

    server: Any
    username: str
    command: str | bytes


class _ChannelEndpoint:
    """Connects by a channel. creator: says on which connection.

    request: called with the connection and a function that makes the channel; an awaitable of asyncssh's that opens it.
    address: called with the connection; what `buildProtocol` gets.
    """

    def __init__(self, creator: Creator, request: Callable[..., Awaitable[Any]], address: Callable[..., Any]) -> None:
        self._creator, self._request, self._address = creator, request, address

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        """A Deferred of the protocol. Fails as NewConnection does, and with ConchError for a channel that is refused.

        To cancel it closes the channel, and a new connection. A channel that ends takes its new connection along.
        """
        return self._creator.secureConnection().addCallback(self._open, protocolFactory)

    def _open(self, connection: Any, factory: IProtocolFactory[P]) -> Deferred[P]:
        creator = self._creator
        connected: Deferred[P] = Deferred(lambda _: opening.cancel())
        channel = _ClientChannel(creator, connection, factory, self._address(connection), connected)
        opening = in_time(
            creator, lambda: self._request(connection, lambda: channel), lambda _: channel.abortConnection()
        )
        opening.addErrback(channel.failed)
        return connected


class SSHCommandClientEndpoint(_ChannelEndpoint):
    """Connects to a command, by its standard input and output. command: for the user's shell, text or bytes.

    A protocol with `errReceived(data)` gets its standard error; else that is logged. `connectionLost` gets ProcessDone
    or ProcessTerminated when it has ended.
    """

    def __init__(self, creator: Creator, command: str | bytes) -> None:
        super().__init__(
            creator,
            lambda connection, channel: connection.create_session(channel, command, encoding=None),
            lambda connection: SSHCommandAddress(_peer(connection), connection.get_extra_info("username"), command),
        )

    @classmethod
    def newConnection(
        cls,
        reactor: Any,
        command: str | bytes,
        username: str | bytes,
        hostname: str | bytes,
        *args: Any,
        **options: Any,
    ) -> SSHCommandClientEndpoint:
        """On a connection of its own. The other arguments are NewConnection's."""
        return cls(NewConnection(reactor, username, hostname, *args, **options), command)

    @classmethod
    def existingConnection(cls, connection: Any, command: str | bytes) -> SSHCommandClientEndpoint:
        """On one that is there: of `secureConnection`, or the `transport.conn` of a protocol that came through one."""
        return cls(ExistingConnection(connection), command)


def _peer(connection: Any) -> Any:
    return connection.get_extra_info("carrier").transport.getPeer()


class SSHForwardClientEndpoint(_ChannelEndpoint):
    """Connects from the server to a host and port, which are looked up there. Raises ValueError for no name of one."""

    def __init__(self, creator: Creator, host: str, port: int) -> None:
        try:
            address = HostnameAddress(host.encode("idna"), port)
        except UnicodeError as problem:
            raise ValueError(f"{host!r} is no name of a host: {problem}") from problem
        super().__init__(
            creator,
            lambda connection, channel: connection.create_connection(channel, host, port),
            lambda connection: address,
        )


class _ClientChannel(Channel):
    """A channel whose protocol is built when it is there. conn: its connection, asyncssh's."""

    def __init__(self, creator: Creator, conn: Any, factory: Any, address: Any, connected: Deferred[Any]) -> None:
        super().__init__()
        self.conn, self._creator = conn, creator
        self._factory, self._address, self._connected = factory, address, connected

    def session_started(self) -> None:
        if self._connected.called:  # cancelled
            return
        self.protocol = self._factory.buildProtocol(self._address)
        if self.protocol is None:
            raise NoProtocol(f"the factory built none for {self._address}")
        super().session_started()
        self._connected.callback(self.protocol)

    def failed(self, reason: Failure) -> None:
        """It has come to nothing."""
        super().abortConnection()
        self._creator.cleanupConnection(self.conn, True)
        self._connected.errback(reason)

    def abortConnection(self) -> None:
        super().abortConnection()
        self._creator.cleanupConnection(self.conn, True)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._creator.cleanupConnection(self.conn, False)


class SSHForwardServerEndpoint:
    """Has the server listen. port: 0 is any that is free there. interface: "" is all, if the server allows that."""

    def __init__(self, creator: Creator, port: int, interface: str = "localhost") -> None:
        self._creator, self._port, self._interface = creator, port, interface

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """A Deferred of the port. Fails as NewConnection does, and with ConchError when the server doesn't allow it.

        The port is gone when the connection is; a ClientService around another channel of it can tell.
        """
        return self._creator.secureConnection().addCallback(self._listen, protocolFactory)

    def _listen(self, connection: Any, factory: Any) -> Deferred[IListeningPort]:
        def accept(host: str, port: int) -> Channel:
            protocol = factory.buildProtocol(IPv4Address("TCP", host, port))
            if protocol is None:
                raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, "nobody is here")
            return Channel(protocol)

        creator = self._creator
        asked = in_time(
            creator,
            lambda: connection.create_server(accept, self._interface, self._port),
            lambda listener: creator.loop.call(listener.close),
        )

        def refused(reason: Failure) -> Failure:
            creator.cleanupConnection(connection, True)
            return reason

        return asked.addCallbacks(lambda listener: _Port(creator, connection, listener, factory), refused)


class _Port:
    """A port of the server's that we listen at."""

    def __init__(self, creator: Creator, connection: Any, listener: Any, factory: Any) -> None:
        self._creator, self._connection, self._listener, self._factory = creator, connection, listener, factory
        factory.doStart()

    def getHost(self) -> HostnameAddress:
        """Where the server listens."""
        ((host, port),) = self._listener.get_addresses()
        return HostnameAddress(host.encode(), port)

    def stopListening(self) -> Deferred[None]:
        """A Deferred of None, when the server listens no more."""
        self._creator.loop.call(self._listener.close)
        ended = in_time(self._creator, self._listener.wait_closed, lambda _: None)

        def close(result: Any) -> Any:
            self._factory.doStop()
            self._creator.cleanupConnection(self._connection, False)
            return result

        return ended.addBoth(close)


def from_string(reactor: Any, host: str, command: str, **options: Any) -> SSHCommandClientEndpoint:
    """What `ssh:USER@HOST:command=…` describes."""
    return SSHCommandClientEndpoint(_connection(reactor, host, options), command)


def forward_from_string(reactor: Any, gateway: str, host: str, port: int, **options: Any) -> SSHForwardClientEndpoint:
    """What `ssh-forward:USER@GATEWAY:HOST:PORT` describes."""
    return SSHForwardClientEndpoint(_connection(reactor, gateway, options), host, port)


def _connection(reactor: Any, host: str, options: dict[str, Any]) -> NewConnection:
    """With the key that the options name, or with an agent's: a password is no part of a command line."""
    user, _, hostname = host.rpartition("@")
    agent = os.environ.get("SSH_AUTH_SOCK")
    if not user or not hostname:
        raise ValueError(f"the host is USER@HOST, not {host!r}")
    if "keys" in options:
        options["keys"] = [options["keys"]]
    elif agent:
        options["agentEndpoint"] = agent
    else:
        raise ValueError("there is no key: say keys=FILE, or start an agent, which SSH_AUTH_SOCK names")
    return NewConnection(reactor, user, hostname, options.pop("sshPort", None), **options)
