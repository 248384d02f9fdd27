"""A person's terminal at the other end: which options it should have on, and what it says about them.

What it says is kept and shown, and nothing else: no name of a terminal and no variable reaches a child process. Those
are the peer's words, and login programs have believed them (CVE-2026-24061: USER='-f root').
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from reactor.conch.telnet import codes
from reactor.conch.telnet.connection import ProtocolTransportMixin, TelnetProtocol
from reactor.conch.telnet.lines import may_fail
from reactor.failure import Failure
from reactor.protocol import connectionDone

_MOST = 16  # names of a terminal; and of variables, except that these come many at once
_VARIABLE = re.compile(rb"[\x00\x03]((?:[^\x00-\x03]|\x02.)*+)(?:\x01((?:[^\x00-\x03]|\x02.)*+))?", re.DOTALL)


def read_environment(data: bytes) -> dict[bytes, bytes | None]:
    """The variables in what is said about NEW_ENVIRON (RFC 1572), behind its first byte; None: it has no value."""
    pairs = (match.groups() for match in _VARIABLE.finditer(data))
    return {_unescaped(name): None if value is None else _unescaped(value) for name, value in pairs}


def _unescaped(data: bytes) -> bytes:
    return re.sub(rb"\x02(.)", rb"\1", data, flags=re.DOTALL)


class TelnetBootstrapProtocol(ProtocolTransportMixin, TelnetProtocol):
    """Sets up a terminal that sends each key at once and echoes nothing, and connects it to a protocol.

    protocolFactory: called with what follows it for the protocol, often insults.ServerProtocol; it gets the keys as
    bytes. It, or its `terminalProtocol`, is told the `terminalSize(width, height)`.
    asks: what the terminal should do; with NEW_ENVIRON in it, it tells its variables. offers: what we do.
    terminalTypes: its names, the best first. environment: its variables, as far as it tells. charset: what both speak.
    """

    asks: ClassVar[tuple[bytes, ...]] = (codes.LINEMODE, codes.NAWS, codes.SGA, codes.TTYPE)
    offers: ClassVar[tuple[bytes, ...]] = (codes.ECHO, codes.SGA, codes.CHARSET)
    AGREES: ClassVar = {
        codes.TRANSMIT_BINARY,
        codes.TRANSMIT_EOR,
        codes.SGA,
        codes.CHARSET,
    }  # to that, if asked
    QUESTIONS: ClassVar = {  # once it is on
        # No editing over there, and no signals either: telnet flushes what is shown behind an IP (Twisted has TRAPSIG).
        codes.LINEMODE: codes.MODE + b"\0",
        codes.TTYPE: codes.SEND,
        codes.NEW_ENVIRON: codes.SEND,
        codes.CHARSET: codes.REQUEST + b";UTF-8",
    }
    KEYS: ClassVar = {  # what else says these commands
        codes.IP: b"\x03",
        codes.BRK: b"\x03",
        codes.EC: b"\x7f",
        codes.EL: b"\x15",
        codes.LINEMODE_EOF: b"\x04",
        codes.LINEMODE_SUSP: b"\x1a",
        codes.LINEMODE_ABORT: b"\x1c",
    }
    protocol: Any = None
    charset: bytes | None = None

    def __init__(self, protocolFactory: Callable[..., Any], *args: Any, **kw: Any) -> None:
        self.protocolFactory, self.protocolArgs, self.protocolKwArgs = protocolFactory, args, kw
        self.terminalTypes: list[bytes] = []
        self.environment: dict[bytes, bytes | None] = {}

    def connectionMade(self) -> None:
        """Negotiate, and connect the protocol meanwhile."""
        for name in ("NAWS", "TTYPE", "NEW_ENVIRON", "CHARSET"):
            self.transport.negotiationMap[getattr(codes, name)] = getattr(self, f"telnet_{name}")
        for option in self.asks:
            self.transport.do(option).addCallbacks(self._is_on, may_fail, (option,))
        for option in self.offers:
            self.transport.will(option).addCallbacks(self._is_on, may_fail, (option,))
        self.protocol = self.protocolFactory(*self.protocolArgs, **self.protocolKwArgs)
        self.protocol.factory = self.factory
        self.protocol.makeConnection(self)

    def _is_on(self, _: bool, option: bytes) -> None:
        if option in self.QUESTIONS:
            self.transport.requestNegotiation(option, self.QUESTIONS[option])

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        protocol, self.protocol = self.protocol, None
        if protocol is not None:
            protocol.connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        self.protocol.dataReceived(data)

    def unhandledCommand(self, command: bytes, argument: bytes | None) -> None:
        if command in self.KEYS:
            self.protocol.dataReceived(self.KEYS[command])
        else:
            super().unhandledCommand(command, argument)

    def enableLocal(self, option: bytes) -> bool:
        return option in self.AGREES or option in self.offers

    def enableRemote(self, option: bytes) -> bool:
        return option in self.AGREES or option in self.asks

    def telnet_NAWS(self, data: list[bytes]) -> None:
        """The size of its window (RFC 1073); 0 says nothing."""
        width, height = (int.from_bytes(b"".join(part), "big") for part in (data[:2], data[2:4]))
        listener = getattr(self.protocol, "terminalProtocol", self.protocol)
        if len(data) == 4 and width and height and hasattr(listener, "terminalSize"):
            listener.terminalSize(width, height)

    def telnet_TTYPE(self, data: list[bytes]) -> None:
        """One of its names (RFC 1091). Each question brings another; the last one comes twice."""
        name = b"".join(data[1:])
        if data[:1] == [codes.IS] and name not in self.terminalTypes and len(self.terminalTypes) < _MOST:
            self.terminalTypes.append(name)
            self.transport.requestNegotiation(codes.TTYPE, codes.SEND)

    def telnet_NEW_ENVIRON(self, data: list[bytes]) -> None:
        """Its variables, or some that have changed."""
        if data[:1] != [codes.SEND] and len(self.environment) < _MOST:
            self.environment.update(read_environment(b"".join(data[1:])))

    def telnet_CHARSET(self, data: list[bytes]) -> None:
        """What it makes of our UTF-8, or what it would like (RFC 2066)."""
        names = b"".join(data[1:])
        if data[:1] == [codes.ACCEPTED]:
            self.charset = names
        elif data[:1] == [codes.REQUEST]:
            fits = b"UTF-8" in names.upper().split(names[:1] or b";")
            self.charset = b"UTF-8" if fits else self.charset
            self.transport.requestNegotiation(codes.CHARSET, codes.ACCEPTED + b"UTF-8" if fits else codes.REJECTED)
