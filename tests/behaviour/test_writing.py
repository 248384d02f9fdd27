"""write and writeSequence: what they take, what reaches the peer, and what is ignored when."""

import pytest


@pytest.fixture
def ends(connect):
    """Two connected protocols."""
    return connect().establish()


@pytest.fixture
def pair(connect):
    pair = connect()
    pair.establish()
    return pair


def test_writes_arrive_in_order_as_one_stream(pair):
    for number in range(100):
        pair.client.talker.transport.write(b"%d," % number)
    expected = b"".join(b"%d," % number for number in range(100))
    pair.run_until(lambda: len(pair.server.talker.received) >= len(expected))
    assert pair.server.talker.received == expected


def test_dataReceived_gets_bytes(connect):
    types = []
    pair = connect(server={"data": lambda talker, data: types.append(type(data))})
    _, client = pair.establish()
    client.transport.write(b"x")
    pair.run_until(lambda: types)
    assert types == [bytes]


def test_writeSequence_writes_all_of_it_in_order(pair):
    pair.client.talker.transport.writeSequence([b"a", b"", b"bc"])
    pair.client.talker.transport.writeSequence([])
    pair.client.talker.transport.write(b"d")
    pair.run_until(lambda: pair.server.talker.received == b"abcd")


def test_writeSequence_takes_a_tuple(pair):
    pair.client.talker.transport.writeSequence((b"a", b"b"))
    pair.run_until(lambda: pair.server.talker.received == b"ab")


@pytest.mark.parametrize("data", ["text", None, 7, ["list"]])
def test_writing_what_is_not_bytes_is_an_error(ends, data):
    with pytest.raises(TypeError):
        ends[1].transport.write(data)


def test_a_sequence_with_text_in_it_is_an_error_and_nothing_of_it_is_sent(pair):
    with pytest.raises(TypeError):
        pair.client.talker.transport.writeSequence([b"a", "b"])
    pair.client.talker.transport.write(b"c")
    pair.run_until(lambda: pair.server.talker.received)
    assert pair.server.talker.received == b"c"


def test_writing_nothing_sends_nothing(pair):
    pair.client.talker.transport.write(b"")
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.server.talker.received == b""


def test_writing_text_after_the_loss_is_still_an_error(pair):
    client = pair.client.talker
    client.transport.loseConnection()
    pair.run_until_lost()
    with pytest.raises(TypeError):
        client.transport.write("text")


def test_writing_after_the_loss_is_ignored(pair):
    client = pair.client.talker
    client.transport.loseConnection()
    pair.run_until_lost()
    client.transport.write(b"too late")
    client.transport.writeSequence([b"too", b"late"])
    assert pair.server.talker.received == b""


def test_writing_in_connectionLost_is_ignored(connect):
    pair = connect(client={"lost": lambda talker, reason: talker.transport.write(b"too late")})
    _, client = pair.establish()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert pair.server.talker.received == b""


def test_writing_after_abortConnection_is_ignored(pair):
    client = pair.client.talker
    client.transport.abortConnection()
    client.transport.write(b"too late")
    pair.run_until_lost()
    assert pair.server.talker.received == b""


def test_a_large_write_arrives_whole(pair):
    data = bytes(range(256)) * 8192
    pair.client.talker.transport.write(data)
    pair.run_until(lambda: len(pair.server.talker.received) >= len(data))
    assert pair.server.talker.received == data


def test_small_writes_behind_a_large_one_stay_in_order(pair):
    large = bytes(2_000_000)
    pair.client.talker.transport.write(large)
    pair.client.talker.transport.write(b"a")
    pair.client.talker.transport.writeSequence([b"b", b"c"])
    pair.run_until(lambda: len(pair.server.talker.received) == len(large) + 3)
    assert pair.server.talker.received[-4:] == b"\0abc"


def test_a_read_hands_over_at_most_64_KiB(connect):
    sizes = []
    pair = connect(server={"data": lambda talker, data: sizes.append(len(data))})
    _, client = pair.establish()
    client.transport.write(bytes(1_000_000))
    pair.run_until(lambda: sum(sizes) == 1_000_000)
    assert max(sizes) <= 65536


def test_nodelay_and_keepalive_can_be_set_and_read(ends):
    transport = ends[1].transport
    for setter, getter in (
        (transport.setTcpNoDelay, transport.getTcpNoDelay),
        (transport.setTcpKeepAlive, transport.getTcpKeepAlive),
    ):
        for value in (True, False, True):
            setter(value)
            assert getter() is value


def test_getHandle_is_the_socket(ends):
    transport = ends[1].transport
    assert transport.getHandle().getpeername()[1] == transport.getPeer().port


def test_host_and_peer_of_the_two_ends_mirror_each_other(ends):
    server, client = ends
    assert server.transport.getHost() == client.transport.getPeer()
    assert server.transport.getPeer() == client.transport.getHost()


def test_getPeer_still_answers_in_connectionLost_and_afterwards(connect):
    seen = []
    pair = connect(server={"lost": lambda talker, reason: seen.append(talker.transport.getPeer())})
    server, client = pair.establish()
    before = server.transport.getPeer()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert seen == [before]
    assert server.transport.getPeer() == before


@pytest.mark.own_promise("its getHost raises AttributeError once the socket is gone")
def test_getHost_still_answers_after_the_loss(pair):
    server = pair.server.talker
    before = server.transport.getHost()
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert server.transport.getHost() == before


def test_what_a_handler_wrote_leaves_when_it_runs_the_loop_itself(connect):
    """As a modal dialog does, or a program that calls iterate() and waits for the answer."""
    pair = connect()
    server, client = pair.establish()
    seen = []

    def answer_and_wait(talker, data):
        if data == b"question":
            talker.transport.write(b"answer")
            for _ in range(100):
                if client.received:
                    break
                pair.reactor.iterate(0.1)
            seen.append(client.received)

    server.hooks["data"] = answer_and_wait
    client.transport.write(b"question")
    pair.run_until(lambda: seen)
    assert seen == [b"answer"]


class Greedy:
    """A socket that takes whatever it is given, and keeps it."""

    def __init__(self, socket):
        self._socket, self.taken = socket, []

    def send(self, piece):
        self.taken.append(piece)
        return len(piece)

    def __getattr__(self, name):
        return getattr(self._socket, name)


@pytest.mark.own_promise("how much leaves at once is ours to choose")
@pytest.mark.parametrize(
    ("pieces", "sends"),
    [([10] * 100, [1000]), ([65_536] * 3, [65_536, 65_536]), ([10, 65_536, 10, 10], [10, 65_536, 20])],
    ids=["small", "large", "both"],
)
def test_small_pieces_leave_together_and_large_ones_as_they_are(reactor, pair, pieces, sends):
    """The third of the large pieces waits until the others had their turn."""
    _, client = pair.establish()
    transport = client.transport
    transport.socket = greedy = Greedy(transport.socket)
    written = [bytes(size) for size in pieces]
    for piece in written:
        transport.write(piece)
    assert transport.doWrite() is None
    assert [len(piece) for piece in greedy.taken] == sends
    assert all(any(piece is each for each in written) for piece in greedy.taken if len(piece) > 1000)  # not copies
    assert transport.pending_bytes == sum(pieces) - sum(sends)
    transport.socket = greedy._socket
    pair.run_until(lambda: not transport.pending_bytes)
