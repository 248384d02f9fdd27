"""Opening WebSockets: what is said, and what becomes of what the server says. wsproto plays the server."""

import pytest
from wsproto import ConnectionType, WSConnection, events

from reactor import error
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.testing import Clock, StringTransport
from reactor.web.client import SchemeNotSupported
from reactor.web.websocket import ConnectionRejected, WebSocketClientEndpoint, WebSocketClientFactory
from tests.support.websocket_doubles import Noting


class Server:
    """A server for a WebSocketClientEndpoint, played by wsproto."""

    def __init__(self, url="ws://example.org/a?b", protocols=(), **options):
        self.clock, self.transport = Clock(), StringTransport(lenient=True)
        endpoint = WebSocketClientEndpoint.new(self.clock, url, **options)
        endpoint._endpoint = self
        self.protocol = Noting()
        factory = WebSocketClientFactory.forProtocol(lambda: self.protocol)
        factory.protocols = protocols
        self.result = []
        self.deferred = endpoint.connect(factory)
        self.deferred.addBoth(self.result.append)
        self.ws = WSConnection(ConnectionType.SERVER)

    def connect(self, factory):
        from reactor.defer import succeed

        self.handshake = factory.buildProtocol(None)
        self.handshake.makeConnection(self.transport)
        return succeed(self.handshake)

    def heard(self):
        data = self.transport.value()
        self.transport.clear()
        self.ws.receive_data(data)
        return list(self.ws.events())

    def send(self, *sent, more=b""):
        self.handshake.dataReceived(b"".join(self.ws.send(event) for event in sent) + more)


def test_a_client_opens_one_and_hears_what_comes_at_once():
    server = Server(protocols=("p",))
    (request,) = server.heard()
    assert (request.host, request.target, request.subprotocols) == ("example.org", "/a?b", ["p"])
    server.send(events.AcceptConnection(subprotocol="p"), more=b"\x81\x02hi")
    assert server.result == [server.protocol]
    assert server.protocol.heard == ["open", "hi"]
    assert server.protocol.transport.subprotocol == "p"
    server.protocol.transport.sendTextMessage("there")
    assert server.heard()[0].data == "there"
    server.send(events.CloseConnection(1000))
    server.handshake.connectionLost(connectionDone)
    assert server.protocol.reason.check(error.ConnectionDone)
    assert server.clock.getDelayedCalls() == []


def test_a_client_that_is_refused_hears_the_page():
    server = Server()
    server.heard()
    server.handshake.dataReceived(b"HTTP/1.1 403 No\r\nContent-Length: 4\r\nX: y\r\n\r\npa")
    assert server.result == []
    server.handshake.dataReceived(b"ge")
    rejected = server.result[0].value
    assert isinstance(rejected, ConnectionRejected)
    assert (rejected.code, rejected.body, rejected.headers.getRawHeaders("x")) == (403, b"page", ["y"])
    assert server.transport.disconnected


@pytest.mark.parametrize("nonsense", [b"SSH-2.0\r\n\r\n", b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n"])
def test_a_server_that_speaks_something_else_is_a_failure(nonsense):
    server = Server()
    server.heard()
    server.handshake.dataReceived(nonsense)
    assert isinstance(server.result[0], Failure)
    assert server.transport.disconnected


def test_a_server_that_goes_or_says_nothing_is_a_failure():
    server = Server()
    server.handshake.connectionLost(connectionDone)
    assert server.result[0].check(error.ConnectionLost)
    silent = Server()
    silent.clock.advance(30)
    assert silent.result[0].type.__name__ == "TimeoutError"
    assert silent.transport.disconnected


def test_an_address_of_a_websocket_begins_with_ws():
    with pytest.raises(SchemeNotSupported, match="ws://"):
        WebSocketClientEndpoint.new(Clock(), "http://example.org/")
    endpoint = WebSocketClientEndpoint.new(Clock(), "ws://[::1]:81/")
    assert endpoint.greeting(()).host == "[::1]:81"
    assert WebSocketClientEndpoint.new(Clock(), "wss://x/").uri.port == 443


def test_of_a_page_that_is_too_long_the_beginning_is_enough():
    server = Server()
    server.heard()
    server.handshake.dataReceived(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 65_536)
    assert server.result == []
    server.handshake.dataReceived(b"x" * 1000)
    assert len(server.result[0].value.body) == 66_536
    assert server.transport.disconnected


def test_the_protocol_hears_of_a_connection_that_was_lost_before_it_opened():
    server = Server()
    server.handshake.connectionLost(connectionDone)
    assert server.protocol.heard == [] and server.protocol.reason.check(error.ConnectionLost)


def test_a_factory_that_raises_fails_the_attempt():
    def build():
        raise ZeroDivisionError

    endpoint = WebSocketClientEndpoint.new(Clock(), "ws://example.org/")
    failures = []
    endpoint.connect(WebSocketClientFactory.forProtocol(build)).addErrback(failures.append)
    assert failures[0].check(ZeroDivisionError)
