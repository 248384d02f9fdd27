"""What is said when a peer sends more than is taken: the log has the limit, whose it is, and what to do."""

import pytest

from reactor import log
from reactor.protocols.basic import Int16StringReceiver, LineOnlyReceiver, LineReceiver, NetstringReceiver
from tests.support.framing import connected

pytestmark = pytest.mark.own_promise("it closes without a word")


@pytest.fixture
def logged():
    """The messages that were logged."""
    events = []
    log.addObserver(events.append)
    yield lambda: [log.textFromEventDict(event) for event in events]
    log.removeObserver(events.append)


class Named:
    MAX_LENGTH = 10


LINE = "a line of more than 10 bytes; set MAX_LENGTH, or override lineLengthExceeded, to take it"


@pytest.mark.parametrize(
    ("receiver", "stream", "message"),
    [
        (LineReceiver, b"x" * 13, LINE),
        (LineReceiver, b"x" * 11 + b"\r\n", LINE),
        (LineOnlyReceiver, b"x" * 13, LINE),
        (LineOnlyReceiver, b"x" * 11 + b"\r\n", LINE),
        (NetstringReceiver, b"11:", "a netstring of more than 10 bytes; set MAX_LENGTH to take it"),
        (NetstringReceiver, b"five", "a netstring begins with its length"),
        (NetstringReceiver, b"1:xx", "a netstring ends with a comma"),
        (NetstringReceiver, b"1;", "a colon follows the length of a netstring"),
        (
            Int16StringReceiver,
            b"\x00\x0b",
            "a string of 11 bytes was announced, and 10 are taken; set MAX_LENGTH to take it",
        ),
    ],
)
def test_the_log_says_whose_connection_is_closed_and_why(logged, receiver, stream, message):
    protocol = connected(type("Mine", (Named, receiver), {})())
    protocol.dataReceived(stream)
    assert protocol.transport.disconnecting
    (text,) = logged()
    assert text == f"Mine closes its connection from {protocol.transport.getPeer()}: {message}"


def test_a_protocol_that_knows_better_closes_nothing_and_nothing_is_said(logged):
    class Patient(Named, LineReceiver):
        def lineLengthExceeded(self, line):
            self.exceeded = line

    protocol = connected(Patient())
    protocol.dataReceived(b"x" * 13)
    assert protocol.exceeded == b"x" * 13 and logged() == [] and not protocol.transport.disconnecting
