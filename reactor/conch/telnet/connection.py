"""A telnet connection, and the transport that it is to a program which knows nothing of telnet.

    TCP  <->  TelnetTransport  <->  a program: an ITelnetProtocol, which gets text and writes text

Bounds: `maxSubnegotiation` bytes about an option. Nothing is read, nor passed on of what was read, while the peer
doesn't take what was written: echoes and refusals would pile up.

Telnet's Synch marks a place with TCP's urgent byte, so that a server may throw away what waits before it. Here nothing
is, as the reactor doesn't tell which byte is urgent: it is read in its place (SO_OOBINLINE). The kernel
would else take it out, half a command.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import partial
from types import SimpleNamespace
from typing import Any

from reactor.conch.telnet import codes
from reactor.conch.telnet.interfaces import ITelnetProtocol
from reactor.conch.telnet.negotiation import OptionState, Side
from reactor.conch.telnet.wire import TEXT, Reader, SubnegotiationTooLong, written
from reactor.defer import Deferred, fail
from reactor.failure import Failure
from reactor.interfaces import implementer
from reactor.protocol import Protocol, connectionDone
from reactor.protocols.basic.closing_politely import refuse
from reactor.protocols.policies.timeouts import TimeoutMixin

_AT_ONCE = 512  # bytes that a program gets before it is asked whether it has had enough


@implementer(ITelnetProtocol)
class TelnetProtocol(Protocol):
    """A program that agrees to no option. Who asks whether it is there (AYT) is told so."""

    def unhandledCommand(self, command: bytes, argument: bytes | None) -> None:
        if command == codes.AYT:
            self.transport.write(b"\r\n[yes]\r\n")

    def unhandledSubnegotiation(self, command: bytes, data: list[bytes]) -> None: ...
    def enableLocal(self, option: bytes) -> bool | None: ...
    def enableRemote(self, option: bytes) -> bool | None: ...
    def disableLocal(self, option: bytes) -> None: ...
    def disableRemote(self, option: bytes) -> None: ...


class Telnet(TelnetProtocol):
    """One end of a telnet connection. Most programs stand upon TelnetTransport, and don't subclass this.

    options: option → its OptionState. commandMap: command → what is called with its argument, an option or None.
    negotiationMap: option → what is called with what the peer says about it, a list of bytes of one byte each.
    """

    maxSubnegotiation = 8192
    _lost: Failure | None = None

    def __init__(self) -> None:
        self.options: dict[bytes, OptionState] = {}
        self.negotiationMap: dict[bytes, Callable[[list[bytes]], object]] = {}
        self.commandMap: dict[bytes, Callable[[Any], object]] = {
            codes.WILL: lambda option: self.getOptionState(option).him.hears(True),
            codes.WONT: lambda option: self.getOptionState(option).him.hears(False),
            codes.DO: lambda option: self.getOptionState(option).us.hears(True),
            codes.DONT: lambda option: self.getOptionState(option).us.hears(False),
        }

    def makeConnection(self, transport: Any) -> None:
        """Read urgent bytes in their place, and begin."""
        self._reader = Reader(self.maxSubnegotiation)
        skt = transport.getHandle() if hasattr(transport, "getHandle") else None
        if skt is not None and getattr(skt, "family", None) in (socket.AF_INET, socket.AF_INET6):
            skt.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
        super().makeConnection(transport)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Whoever waits for an answer gets the reason, and whoever asks from now on."""
        self._lost = reason
        for option in list(self.options.values()):
            option.us.lost(reason)
            option.him.lost(reason)

    def dataReceived(self, data: bytes) -> None:
        """Pass on what is complete."""
        try:
            for kind, argument in self._reader.feed(data):
                if kind == TEXT:
                    self.applicationDataReceived(argument or b"")
                elif kind == codes.SB:
                    self.negotiate(argument or b"")
                else:
                    self.commandReceived(kind, argument)
                    self._reader.binary = self.getOptionState(codes.TRANSMIT_BINARY).him.state == "yes"
        except SubnegotiationTooLong as problem:
            refuse(self, f"{problem} See maxSubnegotiation.")

    def applicationDataReceived(self, data: bytes) -> None:
        """Text came, with LF for the ends of its lines. Override it."""

    def commandReceived(self, command: bytes, argument: bytes | None) -> None:
        """A command came."""
        handler = self.commandMap.get(command)
        if handler is None:
            self.unhandledCommand(command, argument)
        else:
            handler(argument)

    def negotiate(self, data: bytes) -> None:
        """The peer says something about an option: the first byte."""
        about, rest = data[:1], [data[place : place + 1] for place in range(1, len(data))]
        handler = self.negotiationMap.get(about)
        if handler is not None:
            handler(rest)
        elif about:
            self.unhandledSubnegotiation(about, rest)

    # --- call these: see ITelnetTransport

    def getOptionState(self, opt: bytes) -> OptionState:
        """What is known of an option."""
        if opt not in self.options:
            self.options[opt] = OptionState(opt, self._say, self)
        return self.options[opt]

    def do(self, option: bytes) -> Deferred[bool]:
        return self._ask(self.getOptionState(option).him, True)

    def dont(self, option: bytes) -> Deferred[bool]:
        return self._ask(self.getOptionState(option).him, False)

    def will(self, option: bytes) -> Deferred[bool]:
        return self._ask(self.getOptionState(option).us, True)

    def wont(self, option: bytes) -> Deferred[bool]:
        return self._ask(self.getOptionState(option).us, False)

    def _ask(self, side: Side, yes: bool) -> Deferred[bool]:
        return side.wants(yes) if self._lost is None else fail(self._lost)

    def requestNegotiation(self, about: bytes, data: bytes) -> None:
        self._say(codes.SB, about + data.replace(codes.IAC, codes.IAC * 2) + codes.IAC + codes.SE)

    def _say(self, word: bytes, about: bytes) -> None:
        self.transport.write(codes.IAC + word + about)


class ProtocolTransportMixin:
    """To the protocol above, the transport below."""

    transport: Any

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def writeSequence(self, seq: Iterable[bytes]) -> None:
        self.write(b"".join(seq))

    def __getattr__(self, name: str) -> Any:  # loseConnection, getPeer, TLS, do, will …
        if name in ("transport", "readConnectionLost", "writeConnectionLost") or name[:2] == "__":
            raise AttributeError(name)
        return getattr(self.transport, name)


class TelnetTransport(ProtocolTransportMixin, Telnet, TimeoutMixin):
    """A telnet connection with a program upon it.

    protocolFactory: called with what follows it for the program, an ITelnetProtocol, when the connection is made.
    protocol: the program; it may put another in its place. When the connection is lost both are told, it first.
    timeOut: seconds without a byte from the peer until the connection is given up; None: never.
    """

    protocolFactory: Callable[..., Any] | None = None
    protocol: Any = None
    _made: Any = None
    _unread = b""  # came while somebody paused
    _is_passing = False

    def __init__(self, protocolFactory: Callable[..., Any] | None = None, *a: Any, **kw: Any) -> None:
        super().__init__()
        self.protocolFactory = protocolFactory or self.protocolFactory
        self.protocolArgs, self.protocolKwArgs = a, kw
        self._pauses: set[str] = set()  # who wants nothing to be read
        self._peer = SimpleNamespace(  # TCP pauses it while the peer doesn't take what was written
            pauseProducing=partial(self.pauseProducing, "peer"),
            resumeProducing=partial(self.resumeProducing, "peer"),
            stopProducing=lambda: None,
        )

    def connectionMade(self) -> None:
        """Make the program, and introduce it."""
        self.setTimeout(self.timeOut)
        self.transport.registerProducer(self._peer, True)
        if self.protocolFactory is not None:
            self.protocol = self._made = self.protocolFactory(*self.protocolArgs, **self.protocolKwArgs)
            self.protocol.factory = self.factory
            self.protocol.makeConnection(self)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell the program."""
        self.setTimeout(None)
        super().connectionLost(reason)
        protocol, made = self.protocol, self._made
        self.protocol = self._made = None
        try:
            if protocol is not None:
                protocol.connectionLost(reason)
        finally:
            if made is not None and made is not protocol:
                made.connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        """As Telnet's, as far as nobody pauses; the rest waits. Some keys redraw a screen, and a read has 64 KiB."""
        self.resetTimeout()
        self._unread += data
        self._pass_on()

    def _pass_on(self) -> None:
        if self._is_passing:
            return
        self._is_passing = True
        try:
            while self._unread and not (self._pauses or self.transport.disconnecting):
                piece, self._unread = self._unread[:_AT_ONCE], self._unread[_AT_ONCE:]
                super().dataReceived(piece)
        finally:
            self._is_passing = False

    def timeoutConnection(self) -> None:
        """Nobody is. Who doesn't take what was written isn't waited for."""
        self.transport.abortConnection()

    def write(self, data: bytes) -> None:
        """Send text. The ends of its lines are LF, or CR LF; in binary mode it has none, and is sent as it is."""
        self.transport.write(written(data, self.getOptionState(codes.TRANSMIT_BINARY).us.state == "yes"))

    def endRecord(self) -> None:
        """Mark the end of what belongs together, such as a prompt: by EOR or GA, for a peer who wants to be told."""
        if self.getOptionState(codes.TRANSMIT_EOR).us.state == "yes":
            self._say(codes.EOR, b"")
        elif self.getOptionState(codes.SGA).us.state == "no":
            self._say(codes.GA, b"")

    def isInterrupted(self) -> bool:
        """Whether a ^C or an IP waits to be read, for a program that is busy. Over TLS nobody can tell: False."""
        handle = self.transport.getHandle() if hasattr(self.transport, "getHandle") else None
        if type(handle) is not socket.socket:
            return False
        try:
            coming = [*deepcopy(self._reader).feed(self._unread + handle.recv(2**16, socket.MSG_PEEK))]
        except (OSError, SubnegotiationTooLong):
            return False
        return any(kind == codes.IP or (kind == TEXT and b"\x03" in (text or b"")) for kind, text in coming)

    # --- the program is asked

    def applicationDataReceived(self, data: bytes) -> None:
        self.protocol.dataReceived(data)

    def unhandledCommand(self, command: bytes, argument: bytes | None) -> None:
        self.protocol.unhandledCommand(command, argument)

    def unhandledSubnegotiation(self, command: bytes, data: list[bytes]) -> None:
        self.protocol.unhandledSubnegotiation(command, data)

    def enableLocal(self, option: bytes) -> Any:
        return self.protocol.enableLocal(option)

    def enableRemote(self, option: bytes) -> Any:
        return self.protocol.enableRemote(option)

    def disableLocal(self, option: bytes) -> None:
        self.protocol.disableLocal(option)

    def disableRemote(self, option: bytes) -> None:
        self.protocol.disableRemote(option)

    # --- who waits for whom

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let `producer` write as fast as the peer takes it. What the peer sends is read meanwhile."""
        self.transport.unregisterProducer()
        self.resumeProducing("peer")
        self.transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """It is done."""
        self.transport.unregisterProducer()
        self.transport.registerProducer(self._peer, True)

    def pauseProducing(self, why: str = "program") -> None:
        """Read nothing, until `resumeProducing`."""
        self._pauses.add(why)
        self.transport.pauseProducing()

    def resumeProducing(self, why: str = "program") -> None:
        """Read on, unless there is another reason not to."""
        self._pauses.discard(why)
        self._pass_on()
        if not self._pauses:
            self.transport.resumeProducing()
