"""HTTP for clients.

    agent = Agent(reactor)
    response = await agent.request(b"GET", b"http://example.org/")
    body = await readBody(response)

or, for one page and nothing else, `getPage("http://example.org/")`. The names are those of twisted.web.client;
`getPage`, which Twisted has removed, has a timeout and a limit here. Missing: CookieAgent and ProxyAgent.
"""

from reactor.web.client.agent import Agent, BrowserLikePolicyForHTTPS, IAgent
from reactor.web.client.bodies import FileBodyProducer
from reactor.web.client.connection import HTTP11ClientProtocol
from reactor.web.client.decoding import ContentDecoderAgent, GzipDecoder
from reactor.web.client.errors import (
    PartialDownloadError,
    PotentialDataLoss,
    ProtocolSwitched,
    RequestCancelled,
    RequestGenerationFailed,
    RequestNotSent,
    RequestTransmissionFailed,
    ResponseDone,
    ResponseFailed,
    ResponseNeverReceived,
    SchemeNotSupported,
)
from reactor.web.client.getting import getPage
from reactor.web.client.pool import HTTPConnectionPool
from reactor.web.client.redirects import BrowserLikeRedirectAgent, RedirectAgent
from reactor.web.client.response import UNKNOWN_LENGTH, Response, readBody
from reactor.web.client.uri import URI

__all__ = [
    "UNKNOWN_LENGTH",
    "URI",
    "Agent",
    "BrowserLikePolicyForHTTPS",
    "BrowserLikeRedirectAgent",
    "ContentDecoderAgent",
    "FileBodyProducer",
    "GzipDecoder",
    "HTTP11ClientProtocol",
    "HTTPConnectionPool",
    "IAgent",
    "PartialDownloadError",
    "PotentialDataLoss",
    "ProtocolSwitched",
    "RedirectAgent",
    "RequestCancelled",
    "RequestGenerationFailed",
    "RequestNotSent",
    "RequestTransmissionFailed",
    "Response",
    "ResponseDone",
    "ResponseFailed",
    "ResponseNeverReceived",
    "SchemeNotSupported",
    "getPage",
    "readBody",
]
