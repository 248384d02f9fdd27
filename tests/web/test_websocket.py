"""WebSockets: who may open one, what goes over it, how it ends. wsproto plays the other side."""

import pytest
from wsproto import events
from wsproto.extensions import PerMessageDeflate

from reactor import error
from reactor.failure import Failure
from reactor.web.server import Site
from reactor.web.websocket import WebSocketProtocol, WebSocketResource, WebSocketServerFactory
from tests.support.web_doubles import Talk
from tests.support.websocket_doubles import KEY, opened


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
    browser.talk.clock.advance(4.9)
    assert not browser.talk.is_closing
    browser.talk.clock.advance(0.1)
    assert browser.talk.is_closing and not browser.talk.transport.disconnected, "what the kernel holds still arrives"
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
    browser.protocol.transport.sendTextMessage("too late")
    assert browser.heard() == []


def test_the_access_log_has_the_code_of_an_opened_one(monkeypatch):
    codes = []
    monkeypatch.setattr(Site, "log", lambda site, request: codes.append(request.code))
    opened()
    assert codes == [101]


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
        (b"\xc1\x80\0\0\0\0", 1002),  # one of them
        (b"\xa1\x80\0\0\0\0", 1002),
        (b"\x91\x80\0\0\0\0", 1002),
        (b"\x83\x80\0\0\0\0", 1002),  # a kind of frame that there isn't
        (b"\x81\x81\0\0\0\0\xff", 1007),  # text that is no UTF-8
        (b"\x80\x81\0\0\0\0x", 1002),  # the rest of nothing
        (b"\x89\xfe\x00\x7e\0\0\0\0", 1002),  # a ping that is too long
    ],
)
def test_frames_that_are_none_end_it(frame, code):
    browser = opened()
    browser.talk.send(frame)
    goodbye = browser.heard()[-1]
    assert goodbye.code == code and "bytes at most" not in goodbye.reason
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
    browser.talk.clock.pump([30] * 4)
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
