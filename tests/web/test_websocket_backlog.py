"""A peer of a WebSocket that reads slowly: all that was sent arrives, and only who takes nothing is given up."""

import pytest
from wsproto import ConnectionType, WSConnection, events

from reactor.protocol import ClientFactory, Protocol
from reactor.sim import World
from reactor.web.server import Site
from reactor.web.websocket import WebSocketProtocol, WebSocketResource, WebSocketServerFactory
from tests.support.websocket_doubles import opened


def slow(pending=12_000_000):
    """A browser that has not taken what we sent, and our transport."""
    browser = opened()
    browser.talk.transport.pending_bytes = pending
    browser.protocol.transport.sendBytesMessage(b"x" * 12_000_000)
    browser.talk.transport.clear()
    return browser, browser.protocol.transport


def is_given_up(browser):
    return browser.talk.transport.disconnected


def test_a_goodbye_waits_as_long_as_the_peer_takes_something():
    browser, transport = slow()
    transport.loseConnection()
    for left in (8_000_000, 4_000_000, 100, 0):
        browser.talk.transport.pending_bytes = left
        browser.talk.clock.advance(5)
        assert not browser.talk.is_closing
    browser.talk.clock.advance(5)
    assert browser.talk.is_closing and not is_given_up(browser)


def test_a_goodbye_does_not_wait_for_a_peer_that_takes_nothing():
    browser, transport = slow()
    transport.loseConnection()
    browser.talk.clock.advance(5)
    assert is_given_up(browser)


def test_the_answer_to_a_goodbye_waits_as_well():
    browser, _ = slow()
    browser.send(events.CloseConnection(1000))
    assert browser.talk.is_closing
    browser.talk.transport.pending_bytes = 100
    browser.talk.clock.advance(5)
    assert not is_given_up(browser)
    browser.talk.clock.advance(5)
    assert is_given_up(browser)


def test_a_peer_that_takes_what_waits_is_not_taken_for_a_dead_one():
    browser, _ = slow()
    for left in (10_000_000, 6_000_000, 2_000_000, 10_000):
        browser.talk.transport.pending_bytes = left
        browser.talk.clock.advance(30)
    assert not is_given_up(browser)
    browser.talk.clock.advance(30)  # it is stuck: a ping, and no answer
    browser.talk.transport.pending_bytes += len(browser.talk.taken())
    browser.talk.clock.advance(30)
    assert is_given_up(browser)


def test_a_ping_that_waited_behind_a_backlog_is_asked_again():
    browser, _ = slow()
    browser.talk.transport.pending_bytes = 0
    browser.talk.clock.advance(30)
    browser.talk.transport.pending_bytes = 10_000
    browser.talk.clock.advance(30)
    browser.talk.transport.pending_bytes = 0
    browser.talk.clock.advance(30)
    assert browser.heard() == [events.Ping(b"")] * 2
    assert not is_given_up(browser)


@pytest.mark.parametrize("by", ["the brake", "the protocol"])
def test_after_our_goodbye_we_read_on_for_the_answer(by):
    browser, transport = slow()
    if by == "the brake":
        browser.talk.transport.producer.pauseProducing()
    else:
        transport.pauseProducing()
    assert browser.talk.transport.producerState == "paused"
    transport.loseConnection()
    assert browser.talk.transport.producerState == "producing"
    assert browser.talk.transport.producer is None
    transport.pauseProducing()
    assert browser.talk.transport.producerState == "producing"


def test_who_is_dismissed_hears_why_before_the_connection_is_closed():
    browser = opened()
    ends = []
    browser.talk.transport.loseWriteConnection = lambda: ends.append("our direction")
    browser.protocol.transport.pauseProducing()
    browser.talk.send(b"\x83\x80\0\0\0\0")
    assert ends == ["our direction"] and not browser.talk.is_closing
    assert browser.talk.transport.producerState == "producing"
    browser.talk.clock.advance(5)
    assert is_given_up(browser)


class Sending(WebSocketProtocol):
    def negotiationFinished(self):
        for _ in range(12):
            self.transport.sendBytesMessage(b"x" * 1_000_000)
        self.transport.loseConnection(1000, "that is all")


class Reader(Protocol):
    """A client on a narrow link. Counts the bytes, and answers the goodbye, or not."""

    def __init__(self, answers):
        self.ws = WSConnection(ConnectionType.CLIENT)
        self.count = 0
        self.answers = answers
        self.goodbye = self.lost = None

    def connectionMade(self):
        self.transport.write(self.ws.send(events.Request(host="server", target="/")))

    def dataReceived(self, data):
        self.ws.receive_data(data)
        for event in self.ws.events():
            if isinstance(event, events.BytesMessage):
                self.count += len(event.data)
            elif isinstance(event, events.CloseConnection):
                self.goodbye = event.reason
                if self.answers:
                    self.transport.write(self.ws.send(event.response()))

    def connectionLost(self, reason):
        self.lost = reason


@pytest.mark.parametrize("answers", [True, False], ids=["it answers", "it doesn't"])
def test_all_that_was_sent_before_the_goodbye_arrives_however_slowly(answers):
    with World(seed=1) as world:
        world.host("server")
        world.host("client")
        world.link("server", "client", bandwidth=300_000.0, mss=60_000, latency_s=0.0001)
        reader = Reader(answers)
        site = Site(WebSocketResource(WebSocketServerFactory.forProtocol(Sending)))
        world.start(lambda reactor: reactor.listenTCP(80, site), host="server")
        world.start(
            lambda reactor: reactor.connectTCP("server", 80, ClientFactory.forProtocol(lambda: reader)), host="client"
        )
        while reader.lost is None:
            assert world.step()
        assert (reader.count, reader.goodbye) == (12_000_000, "that is all")
        while site.connections:
            assert world.step()
