"""A channel of SSH as a transport: what protocols at both its ends see."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has another", allow_module_level=True)

from reactor.conch.ssh.channel import STDERR
from reactor.error import ConnectionDone, ConnectionLost, ProcessDone, ProcessTerminated
from reactor.protocol import Protocol
from tests.conch.ssh_doubles import Noting, Pair


class Echo(Noting):
    def dataReceived(self, data):
        super().dataReceived(data)
        self.transport.write(data)


class HalfClosing(Noting):
    def readConnectionLost(self):
        self.ended += 1
        self.transport.write(b"all %d" % len(self.data))
        self.transport.loseConnection()


@pytest.fixture
def pair(one_reactor):
    made = []

    def make(make=Noting, **options):
        made.append(Pair(one_reactor, make, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_bytes_go_both_ways_and_the_protocols_know_where_they_are(pair):
    both = pair(Echo)
    channel = both.command("moo")
    channel.writeSequence([b"hello", b" ", b"there"])
    both.until(lambda: channel.protocol.data == b"hello there")
    (served,) = both.channels
    assert served.command == "moo" and channel.getPeer().port == served.getHost().port == both.port.getHost().port
    assert channel.getHost() == served.getPeer()


def test_loseConnection_sends_what_waits_first_and_both_ends_hear_once(pair):
    both = pair()
    channel = both.command()
    protocol, (served,) = channel.protocol, both.channels
    servant = served.protocol
    served.write(b"x" * 5_000_000)
    served.loseConnection()
    both.until(lambda: protocol.lost and servant.lost)
    assert len(protocol.data) == 5_000_000
    assert [type(one.lost[0]) for one in (protocol, servant)] == [ConnectionDone] * 2
    channel.write(b"after")
    channel.loseConnection()
    channel.abortConnection()
    channel.loseWriteConnection()
    channel.resumeProducing()
    assert len(protocol.lost) == len(servant.lost) == 1


@pytest.mark.parametrize(
    ("how", "kind", "code", "signal"),
    [
        (lambda chan: chan.exit(0), ProcessDone, 0, None),
        (lambda chan: chan.exit(3), ProcessTerminated, 3, None),
        (lambda chan: chan.exit_with_signal("TERM"), ProcessTerminated, None, 15),
        (lambda chan: chan.exit_with_signal("NEVERHEARDOF"), ProcessTerminated, None, None),
    ],
)
def test_how_the_command_ended_is_the_reason(pair, how, kind, code, signal):
    both = pair()
    protocol = both.command().protocol
    how(both.channels[0].channel)
    both.until(lambda: protocol.lost)
    (reason,) = protocol.lost
    assert (type(reason), reason.exitCode, reason.signal) == (kind, code, signal)


def test_a_broken_connection_is_the_reason(pair):
    both = pair()
    protocol = both.command().protocol
    servant = both.channels[0].protocol
    both.carriers[0].transport.abortConnection()
    both.until(lambda: protocol.lost and servant.lost)
    assert [type(one.lost[0]) for one in (protocol, servant)] == [ConnectionLost] * 2


def test_an_end_of_file_closes_one_direction(pair):
    both = pair(HalfClosing)
    channel = both.command()
    protocol = channel.protocol
    channel.write(b"12345")
    channel.loseWriteConnection()
    channel.write(b"too late")
    both.until(lambda: protocol.lost)
    assert protocol.data == b"all 5"


def test_standard_error_comes_apart(pair):
    both = pair()
    protocol = both.command().protocol
    both.channels[0].writeExtended(STDERR, b"oh no")
    both.channels[0].write(b"yes")
    both.until(lambda: protocol.data)
    assert (protocol.data, protocol.errors) == (b"yes", b"oh no")


def test_what_a_protocol_raises_is_logged_and_costs_its_channel_alone(pair, logged_errors):
    class Clumsy(Protocol):
        def dataReceived(self, data):
            raise ZeroDivisionError(data)

    protocols = iter([Clumsy(), Echo()])
    both = pair(lambda: next(protocols))
    first, second = both.command(), both.command()
    lost, echoed = first.protocol, second.protocol
    first.write(b"x")
    second.write(b"y")
    both.until(lambda: lost.lost and echoed.data == b"y")
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_what_is_no_bytes_is_refused(pair):
    channel = pair().command()
    with pytest.raises(TypeError, match="bytes, not 'text'"):
        channel.write("text")


# --- back-pressure


class Pouring:
    """A push producer that writes 64 KiB in each turn until it is paused."""

    def __init__(self, reactor, consumer):
        self.reactor, self.consumer = reactor, consumer
        self.is_paused = self.is_stopped = False
        self.written = 0
        reactor.callLater(0, self.pour)

    def pour(self):
        if not (self.is_paused or self.is_stopped):
            self.consumer.write(b"x" * 65536)
            self.written += 65536
            self.reactor.callLater(0, self.pour)

    def pauseProducing(self):
        self.is_paused = True

    def resumeProducing(self):
        self.is_paused = False
        self.reactor.callLater(0, self.pour)

    def stopProducing(self):
        self.is_stopped = True


def test_a_reader_that_pauses_lets_the_window_run_out_and_the_producer_pauses(pair):
    both = pair()
    channel = both.command(window=300_000)
    channel.pauseProducing()
    producer = Pouring(both.reactor, both.channels[0])
    both.channels[0].registerProducer(producer, True)
    both.until(lambda: producer.is_paused)
    assert 300_000 <= producer.written <= 300_000 + 3 * 65536
    channel.resumeProducing()
    both.until(lambda: producer.written > 1_000_000)
    channel.pauseProducing()
    channel.abortConnection()
    both.until(lambda: producer.is_stopped)


def test_a_peer_with_a_huge_window_that_reads_nothing_pauses_the_producer_too(pair):
    both = pair()
    channel = both.command(window=2**31)
    carrier = channel.channel.get_connection().get_extra_info("carrier")
    carrier.pause_reading()
    producer = Pouring(both.reactor, both.channels[0])
    both.channels[0].registerProducer(producer, True)
    both.until(lambda: producer.is_paused)
    assert producer.written < 20_000_000, "what the kernel takes, and 64 KiB"
    carrier.resume_reading()
    both.until(lambda: channel.protocol.data and not producer.is_paused)
    channel.abortConnection()
    both.until(lambda: producer.is_stopped)


def test_a_pull_producer_is_asked_while_there_is_room_and_may_write_nothing_for_once(pair):
    class Pulled:
        left = 100

        def resumeProducing(self):
            self.left -= 1
            if self.left % 2:
                served.write(b"x" * 10_000)
            if not self.left:
                served.unregisterProducer()
                served.loseConnection()

        def stopProducing(self):
            raise AssertionError

    both = pair()
    protocol = both.command(window=50_000).protocol
    (served,) = both.channels
    served.registerProducer(Pulled(), False)
    both.until(lambda: protocol.lost)
    assert len(protocol.data) == 500_000


def test_loseConnection_waits_for_a_producer_whose_bytes_still_go(pair):
    both = pair()
    protocol = both.command().protocol
    (served,) = both.channels
    producer = Pouring(both.reactor, served)
    served.registerProducer(producer, True)
    with pytest.raises(RuntimeError, match="is registered"):
        served.registerProducer(producer, True)
    served.loseConnection()
    both.until(lambda: producer.written > 200_000)
    producer.pauseProducing()
    served.unregisterProducer()
    both.until(lambda: protocol.lost)
    assert len(protocol.data) == producer.written


def test_a_producer_at_a_lost_channel_is_stopped(pair):
    both = pair()
    channel = both.command()
    protocol = channel.protocol
    channel.loseConnection()
    both.until(lambda: protocol.lost)
    producer = Pouring(both.reactor, channel)
    channel.registerProducer(producer, True)
    assert producer.is_stopped


def test_keys_are_exchanged_anew_in_the_middle_of_a_transfer(pair):
    both = pair(Echo, rekey_bytes=100_000)
    channel = both.command()
    channel.write(b"x" * 1_000_000)
    both.until(lambda: len(channel.protocol.data) == 1_000_000)
