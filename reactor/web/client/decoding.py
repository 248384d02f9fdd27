"""The agent that decodes bodies: gzip, and what else it is given."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any

from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web.client.agent import IAgent
from reactor.web.client.errors import ResponseFailed
from reactor.web.client.response import UNKNOWN_LENGTH, Response
from reactor.web.http_headers import Headers


class ContentDecoderAgent:
    """Asks for encoded bodies and decodes them. decoders: pairs of a coding and its class: (b"gzip", GzipDecoder)."""

    def __init__(self, agent: IAgent, decoders: Sequence[tuple[bytes, Callable[[Any], Any]]]) -> None:
        self._agent = agent
        self._decoders = dict(decoders)

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Send a request. The body of its Response is decoded."""
        told = Headers() if headers is None else headers.copy()
        told.addRawHeader(b"accept-encoding", b", ".join(self._decoders))
        return self._agent.request(method, uri, told, bodyProducer).addCallback(self._unpacked)

    def _unpacked(self, response: Any) -> Any:
        packings = b",".join(response.headers.getRawHeaders(b"content-encoding", [])).split(b",")
        names = [name.strip() for name in packings if name.strip()]
        while names and names[-1] in self._decoders:
            response = self._decoders[names.pop()](response)
        if names:
            response.headers.setRawHeaders(b"content-encoding", [b", ".join(names)])
        else:
            response.headers.removeHeader(b"content-encoding")
        return response


class GzipDecoder:
    """A gzipped response that delivers its body decompressed. Everything else is the original's."""

    length = UNKNOWN_LENGTH

    def __init__(self, response: Any) -> None:
        self.original = response

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def deliverBody(self, protocol: Any) -> None:
        """Deliver the body decompressed. A body that is no gzip ends with ResponseFailed."""
        self.original.deliverBody(_Unpacking(protocol, self.original))


class _Unpacking:
    """Stands between the original response and the body's receiver, and decompresses."""

    def __init__(self, protocol: Any, response: Any) -> None:
        self._protocol, self._response = protocol, response
        self._decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._problem: Failure | None = None

    def makeConnection(self, transport: Any) -> None:
        """Introduce the receiver to the original's transport: it pauses and stops the original."""
        self._transport = transport
        self._protocol.makeConnection(transport)

    def dataReceived(self, data: bytes) -> None:
        """Decompress a piece. It can become a thousand times as long, so the receiver gets parts of at most 256 KB."""
        try:
            while data and self._problem is None:
                piece = self._decoder.decompress(data, 1 << 18)
                data = self._decoder.unconsumed_tail
                if piece:
                    self._protocol.dataReceived(piece)
        except zlib.error:
            self._problem = Failure(ResponseFailed([Failure()], self._response))
            self._transport.stopProducing()

    def connectionLost(self, reason: Failure) -> None:
        """End the receiver's body: with what was wrong with the gzip, or as the original ended."""
        self._protocol.connectionLost(self._problem or reason)
