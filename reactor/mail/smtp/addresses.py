"""Mail addresses as SMTP writes them, and the few header lines that it makes itself.

    path    = "<" [ "@" domain *( "," "@" domain ) ":" ] local "@" ( domain / literal ) ">"    (RFC 5321 section 4.1.2)
    local   = atom *( "." atom ) / quoted           with the UTF-8 of RFC 6531 in both, which only SMTPUTF8 allows
    literal = "[" 1*dcontent "]"

The route in front is taken and forgotten, as the RFC says. `%` and `!` in a local part mean nothing here, so that no
spelling makes a relay of a server that wants to be none. One error: AddressError.
"""

from __future__ import annotations

import codecs
import os
import re
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from itertools import count
from typing import Any

from reactor.mail.smtp.errors import AddressError

_ATOM = rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\xff-]+"
_LABEL = rb"[A-Za-z0-9\x80-\xff](?:[A-Za-z0-9_\x80-\xff-]*[A-Za-z0-9\x80-\xff])?"
_DOMAIN = rb"%b(?:\.%b)*" % (_LABEL, _LABEL)
_ROUTE = rb"(?:@%b(?:,@%b)*:)?" % (_DOMAIN, _DOMAIN)
_QUOTED = rb'"(?:[ !#-[\]-~\x80-\xff]|\\[ -~])*"'
_MAILBOX = re.compile(
    rb"%b(?P<local>%b(?:\.%b)*|%b)(?:@(?P<domain>%b|\[[!-Z^-~]+\]))?" % (_ROUTE, _ATOM, _ATOM, _QUOTED, _DOMAIN)
)
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 255  # bytes (RFC 5321 section 4.5.3.1)


@cache
def dnsname() -> bytes:
    """The name of this machine, as it knows it without asking anybody."""
    return os.fsencode(socket.gethostname()) or b"localhost"


class Address:
    """A mail address; without local part and domain it is the null sender, `<>`, of bounces.

    addr: bytes, text, an Address or a User; with or without <>. defaultDomain: for one without a domain; this machine's
    name unless given. local, domain: its halves, bytes, as they are written: a quoted local part has its quotes.
    addrstr: all of it, as it came. options: what MAIL or RCPT says about it, as `{b"SIZE": b"4096"}`.
    Two are equal that are written alike, but for the case of the domain.
    Raises AddressError.
    """

    def __init__(self, addr: Any, defaultDomain: bytes | None = None) -> None:
        addr = getattr(addr, "dest", addr)
        self.options: dict[bytes, bytes | None] = {}
        if isinstance(addr, Address):
            self.__dict__.update(addr.__dict__)
            return
        self.addrstr: bytes = addr if isinstance(addr, bytes) else str(addr).encode("utf-8")
        text = self.addrstr[1:-1] if self.addrstr[:1] == b"<" and self.addrstr[-1:] == b">" else self.addrstr
        found = _MAILBOX.fullmatch(text) if text else None
        if text and (found is None or not _is_text(text)):
            raise AddressError(f"{self.addrstr[:320]!r} is no mail address")
        self.local: bytes = found["local"] if found else b""
        self.domain: bytes = found["domain"] or (defaultDomain or dnsname()) if found else b""
        if len(self.local) > _LONGEST_LOCAL or len(self.domain) > _LONGEST_DOMAIN:
            sizes = f"{_LONGEST_LOCAL} bytes before its @, and {_LONGEST_DOMAIN} after it"
            raise AddressError(f"{self.addrstr[:320]!r} is too long: an address has at most {sizes}")

    def dequote(self, addr: bytes) -> bytes:
        """A local part without its quotes."""
        return dequote(addr)

    @property
    def isInternational(self) -> bool:
        """Whether it has letters that only SMTPUTF8 carries."""
        return not (self.local.isascii() and self.domain.isascii())

    def __bytes__(self) -> bytes:
        return self.local + b"@" + self.domain if self.local or self.domain else b""

    def __str__(self) -> str:
        return bytes(self).decode("utf-8")

    def __repr__(self) -> str:
        return f"{type(self).__module__}.{type(self).__name__}({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[bytes, bytes]:
        return self.dequote(self.local), self.domain.lower()


def dequote(local: bytes) -> bytes:
    """A local part without its quotes: `"jo\\e"` is joe."""
    return re.sub(rb"\\(.)", rb"\1", local[1:-1]) if local[:1] == b'"' else local


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class User:
    """A recipient, and where the letter to it comes from.

    dest: its Address. helo: what the client calls itself, and its address. protocol: that speaks with the client; None
    in a copy by pickle. orig: the sender's Address.
    """

    def __init__(self, destination: Any, helo: Any, protocol: Any, orig: Any) -> None:
        host = getattr(protocol, "host", None)
        self.dest = destination if isinstance(destination, Address) else Address(destination, host)
        self.helo, self.protocol = helo, protocol
        self.orig = orig if isinstance(orig, Address) else Address(orig, host)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "protocol": None}

    def __bytes__(self) -> bytes:
        return bytes(self.dest)

    def __str__(self) -> str:
        return str(self.dest)


def quoteaddr(addr: Any) -> bytes:
    """An address in <>, as it stands in a command; of `Joe <joe@example.org>` what is in the <>.

    Raises AddressError for one that would end its <>, or its line, and go on as a command.
    """
    if isinstance(addr, (Address, User)):
        return b"<%b>" % bytes(addr)
    text = addr if isinstance(addr, bytes) else str(addr).encode("utf-8")
    _, less, rest = text.rpartition(b"<")
    inner = rest[:-1] if less else rest
    if (less and rest[-1:] != b">") or b">" in inner or re.search(rb"[\r\n\0]", text):
        raise AddressError(f"{text[:320]!r} is no mail address")
    return b"<%b>" % inner


def rfc822date(timeinfo: Any = None, local: int = 1) -> bytes:
    """A date as headers have it. timeinfo: as of time.localtime() or gmtime(); now without it. local: which of both."""
    seconds = time.time() if timeinfo is None else None
    if local:
        when = datetime.fromtimestamp(time.mktime(timeinfo) if seconds is None else seconds).astimezone()
    else:
        parts = time.gmtime(seconds) if timeinfo is None else timeinfo
        when = datetime(*parts[:6]).replace(tzinfo=UTC)
    return format_datetime(when).encode("ascii")


def received_header(protocol: Any, recipients: Sequence[Any]) -> bytes:
    """The header that says how a letter came: from whom, to whom, over what, and when."""
    name, address = protocol.helo
    to = b" for <%b>" % bytes(recipients[0]) if len(recipients) == 1 else b""
    by = b"by %b with %b%b; %b" % (protocol.host, protocol.spoken.encode(), to, rfc822date())
    return b"Received: from %b ([%b])\n\t%b" % (name or b"unknown", address, by)


_numbers = count()


def messageid(uniq: str | None = None, N: Callable[[], int] = lambda: next(_numbers)) -> bytes:
    """A Message-ID that nobody else makes. uniq: more to stand in it. N: numbers, each once."""
    when = time.strftime("%Y%m%d%H%M%S", time.gmtime())
    more = "" if uniq is None else f".{uniq}"
    return f"<{when}.{os.getpid()}.{secrets.randbits(31)}{more}.{N()}@{os.fsdecode(dnsname())}>".encode()


def xtext_encode(s: str, errors: str | None = None) -> tuple[bytes, int]:
    """Bytes that go into a parameter: `+`, `=` and all that isn't printable as `+3D` (RFC 3461 section 4)."""
    return re.sub(rb"[^!-*,-<>-~]", lambda m: b"+%02X" % ord(m[0]), s.encode("latin-1")), len(s)


def xtext_decode(s: bytes, errors: str | None = None) -> tuple[str, int]:
    """The inverse of xtext_encode. Raises ValueError for what it never makes."""
    data = bytes(s)
    if not re.fullmatch(rb"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*", data):
        raise ValueError(f"{data[:80]!r} is no xtext")
    return re.sub(rb"\+(..)", lambda m: bytes.fromhex(m[1].decode()), data).decode("latin-1"), len(data)


def xtext_codec(name: str) -> codecs.CodecInfo | None:
    """For `codecs.register`, if you want `"…".encode("xtext")`. (Twisted registers it when it is imported.)"""
    return codecs.CodecInfo(xtext_encode, xtext_decode) if name == "xtext" else None  # type: ignore[arg-type]  # its decoders take bytes
