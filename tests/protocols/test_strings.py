"""NetstringReceiver, IntNStringReceiver and its three sizes, StatefulStringProtocol."""

import struct

import pytest

from reactor.protocols.basic import (
    Int8StringReceiver,
    Int16StringReceiver,
    Int32StringReceiver,
    IntNStringReceiver,
    NetstringReceiver,
    StatefulStringProtocol,
    StringTooLongError,
)
from tests.support.framing import LIMIT, assert_closes, assert_parses, connected, feed


class Noting:
    MAX_LENGTH = LIMIT

    def __init__(self):
        self.received = []

    def stringReceived(self, string):
        self.received.append(string)


class Netstrings(Noting, NetstringReceiver):
    pass


class Int8(Noting, Int8StringReceiver):
    pass


class Int16(Noting, Int16StringReceiver):
    pass


class Int32(Noting, Int32StringReceiver):
    pass


class LittleEndian(Noting, IntNStringReceiver):
    structFormat = "<H"
    prefixLength = 2


prefixed = pytest.mark.parametrize("receiver", [Int8, Int16, Int32, LittleEndian])
every = pytest.mark.parametrize("receiver", [Netstrings, Int8, Int16, Int32, LittleEndian])
STRINGS = [b"one", b"", b"1:2,3", b"\0\1\xff", b"x" * LIMIT]


def sent(receiver, strings):
    """What the peer would send for these strings."""
    protocol = connected(receiver())
    for string in strings:
        protocol.sendString(string)
    return protocol.transport.value()


@every
def test_what_sendString_sends_is_received(receiver):
    whole = sent(receiver, [b"unfinished"])
    assert_parses(receiver, sent(receiver, STRINGS), STRINGS, trailing=whole[:-1])


def test_how_strings_look_on_the_wire():
    assert sent(Netstrings, [b"hello world!", b""]) == b"12:hello world!,0:,"
    assert sent(Int8, [b"abc"]) == b"\3abc"
    assert sent(Int16, [b"abc"]) == b"\0\3abc"
    assert sent(Int32, [b"abc"]) == b"\0\0\0\3abc"
    assert sent(LittleEndian, [b"abc"]) == b"\3\0abc"


@every
def test_a_string_over_the_limit_closes_the_connection_before_it_comes(receiver):
    class Receiver(receiver):
        MAX_LENGTH = 2 * LIMIT

    too_long = sent(Receiver, [b"x" * (LIMIT + 1)])
    assert_closes(receiver, sent(receiver, [b"one"]) + too_long[: -LIMIT - 1], [b"one"])


@every
def test_strings_after_loseConnection_are_handed_on(receiver):
    class Leaving(receiver):
        def stringReceived(self, string):
            super().stringReceived(string)
            self.transport.loseConnection()

    assert feed(connected(Leaving()), [sent(receiver, [b"one", b"two"])]).received == [b"one", b"two"]


@every
def test_a_receiver_without_stringReceived_says_so(receiver):
    class Silent(receiver):
        stringReceived = receiver.__mro__[2].stringReceived

    with pytest.raises(NotImplementedError):
        connected(Silent()).dataReceived(sent(receiver, [b"one"]))


# --- netstrings


NONSENSE = b"x : , -1:a, +1:a, 01:a, 00:, 1x 1,a 3:abcd 0:x 0x1:a, 2.0:".split()


@pytest.mark.parametrize("nonsense", [*NONSENSE, b" 1:a,"])
def test_what_is_no_netstring_closes_the_connection(nonsense):
    assert_closes(Netstrings, b"3:one," + nonsense, [b"one"])


@pytest.mark.parametrize("length", [b"21:", b"22", b"100", b"1" * 5000])
def test_a_length_over_the_limit_is_refused_when_it_is_seen(length):
    assert_closes(Netstrings, b"3:one," + length, [b"one"])


@pytest.mark.own_promise("Twisted lets a line feed behind the length pass until the next byte comes")
def test_a_line_feed_behind_the_length_closes_the_connection():
    assert_closes(Netstrings, b"5\n")


def test_after_nonsense_the_peer_is_broken_and_nothing_more_is_received():
    protocol = connected(Netstrings())
    assert protocol.brokenPeer == 0
    protocol.dataReceived(b"3:one,x3:two,")
    protocol.dataReceived(b"5:three,")
    assert protocol.brokenPeer == 1 and protocol.received == [b"one"]


@pytest.mark.own_promise("Twisted takes the logarithm of the limit")
def test_a_limit_of_zero_lets_empty_netstrings_pass():
    class Empty(Netstrings):
        MAX_LENGTH = 0

    assert_parses(Empty, b"0:,0:,", [b"", b""], trailing=b"0:")
    assert_closes(Empty, b"1:")


def test_the_limit_may_be_a_power_of_ten():
    class Ten(Netstrings):
        MAX_LENGTH = 10

    assert_parses(Ten, b"10:" + b"x" * 10 + b",", [b"x" * 10])
    assert_closes(Ten, b"11")


# --- prefixed strings


@pytest.mark.parametrize(("receiver", "longest"), [(Int8, 255), (Int16, 65535), (LittleEndian, 65535)])
def test_a_string_longer_than_its_prefix_can_say_is_not_sent(receiver, longest):
    protocol = connected(receiver())
    with pytest.raises(StringTooLongError, match=str(longest + 1)):
        protocol.sendString(b"x" * (longest + 1))
    assert protocol.transport.value() == b""
    protocol.sendString(b"x" * longest)
    assert len(protocol.transport.value()) == longest + protocol.prefixLength


@prefixed
def test_lengthLimitExceeded_is_told_the_length_and_may_go_on(receiver):
    class Generous(receiver):
        def lengthLimitExceeded(self, length):
            self.received.append(length)
            self.MAX_LENGTH = length

    protocol = connected(Generous())
    stream = struct.pack(protocol.structFormat, LIMIT + 1) + b"x" * (LIMIT + 1)
    feed(protocol, [stream])
    assert protocol.received == [LIMIT + 1]
    feed(protocol, [b""])
    assert protocol.received == [LIMIT + 1, b"x" * (LIMIT + 1)]


@prefixed
def test_a_paused_receiver_keeps_what_came_until_it_is_resumed(receiver):
    class PausingAfterEach(receiver):
        def stringReceived(self, string):
            super().stringReceived(string)
            self.pauseProducing()

    protocol = feed(connected(PausingAfterEach()), [sent(receiver, [b"one", b"two", b"three"])])
    assert protocol.received == [b"one"] and protocol.transport.producerState == "paused"
    protocol.resumeProducing()
    assert protocol.received == [b"one", b"two"]
    protocol.resumeProducing()
    protocol.resumeProducing()
    assert protocol.received == [b"one", b"two", b"three"] and protocol.transport.producerState == "producing"


# --- states


class Greeting(StatefulStringProtocol, Int8):
    """Hears a name, then anything until `bye`."""

    def proto_init(self, string):
        self.received.append(b"name " + string)
        return "talk"

    def proto_talk(self, string):
        self.received.append(b"said " + string)
        return "done" if string == b"bye" else "talk"


def test_each_state_gets_its_strings_and_done_closes():
    stream = sent(Int8, [b"ann", b"hi", b"bye"])
    assert_parses(Greeting, stream[:-4], [b"name ann", b"said hi"])
    assert_closes(Greeting, stream, [b"name ann", b"said hi", b"said bye"])


def test_a_string_in_a_state_without_a_method_is_logged_and_ignored():
    protocol = connected(Greeting())
    protocol.state = "nowhere"
    feed(protocol, [sent(Int8, [b"hello"])])
    assert protocol.received == [] and protocol.state == "nowhere"
