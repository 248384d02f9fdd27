"""loseConnection, abortConnection, and connections that the peer or the network ends."""

import socket

import pytest

from reactor.error import ConnectionAborted, ConnectionDone, ConnectionLost
from tests.support.loopback import Server, run_until, turn

LARGE = 4 * 1024 * 1024
RESET = b"\1\0\0\0\0\0\0\0"


@pytest.fixture
def pair(connect):
    pair = connect()
    pair.establish()
    return pair


@pytest.fixture
def raw(reactor, listen):
    """A server's protocol, and the plain socket at its other end."""
    server = Server("server")
    with socket.create_connection((lambda a: (a.host, a.port))(listen(server).getHost())) as peer:
        run_until(reactor, lambda: server.talker and server.talker.is_made)
        peer.settimeout(5)
        yield server.talker, peer
    run_until(reactor, lambda: server.talker.reason)


def test_both_ends_learn_of_a_clean_close(pair):
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.client.talker.reason.type is ConnectionDone
    assert pair.server.talker.reason.type is ConnectionDone


def test_both_ends_closing_at_once_is_clean(pair):
    pair.client.talker.transport.loseConnection()
    pair.server.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.client.talker.reason.type is ConnectionDone
    assert pair.server.talker.reason.type is ConnectionDone


def test_loseConnection_again_does_nothing(pair):
    transport = pair.client.talker.transport
    transport.loseConnection()
    transport.loseConnection()
    pair.run_until_lost()
    transport.loseConnection()
    turn(pair.reactor, 3)
    assert pair.events.count("client lost ConnectionDone") == 1


def test_loseConnection_sends_what_was_written_before(pair):
    pair.client.talker.transport.write(b"last words")
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.server.talker.received == b"last words"


def test_loseConnection_flushes_a_large_buffer_to_a_slow_reader(raw, reactor):
    talker, peer = raw
    talker.transport.write(bytes(LARGE))
    talker.transport.loseConnection()
    turn(reactor, 5)
    assert talker.reason is None
    received = 0
    while talker.reason is None:
        received += len(peer.recv(100_000))
        turn(reactor)
    while data := peer.recv(1_000_000):
        received += len(data)
    assert received == LARGE
    assert talker.reason.type is ConnectionDone


def test_loseConnection_in_dataReceived_still_sends_the_answer(connect):
    def answer(talker, data):
        talker.transport.write(b"bye " + data)
        talker.transport.loseConnection()

    pair = connect(server={"data": answer})
    _, client = pair.establish()
    client.transport.write(b"joe")
    pair.run_until_lost()
    assert client.received == b"bye joe"


def test_loseConnection_in_connectionLost_does_nothing(connect):
    pair = connect(client={"lost": lambda talker, reason: talker.transport.loseConnection()})
    _, client = pair.establish()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert pair.events.count("client lost ConnectionDone") == 1


def test_abortConnection_in_connectionLost_does_nothing(connect):
    pair = connect(client={"lost": lambda talker, reason: talker.transport.abortConnection()})
    _, client = pair.establish()
    client.transport.loseConnection()
    pair.run_until_lost()
    turn(pair.reactor, 3)
    assert pair.events.count("client lost ConnectionDone") == 1


def test_abortConnection_is_ConnectionAborted_here_and_ConnectionLost_there(pair):
    pair.client.talker.transport.abortConnection()
    pair.run_until_lost()
    assert pair.client.talker.reason.type is ConnectionAborted
    assert pair.server.talker.reason.type is ConnectionLost
    assert pair.client.reason.type is ConnectionAborted


def test_abortConnection_drops_what_waits(raw, reactor):
    talker, peer = raw
    talker.transport.write(bytes(LARGE))
    turn(reactor, 3)
    talker.transport.abortConnection()
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionAborted
    with pytest.raises(ConnectionResetError):
        while peer.recv(1_000_000):
            pass


def test_abortConnection_overtakes_loseConnection(raw, reactor):
    talker, _ = raw
    talker.transport.write(bytes(LARGE))
    talker.transport.loseConnection()
    turn(reactor, 3)
    talker.transport.abortConnection()
    talker.transport.abortConnection()
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionAborted


def test_loseConnection_after_abortConnection_does_not_save_it(pair):
    pair.client.talker.transport.abortConnection()
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.client.talker.reason.type is ConnectionAborted


def test_abortConnection_in_connectionMade(connect):
    pair = connect(server={"made": lambda talker: talker.transport.abortConnection()})
    pair.run_until_lost()
    assert pair.server.talker.reason.type is ConnectionAborted
    assert pair.client.talker.reason.type is ConnectionLost


def test_abortConnection_in_dataReceived(connect):
    pair = connect(server={"data": lambda talker, data: talker.transport.abortConnection()})
    _, client = pair.establish()
    client.transport.write(b"x")
    pair.run_until_lost()
    assert pair.server.talker.reason.type is ConnectionAborted


def test_a_peer_that_closes_is_ConnectionDone(raw, reactor):
    talker, peer = raw
    peer.sendall(b"bye")
    peer.close()
    run_until(reactor, lambda: talker.reason)
    assert talker.received == b"bye" and talker.reason.type is ConnectionDone


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    peer.close()


def test_a_peer_that_resets_is_ConnectionLost(raw, reactor):
    talker, peer = raw
    reset(peer)
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionLost


def test_writing_to_a_peer_that_is_gone_raises_nothing(raw, reactor):
    talker, peer = raw
    reset(peer)
    for _ in range(3):
        talker.transport.write(b"anybody there?")
    assert talker.reason is None
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionLost


def test_a_peer_that_resets_while_a_buffer_waits(raw, reactor):
    talker, peer = raw
    talker.transport.write(bytes(LARGE))
    turn(reactor, 3)
    reset(peer)
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionLost


def test_a_peer_that_resets_while_loseConnection_flushes(raw, reactor):
    talker, peer = raw
    talker.transport.write(bytes(LARGE))
    talker.transport.loseConnection()
    turn(reactor, 3)
    reset(peer)
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionLost


def test_a_peer_that_resets_inside_dataReceived(raw, reactor):
    """The write that follows hits a connection that is gone; it raises nothing and connectionLost comes once."""
    talker, peer = raw

    def answer(talker, data):
        reset(peer)
        talker.transport.write(b"answer")
        assert talker.reason is None
        talker.transport.write(b"more")

    talker.hooks["data"] = answer
    peer.sendall(b"x")
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionLost
    turn(reactor, 3)


def test_a_peer_that_resets_while_reading_is_paused(raw, reactor):
    talker, peer = raw
    talker.transport.pauseProducing()
    reset(peer)
    turn(reactor, 3)
    talker.transport.resumeProducing()
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionLost


def test_data_before_a_reset_may_be_lost_but_connectionLost_comes(raw, reactor):
    talker, peer = raw
    peer.sendall(b"data")
    reset(peer)
    run_until(reactor, lambda: talker.reason)
    assert talker.reason.type is ConnectionLost and bytes(talker.received) in (b"", b"data")


def test_a_loss_leaves_no_reader_and_no_writer(pair):
    pair.client.talker.transport.write(bytes(LARGE))
    pair.client.talker.transport.abortConnection()
    pair.run_until_lost()
    transports = {id(pair.client.talker.transport), id(pair.server.talker.transport)}
    left = [item for item in [*pair.reactor.getReaders(), *pair.reactor.getWriters()] if id(item) in transports]
    assert left == []


def test_closing_one_connection_leaves_the_others(connect):
    first, second = connect(), connect()
    first.establish()
    second.establish()
    first.client.talker.transport.abortConnection()
    first.run_until_lost()
    second.client.talker.transport.write(b"still here")
    second.run_until(lambda: second.server.talker.received == b"still here")


@pytest.mark.parametrize("before", [b"", b"one "])
def test_writing_between_loseConnection_and_the_loss_is_still_sent(pair, before):
    """Twisted's way: loseConnection asks for the end; what is written before it has come goes out too."""
    pair.client.talker.transport.write(before)
    pair.client.talker.transport.loseConnection()
    pair.client.talker.transport.write(b"two")
    pair.run_until_lost()
    assert pair.server.talker.received == before + b"two"


def test_what_was_written_right_before_abortConnection_is_not_sent(pair):
    pair.client.talker.transport.write(b"never mind")
    pair.client.talker.transport.abortConnection()
    pair.run_until_lost()
    assert pair.server.talker.received == b""
