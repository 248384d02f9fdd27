"""Passing file descriptors over a UNIX socket: in order, with the bytes, to somebody who takes them, or closed."""

import array
import os
import socket

import pytest

from reactor.error import ConnectionLost, FileDescriptorOverrun
from reactor.interfaces import IFileDescriptorReceiver
from tests.support import oracle
from tests.support.loopback import Talker, run_until, turn
from tests.support.unix_pair import UnixPair


@oracle.implements(IFileDescriptorReceiver)
class Receiver(Talker):
    """Notes the descriptors that it is sent, reads each to its end, and closes it."""

    def fileDescriptorReceived(self, descriptor):
        with open(descriptor, "rb") as file:
            self.note(f"was sent {file.read().decode()}")
        self.call_hook("descriptor")


@pytest.fixture
def connect(reactor, tmp_path):
    pairs = []

    def make(talker=Receiver, **options):
        pairs.append(UnixPair(reactor, str(tmp_path / f"socket{len(pairs)}"), talker=talker, **options))
        pairs[-1].establish()
        return pairs[-1]

    yield make
    for pair in pairs:
        pair.close()


@pytest.fixture
def pair(connect):
    return connect()


def pipe_with(text):
    """The reading end of a pipe that holds this text."""
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading


def send(transport, *texts):
    """Send a pipe for each text, each with a byte."""
    pipes = [pipe_with(text) for text in texts]
    for pipe in pipes:
        transport.sendFileDescriptor(pipe)
        transport.write(b".")
    return pipes


def close(pipes):
    for pipe in pipes:
        os.close(pipe)


def open_descriptors():
    return len(os.listdir("/dev/fd"))


def test_a_descriptor_arrives_and_is_the_same_file(pair):
    pipes = send(pair.client.talker.transport, "hello")
    pair.run_until(lambda: pair.server.talker.received == b".")
    close(pipes)
    assert "server was sent hello" in pair.events


def test_descriptors_arrive_in_order_each_before_its_byte(connect):
    pair = connect(server={"data": lambda talker, data: None})
    pipes = send(pair.client.talker.transport, "one", "two", "three")
    pair.run_until(lambda: pair.server.talker.received == b"...")
    close(pipes)
    assert [event for event in pair.events if event.startswith("server")][1:] == [
        "server was sent one",
        "server data",
        "server was sent two",
        "server data",
        "server was sent three",
        "server data",
    ]


def test_bytes_and_descriptors_go_both_ways_at_once(pair):
    pipes = send(pair.client.talker.transport, "question") + send(pair.server.talker.transport, "answer")
    pair.client.talker.transport.write(b"bytes")
    pair.run_until(lambda: pair.server.talker.received == b".bytes" and pair.client.talker.received == b".")
    close(pipes)
    assert {"server was sent question", "client was sent answer"} <= set(pair.events)


def test_a_connected_socket_can_be_handed_over(reactor, connect):
    """What it is for: another process goes on with a connection of ours."""

    @oracle.implements(IFileDescriptorReceiver)
    class Heir(Talker):
        def fileDescriptorReceived(self, descriptor):
            with socket.socket(fileno=descriptor) as inherited:
                inherited.sendall(b"hello from the heir")

    pair = connect(talker=Heir)
    ours, peers = socket.socketpair()
    with ours, peers:
        pair.client.talker.transport.sendFileDescriptor(ours.fileno())
        pair.client.talker.transport.write(b".")
        pair.run_until(lambda: pair.server.talker.received)
        assert peers.recv(100) == b"hello from the heir"


def test_bytes_written_first_are_enough(pair):
    pair.client.talker.transport.write(b"bytes first")
    pipe = pipe_with("late")
    pair.client.talker.transport.sendFileDescriptor(pipe)
    pair.run_until(lambda: pair.server.talker.received == b"bytes first")
    os.close(pipe)
    assert "server was sent late" in pair.events


def test_more_descriptors_than_bytes_cost_the_connection(pair):
    pipes = [pipe_with("one"), pipe_with("two")]
    for pipe in pipes:
        pair.client.talker.transport.sendFileDescriptor(pipe)
    pair.client.talker.transport.write(b".")
    pair.run_until_lost()
    close(pipes)
    assert pair.client.talker.reason.check(FileDescriptorOverrun) and issubclass(FileDescriptorOverrun, ConnectionLost)
    assert pair.server.talker.received == b""


def test_a_handler_may_answer_with_a_descriptor(connect):
    answered = []

    def answer(talker, data):
        answered.extend(send(talker.transport, "answer"))

    pair = connect(server={"data": answer})
    pair.client.talker.transport.write(b"?")
    pair.run_until(lambda: pair.client.talker.received == b".")
    close(answered)
    assert "client was sent answer" in pair.events


def test_a_protocol_that_wants_no_descriptors_gets_the_bytes_only_and_they_are_closed(connect):
    pair = connect(talker=Talker)
    before = open_descriptors()
    pipes = send(pair.client.talker.transport, "one", "two")
    pair.run_until(lambda: pair.server.talker.received == b"..")
    close(pipes)
    assert open_descriptors() == before


@pytest.mark.own_promise("it closes none of those that come with the one")
def test_when_a_handler_raises_the_descriptors_behind_are_closed(connect, logged_errors):
    def fail(talker):
        raise ZeroDivisionError("on purpose")

    pair = connect(server={"descriptor": fail})
    before = open_descriptors()
    send_at_once(pair.client.talker.transport.getHandle(), 5)
    pair.run_until(lambda: pair.server.talker.reason)
    assert pair.server.talker.reason.check(ZeroDivisionError)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    pair.run_until(lambda: pair.client.talker.reason)
    assert open_descriptors() == before - 2


def send_at_once(peer, count):
    """Send so many descriptors with one byte, as other programs may."""
    pipes = [pipe_with(str(number)) for number in range(count)]
    peer.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", pipes))])
    close(pipes)


def test_many_descriptors_may_come_with_one_byte(pair):
    send_at_once(pair.client.talker.transport.getHandle(), 253)
    pair.run_until(lambda: pair.server.talker.received == b".")
    assert [event for event in pair.events if "sent" in event] == [f"server was sent {n}" for n in range(253)]


def test_a_flood_of_descriptors_leaves_none_open(connect):
    pair = connect(talker=Talker)
    before = open_descriptors()
    for _ in range(20):
        send_at_once(pair.client.talker.transport.getHandle(), 100)
        turn(pair.reactor, 2)
    pair.run_until(lambda: len(pair.server.talker.received) == 20)
    assert open_descriptors() == before


def test_what_the_kernel_has_no_room_for_is_sent_later(pair):
    server, client = pair.server.talker, pair.client.talker
    server.transport.pauseProducing()
    client.transport.write(bytes(1_000_000))
    pipes = send(client.transport, *map(str, range(30)))
    turn(pair.reactor, 3)
    server.transport.resumeProducing()
    pair.run_until(lambda: len(server.received) == 1_000_030)
    close(pipes)
    assert [event for event in pair.events if "sent" in event] == [f"server was sent {n}" for n in range(30)]


@pytest.mark.own_promise("it sends whatever has the number by then")
def test_ours_may_be_closed_at_once(pair):
    close(send(pair.client.talker.transport, "kept"))
    pair.run_until(lambda: pair.server.talker.received == b".")
    assert "server was sent kept" in pair.events


@pytest.mark.own_promise("it makes no copies")
@pytest.mark.parametrize("how", ["abortConnection", "loseConnection"])
def test_copies_that_were_never_sent_are_closed(pair, how):
    before = open_descriptors()
    pair.server.talker.transport.pauseProducing()
    pair.client.talker.transport.write(bytes(1_000_000))
    close(send(pair.client.talker.transport, "one", "two"))
    assert open_descriptors() == before + 2
    getattr(pair.client.talker.transport, how)()
    pair.server.talker.transport.abortConnection()
    pair.run_until_lost()
    assert open_descriptors() == before - 2


@pytest.mark.own_promise("it makes no copies")
def test_descriptors_after_the_connection_are_ignored(pair):
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    before = open_descriptors()
    close(send(pair.client.talker.transport, "late"))
    assert open_descriptors() == before


@pytest.mark.own_promise("it finds out later, and closes the connection")
@pytest.mark.parametrize(("what", "kind"), [(99999, OSError), (-1, OSError), ("a file", TypeError), (None, TypeError)])
def test_what_is_no_open_descriptor_is_refused_at_the_call(pair, what, kind):
    with pytest.raises(kind):
        pair.client.talker.transport.sendFileDescriptor(what)


class Producer:
    def __init__(self):
        self.calls = []

    def pauseProducing(self):
        self.calls.append("pause")

    def resumeProducing(self):
        self.calls.append("resume")

    def stopProducing(self):
        self.calls.append("stop")


def test_too_many_descriptors_pause_a_producer_as_too_many_bytes_do(pair):
    producer = Producer()
    transport = pair.client.talker.transport
    transport.registerProducer(producer, True)
    pipes = send(transport, *["one"] * 64)
    assert producer.calls == []
    pipes += send(transport, "one too many")
    assert producer.calls[:1] == ["pause"]
    pair.run_until(lambda: "resume" in producer.calls)
    transport.unregisterProducer()
    pair.run_until(lambda: len(pair.server.talker.received) == 65)
    close(pipes)


@pytest.mark.own_promise("they stay open in a child that is started meanwhile")
def test_received_descriptors_are_not_inherited(connect):
    @oracle.implements(IFileDescriptorReceiver)
    class Keeper(Talker):
        def fileDescriptorReceived(self, descriptor):
            self.note(f"inheritable: {os.get_inheritable(descriptor)}")
            os.close(descriptor)

    pair = connect(talker=Keeper)
    close(send(pair.client.talker.transport, "private"))
    pair.run_until(lambda: pair.server.talker.received == b".")
    assert "server inheritable: False" in pair.events


def test_a_plain_python_program_can_be_the_peer(reactor, tmp_path):
    from tests.support.loopback import Server, stop_listening

    server = Server("server", talker=Receiver)
    port = reactor.listenUNIX(str(tmp_path / "socket"), server)
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(tmp_path / "socket"))
        pipe = pipe_with("from a plain socket")
        socket.send_fds(peer, [b"."], [pipe])
        os.close(pipe)
        run_until(reactor, lambda: server.talker and server.talker.received == b".")
        pipes = send(server.talker.transport, "from the reactor")
        turn(reactor, 2)
        close(pipes)
        peer.settimeout(5)
        data, descriptors, _, _ = socket.recv_fds(peer, 100, 10)
        with open(descriptors[0], "rb") as file:
            assert (data, file.read()) == (b".", b"from the reactor")
    run_until(reactor, lambda: server.talker.reason)
    assert "server was sent from a plain socket" in server.events
    stop_listening(reactor, port)
