"""Agents on real sockets: with a site of ours, with the standard library's server, and over TLS."""

import http.server
import io
import socket
import threading

import pytest

from reactor.protocol import Factory, Protocol
from reactor.task import Cooperator
from reactor.web.client import (
    Agent,
    BrowserLikePolicyForHTTPS,
    FileBodyProducer,
    HTTPConnectionPool,
    ResponseFailed,
    getPage,
    readBody,
)
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET, Site
from reactor.web.util import Redirect
from tests.support import securely
from tests.support.loopback import run_until, stop_listening
from tests.support.web_client_doubles import OK
from tests.support.web_doubles import Page


def wait(reactor, deferred):
    """The Deferred's result. Raises its failure."""
    got = []
    deferred.addBoth(got.append)
    run_until(reactor, lambda: got)
    if hasattr(got[0], "raiseException"):
        got[0].raiseException()
    return got[0]


def settle(reactor):
    """Let connections that are closing, close."""
    run_until(reactor, lambda: not any(hasattr(transport, "pending_bytes") for transport in reactor.transports))


@pytest.fixture
def site(listen):
    def serve(resource):
        port = listen(Site(resource)).getHost().port
        return b"http://127.0.0.1:%d/" % port

    return serve


def echo(request):
    return b"%b %b" % (request.method, request.content.read())


def test_a_page_through_a_redirect(reactor, site):
    root = Resource()
    root.putChild(b"old", Redirect(b"/new"))
    root.putChild(b"new", Page(echo))
    assert wait(reactor, getPage(site(root) + b"old", reactor)) == b"GET "
    settle(reactor)


def test_many_requests_over_a_kept_connection(reactor, site):
    peers = set()

    def peer(request):
        peers.add(request.getClientAddress())
        return b"x"

    pool = HTTPConnectionPool(reactor)
    agent, url = Agent(reactor, pool=pool), site(Page(peer))
    for _ in range(5):
        assert wait(reactor, agent.request(b"GET", url).addCallback(readBody)) == b"x"
    assert len(peers) == 1
    wait(reactor, pool.closeCachedConnections())
    settle(reactor)


def test_a_long_body_goes_there_and_comes_back(reactor, site):
    body = b"0123456789" * 200_000
    cooperator = Cooperator(scheduler=lambda work: reactor.callLater(0, work))
    producer = FileBodyProducer(io.BytesIO(body), cooperator)
    agent = Agent(reactor)
    answer = agent.request(b"POST", site(Page(echo, ["POST"])), bodyProducer=producer)
    assert wait(reactor, answer.addCallback(readBody)) == b"POST " + body
    settle(reactor)


def test_a_server_that_never_answers_is_given_up(reactor, site):
    url = site(Page(lambda request: NOT_DONE_YET))
    with pytest.raises(Exception) as caught:
        wait(reactor, getPage(url, reactor, timeout=0.05))
    assert type(caught.value).__name__ == "TimeoutError"
    settle(reactor)


def test_nobody_there_is_said_so(reactor):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(Exception) as caught:
        wait(reactor, getPage(f"http://127.0.0.1:{port}/", reactor))
    assert type(caught.value).__name__ == "ConnectionRefusedError"


def test_over_TLS_the_server_must_prove_its_name(reactor):
    site = Site(Page(lambda request: b"secret"))
    port = reactor.listenSSL(0, site, securely.server_options(), interface="127.0.0.1")
    url = f"https://localhost:{port.getHost().port}/"
    trusting = Agent(reactor, BrowserLikePolicyForHTTPS(securely.trust()))
    assert wait(reactor, getPage(url, reactor, agent=trusting)) == b"secret"
    with pytest.raises(Exception, match=r"(?i)certificate|ssl"):
        wait(reactor, getPage(url, reactor, agent=Agent(reactor)))
    settle(reactor)
    stop_listening(reactor, port)


class Handler(http.server.BaseHTTPRequestHandler):
    """A server that somebody else wrote; it speaks HTTP/1.0, and 1.1 where it is told."""

    def do_GET(self):
        body = b"page" * 10_000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1"])
def test_the_standard_librarys_server_is_understood(reactor, version):
    handler = type("H", (Handler,), {"protocol_version": version})
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        page = wait(reactor, getPage(f"http://127.0.0.1:{server.server_port}/", reactor))
        thread.join()
    assert page == b"page" * 10_000
    settle(reactor)


class Rude(Protocol):
    """Answers each request with what its factory has for it; None resets the connection."""

    def dataReceived(self, data):
        for answer in self.factory.answers:
            self.transport.write(answer) if answer else self.transport.abortConnection()


@pytest.mark.parametrize("behind", [OK.replace(b"hello", b"EVIL!"), b"\r\n"])
def test_what_a_server_says_behind_a_response_answers_no_other_request(reactor, listen, behind):
    factory = Factory.forProtocol(Rude)
    factory.answers = [OK + behind]
    url = b"http://127.0.0.1:%d/" % listen(factory).getHost().port
    pool = HTTPConnectionPool(reactor)
    for method in [b"GET", b"POST", b"GET"]:
        assert wait(reactor, Agent(reactor, pool=pool).request(method, url).addCallback(readBody)) == b"hello"
    settle(reactor)


def test_a_server_that_resets_a_response_fails_it(reactor, listen):
    factory = Factory.forProtocol(Rude)
    factory.answers = [OK[:-1], None]
    url = b"http://127.0.0.1:%d/" % listen(factory).getHost().port
    for _ in range(2):
        with pytest.raises(ResponseFailed):
            wait(reactor, Agent(reactor, pool=HTTPConnectionPool(reactor)).request(b"GET", url).addCallback(readBody))
    settle(reactor)


def test_a_page_can_be_awaited(reactor, site):
    from reactor.defer import ensureDeferred

    async def ask(url):
        response = await Agent(reactor).request(b"GET", url)
        return response.code, await readBody(response)

    assert wait(reactor, ensureDeferred(ask(site(Page(echo))))) == (200, b"GET ")
    settle(reactor)
