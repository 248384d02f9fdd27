"""Many bytes: they arrive as they were sent, both ways at once, however they are cut on the way."""

import hashlib
import random

import pytest

from reactor.error import ConnectionDone
from tests.support.loopback import Server, run_until

SIZE = 8 * 1024 * 1024


def random_bytes(seed, size=SIZE):
    return random.Random(seed).randbytes(size)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def test_a_big_transfer_both_ways_at_once_is_identical(connect):
    pair = connect()
    server, client = pair.establish()
    from_server, from_client = random_bytes("server"), random_bytes("client")
    server.transport.write(from_server)
    client.transport.write(from_client)
    pair.run_until(lambda: len(server.received) >= SIZE and len(client.received) >= SIZE)
    assert digest(server.received) == digest(from_client)
    assert digest(client.received) == digest(from_server)


def test_pieces_of_many_sizes_arrive_as_one_stream(connect):
    pair = connect()
    server, client = pair.establish()
    dice, sent = random.Random(7), hashlib.sha256()
    total = 0
    for _ in range(300):
        piece = dice.randbytes(dice.choice([0, 1, 2, 100, 5_000, 65_536, 65_537, 200_000]))
        sent.update(piece)
        total += len(piece)
        if dice.random() < 0.5:
            client.transport.write(piece)
        else:
            middle = len(piece) // 2
            client.transport.writeSequence([piece[:middle], piece[middle:]])
    pair.run_until(lambda: len(server.received) >= total)
    assert digest(server.received) == sent.hexdigest()


def test_an_echo_of_everything_comes_back(connect):
    pair = connect(server={"data": lambda talker, data: talker.transport.write(data)})
    _, client = pair.establish()
    data = random_bytes("echo", 3_000_000)
    client.transport.write(data)
    pair.run_until(lambda: len(client.received) >= len(data))
    assert digest(client.received) == digest(data)


def test_a_transfer_ended_by_loseConnection_is_complete(connect):
    data = random_bytes("all of it")

    def send_all(talker):
        talker.transport.write(data)
        talker.transport.loseConnection()

    pair = connect(server={"made": send_all})
    pair.run_until_lost()
    assert digest(pair.client.talker.received) == digest(data)
    assert pair.server.talker.reason.type is ConnectionDone
    assert pair.client.talker.reason.type is ConnectionDone


class Chunks:
    """A pull producer of `count` chunks."""

    def __init__(self, consumer, count):
        self.consumer, self.count = consumer, count

    def resumeProducing(self):
        self.consumer.write(self.count.to_bytes(4, "big") * 4096)
        self.count -= 1
        if self.count == 0:
            self.consumer.unregisterProducer()
            self.consumer.loseConnection()

    def stopProducing(self):
        raise AssertionError("the connection was lost before the end")


def test_a_pull_producer_fills_a_stream_to_the_end(connect):
    def produce(talker):
        talker.transport.registerProducer(Chunks(talker.transport, 200), False)

    pair = connect(server={"made": produce})
    pair.run_until_lost()
    expected = b"".join(number.to_bytes(4, "big") * 4096 for number in range(200, 0, -1))
    assert digest(pair.client.talker.received) == digest(expected)


def test_many_connections_at_once(reactor, connect):
    pair = connect(server={"data": lambda talker, data: talker.transport.write(data)}, connect=False)
    for _ in range(50):
        pair.connect()
    pair.run_until(lambda: len(pair.client.talkers) == 50 and all(talker.is_made for talker in pair.client.talkers))
    messages = [random_bytes(number, 10_000) for number in range(50)]
    for talker, message in zip(pair.client.talkers, messages, strict=True):
        talker.transport.write(message)
    pair.run_until(lambda: all(len(talker.received) == 10_000 for talker in pair.client.talkers))
    assert [bytes(talker.received) for talker in pair.client.talkers] == messages


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 131_072])
def test_sizes_around_the_buffers(connect, size):
    pair = connect()
    server, client = pair.establish()
    data = random_bytes(size, size)
    client.transport.write(data)
    client.transport.loseConnection()
    pair.run_until_lost()
    assert digest(server.received) == digest(data)


def test_a_connection_that_floods_does_not_starve_the_others(reactor, listen):
    """One turn reads once from each connection: a small message gets through while another side floods."""
    server = Server("server")
    server.hooks["made"] = lambda talker: None
    port = listen(server)
    import socket

    address = (port.getHost().host, port.getHost().port)
    with socket.create_connection(address) as flood, socket.create_connection(address) as small:
        run_until(reactor, lambda: len(server.talkers) == 2)
        flood.setblocking(False)
        small.sendall(b"me too")
        flood.send(bytes(4_000_000))
        reactor.iterate(0)
        reactor.iterate(0)
        received = {bytes(talker.received[:6]) for talker in server.talkers}
        assert b"me too" in received
    run_until(reactor, lambda: all(talker.reason for talker in server.talkers))
