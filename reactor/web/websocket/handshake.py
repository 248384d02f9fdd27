"""The server's half of the handshake: a request for a WebSocket, and the answer (RFC 6455, section 4.2). No I/O.

A header that makes no sense makes no WebSocket: `read_request` raises its one error. An extension or a subprotocol that
makes no sense is left out, as one that we don't know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from wsproto.extensions import Extension
from wsproto.handshake import server_extensions_handshake
from wsproto.utilities import generate_accept_token

from reactor.web.http_headers import Headers

_KEY = re.compile(r"[A-Za-z0-9+/]{22}==")  # 16 bytes in base64: RFC 6455, section 4.1
_HOST = re.compile(r"([^][/?#@:\s]+|\[[0-9a-f:.]+\])(?::([0-9]*))?")  # uri-host [ ":" port ]
_ORIGIN = re.compile(rf"(https?)://{_HOST.pattern}")  # of a web page: RFC 6454, section 7
_PORTS = {"http": "80", "https": "443"}


class BadHandshake(Exception):
    """The request asks for no WebSocket, or not in the right way. The text says why, for the client."""


class Asked(NamedTuple):
    """What a client asks for. extensions: its offers, each with its parameters."""

    key: str
    subprotocols: list[str]
    extensions: list[str]


def read_request(headers: Headers) -> Asked:
    """What the client asks for. Raises BadHandshake."""
    if "upgrade" not in (option.lower() for option in _items(headers, "connection")):
        raise BadHandshake("the header Connection: Upgrade is missing")
    if "websocket" not in (protocol.lower() for protocol in _items(headers, "upgrade")):
        raise BadHandshake("the header Upgrade: websocket is missing")
    if _items(headers, "sec-websocket-version") != ["13"]:
        raise BadHandshake("the header Sec-WebSocket-Version: 13 is missing")
    keys = _items(headers, "sec-websocket-key")
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        raise BadHandshake("its key is missing, or isn't one")
    return Asked(keys[0], _items(headers, "sec-websocket-protocol"), _items(headers, "sec-websocket-extensions"))


def answer(asked: Asked, subprotocol: str | None, extensions: list[Extension]) -> bytes:
    """The answer that opens the WebSocket. extensions: what we can; afterwards those agreed on are `enabled()`."""
    lines = [
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + generate_accept_token(asked.key.encode("ascii")),
    ]
    if subprotocol is not None:
        lines.append(b"Sec-WebSocket-Protocol: " + subprotocol.encode("ascii"))
    if accepted := server_extensions_handshake(asked.extensions, extensions):
        lines.append(b"Sec-WebSocket-Extensions: " + accepted)
    return b"\r\n".join([*lines, b"", b""])


def origins(headers: Headers) -> Sequence[str]:
    """Where the page comes from that asks; empty for a client that is no browser."""
    return [value.decode("latin-1") for value in headers.getRawHeaders(b"origin", [])]


def is_of_host(origin: str, host: str) -> bool:
    """Whether a page of this origin came from this value of the header Host: the same name, and the same port.

    A port that isn't named is the usual one of the origin's scheme: whether the client came encrypted, only a proxy
    before us may know.
    """
    page, site = _ORIGIN.fullmatch(origin.lower()), _HOST.fullmatch(host.lower())
    if page is None or site is None:
        return False
    usual = _PORTS[page[1]]
    return (page[2], page[3] or usual) == (site[1], site[2] or usual)


def _items(headers: Headers, name: str) -> list[str]:
    """The items of a header that is a list, from all its lines."""
    lines = headers.getRawHeaders(name.encode("ascii"), [])
    return [item for line in lines for item in map(str.strip, line.decode("latin-1").split(",")) if item]
