"""The reactor that programs use: the loop, and the ways into and out of the network."""

from __future__ import annotations

from collections.abc import Sequence

from reactor import defer, error
from reactor.abstract import isIPAddress
from reactor.defer import Deferred
from reactor.interfaces import IClientFactory, IProtocolFactory
from reactor.loop.core import Loop
from reactor.transports.tcp import Connector, Port


class Reactor(Loop):
    """A loop that listens and connects. Programs get theirs by `from reactor import reactor`."""

    def listenTCP(self, port: int, factory: IProtocolFactory, backlog: int = 50, interface: str = "") -> Port:
        """Take TCP connections, and build a protocol for each with `factory`.

        port: 0–65535; 0 lets the kernel choose, and `getHost().port` tells.
        backlog: how many connections may wait to be taken before the kernel turns more away.
        interface: the address to listen at; "" is every IPv4 address, "::" every IPv6 one and IPv4 too.
        Returns the Port, which listens already. Raises CannotListenError when it can't be had, ValueError or TypeError
        for a port that is none.
        """
        _check_port(port)
        listening = Port(port, factory, backlog, interface, self)
        listening.startListening()
        return listening

    def connectTCP(
        self,
        host: str,
        port: int | str,
        factory: IClientFactory,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> Connector:
        """Begin to connect to a server; the factory hears how it went, in a later turn.

        host: an IPv4 or IPv6 address, or a name, which is looked up (IPv4).
        port: 0–65535, or the name of a service.
        timeout: seconds until the attempt fails with TimeoutError; None leaves it to the kernel, which takes minutes.
        bindAddress: the address and port to come from, for instance ("127.0.0.1", 0).
        Raises ServiceNameUnknownError, ValueError or TypeError for a port that is none.
        """
        number = _service(port) if isinstance(port, str) else port
        _check_port(number)
        if timeout is not None and not timeout >= 0:
            raise ValueError(f"timeout is a number of seconds, 0 or more, or None; not {timeout!r}")
        connector = Connector(host, number, factory, timeout, bindAddress, self)
        connector.connect()
        return connector

    def resolve(self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)) -> Deferred[str]:
        """The IPv4 address of a host; an address is its own answer, and "" is 0.0.0.0.

        timeout: seconds; their sum is how long an answer is waited for. Fails with DNSLookupError.
        """
        if not name:
            return defer.succeed("0.0.0.0")
        if isIPAddress(name):
            return defer.succeed(name)
        return self.lookups.look_up(name, sum(timeout))


def _check_port(port: object) -> None:
    if not isinstance(port, int) or isinstance(port, bool):
        raise TypeError(f"a port is a whole number, not {port!r}")
    if not 0 <= port <= 65535:
        raise ValueError(f"a port is between 0 and 65535, not {port}")


def _service(name: str) -> int:
    import socket

    try:
        return socket.getservbyname(name, "tcp")
    except OSError as problem:
        raise error.ServiceNameUnknownError(string=f"{problem} ({name!r})") from None
