"""Where errors go before a program logs to somewhere, and while it does; and what stands in for standard output."""

import io
import sys

import pytest

from reactor import log
from reactor.failure import Failure
from reactor.log.printed import LoggingFile
from reactor.log.program import print_errors

pytestmark = pytest.mark.own_promise("Twisted's log begins otherwise: it keeps what came before")


@pytest.fixture
def stderr(monkeypatch):
    """Puts a stream that buffers in the place of standard error; returns what has really come out of it."""
    streams = []

    def begin():
        streams.append(io.TextIOWrapper(io.BufferedWriter(io.BytesIO()), "utf-8"))
        monkeypatch.setattr(sys, "stderr", streams[0])  # here: pytest puts its own there before each phase of a test
        monkeypatch.setattr(log.theLogPublisher, "observers", [print_errors])
        return streams[0].buffer.raw

    return begin


def test_an_error_is_out_when_it_has_been_logged(stderr):
    printed = stderr()
    log.err(Failure(ZeroDivisionError("nothing")), "while dividing")
    assert b"while dividing" in printed.getvalue()


def test_while_the_program_logs_to_somewhere_errors_are_not_printed_too(stderr):
    printed = stderr()
    events = []
    log.startLoggingWithObserver(events.append, setStdout=False)
    log.err(Failure(ZeroDivisionError("nothing")), "while dividing")
    assert printed.getvalue() == b""
    assert events[-1]["isError"]
    log.theLogPublisher.removeObserver(events.append)


def test_an_event_with_a_message_and_a_format_says_the_message():
    event = {"message": ("said",), "format": "%(what)s", "what": "asked"}
    assert log.textFromEventDict({**event, "isError": 0}) == "said"
    assert log.textFromEventDict({**event, "message": (), "isError": 0}) == "asked"
    assert log.textFromEventDict({"message": (), "isError": 0}) == ""


def test_what_stands_in_for_standard_output_says_how_it_encodes():
    stream = LoggingFile(lambda *args, **more: None, None)
    assert (stream.encoding, stream.errors, stream.writable()) == ("utf-8", "strict", True)
