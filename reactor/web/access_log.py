"""The access log: one line for each answer, in the combined format that every log analyser reads.

    192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] "GET / HTTP/1.1" 200 1234 "http://referer/" "Browser/1.0"

What the client chose (its User-Agent, its Referer, its target) is escaped, so that no client can forge a line of the
log, or put something into it that a terminal would obey.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reactor.web.request import Request

_UNSAFE = re.compile(r"[^ !#-\[\]-~]")


def _escaped(value: bytes | None) -> str:
    if value is None:
        return "-"
    return _UNSAFE.sub(
        lambda found: f"\\x{ord(found[0]):02x}" if found[0] not in '"\\' else f"\\{found[0]}", value.decode("latin-1")
    )


def combinedLogFormatter(timestamp: str, request: Request) -> str:
    """The line for one request. timestamp: the time in brackets, as `datetimeToLogString` writes it."""
    headers = request.requestHeaders
    host = getattr(request.getClientAddress(), "host", None) or "-"
    line = _escaped(b"%b %b %b" % (request.method, request.uri, request.clientproto))
    referer, agent = _escaped(headers.last(b"referer")), _escaped(headers.last(b"user-agent"))
    sent = request.sentLength or "-"
    return f'{host} - - {timestamp} "{line}" {request.code} {sent} "{referer}" "{agent}"'
