"""Standard input and output on whatever they may be: sockets, terminals, files."""

import os
import socket
import tty

import pytest

from reactor.error import ConnectionDone
from reactor.stdio import StandardIO
from tests.support.loopback import Talker, run_until, turn

pytestmark = pytest.mark.not_only_sockets


def test_a_socket_serves_for_both(reactor):
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.dup() as output:
        protocol = Talker("us", [], {"data": lambda us, data: us.transport.write(data[::-1])})
        StandardIO(protocol, ours.fileno(), output.fileno(), reactor=reactor)
        theirs.send(b"abc")
        run_until(reactor, lambda: protocol.received)
        turn(reactor, 2)
        assert theirs.recv(10) == b"cba"
        theirs.close()
        run_until(reactor, lambda: protocol.reason is not None)
    assert protocol.reason.check(ConnectionDone)


def test_a_terminal_serves_for_both(reactor):
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        protocol = Talker("us", [], {"data": lambda us, data: us.transport.write(data[::-1])})
        transport = StandardIO(protocol, slave, slave, reactor=reactor)
        os.write(master, b"abc")
        run_until(reactor, lambda: protocol.received)
        turn(reactor, 2)
        assert os.read(master, 10) == b"cba"
        transport.loseConnection()
        run_until(reactor, lambda: protocol.reason is not None)
        assert os.get_blocking(slave)
    finally:
        os.close(master)
        os.close(slave)


def files(tmp_path, text):
    (tmp_path / "in").write_bytes(text)
    return open(tmp_path / "in", "rb"), open(tmp_path / "out", "wb")


@pytest.mark.leaks_in_twisted("its epoll reactor asks again and again for a file, and is not through at the end")
def test_files_are_always_ready(reactor, tmp_path):
    text = bytes(range(256)) * 2000
    source, sink = files(tmp_path, text)
    with source, sink:
        protocol = Talker("us", [], {"data": lambda us, data: us.transport.write(data)})
        StandardIO(protocol, source.fileno(), sink.fileno(), reactor=reactor)
        run_until(reactor, lambda: protocol.reason is not None)
    assert protocol.reason.check(ConnectionDone)
    assert protocol.received == text
    assert text.startswith((tmp_path / "out").read_bytes())


@pytest.mark.own_promise("Twisted throws away what waits when the input ends")
def test_a_file_is_copied_to_its_last_byte(reactor, tmp_path):
    text = bytes(range(256)) * 2000
    source, sink = files(tmp_path, text)
    with source, sink:
        protocol = Talker("us", [], {"data": lambda us, data: us.transport.write(data)})
        StandardIO(protocol, source.fileno(), sink.fileno(), reactor=reactor)
        run_until(reactor, lambda: protocol.reason is not None)
    assert (tmp_path / "out").read_bytes() == text


def test_a_file_does_not_keep_the_others_waiting(reactor, tmp_path):
    source, sink = files(tmp_path, b"x" * 5_000_000)
    with source, sink:
        protocol = Talker("us", [], {})
        StandardIO(protocol, source.fileno(), sink.fileno(), reactor=reactor)
        called = []
        reactor.callLater(0, lambda: called.append(len(protocol.received)))
        run_until(reactor, lambda: protocol.reason is not None)
    assert called[0] < 5_000_000


def test_an_empty_file_ends_at_once(reactor, tmp_path):
    source, sink = files(tmp_path, b"")
    with source, sink:
        protocol = Talker("us", [], {})
        StandardIO(protocol, source.fileno(), sink.fileno(), reactor=reactor)
        run_until(reactor, lambda: protocol.reason is not None)
    assert protocol.reason.check(ConnectionDone)
    assert protocol.received == b""
