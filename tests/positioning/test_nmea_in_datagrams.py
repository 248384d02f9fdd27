"""NMEA over UDP, both ways: what comes is whole or dropped, what goes reaches whoever listens."""

import pytest

from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol
from reactor.positioning.udp import NMEADatagrams
from reactor.testing import StringTransport
from tests.support.loopback import run_until, stop_listening
from tests.support.oracle import installed
from tests.support.positioning_doubles import Noting, said

if installed():
    pytest.skip("Twisted has no NMEA in datagrams", allow_module_level=True)

HEADING, OTHER = said("GPHDT,90.0,T"), said("GPHDT,180.0,T")
HERE = ("192.0.2.1", 10110)


def hearing():
    noting = Noting()
    return noting, NMEADatagrams(NMEAProtocol(NMEAAdapter(noting)))


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b""])
def test_each_datagram_has_sentences_of_its_own(end):
    noting, datagrams = hearing()
    datagrams.datagramReceived(HEADING + OTHER.strip() + end, HERE)
    assert noting.of("heading") == [90.0, 180.0]


def test_half_a_sentence_is_not_joined_with_another_senders():
    noting, datagrams = hearing()
    for piece in (HEADING[:9], OTHER[9:], HEADING):
        datagrams.datagramReceived(piece, HERE)
    assert noting.of("heading") == [90.0]


@pytest.mark.parametrize("data", [b"", b"\xff" * 60_000, b"$" * 60_000, b"$GPHDT," + b" " * 60_000, b"\n" * 60_000])
def test_nonsense_in_a_datagram_raises_nothing(data):
    noting, datagrams = hearing()
    datagrams.datagramReceived(data, HERE)
    assert noting.news == []


def test_who_only_tells_hears_nothing():
    NMEADatagrams(to=HERE).datagramReceived(HEADING, HERE)


class Full(StringTransport):
    def write(self, data, addr):
        raise OSError("no route")


def test_a_network_that_takes_nothing_is_logged(logged_errors):
    talker = NMEADatagrams(to=HERE)
    talker.transport = Full()
    talker.tell(HEADING)
    assert len(logged_errors.flush(OSError)) == 1


def test_sentences_go_from_one_end_to_the_other(one_reactor):
    noting, datagrams = hearing()
    port = one_reactor.listenUDP(0, datagrams, interface="127.0.0.1")
    talker = NMEADatagrams(to=("127.0.0.1", port.getHost().port))
    other = one_reactor.listenUDP(0, talker, interface="127.0.0.1")
    talker.tell(HEADING)
    talker.tell(OTHER)
    run_until(one_reactor, lambda: len(noting.news) == 2)
    assert noting.of("heading") == [90.0, 180.0] and talker.transport.getBroadcastAllowed()
    stop_listening(one_reactor, port)
    stop_listening(one_reactor, other)
