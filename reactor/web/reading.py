"""Reading requests: where one begins, what it says, where it ends.

h11 does it, and knows the tricks that clever peers have played on servers (request smuggling): lengths that contradict
each other, chunks that are none, names with spaces. But it is slow: it costs several times what the rest of a small
answer does. So one regular expression reads a request that is *plain*: HTTP/1.1, its head whole in one piece of what
came, no header that changes how the connection goes on, and either no body or one whose length is said once, in digits.
All others, and all that are wrong in any way, go to h11. `plain_head` takes less than h11 would, never more, and reads
it the same way: a test holds them against each other.

    request-line = method SP request-target SP HTTP-version CRLF      (RFC 9112, section 3)
    field-line   = field-name ":" OWS field-value OWS CRLF            (section 5)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from reactor.extras import installed_by
from reactor.web import status
from reactor.web.host import is_host, split_target
from reactor.web.http_headers import Headers

with installed_by("tutorial-of-doom[web]"):
    import h11

# The second + makes a repetition possessive: it never gives back what it took, so that nonsense costs linear time.
_PLAIN = re.compile(
    rb"(GET|HEAD|POST|PUT|PATCH|DELETE) (/[!-~]*+) HTTP/1\.1\r\n"  # a target: no space, no control
    rb"((?:[-!#$%&'*+.^_`|~0-9A-Za-z]++:[\t -~\x80-\xff]*+\r\n)++)\r\n"
)
_NOT_PLAIN = frozenset((b"transfer-encoding", b"expect", b"upgrade"))
_DIGITS_AT_MOST = 15  # of a Content-Length


@dataclass(slots=True)
class Head:
    """What a request says before its body.

    method, target, version: the words of its first line; the last one is b"HTTP/1.1" or b"HTTP/1.0".
    persistent: whether the client may send more requests on this connection.
    length: bytes of the body; None if it comes in chunks, and only their end will tell.
    """

    method: bytes
    target: bytes
    version: bytes
    headers: Headers
    persistent: bool
    length: int | None


def plain_head(data: bytes, limit: int) -> tuple[Head, int] | None:
    """The head of the plain request that `data` begins with, and the length of that head. None when it isn't plain.

    limit: bytes that a head may have.
    """
    match = _PLAIN.match(data)
    if match is None or match.end() > limit:
        return None
    values: dict[bytes, list[bytes]] = {}
    for line in match[3].split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        values.setdefault(name.lower(), []).append(value.strip(b" \t"))
    hosts = values.get(b"host", ())
    if len(hosts) != 1 or not is_host(hosts[0]) or not _NOT_PLAIN.isdisjoint(values):
        return None
    connection = values.get(b"connection")
    if connection is not None and connection != [b"keep-alive"]:
        return None
    length = 0
    lengths = values.get(b"content-length")
    if lengths is not None:
        if len(lengths) > 1 or not lengths[0].isdigit() or len(lengths[0]) > _DIGITS_AT_MOST:
            return None
        length = int(lengths[0])
    return Head(match[1], match[2], b"HTTP/1.1", Headers.of_checked(values), True, length), match.end()


class BadRequest(Exception):
    """The client sent something that is no request, or one to refuse. code: the status of the refusal."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Body(Enum):
    """What a reader gives when it has no bytes of a body."""

    UNFINISHED = "more has to come first"
    ENDS = "that was all"


class PlainReader:
    """Reads the body behind a plain head. It has the methods of RequestReader."""

    client_waits = False
    is_slow = False  # it has one piece of the body for each read

    def __init__(self, head: Head) -> None:
        self._head = head
        self._missing = head.length or 0
        self._data = b""

    def feed(self, data: bytes) -> None:
        """Take bytes that came."""
        self._data += data

    def head(self) -> Head | None:
        """The request's head."""
        return self._head

    def body(self) -> bytes | Body:
        """The next piece of the body, or why there is none."""
        if not self._missing:
            return Body.ENDS
        piece, self._data = self._data[: self._missing], self._data[self._missing :]
        self._missing -= len(piece)
        return piece or Body.UNFINISHED

    def rest(self) -> bytes:
        """The bytes that came behind the request."""
        return self._data


class RequestReader:
    """Reads one request with h11, from pieces of any size.

    limit: bytes that the head may have.
    """

    is_slow = True  # a read may hold thousands of pieces

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._connection = h11.Connection(h11.SERVER, max_incomplete_event_size=limit)

    def feed(self, data: bytes) -> None:
        """Take bytes that came."""
        self._connection.receive_data(data)

    def head(self) -> Head | None:
        """The request's head, None while it isn't whole. Raises BadRequest."""
        event = self._next_event()
        if not isinstance(event, h11.Request):
            return None
        size = len(event.target) + sum(len(name) + len(value) + 4 for name, value in event.headers)
        if size > self._limit:  # h11 applies the limit only to a head that is incomplete
            raise BadRequest(status.REQUEST_HEADER_FIELDS_TOO_LARGE, f"a head of {self._limit} bytes is taken at most")
        return _head_of(event)

    def body(self) -> bytes | Body:
        """The next piece of the body, or why there is none. Ask for the head first. Raises BadRequest."""
        event = self._next_event()
        if isinstance(event, h11.Data):
            return bytes(event.data)
        return Body.ENDS if isinstance(event, h11.EndOfMessage) else Body.UNFINISHED

    def _next_event(self) -> object:
        try:
            return self._connection.next_event()
        except h11.RemoteProtocolError as problem:
            raise BadRequest(problem.error_status_hint, str(problem)) from None

    @property
    def client_waits(self) -> bool:
        """Whether the client sends the body only after we say `100 Continue` (RFC 9110, section 10.1.1)."""
        return self._connection.they_are_waiting_for_100_continue

    def rest(self) -> bytes:
        """The bytes that came behind the request."""
        return self._connection.trailing_data[0]


def _head_of(event: h11.Request) -> Head:
    """h11's request as ours. Raises BadRequest for what h11 lets pass and a server had better not."""
    values: dict[bytes, list[bytes]] = {}
    for name, value in event.headers:
        values.setdefault(name, []).append(value)
    version = event.http_version
    if version not in (b"1.0", b"1.1"):
        raise BadRequest(status.HTTP_VERSION_NOT_SUPPORTED, f"HTTP/{version.decode('ascii')} is not spoken here")
    if b"transfer-encoding" in values and (b"content-length" in values or version == b"1.0"):
        raise BadRequest(status.BAD_REQUEST, "two lengths for one body: this is how requests are smuggled")
    _settle_host(event.target, values)
    options = {option.strip().lower() for value in values.get(b"connection", ()) for option in value.split(b",")}
    persistent = b"close" not in options and (version == b"1.1" or b"keep-alive" in options)
    length = None if b"transfer-encoding" in values else int(values.get(b"content-length", [b"0"])[0])
    return Head(event.method, event.target, b"HTTP/" + version, Headers.of_checked(values), persistent, length)


def _settle_host(target: bytes, values: dict[bytes, list[bytes]]) -> None:
    """Let `Host` say what the target does, if that names a host; raises BadRequest for what can't be a host.

    (RFC 9112, sections 3.2 and 3.2.2; there is one Host at most, h11 has seen to that.)
    """
    try:
        host, _ = split_target(target)
    except ValueError as problem:
        raise BadRequest(status.BAD_REQUEST, str(problem)) from None
    if host is not None:
        values[b"host"] = [host]
    for value in values.get(b"host", ()):
        if not is_host(value):
            raise BadRequest(status.BAD_REQUEST, f"{value[:200]!r} is no host: a name or address, and perhaps a port")
