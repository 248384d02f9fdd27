"""A transcript as the test."""

import pytest

from reactor.protocols.basic import LineReceiver
from reactor.testing import Clock
from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no transcripts", allow_module_level=True)

from reactor.testing import check_dialogue


class Parrot(LineReceiver):
    greeting = b"hello"

    def connectionMade(self):
        self.sendLine(self.greeting)

    def lineReceived(self, line):
        if line == b"bye":
            self.sendLine(b"bye, bye")
            self.transport.loseConnection()
        elif line != b"hush":
            self.sendLine(line)


GOOD = r"""
    # a parrot repeats
    S: hello
    C: one
    C: two\x00\t\\
    S: one
    S: two\x00\t\\
    C: hush
    C:
    S:
    C: é
    S: [..]
    C: bye
    S: b[..] bye
    S: [closes]
"""


def test_a_protocol_that_says_what_the_transcript_says_passes():
    check_dialogue(Parrot, GOOD)


@pytest.mark.parametrize(
    "transcript, says",
    [
        ("S: hallo", r"line 1: expected 'hallo', heard b'hello\r\n' (when it came in one piece)"),
        ("C: one\nS: one", r"before line 1: heard b'hello\r\n', which the transcript doesn't have"),
        ("S: hello\nC: one", r"before the end: heard b'one\r\n'"),
        ("S: hello\nC: hush\nS: hush", "line 3: expected 'hush', heard b''"),
        ("S: hello\nS: [closes]", "line 2: the connection should be closed, and isn't"),
        ("S: hello\nS: h[..]", "line 2: expected"),
    ],
)
def test_a_difference_names_the_line_and_what_was_heard(transcript, says):
    with pytest.raises(AssertionError) as caught:
        check_dialogue(Parrot, transcript)
    assert says in str(caught.value)


def test_a_protocol_that_reads_only_whole_lines_is_found_out():
    class Hasty(Parrot):
        def dataReceived(self, data):
            for line in data.split(b"\r\n")[:-1]:
                self.lineReceived(line)

    with pytest.raises(AssertionError, match=r"line 3: .*\(when it came byte by byte\)"):
        check_dialogue(Hasty, "S: hello\nC: one\nS: one")


def test_a_transcript_may_be_held_against_the_client():
    class Caller(LineReceiver):
        def lineReceived(self, line):
            self.sendLine(b"you said " + line)

        def connectionLost(self, reason):
            ends.append(reason)

    ends = []
    check_dialogue(Caller, "S: hello\nC: you said hello\nS: [closes]", side="C")
    assert len(ends) == 3


def test_a_protocol_that_answers_in_another_turn_gets_turns():
    clock = Clock()

    class Slow(LineReceiver):
        def lineReceived(self, line):
            clock.callLater(0, self.sendLine, line)

    check_dialogue(Slow, "C: one\nC: two\nS: one\nS: two", clock=clock)


def test_lines_may_end_with_something_else():
    class Bar(LineReceiver):
        delimiter = b"|"

        def lineReceived(self, line):
            self.sendLine(line)

    check_dialogue(Bar, "C: one\nS: one", delimiter=b"|")


@pytest.mark.parametrize("line", ["X: one", "one", "C:one"])
def test_a_line_that_nobody_says_is_an_error(line):
    with pytest.raises(ValueError, match=r"line 2 of the transcript: .* begins with neither"):
        check_dialogue(Parrot, f"S: hello\n{line}")
