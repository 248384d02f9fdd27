"""A transport as a producer: pauseProducing and resumeProducing hold back and let through what the peer sends."""

import pytest

from reactor.error import ConnectionAborted, ConnectionDone
from tests.support.loopback import turn


def test_nothing_is_delivered_while_paused(connect):
    pair = connect()
    server, client = pair.establish()
    server.transport.pauseProducing()
    client.transport.write(b"wait")
    turn(pair.reactor, 5)
    assert server.received == b""
    server.transport.resumeProducing()
    pair.run_until(lambda: server.received == b"wait")


def test_pausing_in_dataReceived_holds_back_the_rest(connect):
    pair = connect(server={"data": lambda talker, data: talker.transport.pauseProducing()})
    server, client = pair.establish()
    client.transport.write(bytes(1_000_000))
    pair.run_until(lambda: server.received)
    count = len(server.received)
    turn(pair.reactor, 5)
    assert len(server.received) == count < 1_000_000
    server.hooks.clear()
    server.transport.resumeProducing()
    pair.run_until(lambda: len(server.received) == 1_000_000)


def test_pausing_in_connectionMade_of_a_server(connect):
    """Reading begins before a server's connectionMade, so this pause holds."""
    pair = connect(server={"made": lambda talker: talker.transport.pauseProducing()})
    server, client = pair.establish()
    client.transport.write(b"wait")
    turn(pair.reactor, 5)
    assert server.received == b""
    server.transport.resumeProducing()
    pair.run_until(lambda: server.received == b"wait")


def test_pausing_in_connectionMade_of_a_client(connect):
    pair = connect(client={"made": lambda talker: talker.transport.pauseProducing()})
    server, client = pair.establish()
    server.transport.write(b"wait")
    turn(pair.reactor, 5)
    assert client.received == b""
    client.transport.resumeProducing()
    pair.run_until(lambda: client.received == b"wait")


def test_pausing_and_resuming_twice_is_fine(connect):
    pair = connect()
    server, client = pair.establish()
    for method in ("pauseProducing", "pauseProducing", "resumeProducing", "resumeProducing"):
        getattr(server.transport, method)()
    client.transport.write(b"x")
    pair.run_until(lambda: server.received == b"x")


def test_a_paused_transport_still_writes(connect):
    pair = connect()
    server, client = pair.establish()
    server.transport.pauseProducing()
    server.transport.write(bytes(500_000))
    pair.run_until(lambda: len(client.received) == 500_000)


def test_a_paused_transport_does_not_hear_that_its_peer_closed(connect):
    pair = connect()
    server, client = pair.establish()
    server.transport.pauseProducing()
    client.transport.loseConnection()
    pair.run_until(lambda: client.reason)
    turn(pair.reactor, 5)
    assert server.reason is None
    server.transport.resumeProducing()
    pair.run_until(lambda: server.reason)
    assert server.reason.type is ConnectionDone


def test_a_paused_transport_gets_the_data_before_the_close(connect):
    pair = connect()
    server, client = pair.establish()
    server.transport.pauseProducing()
    client.transport.write(b"last words")
    client.transport.loseConnection()
    pair.run_until(lambda: client.reason)
    server.transport.resumeProducing()
    pair.run_until(lambda: server.reason)
    assert server.received == b"last words"


def test_a_paused_transport_can_lose_its_connection(connect):
    pair = connect()
    server, _ = pair.establish()
    server.transport.pauseProducing()
    server.transport.loseConnection()
    pair.run_until_lost()
    assert server.reason.type is ConnectionDone


def test_a_paused_transport_can_abort(connect):
    pair = connect()
    server, _ = pair.establish()
    server.transport.pauseProducing()
    server.transport.abortConnection()
    pair.run_until_lost()
    assert server.reason.type is ConnectionAborted


def test_stopProducing_loses_the_connection(connect):
    pair = connect()
    server, _ = pair.establish()
    server.transport.write(b"bye")
    server.transport.stopProducing()
    pair.run_until_lost()
    assert server.reason.type is ConnectionDone
    assert pair.client.talker.received == b"bye"


@pytest.mark.parametrize("end", ["loseConnection", "abortConnection"])
def test_resuming_after_the_end_does_nothing(connect, end):
    pair = connect()
    server, _ = pair.establish()
    getattr(server.transport, end)()
    server.transport.resumeProducing()
    pair.run_until_lost()
    server.transport.resumeProducing()
    server.transport.pauseProducing()
    turn(pair.reactor, 3)
    assert server.transport not in pair.reactor.getReaders()


def test_a_transport_can_be_the_producer_of_another(connect):
    """A port forwarder's middle: what comes in on one connection goes out on the other, and is paused with it."""
    source, target = connect(), connect()
    incoming, sender = source.establish()
    _, outgoing = target.establish()
    outgoing.transport.registerProducer(incoming.transport, True)
    incoming.hooks["data"] = lambda talker, data: outgoing.transport.write(data)
    target.server.talker.transport.pauseProducing()
    sender.transport.write(bytes(20_000_000))
    turn(source.reactor, 2000)
    assert len(incoming.received) < 20_000_000
    assert incoming.transport not in source.reactor.getReaders()
    target.server.talker.transport.resumeProducing()
    target.run_until(lambda: len(target.server.talker.received) == 20_000_000)
    outgoing.transport.unregisterProducer()
