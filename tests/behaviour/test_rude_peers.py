"""Peers that break off at any moment, or that connect and say nothing: each costs its own connection and little memory.

The test is always the same: the connection hears of its end, once; and who comes next is served.
"""

import contextlib
import gc
import socket
import struct
import tracemalloc

import pytest

from reactor.error import ConnectionAborted, ConnectionDone, ConnectionLost
from reactor.interfaces import IHalfCloseableProtocol
from reactor.protocol import Protocol, ServerFactory
from tests.support import oracle
from tests.support.loopback import run_until, turn
from tests.support.securely import PlainPeer, SecureTalker, TLSPeer, server_options

MUCH = 8 << 20  # more than the kernel takes for a peer that does not read
SILENT = 200


@oracle.implements(IHalfCloseableProtocol)
class HalfCloseable(SecureTalker):
    """Goes on when one direction has ended."""

    def readConnectionLost(self):
        self.note("read lost")

    def writeConnectionLost(self):
        self.note("write lost")


def reset(peer):
    """Let the kernel send a reset instead of an end."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def at_once(ours, speak):
    pass


def in_the_middle_of_a_message(ours, speak):
    speak(b"half of a mess")
    ours.run_until(lambda: ours.talker.received)


def with_bytes_on_the_way(ours, speak):
    speak(b"never read")


def while_nobody_reads(ours, speak):
    ours.transport.pauseProducing()
    speak(b"never read")
    turn(ours.reactor, 3)


def while_it_is_sent_much(ours, speak):
    ours.transport.write(bytes(MUCH))
    turn(ours.reactor, 10)


def while_a_producer_is_paused(ours, speak):
    class Producer:
        def __init__(self, transport):
            self.transport, self.calls = transport, []

        def pauseProducing(self):
            self.calls.append("pause")

        def resumeProducing(self):
            self.calls.append("resume")

        def stopProducing(self):
            self.calls.append("stop")

    ours.producer = Producer(ours.transport)
    ours.transport.registerProducer(ours.producer, True)
    ours.transport.write(bytes(MUCH))
    turn(ours.reactor, 10)


def after_our_half_close(ours, speak):
    ours.transport.loseWriteConnection()
    turn(ours.reactor, 10)


def while_we_half_close(ours, speak):
    ours.transport.write(bytes(MUCH))
    ours.transport.loseWriteConnection()
    turn(ours.reactor, 10)


def while_we_close(ours, speak):
    ours.transport.write(bytes(MUCH))
    ours.transport.loseConnection()
    turn(ours.reactor, 10)


def just_as_we_close(ours, speak):
    speak(b"never read")
    ours.transport.loseConnection()


def just_as_we_abort(ours, speak):
    ours.transport.abortConnection()


MOMENTS = [
    at_once,
    in_the_middle_of_a_message,
    with_bytes_on_the_way,
    while_nobody_reads,
    while_it_is_sent_much,
    while_a_producer_is_paused,
    after_our_half_close,
    while_we_half_close,
    while_we_close,
    just_as_we_close,
    just_as_we_abort,
]
at_every_moment = pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)


@pytest.fixture
def plain(reactor):
    """A server of ours, and a client that has connected over TCP."""
    listen = lambda factory: reactor.listenTCP(0, factory, interface="127.0.0.1")  # noqa: E731
    ours = PlainPeer(reactor, listen, HalfCloseable)
    yield ours
    ours.close()


@pytest.fixture
def unshaken(reactor):
    """The same over TLS, before anything was said."""
    listen = lambda factory: reactor.listenSSL(0, factory, server_options(), interface="127.0.0.1")  # noqa: E731
    ours = PlainPeer(reactor, listen, HalfCloseable)
    yield ours
    ours.close()


@pytest.fixture
def secure(unshaken):
    """The same, when hands are shaken. Also what the client uses to speak."""
    peer = TLSPeer(unshaken)
    peer.shake_hands()
    unshaken.run_until(lambda: unshaken.talker.is_secured)
    return unshaken, peer.write


def assert_lost_once_and_the_next_is_served(ours):
    ours.transport.resumeProducing()
    ours.run_until_lost()
    assert ours.talker.reason.check(ConnectionLost, ConnectionDone, ConnectionAborted)
    assert [event for event in ours.events if event.startswith("server lost")] == [ours.events[-1]]
    turn(ours.reactor, 3)
    with socket.create_connection(("127.0.0.1", ours.port.getHost().port)) as following:
        run_until(ours.reactor, lambda: len(ours.server.talkers) == 2 and ours.server.talker.is_made)
        reset(following)
    run_until(ours.reactor, lambda: ours.server.talker.reason)


@at_every_moment
def test_a_peer_that_resets_the_connection(plain, moment):
    moment(plain, plain.peer.sendall)
    reset(plain.peer)
    assert_lost_once_and_the_next_is_served(plain)
    if moment is while_a_producer_is_paused:
        assert plain.producer.calls[0] == "pause" and plain.producer.calls[-1] == "stop"
        assert plain.producer.calls.count("stop") == 1


@at_every_moment
@pytest.mark.own_promise("over TLS, Twisted closes both directions at once")
def test_a_peer_that_resets_a_secure_connection(secure, moment):
    ours, speak = secure
    moment(ours, speak)
    reset(ours.peer)
    assert_lost_once_and_the_next_is_served(ours)


@pytest.mark.parametrize("part", [0, 1, 5, 100, -1])
def test_a_peer_that_resets_in_the_middle_of_the_handshake(unshaken, part):
    """part: how much of its greeting it says before."""
    peer = TLSPeer(unshaken)
    with pytest.raises(OSError):
        peer.tls.do_handshake()
    greeting = peer.outgoing.read()
    unshaken.peer.sendall(greeting[:part] if part >= 0 else greeting)
    turn(unshaken.reactor, 5)
    reset(unshaken.peer)
    assert_lost_once_and_the_next_is_served(unshaken)


def test_a_peer_that_is_gone_before_it_is_welcomed(reactor, plain):
    for _ in range(10):
        reset(socket.create_connection(("127.0.0.1", plain.port.getHost().port)))
    run_until(reactor, lambda: all(talker.reason for talker in plain.server.talkers[1:]))
    plain.peer.sendall(b"and I?")
    run_until(reactor, lambda: plain.talker.received == b"and I?")


@pytest.mark.own_promise("how much memory a connection takes is ours to know")
def test_who_connects_and_says_nothing_costs_little_and_keeps_nobody_waiting(reactor, listen, plain):
    """Less than 3 KiB each, with the protocol and the test's own end. (The kernel's buffers are not ours.)"""
    port = listen(ServerFactory.forProtocol(Protocol), backlog=SILENT)
    address = ("127.0.0.1", port.getHost().port)
    others = len(reactor.transports)
    gc.collect()
    tracemalloc.start()
    try:
        with contextlib.ExitStack() as silent:
            for _ in range(SILENT):
                silent.enter_context(socket.create_connection(address))
            run_until(reactor, lambda: len(reactor.transports) == others + SILENT)
            gc.collect()
            memory, _ = tracemalloc.get_traced_memory()
            plain.peer.sendall(b"and I?")
            run_until(reactor, lambda: plain.talker.received == b"and I?")
    finally:
        tracemalloc.stop()
    assert memory / SILENT < 3 * 1024
    run_until(reactor, lambda: len(reactor.transports) == others)
