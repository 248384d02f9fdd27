"""The agent that decodes bodies: gzip, and whatever else it is given a class for.

A few kilobytes of gzip can hold gigabytes, and gzip within gzip any number. So a body is decoded a piece at a time,
and only while its receiver takes it: a receiver that pauses holds up the decoder too, and one that stops ends it. For
each coding there is never more in memory than one piece and what it was made of.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any

from reactor import error
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web.client.agent import IAgent
from reactor.web.client.errors import PotentialDataLoss, ResponseDone, ResponseFailed
from reactor.web.client.response import UNKNOWN_LENGTH, Response, discard
from reactor.web.http_headers import Headers

_CODINGS_AT_MOST = 5  # curl's number (MAX_ENCODE_STACK); honest servers use one
_PIECE = 64 * 1024  # bytes; as much as the reactor reads at once
_SAME = {b"x-gzip": b"gzip", b"x-compress": b"compress"}  # RFC 9110, section 8.4.1


class ContentDecoderAgent:
    """Asks for encoded bodies and decodes them. decoders: pairs of a coding and its class: (b"gzip", GzipDecoder).

    A response with a coding that has no class keeps it, and its header. One with more than five fails.
    """

    def __init__(self, agent: IAgent, decoders: Sequence[tuple[bytes, Callable[[Any], Any]]]) -> None:
        self._agent = agent
        self._decoders = {name.lower(): decoder for name, decoder in decoders}

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Send a request. The body of its Response is decoded."""
        told = Headers() if headers is None else headers.copy()
        told.addRawHeader(b"accept-encoding", b", ".join(self._decoders))
        return self._agent.request(method, uri, told, bodyProducer).addCallback(self._decoded)

    def _decoded(self, response: Any) -> Any:
        try:
            return self._with_decoders(response)
        except Exception:
            discard(response)  # the program gets an error instead
            raise

    def _with_decoders(self, response: Any) -> Any:
        codings = _codings_of(response)
        known = 0
        while known < len(codings) and codings[-1 - known] in self._decoders:
            known += 1
        if known > _CODINGS_AT_MOST:
            problem = ValueError(f"the body is encoded {known} times over, and {_CODINGS_AT_MOST} are decoded at most")
            raise ResponseFailed([Failure(problem)], response)
        for _ in range(known):
            response = self._decoders[codings.pop()](response)
        if codings:
            response.headers.setRawHeaders(b"content-encoding", [b", ".join(codings)])
        else:
            response.headers.removeHeader(b"content-encoding")
        return response


def _codings_of(response: Any) -> list[bytes]:
    """The codings of a body, in lower case, in the order in which they were applied."""
    listed = b",".join(response.headers.getRawHeaders(b"content-encoding", [])).lower().split(b",")
    names = [name.strip() for name in listed]
    return [_SAME.get(name, name) for name in names if name not in (b"", b"identity")]


class GzipDecoder:
    """A gzipped response that delivers its body decompressed. Everything else is the original's."""

    length = UNKNOWN_LENGTH

    def __init__(self, response: Any) -> None:
        self.original = response
        self._body: _GzipBody | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def deliverBody(self, protocol: Any) -> None:
        """Deliver the body decompressed. A body that is no gzip, or a part of one, ends with ResponseFailed."""
        self._body = _GzipBody(protocol, self.original)
        self.original.deliverBody(self._body)

    def abort(self) -> None:
        """Close the connection, and decompress no more."""
        if self._body is None:
            self.original.abort()
        else:
            self._body.stopProducing()


class _GzipBody:
    """The protocol that gets the original's body, and the transport of the receiver that gets it decompressed.

    gzip is a row of members, each compressed by itself (RFC 1952, section 2.2); zeros may follow, as on tapes.
    """

    def __init__(self, receiver: Any, response: Any) -> None:
        self._receiver, self._response = receiver, response
        self._waiting = b""  # compressed; what the receiver's pause has left here
        self._decoder = _member()
        self._is_empty = True
        self._is_decoding = self._is_paused = self._is_stopped = self._is_over = False
        self._end: Failure | None = None
        self._problem: Failure | None = None

    # --- the original's protocol

    def makeConnection(self, transport: Any) -> None:
        """The body begins."""
        self._transport = transport
        self._receiver.makeConnection(self)

    def dataReceived(self, data: bytes) -> None:
        """Decompress what came, as far as the receiver takes it."""
        self._is_empty = False
        if not self._is_stopped:
            self._waiting += data
            self._go_on()

    def connectionLost(self, reason: Failure) -> None:
        """The original has ended; the receiver's body ends when all is decompressed."""
        self._end = reason
        self._go_on()

    # --- the receiver's transport

    def pauseProducing(self) -> None:
        """Decompress nothing more until `resumeProducing`."""
        self._is_paused = True
        self._transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Decompress again."""
        self._is_paused = False
        self._go_on()
        if not self._is_paused:
            self._transport.resumeProducing()

    def stopProducing(self) -> None:
        """Decompress no more, and close the connection; the receiver gets ResponseFailed."""
        self._stop(Failure(error.ConnectionAborted()))
        self._go_on()

    loseConnection = abortConnection = stopProducing

    def getPeer(self) -> Any:
        """The server's address."""
        return self._transport.getPeer()

    def getHost(self) -> Any:
        """Our address."""
        return self._transport.getHost()

    # --- decompressing

    def _go_on(self) -> None:
        if self._is_decoding:  # the receiver has paused, resumed or stopped while it was given a piece
            return
        self._is_decoding = True
        try:
            while not (self._is_paused or self._is_stopped) and (piece := self._next_piece()):
                self._receiver.dataReceived(piece)
        finally:
            self._is_decoding = False
        has_all = not (self._waiting or self._is_paused)
        if self._end is not None and (has_all or self._is_stopped) and not self._is_over:
            self._is_over = True
            self._receiver.connectionLost(self._outcome(self._end))

    def _next_piece(self) -> bytes:
        """Decompress until there is a piece; empty when nothing waits."""
        try:
            while self._waiting:
                if self._decoder.eof:
                    self._waiting = self._waiting.lstrip(b"\0")
                    if not self._waiting:
                        break
                    self._decoder = _member()
                piece: bytes = self._decoder.decompress(self._waiting, _PIECE)
                self._waiting = self._decoder.unconsumed_tail or self._decoder.unused_data
                if piece:
                    return piece
        except zlib.error:
            self._stop(Failure())
        return b""

    def _stop(self, why: Failure) -> None:
        if not self._is_stopped:
            self._is_stopped, self._waiting = True, b""
            self._problem = why
            self._transport.stopProducing()

    def _outcome(self, end: Failure) -> Failure:
        """What the receiver hears at the end."""
        is_cut = not (self._is_empty or self._decoder.eof) and end.check(ResponseDone, PotentialDataLoss)
        problem = self._problem or (Failure(EOFError("the gzip of the body is incomplete")) if is_cut else None)
        return end if problem is None else Failure(ResponseFailed([problem], self._response))


def _member() -> Any:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)
