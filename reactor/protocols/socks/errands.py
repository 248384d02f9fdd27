"""Going where a client wants: the three commands, under the rules."""

from __future__ import annotations

from typing import Any

from reactor import log
from reactor.abstract import ip_address_of
from reactor.defer import CancelledError, Deferred, ensureDeferred, succeed
from reactor.endpoints.hostname import addresses_of
from reactor.endpoints.socks import wire
from reactor.error import CannotListenError, ConnectError, ConnectionRefusedError, DNSLookupError, NoRouteError
from reactor.failure import Failure
from reactor.protocol import ClientCreator, connectionDone
from reactor.protocols.socks.conversation import Conversation, State
from reactor.protocols.socks.datagrams import Association
from reactor.protocols.socks.joining import Half, SOCKSv4IncomingFactory, SOCKSv4Outgoing, reason_of
from reactor.protocols.socks.rules import COMMANDS

MOST_ADDRESSES = 8  # of one name that are tried, one after the other
MOST_EARLY = 65_536  # bytes that a client may send while it waits for its peer


class Refused(Exception):
    """The client gets no for an answer. code: version 5's, which version 4 shortens to "rejected or failed"."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


_CODES: dict[type[Exception], int] = {  # the first that fits counts
    ConnectionRefusedError: wire.REFUSED,
    NoRouteError: wire.NETWORK_UNREACHABLE,
    ConnectError: wire.HOST_UNREACHABLE,
    DNSLookupError: wire.HOST_UNREACHABLE,
    CannotListenError: wire.FAILED,
}


class SOCKSProtocol(Conversation):
    """The client's side of a proxy. Built by SOCKSFactory, which says how.

    connectTimeout, bindTimeout: how long the other side may take, in seconds. otherConn: the other connection, if any.
    """

    connectTimeout: float = 30.0
    bindTimeout: float = 120.0
    otherConn: Half | None = None
    _working: Deferred[Any] | None = None
    _port: Any = None  # that listens for the peer of BIND
    _timer: Any = None
    _association: Association | None = None
    _began_s = 0.0
    _outcome = ""

    # --- hooks with Twisted's names

    def authorize(self, code: int, server: str, port: int, user: bytes) -> bool | int:
        """Whether the client may do this, at this address. `user.permits` decides, unless you override it."""
        request = self.request
        host = server if request is None else request.host
        return self.user.permits(code, host, server, port, self.name or user, self.transport.getPeer())

    def connectClass(self, host: str, port: int, klass: Any, *args: Any) -> Deferred[Any]:
        """Connect `klass(*args)` there. Returns a Deferred of it."""
        return ClientCreator(self.reactor, klass, *args).connectTCP(host, port, timeout=self.connectTimeout)

    def listenClass(self, port: int, klass: Any, *args: Any) -> Deferred[tuple[str, int]]:
        """Listen with `klass(*args)` as the factory, at the address to which the client came.

        Returns a Deferred of the host and the port.
        """
        here = getattr(self.transport.getHost(), "host", "127.0.0.1")
        self._port = self.reactor.listenTCP(port, klass(*args), interface=here, backlog=1)
        where = self._port.getHost()
        return succeed((where.host, where.port))

    def makeReply(self, reply: int, version: int = 0, port: int = 0, ip: str = "0.0.0.0") -> None:
        """Answer, in the version of the client. reply: version 4's code; anything but 90 closes the connection."""
        code = wire.SUCCEEDED if reply == wire.GRANTED_4 else wire.FAILED
        self._answer(code, ip, port, version)
        if reply != wire.GRANTED_4:
            self._end()

    def _answer(self, code: int, host: str = "0.0.0.0", port: int = 0, version: int = 0) -> None:
        if self._version == 5:
            self.transport.write(wire.reply_5(wire.Reply(code, host, port)))
        else:
            short = wire.GRANTED_4 if code == wire.SUCCEEDED else wire.REJECTED_4
            self.transport.write(wire.reply_4(wire.Reply(short, host, port), version))

    def _end(self) -> None:
        self.state = State.OVER
        self.transport.resumeProducing()  # so that the end of the client's half is noticed
        self.transport.loseConnection()

    # --- the errand

    def begin(self, request: wire.Request) -> None:
        """Do what the client wants."""
        self._began_s = self.reactor.seconds()
        self._working = ensureDeferred(self._go(request))
        self._working.addErrback(self._failed)

    async def _go(self, request: wire.Request) -> None:
        errand = {wire.CONNECT: self._connect, wire.BIND: self._bind}.get(request.command)
        if request.command == wire.UDP_ASSOCIATE and request.version == 5:
            errand = self._associate
        if errand is None:
            raise Refused(wire.NO_COMMAND, f"SOCKS {request.version} has no command {request.command}")
        await errand(request)

    async def _permitted(self, request: wire.Request) -> list[str]:
        """The addresses of the host that this client may go to. Raises Refused when there is none."""
        source = self.transport.getPeer()
        refused = Refused(wire.NOT_ALLOWED, "the rules don't allow it")
        if wire.is_address(request.host):
            found = [request.host]
        elif self.user.permits(request.command, request.host, None, request.port, self.name, source):
            answers = await addresses_of(self.reactor.nameResolver, request.host, request.port)
            found = [answer.host for answer in answers[:MOST_ADDRESSES]]
        else:
            raise refused
        here = self.transport.getHost()
        if request.port == getattr(here, "port", 0):  # not to itself, however its address is written
            found = [address for address in found if ip_address_of(address) != ip_address_of(here.host)]
        permitted = [one for one in found if self.authorize(request.command, one, request.port, request.user)]
        if not permitted:
            raise refused
        return permitted

    async def _connect(self, request: wire.Request) -> None:
        *first, last = await self._permitted(request)
        for address in first:
            try:
                await self.connectClass(address, request.port, SOCKSv4Outgoing, self)
                return
            except CancelledError:
                raise
            except Exception as problem:
                log.msg(f"{request.host} at {address}: {problem}")
        await self.connectClass(last, request.port, SOCKSv4Outgoing, self)

    def otherConnected(self, other: Half) -> None:
        """The other connection is there. Version 4 gets the address of the peer, version 5 our own."""
        if self.state is State.OVER:
            other.transport.loseConnection()
            return
        where = other.transport.getPeer() if self._version == 4 else other.transport.getHost()
        self._answer(wire.SUCCEEDED, where.host, where.port)
        self._join(other)

    def _join(self, other: Half) -> None:
        self.state, self.otherConn = State.JOINED, other
        first, self.buf = self.buf, b""
        self.join(other, first)

    async def _bind(self, request: wire.Request) -> None:
        peer = (await self._permitted(request))[0]
        host, port = await self.listenClass(0, SOCKSv4IncomingFactory, self, peer)
        self._timer = self.reactor.callLater(self.bindTimeout, self._give_up, "no peer came")
        self.transport.resumeProducing()  # a client that goes meanwhile is noticed; what it says too early waits
        self._answer(wire.SUCCEEDED, host, port)

    def peerCame(self, other: Half) -> None:
        """The announced peer has come: the second answer."""
        self._stop_listening()
        if self._version == 4:
            self._answer(wire.SUCCEEDED)
        else:
            where = other.transport.getPeer()
            self._answer(wire.SUCCEEDED, where.host, where.port)
        self._join(other)

    def wrongPeerCame(self, host: str) -> None:
        """Somebody else has come: the second answer is no."""
        self._give_up(f"{host} came, which was not announced")

    async def _associate(self, request: wire.Request) -> None:
        self._association = Association(self, request)
        where = self._association.listen()
        self.transport.resumeProducing()
        self._answer(wire.SUCCEEDED, where.host, where.port)

    def dataReceived(self, data: bytes) -> None:
        """As Conversation's. While a peer or datagrams are waited for, what the client says is kept, up to a limit."""
        if self.state is State.WORKING and len(self.buf) + len(data) > MOST_EARLY:
            self._give_up("it sends without having been answered")
            return
        super().dataReceived(data)

    def readConnectionLost(self) -> None:
        """As Conversation's. A client that ends while we wait for its peer, or its datagrams, wants them no more."""
        if self._association is not None or self._port is not None:
            self.transport.loseConnection()
        super().readConnectionLost()

    # --- how it ends

    def _give_up(self, why: str) -> None:
        self._timer = None
        self._failed(Failure(Refused(wire.FAILED, why)))

    def _failed(self, failure: Failure) -> None:
        """Answer with what went wrong, unless the client is gone. What isn't the network's fault is logged, too."""
        if self.state is State.OVER:
            return
        problem = failure.value
        code = problem.code if isinstance(problem, Refused) else None
        if code is None:
            code = next((code for kind, code in _CODES.items() if isinstance(problem, kind)), None)
        if code is None:
            log.err(failure, f"SOCKS: {self.request}")
        self._outcome = str(problem) or type(problem).__name__
        self._stop_listening()
        self._answer(wire.FAILED if code is None else code)
        self._end()

    def _stop_listening(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.stopListening()
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The client is gone: so is all that was for it. Logs a line of what there was."""
        if self.request is not None:
            log.msg(self.account(reason))
        working, self._working = self._working, None
        super().connectionLost(reason)
        if working is not None:
            working.cancel()
        self._stop_listening()
        association, self._association = self._association, None
        if association is not None:
            association.stop()

    def account(self, reason: Failure) -> str:
        """One line: who, where to, how much, how long, and how it ended."""
        request, other = self.request, self.otherConn
        who = f"{self.name.decode('utf-8', 'backslashreplace')!r} " if self.name else ""
        command = COMMANDS.get(request.command, f"command {request.command}")
        sent, received = self.carried, 0 if other is None else other.carried
        if self._association is not None:
            sent, received = self._association.sent, self._association.received
        took_s = self.reactor.seconds() - self._began_s
        return (
            f"SOCKS {request.version} {who}from {getattr(self.transport.getPeer(), 'host', 'here')}: "
            f"{command} {request.host}:{request.port}, {sent} bytes out, {received} in, {took_s:.1f} s, "
            f"{self._outcome or reason_of(reason)}"
        )
