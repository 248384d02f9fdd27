"""The loop with TCP: how a program listens and connects. An echo server needs no more of the engine than this.

Both methods check their arguments, make one object and return it: a Port, which listens already, or a Connector, which
begins to connect. The check comes first, and names the argument: a wrong one must fail here, in the caller's own line,
and not some turns later in the loop, where nothing on the stack tells who passed it. The defaults, a backlog of 50 and
30 seconds to connect, are Twisted's.

`reactor.py` adds all the other ways in and out.
"""

from __future__ import annotations

from reactor import error
from reactor.core.loop.core import Loop
from reactor.core.transports.checks import (
    check_backlog,
    check_bind_address,
    check_factory,
    check_host,
    check_interface,
    check_port,
    check_timeout,
)
from reactor.core.transports.tcp import Connector, Port
from reactor.interfaces import IClientFactory, IProtocolFactory


class TCPReactor(Loop):
    """A loop that listens and connects with TCP. Programs get a whole Reactor, which is one of these."""

    def listenTCP(self, port: int, factory: IProtocolFactory, backlog: int = 50, interface: str = "") -> Port:
        """Take TCP connections, and build a protocol for each with `factory`.

        port: 0–65535; 0 lets the kernel choose, and `getHost().port` tells.
        backlog: how many connections may wait to be accepted before the kernel turns more away.
        interface: the address to listen at; "" is every IPv4 address, "::" every IPv6 one and IPv4 too.
        Returns the Port, which listens already. Raises CannotListenError when the port isn't available, ValueError or
        TypeError for an argument that can't be right.
        """
        check_port(port)
        check_factory(factory)
        check_backlog(backlog)
        check_interface(interface)
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
        """Begin to connect to a server; the factory hears the outcome, in a later turn.

        host: an IPv4 or IPv6 address, or a name, which is looked up (IPv4).
        port: 0–65535, or the name of a service.
        timeout: seconds until the attempt fails with TimeoutError; None leaves it to the kernel, which takes minutes.
        bindAddress: the address and port to connect from, for instance ("127.0.0.1", 0).
        Raises ServiceNameUnknownError for an unknown service, ValueError or TypeError for an argument that can't be
        right.
        """
        number = self._service(port) if isinstance(port, str) else port
        check_host(host)
        check_port(number)
        check_factory(factory)
        check_timeout(timeout)
        check_bind_address(bindAddress)
        connector = Connector(host, number, factory, timeout, bindAddress, self)
        connector.connect()
        return connector

    def _service(self, name: str) -> int:
        try:
            return self.system.service(name)
        except OSError as problem:
            raise error.ServiceNameUnknownError(string=f"{problem} ({name!r})") from None
