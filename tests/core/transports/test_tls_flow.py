"""Backpressure across TLS: a slow reader slows the writer, and memory stays bounded, in both directions."""

import pytest

from tests.support.loopback import turn
from tests.support.securely import PlainPeer, SecureTalker, TLSPeer, server_options

MARK = 64 * 1024  # above so many waiting bytes a push producer is paused
PIECE = 16 * 1024
STREAM = 64 * 1024 * 1024


class Push:
    """Writes pieces until it is told to pause, and goes on when it may."""

    def __init__(self, transport, total):
        self.transport, self.left, self.told = transport, total, []
        self.is_paused = False
        transport.registerProducer(self, True)

    def produce(self):
        while self.left and not self.is_paused:
            self.left -= PIECE
            self.transport.write(bytes(PIECE))
        if not self.left and self.transport.producer is self:
            self.transport.unregisterProducer()

    def pauseProducing(self):
        self.told.append("pause")
        self.is_paused = True

    def resumeProducing(self):
        self.told.append("resume")
        self.is_paused = False
        self.produce()

    def stopProducing(self):
        self.told.append("stop")


class Pull:
    """Writes a piece whenever it is asked."""

    def __init__(self, transport, pieces, size=PIECE):
        self.transport, self.left, self.size = transport, pieces, size
        transport.registerProducer(self, False)

    def resumeProducing(self):
        self.left -= 1
        self.transport.write(bytes(self.size))
        if not self.left:
            self.transport.unregisterProducer()

    def stopProducing(self):
        pass


@pytest.fixture
def secure(reactor):
    """A secure server of ours, and a client that reads only when the test says so."""
    listen = lambda factory: reactor.listenSSL(0, factory, server_options(), interface="127.0.0.1")  # noqa: E731
    ours = PlainPeer(reactor, listen, talker=SecureTalker)
    peer = TLSPeer(ours)
    peer.shake_hands()
    ours.run_until(lambda: ours.talker.is_secured)
    yield ours, peer
    ours.close()


def waiting_bytes(transport):
    """Plaintext that waits, and ciphertext that waits for the kernel: all that this side holds."""
    layer = transport.getHandle()
    return transport.pending_bytes + len(layer._unsent) + layer._outgoing.pending + layer._incoming.pending


@pytest.mark.own_promise("how much waits where is ours to know")
def test_a_peer_that_makes_tls_talk_and_does_not_listen_is_left(reactor, monkeypatch):
    """New keys may be asked for again and again, and each time there is an answer to keep."""
    monkeypatch.setattr("reactor.core.transports.tls._OWN_AT_MOST", 100)  # session tickets are longer
    listen = lambda factory: reactor.listenSSL(0, factory, server_options(), interface="127.0.0.1")  # noqa: E731
    ours = PlainPeer(reactor, listen)
    TLSPeer(ours).shake_hands()
    ours.run_until_lost()
    assert "asks for TLS messages and does not read them" in ours.talker.reason.getErrorMessage()
    ours.close()


@pytest.mark.own_promise("how much waits where is ours to know")
def test_a_slow_reader_keeps_the_writers_memory_bounded(secure):
    """64 MiB to a reader that takes a little at a time: never more than the mark, a piece, and what is encrypted."""
    ours, peer = secure
    producer = Push(ours.transport, STREAM)
    producer.produce()
    most = received = 0
    while received < STREAM:
        turn(ours.reactor)
        most = max(most, waiting_bytes(ours.transport))
        peer.read()
        received += len(peer.received)
        peer.received.clear()
    assert received == STREAM
    assert most <= MARK + PIECE + MARK + 4096  # and a little for the frames of records
    assert producer.told.count("pause") == producer.told.count("resume") > 100


def test_a_reader_that_stops_pauses_the_producer_and_one_that_goes_on_resumes_it(secure):
    ours, peer = secure
    producer = Push(ours.transport, STREAM)
    producer.produce()
    for _ in range(1000):
        turn(ours.reactor)
    left = producer.left
    assert producer.is_paused and left > STREAM // 2  # the kernel's buffers hold some megabytes
    ours.run_until(lambda: (peer.read(), producer.left < left)[1])


@pytest.mark.own_promise("over TLS, Twisted asks pull producers by its global reactor, which doesn't run here")
def test_a_pull_producer_is_asked_as_the_reader_reads(secure):
    ours, peer = secure
    producer = Pull(ours.transport, 2000)
    for _ in range(1000):
        turn(ours.reactor)
    assert producer.left > 0
    ours.run_until(lambda: (peer.read(), len(peer.received) == 2000 * PIECE)[1])
    assert producer.left == 0


@pytest.mark.own_promise("over TLS, Twisted asks pull producers by its global reactor, which doesn't run here")
def test_a_pull_producer_that_writes_nothing_for_once_is_asked_again(secure):
    ours, peer = secure
    sizes = [0, 0, PIECE, 0, PIECE, 0]

    class Sized(Pull):
        size = property(lambda self: sizes[-1 - self.left], lambda self, size: None)

    Sized(ours.transport, len(sizes))
    ours.run_until(lambda: (peer.read(), len(peer.received) == 2 * PIECE)[1])


@pytest.mark.own_promise("over TLS, Twisted asks pull producers by its global reactor, which doesn't run here")
def test_loseConnection_waits_for_a_pull_producer(secure):
    ours, peer = secure
    Pull(ours.transport, 50)
    ours.transport.loseConnection()
    ours.run_until(peer.read)
    assert len(peer.received) == 50 * PIECE


def test_a_producer_is_stopped_when_the_connection_is_lost(secure):
    ours, _ = secure
    producer = Push(ours.transport, STREAM)
    ours.peer.close()
    ours.run_until_lost()
    assert producer.told == ["stop"]


def test_pauseProducing_stops_reading_and_resumeProducing_goes_on(secure):
    ours, peer = secure
    ours.transport.pauseProducing()
    assert ours.transport not in ours.reactor.getReaders()
    peer.write(b"hello")
    turn(ours.reactor, 10)
    assert ours.talker.received == b""
    ours.transport.resumeProducing()
    ours.run_until(lambda: ours.talker.received == b"hello")


def test_a_reader_that_pauses_slows_the_peer_down(secure):
    """What it doesn't read stays with the kernel and the peer, not with us."""
    ours, peer = secure
    ours.transport.pauseProducing()
    peer.tls.write(bytes(16 * 1024 * 1024))
    ciphertext = memoryview(peer.outgoing.read())
    with pytest.raises(BlockingIOError):
        while ciphertext:
            ciphertext = ciphertext[ours.peer.send(ciphertext) :]
    turn(ours.reactor, 10)
    assert ours.talker.received == b""
    ours.transport.resumeProducing()

    def all_is_there():
        nonlocal ciphertext
        try:
            ciphertext = ciphertext[ours.peer.send(ciphertext) :]
        except BlockingIOError:
            pass
        return len(ours.talker.received) == 16 * 1024 * 1024

    ours.run_until(all_is_there)


def test_pausing_inside_dataReceived_holds_back_all_but_what_has_been_read(secure):
    """One piece of what the kernel had is passed on whole; no more until we resume."""
    ours, peer = secure
    ours.talker.hooks["data"] = lambda talker, data: talker.transport.pauseProducing()
    for _ in range(40):
        peer.write(bytes(PIECE))
    turn(ours.reactor, 20)
    assert 0 < len(ours.talker.received) <= MARK
    ours.talker.hooks["data"] = lambda talker, data: None
    ours.transport.resumeProducing()
    ours.run_until(lambda: len(ours.talker.received) == 40 * PIECE)
