"""StringTransport: a transport for tests of protocols, which keeps what was written and refuses misuse."""

import pytest

from reactor.defer import Deferred
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocol import Factory, Protocol
from reactor.testing import AccumulatingProtocol, StringTransport, StringTransportWithDisconnection
from tests.support.outcomes import is_waiting, result_of


@pytest.fixture
def transport():
    return StringTransport()


def test_it_keeps_what_was_written(transport):
    transport.write(b"a")
    transport.writeSequence([b"b", b"c"])
    assert transport.value() == b"abc"


def test_clear_forgets_what_was_written(transport):
    transport.write(b"a")
    transport.clear()
    assert transport.value() == b""
    transport.write(b"b")
    assert transport.value() == b"b"


@pytest.mark.parametrize("data", ["text", None, 7])
def test_writing_what_is_not_bytes_is_an_error(transport, data):
    with pytest.raises(TypeError):
        transport.write(data)


def test_a_sequence_with_text_in_it_is_an_error(transport):
    with pytest.raises(TypeError):
        transport.writeSequence([b"a", "b"])


def test_loseConnection_only_notes_it(transport):
    assert transport.disconnecting is False
    transport.loseConnection()
    assert transport.disconnecting is True and transport.connected is True


def test_abortConnection_notes_more(transport):
    transport.abortConnection()
    assert transport.disconnecting is True and transport.disconnected is True


def test_a_producer_is_noted_and_forgotten(transport):
    producer = object()
    transport.registerProducer(producer, True)
    assert transport.producer is producer and transport.streaming is True
    transport.unregisterProducer()
    assert transport.producer is None and transport.streaming is None


def test_two_producers_are_an_error(transport):
    transport.registerProducer(object(), True)
    with pytest.raises(RuntimeError):
        transport.registerProducer(object(), True)


def test_unregistering_without_a_producer_is_an_error(transport):
    with pytest.raises(RuntimeError):
        transport.unregisterProducer()


def test_as_a_producer_it_pauses_and_resumes(transport):
    assert transport.producerState == "producing"
    transport.pauseProducing()
    assert transport.producerState == "paused"
    transport.resumeProducing()
    assert transport.producerState == "producing"


def test_a_stopped_producer_can_do_nothing_more(transport):
    transport.stopProducing()
    assert transport.producerState == "stopped"
    for method in (transport.pauseProducing, transport.resumeProducing):
        with pytest.raises(RuntimeError):
            method()


def test_resuming_after_loseConnection_is_an_error(transport):
    transport.loseConnection()
    with pytest.raises(RuntimeError):
        transport.resumeProducing()


def test_a_lenient_one_may_be_resumed_after_loseConnection():
    transport = StringTransport(lenient=True)
    transport.loseConnection()
    transport.resumeProducing()


def test_it_has_addresses(transport):
    assert transport.getHost().type == transport.getPeer().type == "TCP"
    assert transport.getHost() != transport.getPeer()
    stated = StringTransport(hostAddress="here", peerAddress="there")
    assert (stated.getHost(), stated.getPeer()) == ("here", "there")


def test_it_drives_a_protocol(transport):
    class Echo(Protocol):
        def dataReceived(self, data):
            self.transport.write(data)

    protocol = Echo()
    protocol.makeConnection(transport)
    protocol.dataReceived(b"echo")
    assert transport.value() == b"echo"


def test_the_one_with_disconnection_tells_its_protocol():
    reasons = []

    class Noting(Protocol):
        def connectionLost(self, reason):
            reasons.append(reason)

    transport, protocol = StringTransportWithDisconnection(), Noting()
    transport.protocol = protocol
    protocol.makeConnection(transport)
    transport.loseConnection()
    transport.loseConnection()
    assert len(reasons) == 1 and reasons[0].check(ConnectionDone)
    assert transport.connected is False


def test_an_AccumulatingProtocol_fires_Deferreds_when_it_is_connected_and_closed(transport):
    factory = Factory.forProtocol(AccumulatingProtocol)
    factory.protocolConnectionMade = made = Deferred()
    protocol = factory.buildProtocol(None)
    protocol.closedDeferred = closed = Deferred()
    protocol.makeConnection(transport)
    assert result_of(made) is protocol and factory.protocolConnectionMade is None
    protocol.dataReceived(b"x")
    assert is_waiting(closed)
    protocol.connectionLost(Failure(ConnectionDone()))
    assert result_of(closed) is None and protocol.closedDeferred is None and protocol.closed


@pytest.mark.own_promise("there the factory must have the attribute")
def test_an_AccumulatingProtocol_needs_no_factory_and_no_call_of_its_init(transport):
    class Own(AccumulatingProtocol):
        def __init__(self):
            pass

    for factory in (None, Factory()):
        protocol = Own()
        protocol.factory = factory
        protocol.makeConnection(transport)
        protocol.dataReceived(b"x")
        assert (protocol.made, protocol.data, protocol.closed) == (1, b"x", 0)
