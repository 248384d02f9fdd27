"""One request, as a program reads it: its first line, its headers, its body, and what they mean.

A short body is kept in memory, a longer one in a temporary file.
"""

from __future__ import annotations

import tempfile
from functools import cached_property
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, AnyStr, cast

from reactor.web import status
from reactor.web.basic_auth import credentials_in
from reactor.web.cookies import parse_cookies
from reactor.web.forms import Fields, fields_of_body, parse_qs
from reactor.web.host import ForcedHost, split_target, with_port, without_port
from reactor.web.http_headers import Headers
from reactor.web.reading import BadRequest, Head

if TYPE_CHECKING:
    from reactor.web.channel import HTTPChannel

_IN_MEMORY_AT_MOST = 100_000
"""Bytes; a longer body goes to a temporary file."""


class ReceivedRequest:
    """What a client asks for.

    method, uri, clientproto: the words of its first line. path: of the uri, without the query.
    requestHeaders: its headers. channel: the connection that it came on.
    """

    method = b"(no method yet)"
    uri = path = b""
    clientproto = b"HTTP/1.0"
    requestHeaders: Headers
    _content: IO[bytes] | None = None
    _forced_host: ForcedHost | None = None
    channel: HTTPChannel

    # --- coming in: called by the channel

    def head_received(self, head: Head) -> None:
        """Take the first line and the headers."""
        self.method, self.uri, self.clientproto = head.method, head.target, head.version
        self.requestHeaders = head.headers
        target = head.target if head.target.startswith(b"/") else split_target(head.target)[1]
        self.path = target.partition(b"?")[0]

    def gotLength(self, length: int | None) -> None:
        """A body of `length` bytes follows, None if not known yet. Override this and the next to keep it elsewhere."""
        if length is not None and length <= _IN_MEMORY_AT_MOST:
            self._content = BytesIO()

    def handleContentChunk(self, data: bytes) -> None:
        """Keep a piece of the body."""
        self._open_content().write(data)

    def _open_content(self) -> IO[bytes]:
        if self._content is None:
            spooled = tempfile.SpooledTemporaryFile(_IN_MEMORY_AT_MOST)  # noqa: SIM115  # `forget` closes it
            self._content = cast(IO[bytes], spooled)
        return self._content

    def forget(self) -> None:
        """Close the body's file: the request is answered, or its client is gone."""
        if self._content is not None:
            self._content.close()

    # --- what was asked

    @cached_property
    def content(self) -> IO[bytes]:
        """The body, as a file, at its beginning."""
        if self._content is None:
            self._content = BytesIO()
        return self._content

    @cached_property
    def args(self) -> Fields:
        """The fields of a form, from the address and the body; for a name in both, the body's count.

        Raises BadRequest for a broken form. Let it pass, and the client gets a 400.
        """
        content_type = self.requestHeaders.last(b"content-type")
        body = self._whole_body() if self.method == b"POST" and self._content is not None else b""
        try:
            fields = parse_qs(self.uri.partition(b"?")[2], keep_blank_values=True)
            return fields | fields_of_body(content_type, body)
        except ValueError as problem:
            raise BadRequest(status.BAD_REQUEST, str(problem)) from None

    def _whole_body(self) -> bytes:
        """All of the body, wherever in it the program reads."""
        position = self.content.tell()
        self.content.seek(0)
        body = self.content.read()
        self.content.seek(position)
        return body

    def getHeader(self, key: AnyStr) -> AnyStr | None:
        """The last value of a header, None if the client didn't send it."""
        values = self.requestHeaders.getRawHeaders(key)
        return values[-1] if values else None

    def getAllHeaders(self) -> dict[bytes, bytes]:
        """All headers by their names in lower case, each with its last value."""
        return {name.lower(): values[-1] for name, values in self.requestHeaders.getAllRawHeaders()}

    @cached_property
    def received_cookies(self) -> dict[bytes, bytes]:
        """The cookies that the client sent."""
        return parse_cookies(self.requestHeaders.getRawHeaders(b"cookie", []))

    def getCookie(self, key: bytes) -> bytes | None:
        """The value of a cookie, None if the client didn't send it."""
        return self.received_cookies.get(key)

    def getClientAddress(self) -> Any:
        """The client's address; behind proxies, the address of the last one."""
        return self.channel.getPeer()

    def getHost(self) -> Any:
        """The address that the client connected to, or what `setHost` said it is."""
        if self._forced_host is not None:
            return self._forced_host.address
        return self.channel.getHost()

    def setHost(self, host: bytes, port: int, ssl: bool = False) -> None:
        """Say that the client asked for this host: for a server behind a proxy, which was asked instead."""
        self._forced_host = ForcedHost(host, port, bool(ssl))
        self.requestHeaders.setRawHeaders(b"host", [with_port(*self._forced_host)])

    def getRequestHostname(self) -> bytes:
        """The host that the client asked for, without the port."""
        host = self.requestHeaders.last(b"host")
        if host is None:
            return str(getattr(self.getHost(), "host", "")).encode("ascii")
        return without_port(host)

    def isSecure(self) -> bool:
        """Whether the client came over TLS."""
        return self._forced_host.is_secure if self._forced_host is not None else self.channel.isSecure()

    def getUser(self) -> bytes:
        """The user's name that the client gave (HTTP Basic), b"" without one. It proves nothing by itself."""
        return self._credentials[0]

    def getPassword(self) -> bytes:
        """The password that the client gave, b"" without one."""
        return self._credentials[1]

    @cached_property
    def _credentials(self) -> tuple[bytes, bytes]:
        return credentials_in(self.requestHeaders.last(b"authorization"))
