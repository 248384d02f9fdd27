"""loseWriteConnection: one direction ends, the other goes on, for protocols that say that they can."""

import pytest

from reactor.error import ConnectionDone, ConnectionLost
from reactor.interfaces import IHalfCloseableProtocol
from tests.support import oracle
from tests.support.loopback import Talker, turn


@oracle.implements(IHalfCloseableProtocol)
class HalfCloseable(Talker):
    """A Talker that goes on when one direction has ended. Further hooks: read_lost(talker), write_lost(talker)."""

    def readConnectionLost(self):
        self.note("read lost")
        self.call_hook("read_lost")

    def writeConnectionLost(self):
        self.note("write lost")
        self.call_hook("write_lost")


def of(name, pair):
    return [event.removeprefix(name + " ") for event in pair.events if event.startswith(name)]


def test_the_end_of_one_direction_is_told_to_both_sides(connect):
    pair = connect(talker=HalfCloseable)
    _, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "server read lost" in pair.events)
    assert of("client", pair) == ["started", "made", "write lost"]
    assert of("server", pair) == ["made", "read lost"]


def test_loseWriteConnection_calls_nobody_before_it_returns(connect):
    pair = connect(talker=HalfCloseable)
    _, client = pair.establish()
    before = list(pair.events)
    client.transport.loseWriteConnection()
    assert pair.events == before
    pair.run_until(lambda: "server read lost" in pair.events)


def test_what_was_written_before_is_sent_first(connect):
    pair = connect(talker=HalfCloseable)
    server, client = pair.establish()
    client.transport.write(bytes(1_000_000))
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "server read lost" in pair.events)
    assert len(server.received) == 1_000_000


def test_the_other_direction_still_works(connect):
    pair = connect(talker=HalfCloseable)
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "server read lost" in pair.events)
    server.transport.write(b"still talking")
    pair.run_until(lambda: client.received == b"still talking")


def test_the_connection_ends_when_both_directions_have_ended(connect):
    pair = connect(talker=HalfCloseable)
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "server read lost" in pair.events)
    server.transport.loseConnection()
    pair.run_until(lambda: server.reason)
    assert of("server", pair) == ["made", "read lost", "lost ConnectionDone"]
    pair.run_until(lambda: "client read lost" in pair.events)
    assert of("client", pair) == ["started", "made", "write lost", "read lost"]
    client.transport.loseConnection()
    pair.run_until_lost()
    assert of("client", pair)[-2:] == ["lost ConnectionDone", "gone ConnectionDone"]


def test_both_directions_half_closed_by_each_side(connect):
    pair = connect(talker=HalfCloseable)
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    server.transport.loseWriteConnection()
    pair.run_until(lambda: len(pair.events) == 7)
    assert set(of("client", pair)[2:]) == set(of("server", pair)[1:]) == {"write lost", "read lost"}
    client.transport.loseConnection()
    server.transport.loseConnection()
    pair.run_until_lost()
    assert client.reason.type is ConnectionDone and server.reason.type is ConnectionDone


def test_writing_after_loseWriteConnection_took_effect_is_ignored(connect):
    pair = connect(talker=HalfCloseable)
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "client write lost" in pair.events)
    client.transport.write(b"too late")
    client.transport.writeSequence([b"too late"])
    pair.run_until(lambda: "server read lost" in pair.events)
    assert server.received == b""


def test_loseConnection_after_loseWriteConnection(connect):
    pair = connect(talker=HalfCloseable)
    _, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "client write lost" in pair.events)
    client.transport.loseConnection()
    pair.run_until(lambda: client.reason)
    assert client.reason.type is ConnectionDone


def test_loseConnection_in_writeConnectionLost(connect):
    pair = connect(talker=HalfCloseable, client={"write_lost": lambda talker: talker.transport.loseConnection()})
    _, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: client.reason)
    assert of("client", pair)[2:] == ["write lost", "lost ConnectionDone", "gone ConnectionDone"]


def test_loseConnection_in_readConnectionLost(connect):
    pair = connect(talker=HalfCloseable, server={"read_lost": lambda talker: talker.transport.loseConnection()})
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: server.reason)
    assert of("server", pair) == ["made", "read lost", "lost ConnectionDone"]


def test_the_answer_written_in_readConnectionLost_is_sent(connect):
    def answer(talker):
        talker.transport.write(b"sum: 6")
        talker.transport.loseConnection()

    pair = connect(talker=HalfCloseable, server={"read_lost": answer})
    _, client = pair.establish()
    client.transport.write(b"1 2 3")
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "client read lost" in pair.events)
    assert client.received == b"sum: 6"


def test_a_protocol_without_the_interface_loses_the_connection_when_its_peer_half_closes(connect):
    pair = connect()
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until_lost()
    assert server.reason.type is ConnectionDone
    assert client.reason.type is ConnectionDone


def test_a_reset_after_a_half_close_is_ConnectionLost(connect):
    pair = connect(talker=HalfCloseable)
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "server read lost" in pair.events)
    server.transport.abortConnection()
    pair.run_until_lost()
    assert client.reason.type is ConnectionLost


def test_readConnectionLost_that_raises_is_logged_and_ends_the_connection(connect, logged_errors):
    pair = connect(talker=HalfCloseable, server={"read_lost": lambda talker: 1 / 0})
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: server.reason)
    assert server.reason.type is ZeroDivisionError
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_writeConnectionLost_that_raises_is_logged_and_ends_the_connection(connect, logged_errors):
    pair = connect(talker=HalfCloseable, client={"write_lost": lambda talker: 1 / 0})
    _, client = pair.establish()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: client.reason)
    assert client.reason.type is ZeroDivisionError
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_loseWriteConnection_again_does_nothing(connect):
    pair = connect(talker=HalfCloseable)
    _, client = pair.establish()
    client.transport.loseWriteConnection()
    client.transport.loseWriteConnection()
    pair.run_until(lambda: "server read lost" in pair.events)
    turn(pair.reactor, 3)
    assert pair.events.count("client write lost") == 1


@pytest.mark.own_promise("it watches the closed socket and fails in the poller")
def test_loseWriteConnection_after_the_loss_does_nothing(connect):
    pair = connect(talker=HalfCloseable)
    _, client = pair.establish()
    client.transport.abortConnection()
    pair.run_until(lambda: client.reason)
    client.transport.loseWriteConnection()
    turn(pair.reactor, 3)
    assert "client write lost" not in pair.events


@pytest.mark.own_promise("connectionLost comes, whatever happens; in Twisted it never does here, not even at stop()")
def test_a_connection_whose_directions_have_both_ended_is_done(connect):
    pair = connect(talker=HalfCloseable)
    server, client = pair.establish()
    client.transport.loseWriteConnection()
    server.transport.loseWriteConnection()
    pair.run_until_lost()
    assert server.reason.check(ConnectionDone) and client.reason.check(ConnectionDone)
