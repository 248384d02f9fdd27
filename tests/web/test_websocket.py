"""WebSockets: who may open one, what goes over it, how it ends. wsproto plays the other side."""

import pytest
from wsproto import ConnectionType, WSConnection, events
from wsproto.extensions import PerMessageDeflate

from reactor import error
from reactor.failure import Failure
from reactor.web.resource import Resource
from reactor.web.websocket import (
    WebSocketProtocol,
    WebSocketResource,
    WebSocketServerFactory,
)
from tests.support.web_doubles import Talk, parse
from tests.support.websocket_doubles import Noting

KEY = "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Version: 13\r\n"


class Browser:
    """A client of a WebSocketResource, played by wsproto."""

    def __init__(self, headers=(), extensions=(), subprotocols=(), target="/ws", host="x", **options):
        self.protocols = []

        class Factory(WebSocketServerFactory):
            protocols = ("new", "old")

            def buildProtocol(factory, request):
                if request.args.get(b"who") == [b"stranger"]:
                    return None
                self.protocols.append(Noting())
                return self.protocols[-1]

        root = Resource()
        self.resource = WebSocketResource(Factory(), **options)
        root.putChild(b"ws", self.resource)
        self.talk = Talk(root)
        self.ws = WSConnection(ConnectionType.CLIENT)
        self.send(
            events.Request(
                host=host,
                target=target,
                extra_headers=list(headers),
                extensions=list(extensions),
                subprotocols=list(subprotocols),
            )
        )

    @property
    def protocol(self):
        return self.protocols[0]

    def send(self, *sent):
        self.talk.send(b"".join(self.ws.send(event) for event in sent))

    def heard(self):
        self.ws.receive_data(self.talk.taken())
        return list(self.ws.events())


def opened(**options):
    browser = Browser(**options)
    (answer,) = browser.heard()
    assert isinstance(answer, events.AcceptConnection)
    return browser


def test_messages_go_both_ways():
    browser = opened()
    browser.send(events.TextMessage("hällo"), events.BytesMessage(b"\0\xff"))
    assert browser.protocol.heard == ["open", "hällo", b"\0\xff"]
    browser.protocol.transport.sendTextMessage("ü")
    browser.protocol.transport.sendBytesMessage(b"\1")
    assert [event.data for event in browser.heard()] == ["ü", b"\1"]


def test_a_message_that_comes_in_pieces_is_given_whole():
    browser = opened()
    data = b"".join(
        browser.ws.send(events.TextMessage(text, message_finished=last)) for text, last in [("a", False), ("b", True)]
    )
    browser.talk.send_slowly(data)
    assert browser.protocol.heard == ["open", "ab"]


def test_what_comes_right_behind_the_handshake_is_not_lost():
    talk = Talk(WebSocketResource(WebSocketServerFactory.forProtocol(Echo)))
    frame = b"\x81\x82\0\0\0\0hi"
    talk.send(
        f"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{KEY}\r\n".encode("ascii") + frame
    )
    assert talk.taken().endswith(b"\x81\x02hi")


class Echo(WebSocketProtocol):
    def textMessageReceived(self, message):
        self.transport.sendTextMessage(message)


def test_messages_are_packed_if_both_sides_can():
    browser = opened(extensions=[PerMessageDeflate()])
    browser.protocol.transport.sendTextMessage("x" * 10_000)
    data = browser.talk.taken()
    assert len(data) < 200
    browser.ws.receive_data(data)
    assert "".join(event.data for event in browser.ws.events()) == "x" * 10_000
    browser.send(events.TextMessage("y" * 10_000))
    assert browser.protocol.heard[-1] == "y" * 10_000
    plain = opened(extensions=[PerMessageDeflate()], compress=False)
    plain.protocol.transport.sendTextMessage("x" * 10_000)
    assert len(plain.talk.taken()) > 10_000


def test_what_is_spoken_is_agreed_on():
    browser = Browser(subprotocols=["old", "new", "other"])
    assert browser.heard()[0].subprotocol == "new"
    assert browser.protocol.transport.subprotocol == "new"


@pytest.mark.parametrize(
    ("origin", "allowed", "opens"),
    [
        ("http://example.org", None, True),
        ("http://EXAMPLE.org", None, True),
        ("http://evil.org", None, False),
        ("http://example.org:81", None, False),
        ("null", None, False),
        ("http://friend.org", ["http://friend.org"], True),
        ("http://evil.org", ["http://friend.org"], False),
        ("http://evil.org", ["*"], True),
    ],
)
def test_pages_of_strangers_may_not_open_one(origin, allowed, opens):
    browser = Browser(headers=[(b"Origin", origin.encode())], host="example.org", allowedOrigins=allowed)
    answer = browser.heard()[0]
    assert isinstance(answer, events.AcceptConnection) is opens
    if not opens:
        assert answer.status_code == 403
        assert browser.protocols == []


def test_the_factory_may_turn_somebody_away():
    assert Browser(target="/ws?who=stranger").heard()[0].status_code == 403


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ("", 426),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\n", 400),
        ("Upgrade: websocket\r\n" + KEY, 400),
        ("Upgrade: h2c\r\nConnection: Upgrade\r\n" + KEY, 400),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\n" + KEY.replace("13", "8"), 400),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n", 400),
    ],
)
def test_a_request_for_anything_else_is_told_what_is_here(headers, code):
    talk = Talk(WebSocketResource(WebSocketServerFactory.forProtocol(Noting)))
    answer = parse(talk.send(f"GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode("ascii")).taken())[0]
    assert answer.code == code
    assert talk.get("/", "POST").code == 405


def test_a_goodbye_is_answered():
    browser = opened()
    browser.send(events.CloseConnection(1001, "bye"))
    assert browser.heard()[0].code == 1001
    assert browser.talk.is_closing
    browser.talk.lose()
    assert browser.protocol.reason.check(error.ConnectionDone)
    assert (browser.protocol.transport.closeCode, browser.protocol.transport.closeReason) == (1001, "bye")
    assert browser.talk.clock.getDelayedCalls() == []


def test_our_goodbye_waits_for_an_answer_but_not_for_ever():
    browser = opened()
    browser.protocol.transport.loseConnection(1000, "enough")
    browser.protocol.transport.sendTextMessage("ignored")
    (goodbye,) = browser.heard()
    assert (goodbye.code, goodbye.reason) == (1000, "enough")
    assert not browser.talk.is_closing
    browser.talk.clock.advance(5)
    assert browser.talk.transport.disconnected
    again = opened()
    again.protocol.transport.loseConnection()
    again.send(*[event.response() for event in again.heard()])
    assert again.talk.is_closing


def test_an_end_without_a_goodbye_is_a_loss():
    browser = opened()
    browser.talk.lose()
    assert browser.protocol.reason.check(error.ConnectionLost)


def test_a_silent_peer_is_asked_and_then_given_up():
    browser = opened()
    clock = browser.talk.clock
    clock.advance(30)
    assert isinstance(browser.heard()[0], events.Ping)
    browser.send(events.Pong(b""))
    clock.advance(30)
    assert isinstance(browser.heard()[0], events.Ping)
    assert not browser.talk.is_closing
    clock.advance(30)
    assert browser.talk.transport.disconnected


def test_pings_are_answered_and_pongs_told():
    browser = opened()
    browser.send(events.Ping(b"are you there"))
    assert browser.heard() == [events.Pong(b"are you there")]
    browser.protocol.transport.ping(b"and you")
    assert browser.heard() == [events.Ping(b"and you")]
    browser.send(events.Pong(b"and you"))
    assert browser.protocol.heard[-1] == ("pong", b"and you")
    with pytest.raises(ValueError, match="125"):
        browser.protocol.transport.ping(b"x" * 126)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x81\x02hi", 1002),  # not masked, which a client's must be
        (b"\xff\x80\0\0\0\0", 1002),  # bits that nobody has agreed on
        (b"\x83\x80\0\0\0\0", 1002),  # a kind of frame that there isn't
        (b"\x81\x81\0\0\0\0\xff", 1007),  # text that is no UTF-8
        (b"\x80\x81\0\0\0\0x", 1002),  # the rest of nothing
        (b"\x89\xfe\x00\x7e\0\0\0\0", 1002),  # a ping that is too long
    ],
)
def test_frames_that_are_none_end_it(frame, code):
    browser = opened()
    browser.talk.send(frame)
    assert browser.heard()[-1].code == code
    assert browser.talk.is_closing


def test_a_message_that_is_too_long_ends_it_before_it_is_whole():
    browser = opened()
    browser.protocol.transport.maxMessageBytes = 1000
    browser.send(events.BytesMessage(b"x" * 600, message_finished=False))
    assert not browser.talk.is_closing
    browser.send(events.BytesMessage(b"x" * 600, message_finished=False))
    assert browser.heard()[-1].code == 1009
    assert browser.talk.is_closing


def test_a_handler_that_raises_ends_its_own_and_is_logged(logged_errors):
    browser = opened()
    browser.send(events.TextMessage("raise"))
    assert browser.heard()[-1].code == 1011
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_text_is_text_and_bytes_are_bytes():
    transport = opened().protocol.transport
    with pytest.raises(TypeError, match="sendBytesMessage"):
        transport.sendTextMessage(b"x")
    with pytest.raises(TypeError, match="sendTextMessage"):
        transport.sendBytesMessage("x")


def test_a_peer_that_sends_and_does_not_read_is_not_heard_until_it_does():
    browser = opened()
    brake = browser.talk.transport.producer
    brake.pauseProducing()
    assert browser.talk.transport.producerState == "paused"
    browser.protocol.transport.pauseProducing()
    brake.resumeProducing()
    assert browser.talk.transport.producerState == "paused", "the protocol has paused, too"
    browser.protocol.transport.resumeProducing()
    assert browser.talk.transport.producerState == "producing"


def test_a_protocol_that_pauses_is_not_taken_for_a_dead_peer():
    browser = opened()
    browser.protocol.transport.pauseProducing()
    browser.talk.clock.advance(120)
    assert not browser.talk.is_closing


def test_a_producer_is_the_connections():
    browser = opened()
    transport = browser.protocol.transport
    producer = object()
    transport.attachProducer(producer)
    assert browser.talk.transport.producer is producer
    transport.detachProducer()
    assert browser.talk.transport.producer is not producer
    transport.pauseProducing()
    assert browser.talk.transport.producerState == "paused"
    transport.resumeProducing()
    assert transport.getPeer() == browser.talk.transport.getPeer()
    assert transport.getHost() == browser.talk.transport.getHost()


@pytest.mark.parametrize("has_place", [True, False], ids=["the transport says whose it is", "something is in between"])
def test_the_channel_steps_aside_and_the_factory_counts_the_connection_until_its_end(has_place):
    talk = Talk(WebSocketResource(WebSocketServerFactory.forProtocol(Echo)))
    talk.transport.protocol = talk.channel if has_place else None
    talk.send(f"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{KEY}\r\n".encode("ascii"))
    talk.taken()
    protocol = talk.transport.protocol if has_place else talk.channel
    assert (protocol is talk.channel) is not has_place
    protocol.dataReceived(b"\x81\x82\0\0\0\0hi")
    assert talk.taken() == b"\x81\x02hi" and talk.site.connections == 1
    protocol.connectionLost(Failure(error.ConnectionDone()))
    assert talk.site.connections == 0
