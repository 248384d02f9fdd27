"""The client: a Proxy that calls the procedures of a server."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from reactor.default import the_reactor
from reactor.defer import Deferred
from reactor.task import Cooperator
from reactor.web.client import Agent, ContentDecoderAgent, FileBodyProducer, GzipDecoder, IAgent, Response, readBody
from reactor.web.client.response import discard
from reactor.web.client.uri import URI
from reactor.web.http_headers import Headers
from reactor.web.xmlrpc import wire


class Proxy:
    """A server as seen from here.

    url: http or https; a name and password in it go for `user` and `password`, which are sent by HTTP Basic.
    allowNone: whether to send None. useDateTime: whether dates come as datetime. connectTimeout: seconds.
    agent: sends the requests, and keeps connections if it has a pool; the usual one keeps none.
    timeout: seconds for a whole call; None for ever. limits: of an answer.
    """

    timeout: float | None = 300.0
    limits = wire.Limits()

    def __init__(
        self,
        url: bytes,
        user: bytes | None = None,
        password: bytes | None = None,
        allowNone: bool = False,
        useDateTime: bool = False,
        connectTimeout: float = 30.0,
        reactor: Any = None,
        agent: IAgent | None = None,
    ) -> None:
        self._reactor = the_reactor(reactor)
        address = URI.fromBytes(url)
        login, _, address.netloc = address.netloc.rpartition(b"@")
        name, _, secret = (unquote_to_bytes(part) or None for part in login.partition(b":"))
        self.user, self.password = user or name, password or secret
        self.allowNone, self.useDateTime, self.connectTimeout = allowNone, useDateTime, connectTimeout
        self._url = address.toBytes()
        agent = agent or Agent(self._reactor, connectTimeout=connectTimeout)
        self._agent = ContentDecoderAgent(agent, [(b"gzip", GzipDecoder)])
        self._cooperator = Cooperator(scheduler=lambda step: self._reactor.callLater(0, step))

    def callRemote(self, method: str, *args: Any) -> Deferred[Any]:
        """Call a procedure. The Deferred fires with its value; cancelling it closes the connection.

        It fails with the Fault that the server answers, ValueError(status, message) for an answer other than 200,
        BadMessage for one that is none, TimeoutError, or as `Agent.request` and `readBody` do.
        Raises TypeError, ValueError or OverflowError at once for arguments that XML-RPC can't carry.
        """
        body = BytesIO(wire.dumps(args, method, self.allowNone))
        headers = Headers({b"Content-Type": [b"text/xml; charset=utf-8"], b"User-Agent": [b"tutorial-of-doom"]})
        if self.user is not None:
            login = base64.b64encode(self.user + b":" + (self.password or b""))
            headers.addRawHeader(b"Authorization", b"Basic " + login)
        producer = FileBodyProducer(body, self._cooperator)
        answer: Deferred[Any] = self._agent.request(b"POST", self._url, headers, producer).addCallback(self._read)
        return answer if self.timeout is None else answer.addTimeout(self.timeout, self._reactor)

    def _read(self, response: Response) -> Deferred[Any]:
        if response.code != 200:
            discard(response)
            raise ValueError(b"%d" % response.code, response.phrase)
        return readBody(response, self.limits.bytes).addCallback(self._value)

    def _value(self, body: bytes) -> Any:
        return wire.loads(body, self.limits, self.useDateTime)[0][0]
