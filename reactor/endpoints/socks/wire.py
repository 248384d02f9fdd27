"""SOCKS as bytes: versions 4, 4a and 5 (RFC 1928, RFC 1929), without any I/O.

    4    request  04 command port(2) address(4) user 00      reply  00 code port(2) address(4)
    4a   the same with the address 0.0.0.x, x not 0, and behind it   name 00
    5    hello    05 n methods(n)      choice 05 method      login  01 n name(n) n password(n)     verdict 01 status
         request  05 command 00 place  reply  05 code 00 place      datagram  00 00 fragment place data
         place    01 address(4) port(2) / 03 n name(n) port(2) / 04 address(16) port(2)

Each reader takes what has come, and returns (value, how many bytes it was), or None while it isn't whole: it never is
longer than a few hundred bytes. Each raises SocksError, and nothing else, for what can't become whole.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from dataclasses import dataclass
from typing import Any

CONNECT, BIND, UDP_ASSOCIATE = 1, 2, 3
ADDRESS_4, NAME, ADDRESS_6 = 1, 3, 4
NO_LOGIN, PASSWORD, NO_METHOD = 0, 2, 255
LONGEST = 255  # bytes of a name, a user's name or a password: what one byte can count

GRANTED_4, REJECTED_4 = 90, 91
SUCCEEDED, FAILED, NOT_ALLOWED, NETWORK_UNREACHABLE, HOST_UNREACHABLE, REFUSED, EXPIRED, NO_COMMAND = range(8)
REASONS = {
    SUCCEEDED: "succeeded",
    FAILED: "general failure",
    NOT_ALLOWED: "not allowed by the proxy's rules",
    NETWORK_UNREACHABLE: "network unreachable",
    HOST_UNREACHABLE: "host unreachable",
    REFUSED: "connection refused",
    EXPIRED: "time to live expired",
    NO_COMMAND: "command not supported",
    8: "kind of address not supported",
    GRANTED_4: "granted",
    REJECTED_4: "rejected or failed",
    92: "no identd at the client",
    93: "identd names another",
}


class SocksError(ValueError):
    """What came is not SOCKS, or what was to be sent can't be."""


@dataclass(frozen=True)
class Request:
    """What a client asks of a proxy. host: an address, or a name. user: as version 4 has it; it proves nothing."""

    version: int
    command: int
    host: str
    port: int
    user: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What the proxy answers. code: of the version's own list; see REASONS. host, port: depends on the command."""

    code: int
    host: str
    port: int


Read = tuple[Any, int] | None


def is_address(host: str) -> bool:
    """Whether this is an IP address, and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def name_bytes(name: str) -> bytes:
    """A host's name as it is sent. Raises SocksError when it is empty or longer than 255 bytes: it is never cut."""
    try:
        sent = name.encode("ascii") if name.isascii() else name.encode("idna")
    except UnicodeError as problem:
        raise SocksError(f"{name[:80]!r} is no name of a host: {problem}") from None
    if not 0 < len(sent) <= LONGEST or b"\0" in sent:
        raise SocksError(f"a name of a host has 1 to {LONGEST} bytes and no NUL, and this one has {len(sent)}")
    return sent


def _name(data: bytes) -> str:
    if not data or not all(0x20 < byte < 0x7F for byte in data):  # it goes into logs, too, where a line is a line
        raise SocksError(f"{data[:80]!r} is no name of a host")
    return data.decode("ascii")


# --- version 4


def _until_zero(data: bytes, begin: int, what: str) -> bytes | None:
    end = data.find(b"\0", begin, begin + LONGEST + 1)
    if end >= 0:
        return data[begin:end]
    if len(data) > begin + LONGEST:
        raise SocksError(f"{what} of more than {LONGEST} bytes")
    return None


def read_request_4(data: bytes) -> Read:
    """A Request of version 4, or 4a."""
    if len(data) < 8:
        return None
    version, command, port, address = struct.unpack("!BBH4s", data[:8])
    user = _until_zero(data, 8, "a user's name")
    if user is None:
        return None
    used = 8 + len(user) + 1
    if address[:3] != b"\0\0\0" or address[3] == 0:
        return Request(version, command, socket.inet_ntoa(address), port, user), used
    name = _until_zero(data, used, "a host's name")
    if name is None:
        return None
    return Request(version, command, _name(name), port, user), used + len(name) + 1


def request_4(request: Request) -> bytes:
    """The bytes of a request of version 4; of 4a, when its host is a name. Raises SocksError for an IPv6 address."""
    if len(request.user) > LONGEST or b"\0" in request.user:
        raise SocksError(f"a user's name has at most {LONGEST} bytes and no NUL")
    try:
        address, name = socket.inet_pton(socket.AF_INET, request.host), b""
    except OSError:
        if is_address(request.host):
            raise SocksError(f"SOCKS 4 has no IPv6 addresses such as {request.host}: use version 5") from None
        address, name = b"\0\0\0\1", name_bytes(request.host) + b"\0"
    return struct.pack("!BBH4s", 4, request.command, request.port, address) + request.user + b"\0" + name


def read_reply_4(data: bytes) -> Read:
    """A Reply of version 4."""
    if data[:1] not in (b"", b"\0"):
        raise SocksError(f"a reply of SOCKS 4 begins with 0, not {data[0]}")
    if len(data) < 8:
        return None
    _, code, port, address = struct.unpack("!BBH4s", data[:8])
    if code not in REASONS or code < GRANTED_4:
        raise SocksError(f"a reply of SOCKS 4 has a code from 90 to 93, not {code}")
    return Reply(code, socket.inet_ntoa(address), port), 8


def reply_4(reply: Reply, version: int = 0) -> bytes:
    """The bytes of a reply of version 4. An address that isn't IPv4 becomes 0.0.0.0."""
    try:
        address = socket.inet_pton(socket.AF_INET, reply.host)
    except OSError:
        address = bytes(4)
    return struct.pack("!BBH4s", version, reply.code, reply.port, address)


# --- version 5


def read_version(data: bytes) -> Read:
    """The version that a client speaks. It is left where it is: the hello and the request begin with it."""
    return (data[0], 0) if data else None


def read_hello(data: bytes) -> Read:
    """The methods of login that a client of version 5 can use."""
    if len(data) < 2 or len(data) < 2 + data[1]:
        return None
    return frozenset(data[2 : 2 + data[1]]), 2 + data[1]


def read_choice(data: bytes) -> Read:
    """The method that the proxy chose."""
    if data[:1] not in (b"", b"\5"):
        raise SocksError(f"the proxy answers in version {data[0]}, not in SOCKS 5")
    return None if len(data) < 2 else (data[1], 2)


def read_login(data: bytes) -> Read:
    """A name and a password (RFC 1929)."""
    if data[:1] not in (b"", b"\1"):
        raise SocksError(f"a login begins with its version, 1, not with {data[0]}")
    if len(data) < 2 or len(data) < 3 + data[1]:
        return None
    end = 3 + data[1] + data[2 + data[1]]
    return None if len(data) < end else ((data[2 : 2 + data[1]], data[3 + data[1] : end]), end)


def login(name: bytes, password: bytes) -> bytes:
    """The bytes of a login. Raises SocksError for a name or a password that doesn't fit."""
    for what, value in (("name", name), ("password", password)):
        if not 0 < len(value) <= LONGEST:
            raise SocksError(f"a {what} has 1 to {LONGEST} bytes, and this one has {len(value)}")
    return bytes([1, len(name)]) + name + bytes([len(password)]) + password


def read_verdict(data: bytes) -> Read:
    """Whether the login was right."""
    return None if len(data) < 2 else (data[1] == 0, 2)


def _read_place(data: bytes, begin: int) -> tuple[tuple[str, int], int] | None:
    kind = data[begin : begin + 1]
    if kind == bytes([NAME]):
        size = data[begin + 1] + 1 if len(data) > begin + 1 else LONGEST
    elif kind in (bytes([ADDRESS_4]), bytes([ADDRESS_6])):
        size = 4 if kind[0] == ADDRESS_4 else 16
    elif kind:
        raise SocksError(f"a kind of address is 1, 3 or 4, not {kind[0]}")
    else:
        return None
    end = begin + 1 + size
    if len(data) < end + 2:
        return None
    raw, port = data[begin + 1 : end], int.from_bytes(data[end : end + 2], "big")
    host = _name(raw[1:]) if kind[0] == NAME else str(ipaddress.ip_address(raw))
    return (host, port), end + 2


def _place(host: str, port: int) -> bytes:
    if is_address(host):
        packed = ipaddress.ip_address(host).packed
        return bytes([ADDRESS_4 if len(packed) == 4 else ADDRESS_6]) + packed + port.to_bytes(2, "big")
    name = name_bytes(host)
    return bytes([NAME, len(name)]) + name + port.to_bytes(2, "big")


def read_request_5(data: bytes) -> Read:
    """A Request of version 5."""
    if data[:1] not in (b"", b"\5"):
        raise SocksError(f"a request of SOCKS 5 begins with 5, not {data[0]}")
    found = _read_place(data, 3)
    if found is None:
        return None
    (host, port), used = found
    return Request(5, data[1], host, port), used


def request_5(request: Request) -> bytes:
    """The bytes of a request of version 5."""
    return bytes([5, request.command, 0]) + _place(request.host, request.port)


def read_reply_5(data: bytes) -> Read:
    """A Reply of version 5."""
    if data[:1] not in (b"", b"\5"):
        raise SocksError(f"a reply of SOCKS 5 begins with 5, not {data[0]}")
    found = _read_place(data, 3)
    if found is None:
        return None
    (host, port), used = found
    return Reply(data[1], host, port), used


def reply_5(reply: Reply) -> bytes:
    """The bytes of a reply of version 5."""
    return bytes([5, reply.code, 0]) + _place(reply.host, reply.port)


def read_datagram(data: bytes) -> tuple[int, str, int, bytes]:
    """The number of the fragment (0: it is whole), host, port and contents of a datagram to or from the proxy."""
    found = _read_place(data, 3)
    if found is None or data[:2] != b"\0\0":
        raise SocksError(f"a datagram of {len(data)} bytes has no whole header")
    (host, port), used = found
    return data[2], host, port, data[used:]


def datagram(host: str, port: int, contents: bytes) -> bytes:
    """The bytes of a datagram to or from the proxy."""
    return b"\0\0\0" + _place(host, port) + contents
