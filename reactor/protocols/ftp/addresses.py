"""Where data goes and comes: the four commands that prepare a data connection, under the rules of `data`."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence
from typing import Any

from reactor.defer import maybeDeferred
from reactor.error import CannotListenError
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.ftp.conversation import FTPSession
from reactor.protocols.ftp.data import DTP, DTPFactory, is_same_host
from reactor.protocols.ftp.wire import Refused, decodeExtendedAddress, decodeHostPort, encodeHostPort

_IS_IPV6 = {"": None, "1": False, "2": True}  # RFC 2428
_FIRST_PORT = 1024  # below are services of others' machines


class FTPWithData(FTPSession):
    """A session that can have data connections.

    passivePortRange: ports at which they are taken; 0: any. passiveAddress: what PASV says instead of our address,
    where a router translates it. mostEnding: data connections of TLS whose client hasn't said goodbye yet; for further
    ones the oldest are cut. Of a session that is gone there may be one, as its last file may still be on its way.
    """

    passivePortRange: Sequence[int] = (0,)
    passiveAddress: str | None = None
    mostEnding = 8
    _epsv_all = False

    def connectionMade(self) -> None:
        """As FTPSession's."""
        super().connectionMade()
        self._ending: deque[DTP] = deque()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """As FTPSession's."""
        super().connectionLost(reason)
        self._cut_ending(1)

    def letEnd(self, data: DTP) -> None:
        """Close a data connection in order, which is nobody's business from now on: its client may take its time."""
        data.transport.loseConnection()
        self.dtpFactory = None
        self._ending.append(data)
        self._cut_ending(self.mostEnding)

    def _cut_ending(self, left: int) -> None:
        while len(self._ending) > left:
            self._ending.popleft().transport.abortConnection()

    async def _prepare(self, address: tuple[str, int] | None = None) -> DTPFactory:
        await maybeDeferred(self.cleanupDTP)
        if self._is_gone:
            raise Refused(421, "the client has gone meanwhile")
        if self._epsv_all and address is not None:
            raise Refused(503, "after EPSV ALL there is EPSV alone")
        if self.requireDataTLS and getattr(self.transport, "TLS", False) and not self.isProtected:
            raise Refused(522, "files are encrypted here as commands are: PROT P comes first")
        self.dtpFactory = DTPFactory(self, self._host_of(self.transport.getPeer()), address)
        return self.dtpFactory

    def _host_of(self, address: Any) -> str:
        host = getattr(address, "host", None)
        if host is None:
            raise Refused(425, "this connection has no address for data")
        return str(host)

    async def _listen(self) -> int:
        here = self._host_of(self.transport.getHost())
        factory = await self._prepare()
        try:
            factory.port = self.getDTPPort(factory, here)
        except CannotListenError:
            self.cleanupDTP()
            raise Refused(425, "no port is free for the data connection") from None
        return int(factory.port.getHost().port)

    def getDTPPort(self, factory: Any, interface: str = "") -> Any:
        """Listen at a port of passivePortRange. Raises CannotListenError when all are taken."""
        ports = self.passivePortRange
        first = random.randrange(len(ports))
        for at in range(first, first + len(ports) - 1):
            try:
                return self.reactor.listenTCP(ports[at % len(ports)], factory, backlog=1, interface=interface)
            except CannotListenError:
                pass
        return self.reactor.listenTCP(ports[first - 1], factory, backlog=1, interface=interface)

    def _is_ipv6(self) -> bool:
        return ":" in self._host_of(self.transport.getHost())

    async def ftp_PASV(self, _: str) -> Any:
        """Take the data connection at a port of ours; IPv4 only."""
        if self._is_ipv6() or self._epsv_all:
            raise Refused(522, "use EPSV")
        host = self.passiveAddress or self.transport.getHost().host
        return 227, f"Entering Passive Mode ({encodeHostPort(host, await self._listen())})"

    async def ftp_EPSV(self, family: str) -> Any:
        """The same for all families, and without an address, so that none can be wrong (RFC 2428)."""
        if family.upper() == "ALL":
            self._epsv_all = True
            return 200, "EPSV alone"
        if _IS_IPV6.get(family, "neither") not in (None, self._is_ipv6()):
            raise Refused(522, f"this connection is of another family, use ({2 if self._is_ipv6() else 1})")
        return 229, f"Entering Extended Passive Mode (|||{await self._listen()}|)"

    def ftp_PORT(self, address: str) -> Any:
        """Connect to the client for data."""
        return self._connect_to(*decodeHostPort(address))

    def ftp_EPRT(self, address: str) -> Any:
        """The same for all families."""
        return self._connect_to(*decodeExtendedAddress(address)[1:])

    async def _connect_to(self, host: str, port: int) -> Any:
        peer = self._host_of(self.transport.getPeer())
        if not is_same_host(host, peer) or port < _FIRST_PORT:
            raise Refused(504, f"data goes to your own address, to a port from {_FIRST_PORT} on")
        await self._prepare((peer, port))  # and not as it was written: ::ffff:192.0.2.1 is for a socket of IPv6
        return 200, "noted"

    async def connectData(self) -> DTP:
        """The data connection of this transfer. Raises Refused when there is none."""
        factory = self.dtpFactory
        if factory is None:
            raise Refused(425, "PASV or PORT comes first")
        self.reply(150, "it comes")
        if factory.address is not None:
            factory.connect()
        found = await factory.deferred
        if isinstance(found, Refused):
            raise found
        return found
