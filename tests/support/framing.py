"""Feeding a parser: the same bytes whole, byte by byte and cut anywhere must give the same messages."""

import random

from reactor.testing import StringTransport

LIMIT = 20  # of the receivers in these tests, unless they say otherwise


def cuts(stream, seed=0):
    """The ways to cut a stream into reads: whole, byte by byte, in two at every place, and some at random."""
    yield [stream]
    yield [stream[i : i + 1] for i in range(len(stream))]
    yield from ([stream[:i], stream[i:]] for i in range(1, len(stream)))
    chance = random.Random(seed)
    for _ in range(10):
        yield list(random_pieces(stream, chance))


def random_pieces(stream, chance, longest=40):
    while stream:
        size = chance.randint(1, longest)
        yield stream[:size]
        stream = stream[size:]


def connected(receiver):
    receiver.makeConnection(StringTransport())
    return receiver


def feed(receiver, pieces):
    """Give the pieces to a receiver as a transport would: none after it has closed."""
    for piece in pieces:
        if receiver.transport.disconnecting:
            break
        receiver.dataReceived(piece)
    return receiver


def assert_parses(make, stream, messages, trailing=b""):
    """However `stream` is cut, a receiver from `make()` notes these messages, with and without trailing bytes behind.

    trailing: the beginning of one more message, which must change nothing. make: builds a receiver that appends what
    it gets to `received`.
    """
    for pieces in [*cuts(stream), *cuts(stream + trailing)]:
        receiver = feed(connected(make()), pieces)
        assert receiver.received == messages, f"in these pieces: {pieces}"
        assert not receiver.transport.disconnecting, f"closed after these pieces: {pieces}"


def assert_closes(make, stream, messages=()):
    """However `stream` is cut, the receiver notes these messages first and then closes the connection."""
    for pieces in cuts(stream):
        receiver = feed(connected(make()), pieces)
        assert receiver.transport.disconnecting, f"still open after these pieces: {pieces}"
        assert receiver.received == list(messages), f"in these pieces: {pieces}"


def noise(seed, alphabet, length=300):
    """A stream that is mostly nonsense, of bytes that mean something to the parser."""
    chance = random.Random(seed)
    stream = b"".join(chance.choices(alphabet, k=length))
    return list(random_pieces(stream, chance))
