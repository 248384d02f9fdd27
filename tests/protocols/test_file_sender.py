"""FileSender: a file sent piece by piece, to a consumer that asks and over a real connection."""

import io
import zlib

import pytest

from reactor.protocols.basic import FileSender
from reactor.testing import StringTransport


class Asking(StringTransport):
    """A consumer that asks a pull producer for pieces until it has no more."""

    def __init__(self, pieces=1000):
        super().__init__()
        self.left = pieces

    def ask(self):
        while self.producer is not None and self.left:
            self.left -= 1
            self.producer.resumeProducing()


def results_of(deferred):
    results = []
    deferred.addBoth(results.append)
    return results


def test_the_file_arrives_whole_and_the_last_byte_is_the_result():
    consumer, content = Asking(), bytes(range(256)) * 300
    results = results_of(FileSender().beginFileTransfer(io.BytesIO(content), consumer))
    assert consumer.streaming is False and results == []
    consumer.ask()
    assert consumer.value() == content and results == [b"\xff"]
    assert consumer.producer is None


def test_it_is_sent_in_pieces_of_CHUNK_SIZE():
    consumer = Asking(pieces=1)
    sender = FileSender()
    sender.beginFileTransfer(io.BytesIO(b"x" * 100_000), consumer)
    consumer.ask()
    assert len(consumer.value()) == FileSender.CHUNK_SIZE == 16384


def test_it_begins_where_the_file_stands_and_leaves_it_open():
    file = io.BytesIO(b"skipped, sent")
    file.seek(9)
    consumer = Asking()
    FileSender().beginFileTransfer(file, consumer)
    consumer.ask()
    assert consumer.value() == b"sent" and not file.closed


def test_each_piece_goes_through_transform():
    consumer = Asking()
    results = results_of(FileSender().beginFileTransfer(io.BytesIO(b"shout"), consumer, bytes.upper))
    consumer.ask()
    assert consumer.value() == b"SHOUT" and results == [b"T"]


@pytest.mark.own_promise("it asks never again, and calls the last byte empty")
def test_what_transform_keeps_back_is_sent_later(connect):
    packing = zlib.compressobj()
    pieces = [*(bytes([number]) * 20_000 for number in range(200)), b""]

    class Pieces(io.BytesIO):
        def read(self, size=-1):
            return pieces.pop(0)

    def pack(piece):
        return packing.compress(piece) + (packing.flush() if len(pieces) == 1 else b"")

    last = []

    def send(talker):
        sending = FileSender().beginFileTransfer(Pieces(), talker.transport, pack)
        sending.addCallback(last.append).addCallback(lambda _: talker.transport.loseConnection())

    pair = connect(server={"made": send})
    pair.run_until_lost()
    received = bytes(pair.client.talker.received)
    assert zlib.decompress(received) == b"".join(bytes([number]) * 20_000 for number in range(200))
    assert last == [received[-1:]]


@pytest.mark.own_promise("it calls the last byte empty")
def test_the_last_byte_is_of_the_last_piece_that_was_not_empty():
    consumer = Asking()
    sender = FileSender()
    sender.CHUNK_SIZE = 1
    results = results_of(sender.beginFileTransfer(io.BytesIO(b"ab-"), consumer, lambda piece: piece.strip(b"-")))
    consumer.ask()
    assert consumer.value() == b"ab" and results == [b"b"]


def test_an_empty_file_is_sent_at_once():
    consumer = Asking()
    results = results_of(FileSender().beginFileTransfer(io.BytesIO(), consumer))
    consumer.ask()
    assert consumer.value() == b"" and len(results) == 1 and not results[0]


def test_a_consumer_that_goes_makes_it_fail_once():
    consumer, sender = Asking(pieces=1), FileSender()
    results = results_of(sender.beginFileTransfer(io.BytesIO(b"x" * 100_000), consumer))
    consumer.ask()
    sender.pauseProducing()
    sender.stopProducing()
    sender.stopProducing()
    assert [str(failure.value) for failure in results] == ["Consumer asked us to stop producing"]


def test_a_consumer_with_a_producer_refuses_another():
    consumer = Asking()
    consumer.registerProducer(object(), True)
    with pytest.raises(RuntimeError):
        FileSender().beginFileTransfer(io.BytesIO(b"x"), consumer)


def test_over_a_connection_the_whole_file_comes_before_the_end(connect):
    content = bytes(range(256)) * 4000

    def send(talker):
        sending = FileSender().beginFileTransfer(io.BytesIO(content), talker.transport)
        sending.addCallback(lambda last: talker.transport.loseConnection())

    pair = connect(server={"made": send})
    pair.run_until_lost()
    assert bytes(pair.client.talker.received) == content


def test_over_a_connection_that_breaks_it_fails(connect):
    results = []

    def send(talker):
        FileSender().beginFileTransfer(io.BytesIO(bytes(50_000_000)), talker.transport).addBoth(results.append)

    pair = connect(server={"made": send}, client={"data": lambda talker, data: talker.transport.abortConnection()})
    pair.run_until_lost()
    assert len(results) == 1 and results[0].check(Exception)
