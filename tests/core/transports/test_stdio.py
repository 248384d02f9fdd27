"""Standard input and output as one transport: on pipes, terminals, sockets and files.

It is long because each of the four kinds is held to the same things."""

import os
import socket

import pytest

from reactor import interfaces
from reactor.error import ConnectionDone, ConnectionLost
from reactor.failure import Failure
from reactor.stdio import PipeAddress, StandardIO
from tests.support import oracle
from tests.support.loopback import Talker, run, run_until, turn

pytestmark = pytest.mark.not_only_sockets


@oracle.implements(interfaces.IHalfCloseableProtocol)
class HalfCloser(Talker):
    """Notes the end of each direction."""

    def readConnectionLost(self):
        self.note("read lost")
        self.call_hook("read_lost")

    def writeConnectionLost(self):
        self.note("write lost")
        self.call_hook("write_lost")


class Ends:
    """A protocol between two pipes, and their other ends, which belong to the test."""

    def __init__(self, reactor, kind=Talker, **hooks):
        self.reactor = reactor
        self.stdin, self.feed = os.pipe()
        self.drain, self.stdout = os.pipe()
        self.open = {self.stdin, self.feed, self.drain, self.stdout}
        self.events = []
        self.protocol = kind("us", self.events, hooks)
        self.transport = StandardIO(self.protocol, self.stdin, self.stdout, reactor=reactor)

    def run_until(self, condition):
        run_until(self.reactor, condition)

    def run_until_lost(self):
        self.run_until(lambda: self.protocol.reason is not None)

    def end_input(self):
        self.close(self.feed)

    def close(self, fd):
        self.open.discard(fd)
        os.close(fd)

    def read_output(self, size=1 << 16):
        return os.read(self.drain, size)

    def clean_up(self):
        if self.protocol.reason is None:
            self.protocol.hooks = {}
            self.transport.connectionLost(Failure(ConnectionDone()))
        for fd in self.open:
            os.close(fd)


@pytest.fixture
def ends(reactor):
    made = []

    def make(kind=Talker, **hooks):
        made.append(Ends(reactor, kind, **hooks))
        return made[-1]

    yield make
    for each in made:
        each.clean_up()


def test_the_protocol_is_connected_at_once(ends):
    both = ends()
    assert both.events == ["us made"]
    assert both.protocol.transport is both.transport


def test_what_comes_in_is_received_and_what_is_written_goes_out(ends):
    both = ends(data=lambda us, data: us.transport.writeSequence([data.upper(), b"!"]))
    os.write(both.feed, b"hello")
    both.run_until(lambda: both.protocol.received)
    turn(both.reactor, 2)
    assert both.read_output() == b"HELLO!"


def test_the_addresses_say_nothing(ends):
    transport = ends().transport
    assert isinstance(transport.getHost(), PipeAddress)
    assert isinstance(transport.getPeer(), PipeAddress)


def test_the_end_of_input_is_the_end(ends):
    both = ends()
    both.end_input()
    both.run_until_lost()
    assert both.events == ["us made", "us lost ConnectionDone"]


def test_loseConnection_sends_what_waits_and_ends(ends):
    both = ends()
    text = b"x" * 40_000
    both.transport.write(text)
    both.transport.loseConnection()
    assert both.protocol.reason is None
    both.run_until_lost()
    assert both.protocol.reason.check(ConnectionDone)
    assert both.read_output() == text


def test_nothing_is_read_after_loseConnection(ends):
    both = ends()
    os.write(both.feed, b"too late")
    both.transport.loseConnection()
    both.run_until_lost()
    assert both.protocol.received == b""


def test_more_than_a_pipe_holds_goes_out_in_order(ends):
    both = ends()
    text = bytes(range(256)) * 4096
    both.transport.write(text)
    both.transport.loseConnection()
    got = bytearray()

    def taken():
        turn(both.reactor)
        got.extend(both.read_output())
        return len(got) == len(text)

    both.run_until(taken)
    both.run_until_lost()
    assert got == text


# --- one direction at a time


def test_a_half_closeable_protocol_goes_on_writing_after_the_end_of_input(ends):
    both = ends(HalfCloser, read_lost=lambda us: us.transport.write(b"a last word"))
    both.end_input()
    both.run_until(lambda: "us read lost" in both.events)
    turn(both.reactor, 3)
    assert both.read_output() == b"a last word"
    both.transport.loseConnection()
    both.run_until_lost()
    assert both.events == ["us made", "us read lost", "us lost ConnectionDone"]


def test_a_reader_that_goes_away_ends_the_writing_direction(ends):
    both = ends(HalfCloser)
    both.close(both.drain)
    both.run_until(lambda: "us write lost" in both.events)
    os.write(both.feed, b"still listening")
    both.run_until(lambda: both.protocol.received == b"still listening")
    both.end_input()
    both.run_until(lambda: "us read lost" in both.events)


def test_a_protocol_that_does_not_close_in_halves_is_not_told_that_nobody_reads(ends):
    both = ends()
    both.close(both.drain)
    turn(both.reactor, 3)
    both.transport.write(b"into the void")
    turn(both.reactor, 3)
    assert both.events == ["us made"]
    both.end_input()
    both.run_until_lost()


def test_loseWriteConnection_sends_what_waits_and_tells(ends):
    both = ends(HalfCloser)
    both.transport.write(b"that is all")
    both.transport.loseWriteConnection()
    both.run_until(lambda: "us write lost" in both.events)
    assert both.read_output() == b"that is all"
    both.transport.write(b"ignored")
    os.write(both.feed, b"more")
    both.run_until(lambda: both.protocol.received == b"more")
    both.end_input()
    both.run_until(lambda: "us read lost" in both.events)


@pytest.mark.own_promise("in Twisted connectionLost never comes then")
def test_loseConnection_ends_it_also_when_nothing_can_be_written_any_more(ends):
    both = ends(HalfCloser)
    both.close(both.drain)
    both.run_until(lambda: "us write lost" in both.events)
    both.transport.loseConnection()
    both.transport.loseConnection()
    both.run_until_lost()
    assert both.events[-1] == "us lost ConnectionDone"


class Oops(Exception):
    pass


def oops(*args):
    raise Oops


@pytest.mark.parametrize(("hook", "end"), [("read_lost", "end_input"), ("write_lost", "lose_reader")])
def test_a_handler_of_one_direction_that_raises_ends_both(ends, logged_errors, hook, end):
    both = ends(HalfCloser, **{hook: oops})
    both.close(both.feed if end == "end_input" else both.drain)
    both.run_until_lost()
    assert both.protocol.reason.check(Oops)
    assert len(logged_errors.flush(Oops)) == 1


def test_dataReceived_that_raises_ends_it(ends, logged_errors):
    both = ends(data=oops)
    os.write(both.feed, b"x")
    both.run_until_lost()
    assert both.protocol.reason.check(Oops)
    assert len(logged_errors.flush(Oops)) == 1


def test_connectionLost_that_raises_is_logged(ends, logged_errors):
    both = ends(lost=oops)
    both.end_input()
    both.run_until_lost()
    turn(both.reactor)
    assert len(logged_errors.flush(Oops)) == 1


# --- producers


def test_reading_can_be_paused(ends):
    both = ends()
    both.transport.pauseProducing()
    os.write(both.feed, b"later")
    turn(both.reactor, 4)
    assert both.protocol.received == b""
    both.transport.resumeProducing()
    both.run_until(lambda: both.protocol.received == b"later")


def test_a_producer_is_slowed_by_a_slow_reader(ends):
    class Source:
        asked, stopped = 0, False

        def resumeProducing(self):
            self.asked += 1
            both.transport.write(b"x" * 16384)

        def stopProducing(self):
            self.stopped = True

    both, source = ends(), Source()
    both.transport.registerProducer(source, False)
    turn(both.reactor, 50)
    assert source.asked < 10  # as much as a pipe holds, and one
    before = source.asked
    both.read_output()
    both.run_until(lambda: source.asked > before)
    both.end_input()
    both.run_until_lost()
    assert source.stopped


@pytest.mark.own_promise("it never asks again")
def test_a_pull_producer_that_writes_nothing_for_once_is_asked_again(ends):
    class Source:
        pieces = [b"", b"one ", b"", b"two", b""]  # noqa: RUF012  # there is one

        def resumeProducing(self):
            both.transport.write(self.pieces.pop(0))
            if not self.pieces:
                both.transport.unregisterProducer()

        def stopProducing(self):
            pass

    both = ends()
    both.transport.registerProducer(Source(), False)
    both.run_until(lambda: not Source.pieces)
    assert both.read_output() == b"one two"
    both.end_input()
    both.run_until_lost()


# --- whose descriptors they are


def test_the_descriptors_stay_open_and_get_their_mode_back(ends):
    both = ends()
    assert not os.get_blocking(both.stdin)
    assert not os.get_blocking(both.stdout)
    both.transport.loseConnection()
    both.run_until_lost()
    assert os.get_blocking(both.stdout)
    os.write(both.stdout, b"still open")
    assert both.read_output() == b"still open"


@pytest.mark.own_promise("Twisted restores standard output only")
def test_standard_input_gets_its_mode_back_too(ends):
    both = ends()
    both.end_input()
    both.run_until_lost()
    assert os.get_blocking(both.stdin)
    assert os.get_blocking(both.stdout)


@pytest.mark.own_promise("Twisted restores standard output only, and not by what it was")
def test_one_that_did_not_block_before_does_not_afterwards(reactor):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        protocol = Talker("us", [], {})
        StandardIO(protocol, ours.fileno(), ours.fileno(), reactor=reactor).loseConnection()
        run_until(reactor, lambda: protocol.reason is not None)
        assert not os.get_blocking(ours.fileno())


# --- the end of the reactor, and bad input


def test_the_reactor_s_end_is_the_end(reactor):
    both = Ends(reactor)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert both.protocol.reason.check(ConnectionLost)
    both.clean_up()


@pytest.mark.own_promise("Twisted raises whatever the operating system makes of it")
def test_what_is_no_descriptor_is_refused_by_its_name(reactor):
    with pytest.raises(TypeError, match="stdin is the number of a descriptor, not 'stdin'"):
        StandardIO(Talker("us", [], {}), "stdin", reactor=reactor)
    with pytest.raises(TypeError, match="stdout is the number of a descriptor, not None"):
        StandardIO(Talker("us", [], {}), 0, None, reactor=reactor)
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(OSError, match="Bad file descriptor"):
        StandardIO(Talker("us", [], {}), reading, writing, reactor=reactor)
    assert os.get_blocking(writing)
    os.close(writing)
