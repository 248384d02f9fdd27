"""LineReceiver and LineOnlyReceiver: lines, raw bytes between them, and lines that are too long."""

import pytest

from reactor.protocols.basic import LineOnlyReceiver, LineReceiver
from reactor.testing import StringTransport
from tests.support.framing import LIMIT, assert_closes, assert_parses, connected, feed


class Noting:
    """Notes lines, and what was too long in `exceeded`."""

    MAX_LENGTH = LIMIT

    def __init__(self):
        self.received = []
        self.exceeded = []

    def lineReceived(self, line):
        self.received.append(line)

    def lineLengthExceeded(self, line):
        self.exceeded.append(line)
        return super().lineLengthExceeded(line)


class Lines(Noting, LineReceiver):
    def rawDataReceived(self, data):
        self.received.append(b"raw " + data)


class OnlyLines(Noting, LineOnlyReceiver):
    pass


CUT_DEPENDENT = pytest.mark.own_promise("Twisted takes the first bytes of a delimiter for the line's")
both = pytest.mark.parametrize("receiver", [Lines, OnlyLines])


def with_delimiter(receiver, delimiter):
    made = receiver()
    made.delimiter = delimiter
    return made


@both
@pytest.mark.parametrize("delimiter", [b"\r\n", b"\n", b"\0", b"--", b"abab"])
def test_lines_come_without_their_delimiter(receiver, delimiter):
    lines = [b"one", b"", b"two words", b"", b"x" * (LIMIT - 3)]
    stream = b"".join(line + delimiter for line in lines)
    assert_parses(lambda: with_delimiter(receiver, delimiter), stream, lines, trailing=b"unfinished")


@both
def test_half_a_delimiter_is_part_of_the_line(receiver):
    assert_parses(receiver, b"a\rb\nc\r\r\n\n\r\n", [b"a\rb\nc\r", b"\n"], trailing=b"\r")


@both
def test_a_delimiter_that_repeats_itself_is_found_from_the_left(receiver):
    assert_parses(lambda: with_delimiter(receiver, b"aa"), b"xaaaaayaa", [b"x", b"", b"ay"], trailing=b"a")


@pytest.mark.parametrize(
    "receiver",
    [
        Lines,
        pytest.param(OnlyLines, marks=CUT_DEPENDENT),
    ],
)
def test_a_line_of_just_the_limit_passes(receiver):
    assert_parses(receiver, b"x" * LIMIT + b"\r\n", [b"x" * LIMIT], trailing=b"y" * LIMIT + b"\r")


@both
def test_a_line_over_the_limit_closes_the_connection(receiver):
    assert_closes(receiver, b"short\r\n" + b"x" * (LIMIT + 1) + b"\r\n", [b"short"])


@both
def test_a_line_over_the_limit_that_never_ends_closes_the_connection(receiver):
    assert_closes(receiver, b"short\r\n" + b"x" * (LIMIT + 2), [b"short"])


def test_what_waits_goes_to_lineLengthExceeded_whole():
    protocol = feed(connected(Lines()), [b"x" * 30 + b"\r\nnext\r\nbegin"])
    assert protocol.exceeded == [b"x" * 30 + b"\r\nnext\r\nbegin"]
    assert protocol.clearLineBuffer() == b""


def test_LineOnlyReceiver_gives_the_line_that_is_too_long():
    protocol = feed(connected(OnlyLines()), [b"x" * 30 + b"\r\nnext\r\nbegin"])
    assert protocol.exceeded == [b"x" * 30] and protocol.received == []


def test_an_unfinished_line_may_be_as_long_as_the_limit_and_most_of_a_delimiter():
    protocol = connected(Lines())
    protocol.dataReceived(b"x" * LIMIT + b"\r")
    assert protocol.exceeded == []
    protocol.dataReceived(b"x")
    assert protocol.exceeded == [b"x" * LIMIT + b"\rx"]


@both
def test_a_receiver_that_goes_on_after_a_line_over_the_limit_hears_of_it_each_time(receiver):
    class Patient(receiver):
        def lineLengthExceeded(self, line):
            self.exceeded.append(line)

    protocol = feed(connected(Patient()), [b"x" * 30, b"y" * 30 + b"\r\n", b"next\r\n"])
    assert [len(line) for line in protocol.exceeded] == ([30, 32] if receiver is Lines else [30, 60])
    assert protocol.received == [b"next"]


@both
def test_lines_after_loseConnection_are_not_handed_on(receiver):
    class Leaving(receiver):
        def lineReceived(self, line):
            super().lineReceived(line)
            self.transport.loseConnection()

    assert feed(connected(Leaving()), [b"last\r\nlost\r\n"]).received == [b"last"]


@both
def test_sendLine_adds_the_delimiter(receiver):
    protocol = connected(with_delimiter(receiver, b"!"))
    protocol.sendLine(b"hello")
    protocol.sendLine(b"")
    assert protocol.transport.value() == b"hello!!"


def test_the_lines_that_follow_end_with_a_delimiter_set_meanwhile():
    class Changing(Lines):
        def lineReceived(self, line):
            super().lineReceived(line)
            if line.startswith(b"mark "):
                self.delimiter = line[5:]

    assert_parses(Changing, b"one\r\nmark ;\r\ntwo;mark |;three|", [b"one", b"mark ;", b"two", b"mark |", b"three"])


@pytest.mark.own_promise("Twisted collects bytes until the line is too long")
@both
def test_an_empty_delimiter_is_refused(receiver):
    with pytest.raises(ValueError, match="at least one byte"):
        connected(with_delimiter(receiver, b"")).dataReceived(b"x")


class Body(Lines):
    """Lines; a line `body N` announces N raw bytes, after which lines follow again."""

    def lineReceived(self, line):
        super().lineReceived(line)
        if line.startswith(b"body "):
            self.left = int(line[5:])
            self.body = b""
            self.setRawMode()

    def rawDataReceived(self, data):
        self.body += data[: self.left]
        rest = data[self.left :]
        self.left -= len(data) - len(rest)
        if not self.left:
            self.received.append(self.body)
            self.setLineMode(rest)


def test_raw_bytes_between_lines_however_they_are_cut():
    stream = b"one\r\nbody 7\r\n123\r\n67two\r\nbody 1\r\n\nthree\r\n"
    assert_parses(Body, stream, [b"one", b"body 7", b"123\r\n67", b"two", b"body 1", b"\n", b"three"], trailing=b"fo")


def test_in_raw_mode_bytes_come_as_they_are_and_nothing_waits():
    protocol = connected(Lines())
    protocol.setRawMode()
    feed(protocol, [b"a\r\n", b"", b"b" * 100])
    assert protocol.received == [b"raw a\r\n", b"raw " + b"b" * 100] and protocol.exceeded == []


def test_setLineMode_outside_of_a_handler_hands_on_the_extra_lines_at_once():
    protocol = connected(Lines())
    protocol.setRawMode()
    protocol.setLineMode(b"one\r\ntw")
    protocol.dataReceived(b"o\r\n")
    assert protocol.received == [b"one", b"two"]


def test_setLineMode_without_extra_does_not_look_at_what_waits():
    protocol = connected(Lines())
    protocol.setRawMode()
    assert protocol.setLineMode() is None and protocol.line_mode


def test_clearLineBuffer_takes_the_unfinished_line_away():
    protocol = feed(connected(Lines()), [b"one\r\nunfin"])
    assert protocol.clearLineBuffer() == b"unfin"
    assert feed(protocol, [b"ished\r\n"]).received == [b"one", b"ished"]


def test_clearLineBuffer_in_a_handler_takes_the_rest_away():
    class Last(Lines):
        def lineReceived(self, line):
            self.received += [line, self.clearLineBuffer()]

    assert feed(connected(Last()), [b"one\r\ntwo\r\nthree"]).received == [b"one", b"two\r\nthree"]


@pytest.mark.parametrize("mode", ["line", "raw"])
def test_what_a_handler_returns_stops_the_loop_and_comes_out(mode):
    class Stopping(Lines):
        def lineReceived(self, line):
            self.received.append(line)
            return "enough"

        rawDataReceived = lineReceived

    protocol = connected(Stopping())
    if mode == "raw":
        protocol.setRawMode()
    assert protocol.dataReceived(b"one\r\ntwo\r\n") == "enough"
    assert protocol.received == [b"one" if mode == "line" else b"one\r\ntwo\r\n"]
    assert protocol.clearLineBuffer() == (b"two\r\n" if mode == "line" else b"")


def test_bytes_that_come_inside_a_handler_wait_for_it():
    class Fed(Lines):
        def lineReceived(self, line):
            if line == b"one":
                self.dataReceived(b"three\r\n")
            super().lineReceived(line)

    assert feed(connected(Fed()), [b"one\r\ntwo\r\n"]).received == [b"one", b"two", b"three"]


def test_a_handler_that_raises_does_not_block_the_next_line():
    class Raising(Lines):
        def lineReceived(self, line):
            super().lineReceived(line)
            if line == b"bad":
                raise ValueError(line)

    protocol = connected(Raising())
    with pytest.raises(ValueError):
        protocol.dataReceived(b"bad\r\ngood\r\n")
    protocol.dataReceived(b"")
    assert protocol.received == [b"bad", b"good"]


def test_it_works_without_a_transport_as_long_as_nothing_is_sent():
    protocol = Lines()
    protocol.dataReceived(b"one\r\ntwo\r\n")
    assert protocol.received == [b"one", b"two"]


class PausingAfterEach(Lines):
    def lineReceived(self, line):
        super().lineReceived(line)
        self.pauseProducing()


def test_a_paused_receiver_keeps_what_came_and_pauses_its_transport():
    protocol = feed(connected(PausingAfterEach()), [b"one\r\ntwo\r\nthr"])
    assert protocol.received == [b"one"] and protocol.transport.producerState == "paused"
    protocol.dataReceived(b"ee\r\n")
    assert protocol.received == [b"one"]


def test_resumeProducing_hands_on_what_waited():
    protocol = feed(connected(PausingAfterEach()), [b"one\r\ntwo\r\nthree\r\n"])
    protocol.resumeProducing()
    assert protocol.received == [b"one", b"two"] and protocol.transport.producerState == "paused"
    protocol.resumeProducing()
    protocol.resumeProducing()
    assert protocol.received == [b"one", b"two", b"three"] and protocol.transport.producerState == "producing"


def test_resumeProducing_in_raw_mode_hands_on_what_waited():
    class PausingRaw(Lines):
        def lineReceived(self, line):
            self.setRawMode()
            self.pauseProducing()

    protocol = feed(connected(PausingRaw()), [b"go\r\nrest"])
    assert protocol.received == []
    protocol.resumeProducing()
    assert protocol.received == [b"raw rest"]


def test_stopProducing_pauses_for_good_and_stops_the_transport():
    protocol = connected(Lines())
    protocol.stopProducing()
    protocol.dataReceived(b"one\r\n")
    assert protocol.received == [] and protocol.transport.producerState == "stopped"


@pytest.mark.parametrize("base", [LineReceiver, LineOnlyReceiver])
def test_a_receiver_without_lineReceived_says_so(base):
    protocol = base()
    protocol.makeConnection(StringTransport())
    with pytest.raises(NotImplementedError):
        protocol.dataReceived(b"one\r\n")


def test_a_receiver_without_rawDataReceived_says_so():
    protocol = connected(LineReceiver())
    protocol.setRawMode()
    with pytest.raises(NotImplementedError):
        protocol.dataReceived(b"one")


@pytest.mark.own_promise("there the bytes wait for the next ones")
def test_what_a_line_that_was_too_long_gives_back_is_received_at_once():
    class Skipping(Lines):
        MAX_LENGTH = 5

        def lineLengthExceeded(self, line):
            self.setLineMode(line.partition(b"\r\n")[2])

    assert feed(connected(Skipping()), [b"far too long\r\none\r\n"]).received == [b"one"]
