"""A request, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reactor.web.client.uri import URI
from reactor.web.http_headers import Headers

IDEMPOTENT = frozenset((b"GET", b"HEAD", b"OPTIONS", b"DELETE", b"TRACE"))
"""Methods that do no more harm twice than once (RFC 9110, section 9.2.2)."""


@dataclass
class Request:
    """What to ask.

    method: such as b"GET". uri: of what, whole. headers: all but those about the connection.
    bodyProducer: makes the body, None for none. persistent: whether more is to be asked on the connection.
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
        """Whether it can be sent again, when nobody knows if it arrived."""
        return self.method in IDEMPOTENT and self.bodyProducer is None
