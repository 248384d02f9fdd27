"""How requests and the bodies of their responses end."""

from __future__ import annotations

from collections.abc import Sequence

from reactor.defer import CancelledError
from reactor.failure import Failure
from reactor.web import error


class ResponseDone(Exception):
    """The body is complete: the reason that a body's protocol gets in `connectionLost` when all went well."""

    def __init__(self, message: str = "the body is complete") -> None:
        super().__init__(message)


class PotentialDataLoss(Exception):
    """The body ended with the connection, as in HTTP/1.0: the client can't know whether it is complete."""

    def __init__(self, message: str = "the body ended with the connection, and may be incomplete") -> None:
        super().__init__(message)


class ProtocolSwitched(Exception):
    """The server switched to another protocol than HTTP, at the program's request. An Agent speaks no other."""


class SchemeNotSupported(Exception):
    """An address is neither http nor https."""


class _WithReasons(Exception):
    def __init__(self, reasons: Sequence[Failure]) -> None:
        super().__init__(reasons)
        self.reasons = list(reasons)

    def __str__(self) -> str:
        return "; ".join(f"{reason.type.__name__}: {reason.value}" for reason in self.reasons)


class RequestNotSent(Exception):
    """The connection was busy or gone before anything was sent on it."""


class RequestGenerationFailed(_WithReasons):
    """The body's producer failed. reasons: with what."""


class RequestTransmissionFailed(_WithReasons):
    """The connection was lost while the request was sent. reasons: why."""


class ResponseFailed(_WithReasons):
    """The response was cut, or is no HTTP. reasons: why. response: as far as it arrived, None without a whole head."""

    def __init__(self, reasons: Sequence[Failure], response: object = None) -> None:
        super().__init__(reasons)
        self.response = response


class ResponseNeverReceived(ResponseFailed):
    """The connection was lost before the server answered anything. reasons: why."""


class RequestCancelled(ResponseNeverReceived, CancelledError):
    """The program cancelled the request. This is both: what Twisted's agents fail with, and what other Deferreds do."""

    def __init__(self) -> None:
        super().__init__([Failure(CancelledError("the request was cancelled"))])


class BodyTooLong(Exception):
    """A body has more bytes than the caller allows."""


class PartialDownloadError(error.Error):
    """The body ended with the connection, or was too long. response: the part of it that arrived."""
