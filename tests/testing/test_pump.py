"""connectedServerAndClient: two protocols and a pump, no sockets."""

import io

import pytest

from reactor.error import ConnectionDone
from reactor.protocol import Protocol
from reactor.protocols.basic import FileSender
from reactor.task import Clock
from reactor.testing import connectedServerAndClient


class Noting(Protocol):
    def __init__(self):
        self.received = b""
        self.events = []

    def connectionMade(self):
        self.events.append("made")

    def dataReceived(self, data):
        self.received += data

    def connectionLost(self, reason):
        self.events.append(reason.type.__name__)


class Shouting(Noting):
    def dataReceived(self, data):
        super().dataReceived(data)
        self.transport.write(data.upper())


def test_both_are_connected_and_know_each_other():
    client, server, _ = connectedServerAndClient(Noting, Noting)
    assert client.events == server.events == ["made"]


def test_bytes_move_when_the_test_says_so():
    client, server, pump = connectedServerAndClient(Shouting, Noting)
    client.transport.write(b"hel")
    client.transport.writeSequence([b"l", b"o"])
    assert server.received == b""
    assert pump.pump()
    assert server.received == b"hello" and client.received == b""
    assert pump.pump()
    assert client.received == b"HELLO"
    assert not pump.pump()


def test_flush_moves_all_there_is():
    client, _, pump = connectedServerAndClient(Shouting, Noting)
    client.transport.write(b"hello")
    assert pump.flush()
    assert client.received == b"HELLO"
    assert not pump.flush()


def test_what_is_said_first_has_arrived_unless_the_test_wants_to_see_it():
    class Greeting(Noting):
        def connectionMade(self):
            self.transport.write(b"welcome")

    client, _, _ = connectedServerAndClient(Greeting, Noting)
    assert client.received == b"welcome"
    client, _, pump = connectedServerAndClient(Greeting, Noting, greet=False)
    assert client.received == b""
    pump.flush()
    assert client.received == b"welcome"


@pytest.mark.parametrize("who", ["client", "server"])
def test_loseConnection_sends_what_waits_and_ends_both(who):
    client, server, pump = connectedServerAndClient(Noting, Noting)
    leaving, other = (client, server) if who == "client" else (server, client)
    leaving.transport.write(b"last words")
    leaving.transport.loseConnection()
    assert leaving.transport.disconnecting
    pump.flush()
    assert other.received == b"last words"
    assert client.events == server.events == ["made", "ConnectionDone"]


@pytest.mark.own_promise("Twisted's tells ConnectionDone")
def test_abortConnection_throws_away_and_breaks():
    client, server, pump = connectedServerAndClient(Noting, Noting)
    client.transport.write(b"never sent")
    client.transport.abortConnection()
    pump.flush()
    assert server.received == b"" and server.events == ["made", "ConnectionLost"]
    assert client.events == ["made", "ConnectionAborted"]


def test_a_pull_producer_is_asked_at_every_pump_and_waited_for():
    class Three(Noting):
        def connectionMade(self):
            self.left = [b"c", b"b", b"a"]
            self.transport.registerProducer(self, False)

        def resumeProducing(self):
            self.transport.write(self.left.pop())
            if not self.left:
                self.transport.unregisterProducer()
                self.transport.loseConnection()

        def stopProducing(self):
            self.events.append("stopped")

    client, server, pump = connectedServerAndClient(Three, Noting)
    pump.flush()
    assert client.received == b"abc" and client.events[-1] == "ConnectionDone"
    assert "stopped" not in server.events


@pytest.mark.own_promise("its flush takes that for the end")
def test_a_pull_producer_that_writes_nothing_for_once_is_asked_again():
    client, server, pump = connectedServerAndClient(Noting, Noting)
    FileSender().beginFileTransfer(io.BytesIO(b"--ab--c-"), client.transport, lambda piece: piece.strip(b"-"))
    FileSender.CHUNK_SIZE, before = 1, FileSender.CHUNK_SIZE
    try:
        pump.flush()
    finally:
        FileSender.CHUNK_SIZE = before
    assert server.received == b"abc"


@pytest.mark.own_promise("Twisted's looks at pull producers only")
def test_a_producer_is_stopped_when_the_connection_ends():
    client, server, pump = connectedServerAndClient(Noting, Noting)

    class Push:
        stopped = 0

        def stopProducing(self):
            self.stopped += 1

    producer = Push()
    server.transport.registerProducer(producer, True)
    client.transport.loseConnection()
    pump.flush()
    assert producer.stopped == 1


@pytest.mark.own_promise("Twisted's looks at pull producers only")
def test_two_producers_are_an_error():
    client, _, _ = connectedServerAndClient(Noting, Noting)
    client.transport.registerProducer(object(), True)
    with pytest.raises(RuntimeError):
        client.transport.registerProducer(object(), True)


@pytest.mark.own_promise("Twisted's hands bytes on to a protocol that has paused")
def test_a_paused_protocol_gets_its_bytes_when_it_resumes():
    client, server, pump = connectedServerAndClient(Noting, Noting)
    server.transport.pauseProducing()
    client.transport.write(b"hello")
    pump.flush()
    assert server.received == b""
    server.transport.resumeProducing()
    pump.pump()
    assert server.received == b"hello"


@pytest.mark.own_promise("Twisted's flush goes on for ever")
def test_protocols_that_never_stop_talking_are_an_error():
    client, _, pump = connectedServerAndClient(Shouting, Shouting)
    client.transport.write(b"x")
    with pytest.raises(RuntimeError, match="pump"):
        pump.flush()


@pytest.mark.own_promise("Twisted's takes text from programs of the past")
def test_writing_what_is_not_bytes_is_an_error():
    client, _, _ = connectedServerAndClient(Noting, Noting)
    with pytest.raises(TypeError):
        client.transport.write("text")


def test_the_pump_moves_a_clock():
    clock, calls = Clock(), []
    _, _, pump = connectedServerAndClient(Noting, Noting, clock=clock)
    clock.callLater(0, calls.append, "called")
    pump.pump()
    assert calls == ["called"]


def test_ends_have_addresses():
    client, server, _ = connectedServerAndClient(Noting, Noting)
    assert client.transport.getHost() is not None and server.transport.getPeer() is not None


def test_ConnectionDone_is_what_a_clean_end_holds():
    reasons = []

    class Keeping(Protocol):
        def connectionLost(self, reason):
            reasons.append(reason)

    client, _, pump = connectedServerAndClient(Keeping, Protocol)
    client.transport.loseConnection()
    pump.flush()
    assert reasons[0].check(ConnectionDone)
