"""A response, whose body the program asks for.

A body may be larger than the memory. So the client makes the Response from the head, and reads no more until the
program calls `deliverBody` with a protocol. That protocol gets the body, and a transport to pause or stop it with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reactor import error
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.protocol import Protocol
from reactor.web.client.errors import PartialDownloadError, PotentialDataLoss, ResponseDone, ResponseFailed
from reactor.web.http_headers import Headers

if TYPE_CHECKING:
    from reactor.web.client.connection import HTTP11ClientProtocol
    from reactor.web.client.request import Request

UNKNOWN_LENGTH = "twisted.web.iweb.UNKNOWN_LENGTH"
"""The length of a body whose length isn't known."""


class ReadingEnd:
    """The transport of a body's receiver: it pauses the body, or ends it."""

    def __init__(self, response: Response, connection: HTTP11ClientProtocol) -> None:
        self._response, self._connection = response, connection

    def pauseProducing(self) -> None:
        """Hand on nothing more until `resumeProducing`, not even how the body ended."""
        self._response.pause()

    def resumeProducing(self) -> None:
        """Hand on the body again."""
        self._response.resume()

    def stopProducing(self) -> None:
        """Hand on no more, and close the connection; the receiver gets ResponseFailed."""
        self._response.abort()

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
        self._is_paused = self._is_over = self._is_handing_on = False
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
        self._call(protocol.makeConnection, ReadingEnd(self, self._connection))
        self._hand_on()

    def setPreviousResponse(self, response: Response) -> None:
        """Set `previousResponse`, the redirect that led here."""
        self.previousResponse = response

    def abort(self) -> None:
        """Close the connection: the program doesn't want the rest of the body."""
        if self._waiting:
            self._waiting.clear()
            if self._end is not None:  # what it has not had, it has refused
                self._end = Failure(ResponseFailed([Failure(error.ConnectionAborted())], self))
        self._is_paused = False
        self._connection.abandon(self)
        self._hand_on()

    def discard(self) -> None:
        """Free the connection: wait for no more of the body than is here, and close it if that isn't all.

        What is here can still be read. To wait for the rest would mean to trust the server that it ever comes.
        """
        self.is_discarded = True
        self._connection.body_is_wanted(self)

    # --- called by the receiver's transport

    def pause(self) -> None:
        """The receiver takes nothing for now."""
        self._is_paused = True
        self._connection.pause(self)

    def resume(self) -> None:
        """The receiver takes more."""
        self._is_paused = False
        self._hand_on()

    def _hand_on(self) -> None:
        """Give the receiver what waits here, then let the connection read on, or tell how the body ended."""
        if self._receiver is None or self._is_handing_on:
            return
        if self._waiting and not self._is_paused:
            piece = b"".join(self._waiting)
            self._waiting.clear()
            self._call(self._receiver.dataReceived, piece)
        if self._is_paused or self._is_over:
            return
        if self._end is None:
            self._connection.body_is_wanted(self)
        else:
            self._is_over = True
            self._receiver.connectionLost(self._end)

    def _call(self, method: Callable[[Any], object], argument: Any) -> None:
        """Tell the receiver something. What it does to its transport meanwhile counts when it has returned."""
        self._is_handing_on = True
        try:
            method(argument)
        finally:
            self._is_handing_on = False

    # --- called by the connection

    @property
    def is_wanted(self) -> bool:
        """Whether the connection may read the body."""
        return self._receiver is not None or self.is_discarded

    def piece_came(self, data: bytes) -> None:
        """Hand on a piece of the body; without a receiver, or while it pauses, keep it. The connection then pauses."""
        if self._receiver is None or self._is_paused:
            self._waiting.append(data)
        else:
            self._receiver.dataReceived(data)

    def ended(self, reason: Failure) -> None:
        """Tell the receiver, now or when there is one that takes it, how the body ended."""
        if self._end is None:
            self._end = reason
            self._hand_on()

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
