"""StatefulProtocol: steps that each wait for their number of bytes."""

import struct

import pytest

from reactor.protocols.stateful import StatefulProtocol
from reactor.testing import StringTransport
from tests.support.framing import assert_closes, assert_parses, connected, feed


class Records(StatefulProtocol):
    """A length of two bytes, so many bytes, and again; a length of 999 closes."""

    def __init__(self):
        self.received = []

    def getInitialState(self):
        return self.length, 2

    def length(self, data):
        (size,) = struct.unpack("!H", data)
        if size == 999:
            self.transport.loseConnection()
        return self.body, size

    def body(self, data):
        self.received.append(data)
        return self.length, 2


def record(body):
    return struct.pack("!H", len(body)) + body


def test_each_step_gets_just_the_bytes_that_it_waits_for():
    bodies = [b"one", b"", b"x" * 300, b"end"]
    assert_parses(Records, b"".join(map(record, bodies)), bodies, trailing=b"\0\5unfi")


def test_after_a_step_that_closes_no_further_one_is_made():
    assert_closes(Records, record(b"one") + struct.pack("!H", 999) + record(b"lost"), [b"one"])


def test_a_step_that_returns_nothing_is_made_again():
    class Pairs(StatefulProtocol):
        received = ()

        def getInitialState(self):
            return self.pair, 2

        def pair(self, data):
            self.received = [*self.received, data]

    assert_parses(Pairs, b"aabbcc", [b"aa", b"bb", b"cc"], trailing=b"d")


def test_a_step_may_need_no_bytes_and_is_made_with_the_next_ones():
    class Header(Records):
        def getInitialState(self):
            return self.start, 0

        def start(self, data):
            self.received.append(b"start " + data)
            return self.length, 2

    assert_parses(Header, record(b"one"), [b"start ", b"one"])


def test_a_protocol_without_getInitialState_says_so():
    with pytest.raises(NotImplementedError):
        StatefulProtocol().makeConnection(StringTransport())


def test_nothing_happens_until_the_bytes_are_there():
    assert feed(connected(Records()), [b"\0", b"\5", b"four"]).received == []
