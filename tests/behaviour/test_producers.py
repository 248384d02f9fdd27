"""registerProducer: who is told to go on, to pause and to stop, and when."""

import socket

import pytest

from reactor.error import ConnectionDone
from tests.support.loopback import Server, run_until, turn

FULL = 65536  # bytes that may wait before a push producer is told to pause


class Push:
    """A push producer that notes what it is told."""

    def __init__(self):
        self.told = []

    def pauseProducing(self):
        self.told.append("pause")

    def resumeProducing(self):
        self.told.append("resume")

    def stopProducing(self):
        self.told.append("stop")


class Pull:
    """A pull producer: writes one piece each time it is asked, and unregisters after the last."""

    def __init__(self, transport, pieces):
        self.transport, self.pieces, self.told = transport, list(pieces), []

    def resumeProducing(self):
        self.told.append("resume")
        self.transport.write(self.pieces.pop(0))
        if not self.pieces:
            self.transport.unregisterProducer()

    def stopProducing(self):
        self.told.append("stop")


class Connection:
    """A server's transport with a plain socket at the other end, which reads only when the test says so."""

    def __init__(self, reactor, port, server):
        self.reactor = reactor
        self.peer = socket.create_connection(("127.0.0.1", port.getHost().port))
        self.peer.setblocking(False)
        self.received = b""
        run_until(reactor, lambda: server.talker and server.talker.is_made)
        self.talker, self.transport = server.talker, server.talker.transport

    def fill(self):
        """Write until the kernel takes no more and a little waits in the transport; returns how many bytes."""
        total = 0
        while self.transport not in self.reactor.getWriters():
            self.transport.write(bytes(1000))
            total += 1000
            turn(self.reactor)
        return total

    def drain(self, until):
        """Read at the peer into `received`, turning the loop in between, until the condition holds."""
        for _ in range(100_000):
            self.read()
            if until():
                return
            turn(self.reactor)
        raise AssertionError("the condition never held")

    def read(self):
        """Take what the kernel has for the peer now."""
        try:
            while data := self.peer.recv(1_000_000):
                self.received += data
        except BlockingIOError:
            pass


@pytest.fixture
def connection(reactor, listen):
    server = Server("server")
    connection = Connection(reactor, listen(server), server)
    yield connection
    connection.peer.close()
    if connection.talker.reason is None:
        connection.transport.abortConnection()
    run_until(reactor, lambda: connection.talker.reason)


def test_a_pull_producer_is_asked_at_once_and_then_whenever_the_buffer_is_empty(connection):
    producer = Pull(connection.transport, [b"one ", b"two ", b"three"])
    connection.transport.registerProducer(producer, False)
    assert producer.told == ["resume"]
    connection.drain(lambda: connection.received == b"one two three")
    assert producer.told == ["resume"] * 3


def test_a_pull_producer_is_not_asked_again_inside_its_own_write(connection):
    depth = []

    class Nested(Pull):
        def resumeProducing(self):
            assert not depth
            depth.append(1)
            super().resumeProducing()
            depth.pop()

    producer = Nested(connection.transport, [b"x"] * 10)
    connection.transport.registerProducer(producer, False)
    connection.drain(lambda: not producer.pieces)


@pytest.mark.own_promise("it never asks again")
def test_a_pull_producer_that_writes_nothing_for_once_is_asked_again(connection):
    producer = Pull(connection.transport, [b"", b"one ", b"", b"", bytearray(), b"two", b""])
    connection.transport.registerProducer(producer, False)
    connection.drain(lambda: not producer.pieces)
    connection.drain(lambda: connection.received == b"one two")
    assert producer.told == ["resume"] * 7


@pytest.mark.own_promise("it never asks again")
def test_a_pull_producer_that_begins_with_nothing_inside_a_handler_is_asked_again(connection):
    producer = Pull(connection.transport, [b"", b"one ", b"", b"two"])
    connection.talker.dataReceived = lambda data: connection.transport.registerProducer(producer, False)
    connection.peer.send(b"go")
    connection.drain(lambda: connection.received == b"one two")


@pytest.mark.own_promise("it never asks again")
def test_loseConnection_waits_for_a_pull_producer_that_writes_nothing_for_once(connection):
    producer = Pull(connection.transport, [b"", b"one ", b"", b"two"])
    connection.transport.registerProducer(producer, False)
    connection.transport.loseConnection()
    connection.drain(lambda: connection.talker.reason)
    connection.read()
    assert connection.received == b"one two" and connection.talker.reason.check(ConnectionDone)


def test_a_pull_producer_that_does_not_write_is_not_asked_until_it_has(connection):
    producer = Push()
    connection.transport.registerProducer(producer, False)
    for _ in range(5):
        turn(connection.reactor)
    assert producer.told == ["resume"]
    connection.transport.write(b"x")
    turn(connection.reactor)
    assert producer.told == ["resume"] * 2
    connection.transport.unregisterProducer()


def test_a_push_producer_is_not_told_anything_while_the_peer_keeps_up(connection):
    producer = Push()
    connection.transport.registerProducer(producer, True)
    for count in range(1, 11):
        connection.transport.write(bytes(1000))
        connection.drain(lambda count=count: len(connection.received) == 1000 * count)
    assert producer.told == []
    connection.transport.unregisterProducer()


def test_a_push_producer_is_paused_inside_the_write_that_fills_the_buffer(connection):
    connection.fill()
    producer = Push()
    connection.transport.registerProducer(producer, True)
    told = []
    for _ in range(4):
        connection.transport.write(bytes(FULL // 2))
        told.append(list(producer.told))
    assert told[0] == []
    assert told[3][:1] == ["pause"]
    connection.transport.unregisterProducer()


def test_64_KiB_may_wait_and_more_pauses(connection):
    """To within a thousand bytes: so much at most waits when the kernel's buffer is full."""
    connection.fill()
    producer = Push()
    connection.transport.registerProducer(producer, True)
    connection.transport.write(bytes(FULL - 1000))
    assert producer.told == []
    connection.transport.write(bytes(1001))
    assert producer.told == ["pause"]
    connection.transport.unregisterProducer()


def test_a_paused_producer_resumes_when_the_buffer_is_empty(connection):
    connection.fill()
    producer = Push()
    connection.transport.registerProducer(producer, True)
    connection.transport.write(bytes(4 * FULL))
    assert producer.told == ["pause"]
    connection.drain(lambda: producer.told[-1] == "resume")
    assert producer.told == ["pause", "resume"]
    assert connection.transport not in connection.reactor.getWriters()
    connection.transport.unregisterProducer()


def test_a_producer_that_goes_on_writing_is_told_again(connection):
    connection.fill()
    producer = Push()
    connection.transport.registerProducer(producer, True)
    connection.transport.write(bytes(4 * FULL))
    connection.transport.write(b"more")
    assert producer.told == ["pause", "pause"]
    connection.transport.unregisterProducer()


def test_a_second_producer_is_an_error(connection):
    first = Push()
    connection.transport.registerProducer(first, True)
    with pytest.raises(RuntimeError):
        connection.transport.registerProducer(Push(), True)
    connection.transport.unregisterProducer()
    connection.transport.registerProducer(Push(), True)
    connection.transport.unregisterProducer()


def test_unregistering_when_there_is_none_is_fine(connection):
    connection.transport.unregisterProducer()


def test_an_unregistered_producer_hears_nothing_more(connection):
    connection.fill()
    producer = Push()
    connection.transport.registerProducer(producer, True)
    connection.transport.unregisterProducer()
    connection.transport.write(bytes(4 * FULL))
    connection.drain(lambda: connection.transport not in connection.reactor.getWriters())
    connection.transport.abortConnection()
    run_until(connection.reactor, lambda: connection.talker.reason)
    assert producer.told == []


@pytest.mark.parametrize("streaming", [True, False])
def test_registering_on_a_lost_connection_stops_the_producer(connection, streaming):
    connection.transport.abortConnection()
    run_until(connection.reactor, lambda: connection.talker.reason)
    producer = Push()
    connection.transport.registerProducer(producer, streaming)
    assert producer.told == ["stop"]


def test_a_producer_is_stopped_when_the_connection_is_lost(connection):
    order = connection.talker.events
    producer = Push()
    producer.stopProducing = lambda: order.append("stop")
    connection.transport.registerProducer(producer, True)
    connection.peer.close()
    run_until(connection.reactor, lambda: connection.talker.reason)
    assert order == ["server made", "stop", "server lost ConnectionDone"]


def test_a_producer_is_stopped_by_abortConnection(connection):
    producer = Push()
    connection.transport.registerProducer(producer, True)
    connection.transport.abortConnection()
    run_until(connection.reactor, lambda: connection.talker.reason)
    assert producer.told == ["stop"]


def test_loseConnection_waits_until_a_paused_producer_has_resumed(connection):
    """What it writes then is sent, before the end."""
    producer = Push()
    producer.resumeProducing = lambda: (producer.told.append("resume"), connection.transport.write(b"the rest"))
    connection.fill()
    connection.transport.registerProducer(producer, True)
    connection.transport.write(bytes(4 * FULL))
    connection.transport.loseConnection()
    connection.drain(lambda: connection.talker.reason)
    connection.read()
    assert connection.received.endswith(b"the rest")
    assert producer.told == ["pause", "resume", "stop"]
    assert connection.talker.reason.type is ConnectionDone


def test_loseConnection_does_not_wait_for_a_push_producer_that_is_not_paused(connection):
    """Twisted's way, whatever its documentation says: such a producer is stopped when the buffer is empty."""
    producer = Push()
    connection.transport.registerProducer(producer, True)
    connection.transport.loseConnection()
    run_until(connection.reactor, lambda: connection.talker.reason)
    assert producer.told == ["stop"]


def test_loseConnection_lets_a_pull_producer_finish(connection):
    pieces = [b"%d " % number for number in range(50)]
    producer = Pull(connection.transport, pieces)
    connection.transport.registerProducer(producer, False)
    connection.transport.loseConnection()
    connection.drain(lambda: connection.talker.reason)
    connection.read()
    assert connection.received == b"".join(pieces)
    assert connection.talker.reason.type is ConnectionDone


def test_registering_after_loseConnection_still_works(connection):
    connection.fill()
    connection.transport.loseConnection()
    producer = Pull(connection.transport, [b"end"])
    connection.transport.registerProducer(producer, False)
    assert producer.told == ["resume"]
    connection.drain(lambda: connection.talker.reason)
    connection.read()
    assert connection.received.endswith(b"end")


def test_a_producer_may_unregister_in_pauseProducing(connection):
    producer = Push()
    producer.pauseProducing = lambda: (producer.told.append("pause"), connection.transport.unregisterProducer())
    connection.fill()
    connection.transport.registerProducer(producer, True)
    connection.transport.write(bytes(4 * FULL))
    connection.drain(lambda: connection.transport not in connection.reactor.getWriters())
    assert producer.told == ["pause"]


def test_the_producer_attribute_says_who_is_registered(connection):
    producer = Push()
    assert connection.transport.producer is None
    connection.transport.registerProducer(producer, True)
    assert connection.transport.producer is producer
    connection.transport.unregisterProducer()
    assert connection.transport.producer is None


def test_stopConsuming_unregisters_the_producer_and_closes(connection):
    connection.fill()
    producer = Push()
    connection.transport.registerProducer(producer, True)
    connection.transport.stopConsuming()
    assert connection.transport.producer is None
    connection.drain(lambda: connection.talker.reason)
    assert connection.talker.reason.check(ConnectionDone) and "stop" not in producer.told
