"""Nonsense for every receiver, from a seed: nothing is raised, limits hold, and the cuts don't matter.

A failure names its seed: `pytest tests/protocols/test_framing_fuzz.py -k "seed-KIND"` shows it again.
"""

import time

import pytest

from tests.protocols.test_lines import CUT_DEPENDENT, Body, Lines, OnlyLines
from tests.protocols.test_stateful import Records
from tests.protocols.test_strings import Int8, Int16, Int32, Netstrings
from tests.support.framing import LIMIT, connected, feed, noise

ALPHABETS = {
    Lines: [b"\r", b"\n", b"\r\n", b"word", b"x" * LIMIT],
    OnlyLines: [b"\r", b"\n", b"\r\n", b"word", b"x" * LIMIT],
    Body: [b"\r\n", b"body 7\r\n", b"body 1\r\n", b"word"],
    Netstrings: [b"0:,", b"3:one,", b"3:two,", b"20:" + b"x" * 20 + b",", b"1", b"9", b":", b",", b"0"],
    Int8: [b"\0", b"\1", b"\3one", b"\x14"],
    Int16: [b"\0", b"\0\3one", b"\0", b"\1"],
    Int32: [b"\0\0", b"\0\0\0\3one", b"\0\0\0\0"],
    Records: [b"\0", b"\1", b"\0\3one", b"\3"],
}


RECEIVERS = [
    pytest.param(receiver, id=receiver.__name__, marks=[CUT_DEPENDENT] if receiver is OnlyLines else [])
    for receiver in ALPHABETS
]


@pytest.mark.parametrize("receiver", RECEIVERS)
@pytest.mark.parametrize("seed", range(25))
def test_nonsense_is_parsed_or_ends_the_connection_however_it_is_cut(receiver, seed):
    pieces = noise(seed, ALPHABETS[receiver])
    stream = b"".join(pieces)
    once = feed(connected(receiver()), pieces)
    again = feed(connected(receiver()), [stream[i : i + 1] for i in range(len(stream))])
    assert once.received == again.received
    assert once.transport.disconnecting == again.transport.disconnecting
    limit = 771 if receiver is Records else LIMIT
    assert all(len(message) <= limit for message in once.received)


def process_time_of(make, pieces):
    receiver = connected(make())
    start = time.process_time()
    feed(receiver, pieces)
    spent = time.process_time() - start
    assert receiver.received, "nothing was parsed"
    return spent


def many_small_messages(message, size):
    return [message * (size // len(message))]


def one_large_message(begin, end, size):
    middle = b"x" * 64
    return [begin, *[middle] * (size // len(middle)), end]


SIZE = 1_000_000


def large(receiver):
    return type("Large", (receiver,), {"MAX_LENGTH": 20 * SIZE})


STREAMS = {
    "lines": lambda size: (large(Lines), many_small_messages(b"x" * 62 + b"\r\n", size)),
    "only lines": lambda size: (large(OnlyLines), many_small_messages(b"x" * 62 + b"\r\n", size)),
    "netstrings": lambda size: (large(Netstrings), many_small_messages(b"60:" + b"x" * 60 + b",", size)),
    "int32": lambda size: (large(Int32), many_small_messages(b"\0\0\0\x3c" + b"x" * 60, size)),
    "stateful": lambda size: (Records, many_small_messages(b"\0\x3e" + b"x" * 62, size)),
    "a long line": lambda size: (large(Lines), one_large_message(b"", b"\r\n", size)),
    "a long only line": lambda size: (large(OnlyLines), one_large_message(b"", b"\r\n", size)),
    "a long netstring": lambda size: (large(Netstrings), one_large_message(b"%d:" % (size // 64 * 64), b",", size)),
    "a long int32": lambda size: (
        large(Int32),
        one_large_message((size // 64 * 64).to_bytes(4, "big"), b"", size),
    ),
}


@pytest.mark.own_promise("some of Twisted's receivers need time that grows with the square")
@pytest.mark.parametrize("stream", STREAMS)
def test_ten_times_the_bytes_take_about_ten_times_the_time(stream):
    """The square would be a hundred times; what is allowed leaves room for a busy machine."""
    small = min(process_time_of(*STREAMS[stream](SIZE)) for _ in range(3))
    assert process_time_of(*STREAMS[stream](10 * SIZE)) < 35 * small
