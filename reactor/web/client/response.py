"""A response, and its body, which comes when somebody wants it.

A body may be larger than the memory. So the Response is there as soon as its head is, nothing more is read, and the
body comes to the protocol that is given to `deliverBody`, which is to it what a transport is, and can pause it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.protocol import Protocol
from reactor.web.client.errors import PartialDownloadError, PotentialDataLoss, ResponseDone
from reactor.web.http_headers import Headers

if TYPE_CHECKING:
    from reactor.web.client.connection import HTTP11ClientProtocol
    from reactor.web.client.request import Request

UNKNOWN_LENGTH = "twisted.web.iweb.UNKNOWN_LENGTH"
"""The length of a body of which it isn't known."""


_WORTH_READING = 64 * 1024


class Response:
    """What the server answered.

    version: such as (b"HTTP", 1, 1). code, phrase: its first line. headers: without those about the connection.
    length: bytes of the body, or UNKNOWN_LENGTH. request: what was asked.
    previousResponse: the redirect that led here, if one did; by that one's, all of them.
    """

    previousResponse: Response | None = None

    def __init__(
        self,
        version: tuple[bytes, int, int],
        code: int,
        phrase: bytes,
        headers: Headers,
        request: Request,
        connection: HTTP11ClientProtocol,
    ) -> None:
        self.version, self.code, self.phrase = version, code, phrase
        self.headers, self.request = headers, request
        length = headers.last(b"content-length")
        self.length: int | str = UNKNOWN_LENGTH if length is None else int(length)
        self._connection = connection
        self._receiver: Any = None
        self._waiting: list[bytes] = []
        self._end: Failure | None = None

    def deliverBody(self, protocol: Any) -> None:
        """Give the body to `protocol.dataReceived`; `connectionLost` gets ResponseDone at the end, if it is whole.

        Else it gets PotentialDataLoss, or ResponseFailed. Raises RuntimeError the second time.
        """
        if self._receiver is not None:
            raise RuntimeError("deliverBody was called before: a body comes once")
        self._receiver = protocol
        protocol.makeConnection(self._connection.reading_end(self))
        waiting, self._waiting = self._waiting, []
        for piece in waiting:
            protocol.dataReceived(piece)
        if self._end is not None:
            protocol.connectionLost(self._end)
        else:
            self._connection.body_is_wanted(self)

    def setPreviousResponse(self, response: Response) -> None:
        """Remember what led here."""
        self.previousResponse = response

    def abort(self) -> None:
        """Nobody wants the rest of it: close the connection."""
        self._connection.abandon(self)

    def discard(self) -> None:
        """Nobody wants the body: read it for the connection's sake if it is short, else close."""
        if self._receiver is None and isinstance(self.length, int) and self.length <= _WORTH_READING:
            self.deliverBody(Protocol())
        else:
            self.abort()

    # --- called by the connection

    @property
    def is_wanted(self) -> bool:
        """Whether somebody takes the body."""
        return self._receiver is not None

    def piece_came(self, data: bytes) -> None:
        """Hand on a piece of the body; the first one waits, if nobody has asked for it yet."""
        if self._receiver is None:
            self._waiting.append(data)
        else:
            self._receiver.dataReceived(data)

    def ended(self, reason: Failure) -> None:
        """The body is over, one way or another."""
        if self._end is None:
            self._end = reason
            if self._receiver is not None:
                self._receiver.connectionLost(reason)

    def __repr__(self) -> str:
        return f"<Response {self.code} {self.phrase.decode('latin-1')}>"


class _Body(Protocol):
    """Puts a body together."""

    def __init__(self, response: Response, limit: int | None) -> None:
        self._response, self._limit = response, limit
        self._pieces: list[bytes] = []
        self._size = 0
        self.done: Deferred[bytes] = Deferred(self._cancel)

    def dataReceived(self, data: bytes) -> None:
        if self.done.called:
            return
        self._pieces.append(data)
        self._size += len(data)
        if self._limit is not None and self._size > self._limit:
            self._fail(f"the body has more than {self._limit} bytes".encode("ascii"))
            self._response.abort()

    def connectionLost(self, reason: Failure) -> None:
        if self.done.called:
            return
        if reason.check(ResponseDone):
            self.done.callback(b"".join(self._pieces))
        elif reason.check(PotentialDataLoss):
            self._fail(self._response.phrase)
        else:
            self.done.errback(reason)

    def _fail(self, why: bytes) -> None:
        self.done.errback(PartialDownloadError(self._response.code, why, b"".join(self._pieces)))

    def _cancel(self, deferred: Deferred[bytes]) -> None:
        self._response.abort()


def readBody(response: Any, limit: int | None = None) -> Deferred[bytes]:
    """The whole body of a response, in memory.

    limit: how many bytes it may have; None for any number. To cancel the Deferred is to close the connection.
    Fails with PartialDownloadError, which has what came, when the body's end was the connection's or it is too long,
    and with ResponseFailed when it was cut.
    """
    body = _Body(response, limit)
    response.deliverBody(body)
    return body.done
