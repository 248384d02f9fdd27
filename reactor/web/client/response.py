"""A response, whose body the program asks for.

A body may be larger than the memory. So the client makes the Response from the head, and reads no more until the
program calls `deliverBody` with a protocol. That protocol gets the body, and a transport to pause or stop it with.
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
"""The length of a body whose length isn't known."""


class ReadingEnd:
    """The transport of a body's receiver: it pauses the body, or ends it."""

    def __init__(self, connection: HTTP11ClientProtocol, response: Response) -> None:
        self._connection, self._response = connection, response
        self.is_paused = False

    def pauseProducing(self) -> None:
        """Hand on nothing more until `resumeProducing`."""
        self.is_paused = True
        self._connection.pause(self._response)

    def resumeProducing(self) -> None:
        """Hand on the body again."""
        self.is_paused = False
        self._connection.body_is_wanted(self._response)

    def stopProducing(self) -> None:
        """Close the connection; the receiver gets ResponseFailed."""
        self._connection.abandon(self._response)

    loseConnection = abortConnection = stopProducing

    def getPeer(self) -> Any:
        """The server's address."""
        return self._connection.transport.getPeer()

    def getHost(self) -> Any:
        """Our address."""
        return self._connection.transport.getHost()


class Response:
    """What the server answered.

    version: such as (b"HTTP", 1, 1). code, phrase: the first line. headers: without those about the connection.
    length: bytes of the body, or UNKNOWN_LENGTH. request: the Request that it answers.
    previousResponse: the redirect that led here, or None; each redirect has its own, so they form a chain.
    Its connection is busy until the program has taken the body: `deliverBody` (or `readBody`), `discard` or `abort`.
    """

    previousResponse: Response | None = None

    def __init__(
        self,
        version: tuple[bytes, int, int],
        code: int,
        phrase: bytes,
        headers: Headers,
        length: int | str,
        request: Request,
        connection: HTTP11ClientProtocol,
    ) -> None:
        self.version, self.code, self.phrase = version, code, phrase
        self.headers, self.length, self.request = headers, length, request
        self._connection = connection
        self._receiver: Any = None
        self.is_discarded = False
        self._waiting: list[bytes] = []
        self._end: Failure | None = None

    def deliverBody(self, protocol: Any) -> None:
        """Give the body to `protocol.dataReceived`, then ResponseDone to its `connectionLost`.

        `connectionLost` gets PotentialDataLoss for a body that ended with the connection, ResponseFailed for one that
        was cut. Raises RuntimeError the second time.
        """
        if self._receiver is not None:
            raise RuntimeError("deliverBody was called before: a body comes once")
        self._receiver = protocol
        reading_end = ReadingEnd(self._connection, self)
        protocol.makeConnection(reading_end)
        waiting, self._waiting = self._waiting, []
        for piece in waiting:
            protocol.dataReceived(piece)
        if self._end is not None:
            protocol.connectionLost(self._end)
        elif not reading_end.is_paused:
            self._connection.body_is_wanted(self)

    def setPreviousResponse(self, response: Response) -> None:
        """Set `previousResponse`, the redirect that led here."""
        self.previousResponse = response

    def abort(self) -> None:
        """Close the connection: the program doesn't want the rest of the body."""
        self._connection.abandon(self)

    def discard(self) -> None:
        """Free the connection: wait for no more of the body than is here, and close it if that isn't all.

        What is here can still be read. To wait for the rest would mean to trust the server that it ever comes.
        """
        self.is_discarded = True
        self._connection.body_is_wanted(self)

    # --- called by the connection

    @property
    def is_wanted(self) -> bool:
        """Whether the connection may read the body."""
        return self._receiver is not None or self.is_discarded

    def piece_came(self, data: bytes) -> None:
        """Hand on a piece of the body. Before `deliverBody` it waits here; the connection then stops reading."""
        if self._receiver is None:
            self._waiting.append(data)
        else:
            self._receiver.dataReceived(data)

    def ended(self, reason: Failure) -> None:
        """Tell the receiver, now or in `deliverBody`, how the body ended."""
        if self._end is None:
            self._end = reason
            if self._receiver is not None:
                self._receiver.connectionLost(reason)

    def __repr__(self) -> str:
        return f"<Response {self.code} {self.phrase.decode('latin-1')}>"


def discard(response: Any) -> None:
    """Free the connection of a response, if it knows how: those of other people's agents may not."""
    getattr(response, "discard", lambda: None)()


class _Body(Protocol):
    """Collects a body for `readBody`."""

    def __init__(self, response: Response, limit: int | None) -> None:
        self._response, self._limit = response, limit
        self._pieces: list[bytes] = []
        self._size = 0
        self.done: Deferred[bytes] = Deferred(self._stop)

    def dataReceived(self, data: bytes) -> None:
        if self.done.called:
            return
        self._pieces.append(data)
        self._size += len(data)
        if self._limit is not None and self._size > self._limit:
            self._fail(f"the body has more than {self._limit} bytes".encode("ascii"))
            self._stop()

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

    def _stop(self, *ignored: object) -> None:
        if self.transport is not None:  # a double for a response may have none
            self.transport.abortConnection()


def readBody(response: Any, limit: int | None = None) -> Deferred[bytes]:
    """Read the whole body of a response into memory. The Deferred fires with its bytes.

    limit: how many bytes it may have; None for any number. Cancelling the Deferred closes the connection.
    It fails with PartialDownloadError, which holds what arrived, when the body ended with the connection or is too
    long, and with ResponseFailed when it was cut.
    """
    body = _Body(response, limit)
    response.deliverBody(body)
    return body.done
