"""Addresses on the web, split into their parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

_PORTS = {b"http": 80, b"https": 443}
_UNQUOTED = re.compile(rb"[^\x21-\x7e]")


@dataclass
class URI:
    """The parts of an absolute address, each as bytes.

    scheme, netloc: b"http", b"user@example.org:81". host, port: of the netloc, an IPv6 address without its brackets.
    path: with the parameters in it. query, fragment: without their signs.
    """

    scheme: bytes
    netloc: bytes
    host: bytes
    port: int
    path: bytes
    query: bytes = b""
    fragment: bytes = b""

    @classmethod
    def fromBytes(cls, uri: bytes, defaultPort: int | None = None) -> URI:
        """Split an address. Raises ValueError for one with a space, a line end or an impossible port in it.

        defaultPort: the port of an address that names none; left out, that of the scheme.
        """
        text = uri.strip().decode("latin-1")
        if not text.isprintable() or " " in text or not text.isascii():
            raise ValueError(f"{uri!r} is no address: quote what isn't a printable ASCII character")
        try:
            parts = urlsplit(text)
            port = parts.port if parts.port is not None else defaultPort
        except ValueError as problem:
            raise ValueError(f"{uri!r} is no address: {problem}") from None
        scheme = parts.scheme.encode("ascii")
        return cls(
            scheme,
            parts.netloc.encode("ascii"),
            (parts.hostname or "").encode("ascii"),
            _PORTS.get(scheme, 80) if port is None else port,
            parts.path.encode("ascii"),
            parts.query.encode("ascii"),
            parts.fragment.encode("ascii"),
        )

    def toBytes(self) -> bytes:
        """The whole address."""
        fragment = b"#" + self.fragment if self.fragment else b""
        query = b"?" + self.query if self.query else b""
        return self.scheme + b"://" + self.netloc + self.path + query + fragment

    @property
    def originForm(self) -> bytes:
        """The path and query, as they stand in a request's first line."""
        return (self.path or b"/") + (b"?" + self.query if self.query else b"")

    @property
    def host_header(self) -> bytes:
        """The value of the header `Host`. It names the port only if that is not the scheme's own."""
        host = b"[%b]" % self.host if b":" in self.host else self.host
        return host if _PORTS.get(self.scheme) == self.port else b"%b:%d" % (host, self.port)


def join(base: bytes, location: bytes) -> bytes:
    """The absolute address of `location`, which may be relative to `base` (RFC 3986, section 5).

    Without a fragment of its own it inherits the base's (RFC 9110, section 10.2.2). Spaces and bytes that aren't ASCII
    are quoted, since servers forget to (browsers and curl do the same). Raises ValueError for what is no address.
    """
    location = _UNQUOTED.sub(lambda byte: b"%%%02X" % byte[0][0], location.strip())
    joined = urljoin(base.decode("latin-1"), location.decode("latin-1"))
    fragment = base.partition(b"#")[2]
    if fragment and "#" not in joined:
        joined += "#" + fragment.decode("latin-1")
    return joined.encode("latin-1")
