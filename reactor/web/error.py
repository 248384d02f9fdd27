"""What can go wrong in HTTP, as exceptions."""

from __future__ import annotations

from collections.abc import Sequence

from reactor.web.status import RESPONSES

__all__ = [
    "Error",
    "InfiniteRedirection",
    "PageRedirect",
    "RedirectWithNoLocation",
    "UnsupportedMethod",
]


class UnsupportedMethod(Exception):
    """A resource doesn't answer requests with this method. allowedMethods: those that it does answer."""

    def __init__(self, allowedMethods: Sequence[bytes]) -> None:
        super().__init__(allowedMethods)
        self.allowedMethods = tuple(allowedMethods)


class Error(Exception):
    """A response whose status is no success.

    status: its code, as bytes. message: the phrase behind it. response: its body, if it is known.
    """

    def __init__(self, code: int | bytes, message: bytes | None = None, response: bytes | None = None) -> None:
        self.status = b"%d" % code if isinstance(code, int) else code
        self.message = message or RESPONSES.get(int(self.status), b"Unknown Status")
        self.response = response
        super().__init__(self.status, self.message, response)

    def __str__(self) -> str:
        return f"{self.status.decode('ascii')} {self.message.decode('latin-1')}"


class PageRedirect(Error):
    """A response that redirects. location: where to."""

    def __init__(
        self,
        code: int | bytes,
        message: bytes | None = None,
        response: bytes | None = None,
        location: bytes | None = None,
    ) -> None:
        super().__init__(code, message, response)
        self.location = location

    def __str__(self) -> str:
        return f"{super().__str__()} to {(self.location or b'?').decode('latin-1')}"


class InfiniteRedirection(PageRedirect):
    """We were sent on, and on, and on. location: where the last redirect led."""


class RedirectWithNoLocation(Error):
    """A response that redirects but doesn't say where to. uri: what was asked for."""

    def __init__(self, code: int | bytes, message: bytes, uri: bytes) -> None:
        super().__init__(code, message + b", from " + uri)
        self.uri = uri
