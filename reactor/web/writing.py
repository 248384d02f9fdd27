"""Writing responses: the head, and how the client knows the end of the body.

the program gave a length           Content-Length
none, to a client of HTTP/1.1       chunks, each with its length, an empty one at the end
none, to one of HTTP/1.0            the connection closes

                                                                          (RFC 9112, section 6.3)
"""

from __future__ import annotations

from functools import lru_cache

from reactor.web import status
from reactor.web.dates import datetimeToString
from reactor.web.http_headers import Headers


@lru_cache(maxsize=256)
def _status_line(code: int, phrase: bytes) -> bytes:
    return b"HTTP/1.1 %d %b\r\n" % (code, b" ".join(phrase.splitlines()))


def response_head(code: int, phrase: bytes, headers: Headers) -> bytes:
    """The first line and the headers, up to the empty line that ends them."""
    lines = headers.on_the_wire()
    lines.append(b"\r\n")
    return _status_line(code, phrase) + b"".join(lines)


def refusal(code: int, why: str) -> bytes:
    """A whole response that says why a request is refused, and that the connection ends."""
    body = f"{code} {status.RESPONSES[code].decode('ascii')}: {why}\n".encode("latin-1", "replace")
    return (
        b"HTTP/1.1 %d %b\r\nDate: %b\r\nConnection: close\r\nContent-Type: text/plain; charset=latin-1\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (code, status.RESPONSES[code], datetimeToString(), len(body), body)
    )


def has_body(method: bytes, code: int) -> bool:
    """Whether a body follows the head of a response with this code, to a request with this method."""
    return method != b"HEAD" and code not in status.NO_BODY_CODES and code >= 200


def chunk(data: bytes) -> bytes:
    """The data as one chunk. It must not be empty: an empty chunk is the last one, `LAST_CHUNK`."""
    return b"%x\r\n%b\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"
