"""Banana: what the bytes mean, and what is refused."""

import math
import struct

import pytest

from reactor.spread import banana
from reactor.spread.errors import ProtocolError
from reactor.testing import StringTransport
from tests.support.framing import cuts

VALUES = [
    (0, b"\x00\x81"),
    (1, b"\x01\x81"),
    (-1, b"\x01\x83"),
    (127, b"\x7f\x81"),
    (128, b"\x00\x01\x81"),
    (2**31 - 1, b"\x7f\x7f\x7f\x7f\x07\x81"),
    (2**31, b"\x00\x00\x00\x00\x08\x85"),
    (-(2**31), b"\x00\x00\x00\x00\x08\x83"),
    (-(2**31) - 1, b"\x01\x00\x00\x00\x08\x86"),
    (1.5, b"\x84?\xf8\x00\x00\x00\x00\x00\x00"),
    (b"", b"\x00\x82"),
    (b"soup", b"\x04\x82soup"),
    ([], b"\x00\x80"),
    ([1, [b"a", []], 2.0], b"\x03\x80\x01\x81\x02\x80\x01\x82a\x00\x80\x84@\x00\x00\x00\x00\x00\x00\x00"),
    (2**447, b"\x00" * 63 + b"\x40\x85"),
]

TOO_LONG = banana.encode(banana.SIZE_LIMIT + 1)[:-1]


@pytest.mark.parametrize(("value", "encoded"), VALUES)
def test_a_value_has_these_bytes_however_they_are_cut(value, encoded):
    assert banana.encode(value) == encoded
    for pieces in cuts(encoded + encoded + b"\x05"):
        decoder = banana.Decoder(banana.Bounds())
        found = []
        for piece in pieces:
            decoder.feed(piece)
            while (expression := decoder.read()) is not banana.NOTHING:
                found.append(expression)
        assert found == [value, value]


def test_floats_go_with_their_highest_byte_first_infinity_and_all():
    for value in (math.inf, -0.0, 1e-320):
        encoded = banana.encode(value)
        assert encoded == b"\x84" + struct.pack(">d", value)
        assert struct.pack(">d", banana.decode(encoded)) == encoded[1:]
    assert math.isnan(banana.decode(banana.encode(math.nan)))


def test_a_tuple_is_sent_as_a_list_and_True_as_a_number():
    assert banana.decode(banana.encode((1, (True,)))) == [1, [1]]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x01" * 65, "bytes of prefix"),
        (b"\x01" * 100_000, "bytes of prefix"),
        (b"\x01" * 65 + b"\x81", "bytes of prefix"),
        (TOO_LONG + banana.STRING, "at most 655360 elements, not 655361"),
        (TOO_LONG + banana.LIST, "at most 655360 elements, not 655361"),
        (b"\x7f" * 64 + b"\x80", "at most 655360 elements"),
        (b"\x01\x80" * 101, "100 deep"),
        (b"\x01\x87", "0x87 with 1 means nothing"),
        (b"\x7f\x87", "0x87 with 127 means nothing"),
        (b"\x01\x88", "0x88"),
        (b"\xff", "0xff"),
    ],
)
def test_more_than_the_bounds_is_refused_before_it_is_there(data, what):
    with pytest.raises(banana.BananaError, match=what):
        banana.decode(data)


def test_lists_that_begin_and_never_end_are_refused_by_the_memory_that_they_would_take():
    head = banana._head(banana.SIZE_LIMIT, banana.LIST)
    with pytest.raises(banana.BananaError, match="of memory"):
        banana.decode(head * 11)


def test_strings_that_are_small_alone_are_refused_by_their_sum():
    decoder = banana.Decoder(banana.Bounds())
    decoder.feed(b"\x7f\x80")
    with pytest.raises(banana.BananaError, match="of memory"):
        for _ in range(100):
            decoder.feed(banana.encode(bytes(banana.SIZE_LIMIT)))
            assert decoder.read() is banana.NOTHING
    assert decoder._size < 49 * 2**20


def test_the_sum_begins_anew_with_each_message():
    decoder = banana.Decoder(banana.Bounds())
    for _ in range(100):
        decoder.feed(banana.encode(bytes(banana.SIZE_LIMIT)))
        assert len(decoder.read()) == banana.SIZE_LIMIT


def test_a_list_of_the_largest_size_goes_through():
    numbers = [1] * banana.SIZE_LIMIT
    assert banana.decode(banana.encode(numbers)) == numbers


def test_a_long_string_that_comes_byte_by_byte_costs_no_more_than_its_length():
    decoder, looks = banana.Decoder(banana.Bounds()), 0
    element, decoder._element = decoder._element, lambda: [setattr(decoder, "looks", looks), element()][1]
    data = banana.encode(bytes(100_000))
    for place in range(len(data)):
        decoder.feed(data[place : place + 1])
        if decoder._missing <= 0:
            looks += 1
        found = decoder.read()
    assert len(found) == 100_000
    assert looks < 10


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (2**448, "449 bits"),
        ("text", "cannot send str"),
        (None, "cannot send NoneType"),
        (bytes(banana.SIZE_LIMIT + 1), "too long to send"),
        ([0] * (banana.SIZE_LIMIT + 1), "too long to send"),
    ],
)
def test_what_can_not_be_sent_is_an_error_here(value, what):
    with pytest.raises(banana.BananaError, match=what):
        banana.encode(value)


def test_a_list_in_itself_is_an_error_here():
    endless = []
    endless.append(endless)
    with pytest.raises(banana.BananaError, match="too deep"):
        banana.encode(endless)


def test_the_beginning_of_an_expression_is_none():
    with pytest.raises(banana.BananaError, match="5 bytes are only the beginning"):
        banana.decode(b"\x04\x82sou")


class Collector(banana.Banana):
    def __init__(self, isClient):
        super().__init__(isClient)
        self.received = []

    def expressionReceived(self, expression):
        self.received.append(expression)
        if expression == b"wrong":
            raise ProtocolError("wrong")
        if expression == b"wait":
            self.pauseProducing()


def connected(isClient=1):
    end = Collector(isClient)
    end.makeConnection(StringTransport())
    return end, end.transport


def test_the_server_names_its_dialects_and_the_client_takes_the_first_that_it_knows():
    client, transport = connected()
    client.dataReceived(banana.encode([b"new", b"none", b"pb"]))
    assert (client.currentDialect, transport.value()) == (b"none", banana.encode(b"none"))
    server, transport = connected(0)
    assert transport.value() == banana.encode([b"pb", b"none"])
    server.dataReceived(banana.encode(b"pb"))
    assert server.currentDialect == b"pb"


@pytest.mark.parametrize(
    ("isClient", "offer"), [(1, [b"new"]), (1, b"new"), (1, []), (0, b"new"), (0, [b"pb"]), (0, 1)]
)
def test_no_dialect_in_common_ends_the_connection(isClient, offer):
    end, transport = connected(isClient)
    end.dataReceived(banana.encode(offer))
    assert transport.disconnected or transport.disconnecting
    assert end.currentDialect is None


def test_words_of_the_vocabulary_are_numbers_in_the_dialect_pb_alone():
    for dialect, encoded in ((b"pb", b"\x01\x87"), (b"none", b"\x04\x82None")):
        client, transport = connected()
        client.dataReceived(banana.encode([dialect]))
        transport.clear()
        client.sendEncoded(b"None")
        assert transport.value() == encoded
        client.dataReceived(encoded)
        assert client.received == [b"None"]


@pytest.mark.parametrize("data", [b"\x01\x87", banana.encode(b"wrong"), b"\xff"])
def test_whoever_breaks_the_rules_is_cut_off_and_heard_no_more(data):
    client, transport = connected()
    client.dataReceived(banana.encode([b"none"]))
    client.dataReceived(data + banana.encode(b"more"))
    assert transport.disconnected or transport.disconnecting
    client.dataReceived(banana.encode(b"more"))
    assert b"more" not in client.received


def test_what_came_in_one_read_waits_too_while_the_peer_does_not_read():
    client, transport = connected()
    client.dataReceived(banana.encode([b"pb"]) + b"".join(map(banana.encode, [b"wait", b"a", b"b"])))
    assert client.received == [b"wait"]
    assert transport.producerState == "paused"
    client.resumeProducing()
    assert client.received == [b"wait", b"a", b"b"]
    assert transport.producerState == "producing"
