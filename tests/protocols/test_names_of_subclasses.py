"""A subclass may use any attribute name that isn't public: the base classes keep theirs out of its way."""

import io

import pytest

from reactor.protocols.basic import (
    FileSender,
    Int8StringReceiver,
    Int16StringReceiver,
    LineOnlyReceiver,
    LineReceiver,
    NetstringReceiver,
)
from reactor.protocols.stateful import StatefulProtocol
from reactor.testing import StringTransport

NAMES = [
    "_waiting",
    "_buffer",
    "_is_delivering",
    "_deliver",
    "_expected",
    "_has_string",
    "_take_string",
    "_take_length",
    "_forget_plaintext",
    "_finish",
    "_step",
    "_received",
    "_data",
    "_state",
    "_lines",
    "_queue",
    "_input",
]


class Hoarder:
    """Has something of its own under every likely name, as methods do and as instances do."""

    def __init__(self):
        super().__init__()
        self.received = []
        for name in NAMES:
            setattr(self, name, name)

    def lineReceived(self, message):
        assert [getattr(self, name) for name in NAMES] == NAMES
        self.received.append(message)

    stringReceived = lineReceived


@pytest.mark.own_promise("its attributes are in the way of a subclass, some of them")
@pytest.mark.parametrize(
    ("base", "stream"),
    [
        (LineReceiver, b"one\r\ntwo\r\n"),
        (LineOnlyReceiver, b"one\r\ntwo\r\n"),
        (NetstringReceiver, b"3:one,3:two,"),
        (Int8StringReceiver, b"\x03one\x03two"),
        (Int16StringReceiver, b"\0\x03one\0\x03two"),
    ],
)
def test_a_receiver_leaves_private_names_to_its_subclass(base, stream):
    protocol = type("Own", (Hoarder, base), {})()
    protocol.makeConnection(StringTransport())
    for place in range(len(stream)):
        protocol.dataReceived(stream[place : place + 1])
    assert protocol.received == [b"one", b"two"]


@pytest.mark.own_promise("it has a _sful_data, and no more, in the way")
def test_so_does_a_StatefulProtocol():
    class Own(Hoarder, StatefulProtocol):
        def getInitialState(self):
            return self.take, 3

        def take(self, data):
            self.lineReceived(data)

    protocol = Own()
    protocol.makeConnection(StringTransport())
    protocol.dataReceived(b"on")
    protocol.dataReceived(b"etwo")
    assert protocol.received == [b"one", b"two"]


def test_so_does_a_FileSender():
    class Own(Hoarder, FileSender):
        pass

    results, consumer = [], StringTransport()
    Own().beginFileTransfer(io.BytesIO(b"ab"), consumer).addCallback(results.append)
    while consumer.producer is not None:
        consumer.producer.resumeProducing()
    assert consumer.value() == b"ab" and results == [b"b"]
