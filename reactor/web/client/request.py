"""What a client asks for, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reactor.web.client.uri import URI
from reactor.web.http_headers import Headers

IDEMPOTENT = frozenset((b"GET", b"HEAD", b"OPTIONS", b"DELETE", b"TRACE"))
"""Methods that do no more when they are sent twice than once (RFC 9110, section 9.2.2)."""


@dataclass
class Request:
    """One request.

    method: such as b"GET". uri: the absolute address. headers: all but those about the connection.
    bodyProducer: produces the body; None for no body. persistent: whether the connection is kept for another request.
    """

    method: bytes
    uri: URI
    headers: Headers
    bodyProducer: Any = None
    persistent: bool = False

    @property
    def absoluteURI(self) -> bytes:
        """The whole address."""
        return self.uri.toBytes()

    @property
    def may_be_repeated(self) -> bool:
        """Whether it can be sent again when the client can't know whether it arrived."""
        return self.method in IDEMPOTENT and self.bodyProducer is None
