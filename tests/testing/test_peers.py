"""The smaller doubles of reactor.testing, for the other side of a conversation."""

import pytest

from reactor.testing import (
    Clock,
    FakeDatagramTransport,
    LineSendingProtocol,
    NonStreamingProducer,
    RaisingMemoryReactor,
    StringIOWithoutClosing,
    StringTransport,
    waitUntilAllDisconnected,
)

LATER = pytest.param(False, marks=pytest.mark.own_promise("Twisted's keeps the last line it sent as the answer"))


@pytest.mark.parametrize("start", [True, LATER], ids=["at once", "when a line has come"])
def test_a_line_sender_sends_its_lines_and_keeps_the_answers(start):
    protocol, transport = LineSendingProtocol([b"a", b"b"], start), StringTransport()
    protocol.makeConnection(transport)
    assert transport.value() == (b"a\r\nb\r\n" if start else b"")
    protocol.dataReceived(b"hello\r\nmore\r\n")
    assert transport.value() == b"a\r\nb\r\n"
    assert protocol.response == [b"hello", b"more"] and not protocol.lostConn
    protocol.connectionLost(None)
    assert protocol.lostConn


def test_a_pull_producer_writes_ten_digits_and_is_strict_with_who_asks():
    transport, done = StringTransport(), []
    producer = NonStreamingProducer(transport)
    producer.result.addCallback(done.append)
    transport.registerProducer(producer, False)
    for _ in range(10):
        producer.resumeProducing()
    assert transport.value() == b"0123456789" and transport.producer is None and done == [None]
    for misuse in (producer.resumeProducing, producer.pauseProducing):
        with pytest.raises(RuntimeError, match="BUG"):
            misuse()


def test_a_pull_producer_that_is_stopped_says_so():
    done = []
    producer = NonStreamingProducer(StringTransport())
    producer.result.addCallback(done.append)
    producer.stopProducing()
    assert producer.stopped and done == [None]


def test_datagrams_are_kept_with_their_addresses():
    transport = FakeDatagramTransport()
    transport.write(b"one", ("127.0.0.1", 1))
    transport.write(b"two")
    assert transport.written == [(b"one", ("127.0.0.1", 1)), (b"two", transport.noAddr)]


def test_a_file_that_is_closed_can_be_read():
    file = StringIOWithoutClosing()
    file.write(b"kept")
    file.close()
    assert file.getvalue() == b"kept"


def test_a_reactor_without_luck_raises_what_it_was_given():
    refused, taken = OSError("refused"), OSError("taken")
    memory = RaisingMemoryReactor(taken, refused)
    for method, arguments, problem in [
        ("listenTCP", (80, None), taken),
        ("listenSSL", (80, None, None), taken),
        ("listenUNIX", ("/s", None), taken),
        ("adoptStreamPort", (3, 2, None), taken),
        ("connectTCP", ("localhost", 80, None), refused),
        ("connectSSL", ("localhost", 80, None, None), refused),
        ("connectUNIX", ("/s", None), refused),
    ]:
        with pytest.raises(OSError) as caught:
            getattr(memory, method)(*arguments)
        assert caught.value is problem


def test_waiting_for_the_last_of_several_connections_to_go():
    clock, done = Clock(), []
    protocols = [LineSendingProtocol([]) for _ in range(2)]
    for protocol in protocols:
        protocol.makeConnection(StringTransport())
    waitUntilAllDisconnected(clock, protocols).addCallback(done.append)
    for protocol in protocols:
        clock.advance(0.01)
        assert not done
        protocol.transport.connected = False
    clock.advance(0.01)
    assert len(done) == 1 and clock.getDelayedCalls() == []
