"""Ends of secure connections at moments that a simulation has found (tests/faults): before the handshake is complete,
without room in the kernel, with bytes that are thrown away, with a producer that goes on."""

import pytest

from reactor import error
from reactor.failure import Failure
from tests.support.loopback import turn
from tests.support.securely import HalfCloseable, PlainPeer, SecurePair, meet_securely, server_options  # noqa: F401 (a fixture)


class Told:
    """Writes down what it is told."""

    def __init__(self, told):
        self.told = told

    def pauseProducing(self):
        self.told.append("pause")

    def resumeProducing(self):
        self.told.append("resume")

    def stopProducing(self):
        self.told.append("stop")


class Full:
    """A socket whose kernel has no room, so many times."""

    def __init__(self, real, times):
        self.real = real
        self.times = times

    def send(self, data):
        if self.times:
            self.times -= 1
            raise BlockingIOError
        return self.real.send(data)

    def __getattr__(self, name):
        return getattr(self.real, name)


@pytest.mark.own_promise("its TLS is another's")
def test_a_goodbye_that_finds_no_room_is_said_when_there_is_some(meet):
    ours, peer = meet()
    layer = ours.transport.getHandle()
    layer._plain = Full(layer._plain, times=3)
    ours.transport.loseConnection()
    ours.run_until(lambda: not layer._plain.times)
    for _ in range(100):
        turn(ours.reactor)
    assert peer.read()
    peer.say_goodbye()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone


@pytest.mark.own_promise("its TLS is another's")
def test_an_answer_to_the_peers_goodbye_that_finds_no_room_is_given_when_there_is_some(meet):
    ours, peer = meet(talker=HalfCloseable)
    peer.say_goodbye()
    ours.run_until(lambda: "server read lost" in ours.events)
    layer = ours.transport.getHandle()
    layer._plain = Full(layer._plain, times=3)
    ours.transport.loseConnection()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone
    ours.run_until(lambda: peer.read() or peer.stream_ended)
    assert peer.ended


def test_what_is_written_after_our_goodbye_is_ignored(meet):
    ours, peer = meet()
    ours.transport.loseConnection()
    ours.run_until(peer.read)
    ours.transport.write(b"one more thing")
    turn(ours.reactor, 3)
    peer.say_goodbye()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone
    assert peer.received == b""


@pytest.mark.own_promise("Twisted lets it go on")
def test_a_push_producer_that_is_not_paused_is_stopped_before_we_say_goodbye(meet):
    ours, peer = meet()
    told = []
    ours.transport.registerProducer(Told(told), True)
    ours.transport.write(b"the last piece")
    ours.transport.loseConnection()
    ours.run_until(peer.read)
    assert told == ["stop"]
    ours.transport.write(b"one more piece")
    peer.say_goodbye()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone and told == ["stop"]
    assert peer.received == b"the last piece"


def fail(*_):
    raise ZeroDivisionError("on purpose")


def test_a_handler_that_raises_does_not_say_goodbye_for_bytes_that_are_thrown_away(meet, logged_errors):
    def write_and_fail(talker, data):
        talker.transport.write(b"the beginning of much")
        fail()

    ours, peer = meet(data=write_and_fail)
    peer.write(b"go on")
    ours.run_until_lost()
    ours.run_until(lambda: peer.read() or peer.stream_ended)
    assert peer.stream_ended and not peer.ended
    logged_errors.flush(ZeroDivisionError)


@pytest.mark.own_promise("Twisted's layer takes other words from the transport below it")
def test_a_reactor_that_stops_does_not_say_goodbye_for_bytes_that_are_thrown_away(meet):
    ours, peer = meet()
    ours.transport.write(bytes(50_000_000))
    ours.talker.transport.connectionLost(Failure(error.ConnectionLost()))  # what the loop does with everybody then
    ours.run_until(lambda: peer.read() or peer.stream_ended)
    assert peer.stream_ended and not peer.ended


@pytest.mark.own_promise("over TLS, Twisted closes both directions at once")
def test_a_direction_can_end_before_the_hands_are_shaken(reactor):
    pair = SecurePair(
        reactor, talker=HalfCloseable, client={"made": lambda talker: talker.transport.loseWriteConnection()}
    )
    pair.run_until(lambda: "server read lost" in pair.events)
    pair.server.talker.transport.write(b"still here")
    pair.run_until(lambda: pair.client.talker.received == b"still here")
    pair.server.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.server.talker.reason.type is pair.client.talker.reason.type is error.ConnectionDone
    pair.close()


@pytest.mark.own_promise("Twisted waits for ever")
def test_a_peer_that_closes_before_the_hands_are_shaken_is_not_waited_for(reactor):
    listen = lambda factory: reactor.listenSSL(0, factory, server_options(), interface="127.0.0.1")  # noqa: E731
    ours = PlainPeer(
        reactor, listen, made=lambda talker: (talker.transport.write(b"x"), talker.transport.loseConnection())
    )
    ours.peer.close()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionLost
    assert "before the TLS handshake was complete" in ours.talker.reason.getErrorMessage()
    ours.close()


@pytest.mark.own_promise("over TLS, Twisted closes both directions at once")
def test_a_direction_that_ended_before_the_hands_were_shaken_does_not_cost_what_comes_with_them(reactor):
    """The client's last step of the handshake and its first bytes may come in one piece."""
    pair = SecurePair(
        reactor,
        talker=HalfCloseable,
        server={"made": lambda talker: talker.transport.loseWriteConnection()},
        client={"made": lambda talker: talker.transport.write(b"first words")},
    )
    pair.run_until(lambda: pair.server.talker and pair.server.talker.received == b"first words")
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.server.talker.reason.type is pair.client.talker.reason.type is error.ConnectionDone
    pair.close()
