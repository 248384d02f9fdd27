"""Sites on real sockets, on every loop: long answers, slow readers, TLS, clients that vanish."""

import io
import os

import pytest

from reactor.protocols.basic import FileSender
from reactor.web.server import NOT_DONE_YET, Site
from reactor.web.static import File
from reactor.web.websocket import WebSocketResource, WebSocketServerFactory
from tests.support.loopback import Client, run_until
from tests.support.securely import client_options, server_options
from tests.support.web_doubles import Page, parse, request
from tests.support.websocket_doubles import EchoSocket


@pytest.fixture
def site(listen):
    """Serves a resource on a free port of the loopback interface. Returns the port's address."""

    def serve(resource, **limits):
        made = Site(resource)
        for name, value in limits.items():
            setattr(made, name, value)
        return listen(made).getHost()

    return serve


@pytest.fixture
def call(reactor):
    """Connects, sends, and gives the Talker; what is left of it is cut off at the end."""
    clients = []

    def connect(address, first, /, **hooks):
        client = Client("client", **{"made": lambda talker: talker.transport.write(first), **hooks})
        clients.append(client)
        reactor.connectTCP(address.host, address.port, client)
        run_until(reactor, lambda: client.talker is not None and client.talker.is_made)
        return client.talker

    yield connect
    for client in clients:
        if client.talker.reason is None:
            client.talker.transport.abortConnection()
    run_until(reactor, lambda: all(client.talker.reason is not None for client in clients))
    for _ in range(3):
        reactor.iterate(0)


def test_pages_over_one_connection(reactor, site, call):
    address = site(Page(lambda request: request.path))
    talker = call(address, request("/1") + request("/2") + request("/3", "GET", "Connection: close"))
    run_until(reactor, lambda: talker.reason is not None)
    assert [answer.body for answer in parse(bytes(talker.received))] == [b"/1", b"/2", b"/3"]


def test_a_file_of_many_megabytes_goes_to_a_slow_reader_and_never_fills_the_memory(reactor, site, call, tmp_path):
    content = os.urandom(1 << 20) * 8
    (tmp_path / "big").write_bytes(content)
    address = site(File(str(tmp_path)))
    waiting = []

    def look(talker, data):
        waiting.extend(getattr(transport, "pending_bytes", 0) for transport in reactor.transports)
        talker.transport.pauseProducing()
        reactor.callLater(0, talker.transport.resumeProducing)

    talker = call(address, request("/big"), data=look)
    run_until(reactor, lambda: len(talker.received) > len(content), deadline_s=30)
    assert bytes(talker.received).endswith(content[-1000:])
    assert max(waiting) <= 192 * 1024


def test_a_client_that_vanishes_in_the_middle_of_a_file_costs_nothing(reactor, site, call, tmp_path):
    (tmp_path / "big").write_bytes(b"x" * (8 << 20))
    address = site(File(str(tmp_path)))
    talker = call(address, request("/big"), data=lambda talker, data: talker.transport.abortConnection())
    run_until(reactor, lambda: talker.reason is not None)
    talker = call(address, request("/big", "HEAD"))
    run_until(reactor, lambda: talker.received)


def test_a_push_producer_pauses_while_the_client_does_not_read(reactor, site, call):
    events = []

    class Source:
        def __init__(self, request):
            self.request, self.sent, self.going = request, 0, True
            request.registerProducer(self, True)
            self.go()

        def go(self):
            while self.going and self.sent < 5_000_000:
                self.request.write(b"x" * 50_000)
                self.sent += 50_000
            if self.sent == 5_000_000 and self.going:
                self.request.unregisterProducer()
                self.request.finish()

        def pauseProducing(self):
            events.append("pause")
            self.going = False

        def resumeProducing(self):
            events.append("resume")
            self.going = True
            self.go()

        def stopProducing(self):
            self.going = False

    def stream(request):
        Source(request)
        return NOT_DONE_YET

    talker = call(site(Page(stream)), request("/", "GET", "Connection: close"))
    run_until(reactor, lambda: talker.reason is not None)
    assert len(parse(bytes(talker.received))[0].body) == 5_000_000
    assert "pause" in events
    assert "resume" in events


def test_a_file_sender_that_has_nothing_for_once_is_asked_again(reactor, site, call):
    """A compressor keeps what it is given until it has enough."""
    content, pieces = os.urandom(300_000), []

    def keep_some(piece):
        pieces.append(piece)
        return b"" if len(pieces) % 3 else b"".join(pieces[-3:])

    def send(request):
        def finish(_):
            request.write(b"".join(pieces[len(pieces) // 3 * 3 :]))
            request.finish()

        FileSender().beginFileTransfer(io.BytesIO(content), request, keep_some).addCallback(finish)
        return NOT_DONE_YET

    talker = call(site(Page(send)), request("/", "GET", "Connection: close"))
    run_until(reactor, lambda: talker.reason is not None)
    assert parse(bytes(talker.received))[0].body == content


def test_many_thousand_requests_at_once_are_all_answered(reactor, site, call):
    """They come in reads that end in the middle of one, and the answers are more than the transport likes to hold."""
    count = 6000
    talker = call(site(Page(lambda request: b"x" * 60)), request() * count)
    run_until(reactor, lambda: talker.received.count(b"HTTP/1.1 200") == count, deadline_s=30)


def test_a_client_that_pipelines_and_never_reads_does_not_fill_the_memory(reactor, site, call):
    answered = []

    def big(request):
        answered.append(request.path)
        return b"x" * 1_000_000

    talker = call(site(Page(big)), request() * 1000, made=lambda talker: None)
    talker.transport.pauseProducing()
    talker.transport.write(request() * 1000)
    run_until(reactor, lambda: answered)
    for _ in range(50):
        reactor.iterate(0)
    assert 0 < len(answered) < 20


def test_a_websocket_that_echoes_to_who_does_not_read_does_not_fill_the_memory(reactor, site, call):
    handshake = request(
        *("/", "GET", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
        "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==",
    )
    talker = call(site(WebSocketResource(WebSocketServerFactory.forProtocol(EchoSocket))), handshake)
    run_until(reactor, lambda: b"101 " in talker.received)
    talker.transport.pauseProducing()
    frame = b"\x82\xff" + (100_000).to_bytes(8, "big") + bytes(4) + bytes(100_000)
    talker.transport.write(frame * 200)
    waiting = []
    for _ in range(300):
        reactor.iterate(0)
        waiting += [
            getattr(transport, "pending_bytes", 0)
            for transport in reactor.transports
            if transport is not talker.transport
        ]
    assert max(waiting) < 1_000_000


def test_a_client_that_says_nothing_is_cut_off(reactor, site, call):
    talker = call(site(Page(None), timeOut=0.02), b"")
    run_until(reactor, lambda: talker.reason is not None)


def test_a_long_body_that_is_refused_does_not_lose_the_answer(reactor, site, call):
    """The client is still sending when we close; a reset would take our answer away."""
    address = site(Page(None, ["POST"]), maxBodyBytes=1000)
    talker = call(address, request("/", "POST", "Content-Length: 3000000") + b"x" * 3_000_000)
    run_until(reactor, lambda: b"413 " in talker.received)


def test_a_site_over_TLS_knows_that_nobody_listens(reactor, call):
    site = Site(Page(lambda request: b"secret" if request.isSecure() else b"plain"))
    port = reactor.listenSSL(0, site, server_options(), interface="127.0.0.1")
    client = Client("client", made=lambda talker: talker.transport.write(request("/", "GET", "Connection: close")))
    reactor.connectSSL("127.0.0.1", port.getHost().port, client, client_options())
    run_until(reactor, lambda: client.talker is not None and client.talker.reason is not None)
    assert parse(bytes(client.talker.received))[0].body == b"secret"
    done = []
    port.stopListening().addBoth(done.append)
    run_until(reactor, lambda: done)
