"""The small services of reactor.protocols.wire."""

import calendar
import struct
import time

import pytest

from reactor.protocols import wire
from reactor.testing import StringTransport


def connected(protocol):
    protocol.makeConnection(StringTransport())
    return protocol


def test_echo_sends_everything_back():
    protocol = connected(wire.Echo())
    protocol.dataReceived(b"one")
    protocol.dataReceived(b"two")
    assert protocol.transport.value() == b"onetwo" and not protocol.transport.disconnecting


def test_discard_sends_nothing():
    protocol = connected(wire.Discard())
    protocol.dataReceived(b"one")
    assert protocol.transport.value() == b"" and not protocol.transport.disconnecting


def test_chargen_is_a_pull_producer_of_characters_without_end():
    protocol = connected(wire.Chargen())
    assert protocol.transport.producer is protocol and not protocol.transport.streaming
    for _ in range(3):
        protocol.resumeProducing()
    assert protocol.transport.value() == 3 * protocol.noise
    protocol.pauseProducing()
    protocol.stopProducing()


@pytest.mark.parametrize(
    ("service", "says"),
    [(wire.QOTD, b"An apple a day keeps the doctor away.\r\n"), (wire.Who, b"root\r\n")],
)
def test_some_say_their_sentence_and_close(service, says):
    transport = connected(service()).transport
    assert transport.value() == says and transport.disconnecting


def test_what_they_say_can_be_changed():
    class Short(wire.QOTD):
        def getQuote(self):
            return b"No."

    assert connected(Short()).transport.value() == b"No."


@pytest.mark.own_promise("Twisted adds text to bytes here")
def test_daytime_is_readable_and_in_greenwich():
    before = int(time.time())
    transport = connected(wire.Daytime()).transport
    said = transport.value().decode("ascii")
    assert said.endswith("\r\n") and transport.disconnecting
    assert before <= calendar.timegm(time.strptime(said.strip())) <= time.time()


@pytest.mark.own_promise("Twisted counts from 1970, RFC 868 from 1900")
def test_time_counts_seconds_since_1900():
    before = int(time.time())
    transport = connected(wire.Time()).transport
    (said,) = struct.unpack("!I", transport.value())
    since_1970 = (said - calendar.timegm((1970, 1, 1, 0, 0, 0)) - (70 * 365 + 17) * 86400) % 2**32
    assert before <= since_1970 <= time.time() and transport.disconnecting
