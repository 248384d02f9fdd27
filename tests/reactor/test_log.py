"""The log: observers get each message as a dictionary, and errors go to stderr by default."""

import subprocess

import oracle
import pytest

from reactor import log
from reactor.failure import Failure


@pytest.fixture
def events():
    """What an observer is told."""
    found = []
    log.addObserver(found.append)
    yield found
    log.removeObserver(found.append)


def test_a_message_is_a_dictionary(events):
    log.msg("something", "has occurred", weight=3)
    [event] = events
    assert event["message"] == ("something", "has occurred")
    assert not event["isError"] and event["weight"] == 3
    assert isinstance(event["time"], float) and event["system"]
    assert log.textFromEventDict(event) == "something has occurred"


def test_a_message_may_be_a_format_and_its_parts(events):
    log.msg(format="%(count)d in %(where)s", count=3, where="queue")
    assert log.textFromEventDict(events[0]) == "3 in queue"


def test_something_that_is_no_exception_can_be_an_error(events):
    log.err("text")
    assert events[0]["isError"] and "failure" not in events[0]
    assert "text" in log.textFromEventDict(events[0])


def test_an_error_given_by_hand(events, logged_errors):
    failure = Failure(ValueError("by hand"))
    log.err(failure)
    [event] = events
    assert event["isError"] and event["failure"] is failure
    assert "by hand" in log.textFromEventDict(event)
    assert logged_errors.flush(ValueError)


def test_an_exception_given_by_hand(events, logged_errors):
    log.err(ValueError("by hand"))
    assert events[0]["failure"].check(ValueError)
    assert logged_errors.flush(ValueError)


def test_the_error_being_handled(events, logged_errors):
    try:
        [].pop()
    except IndexError:
        log.err()
    assert events[0]["failure"].check(IndexError)
    assert logged_errors.flush(IndexError)


def test_an_error_with_a_reason_why_it_is_logged(events, logged_errors):
    log.err(ValueError("x"), "while making tea")
    assert events[0]["why"] == "while making tea"
    assert "while making tea" in log.textFromEventDict(events[0])
    assert logged_errors.flush(ValueError)


def test_deferr_is_another_name_for_err():
    assert log.deferr is log.err


def test_a_removed_observer_hears_nothing():
    found = []
    observer = found.append
    log.addObserver(observer)
    log.removeObserver(observer)
    log.msg("unheard")
    assert found == []


def test_an_observer_that_raises_does_not_silence_the_others(logged_errors):
    found = []

    def broken(event):
        raise ZeroDivisionError("on purpose")

    log.addObserver(broken)
    log.addObserver(found.append)
    log.msg("heard")
    log.removeObserver(broken)
    log.removeObserver(found.append)
    assert any(event["message"] == ("heard",) for event in found)
    logged_errors.flush(ZeroDivisionError)


def test_the_exception_of_a_handler_reaches_the_observers(reactor, events, logged_errors):
    reactor.callLater(0, lambda: 1 / 0)
    reactor.iterate(0)
    [event] = [event for event in events if event["isError"]]
    assert event["failure"].check(ZeroDivisionError)
    assert logged_errors.flush(ZeroDivisionError)


def output_of(source):
    return subprocess.run(oracle.python(source), capture_output=True, text=True, timeout=30, check=True)


def test_without_any_set_up_an_error_goes_to_stderr():
    result = output_of("from reactor import log\nlog.err(ValueError('seen'), 'the reason')\n")
    assert "ValueError" in result.stderr and "seen" in result.stderr and "the reason" in result.stderr
    assert result.stdout == ""


def test_an_observer_does_not_keep_errors_from_stderr():
    result = output_of("from reactor import log\nlog.addObserver(lambda event: None)\nlog.err(ValueError('seen'))\n")
    assert "ValueError: seen" in result.stderr


def test_after_startLogging_errors_go_to_the_log_alone():
    source = (
        "import io\nfrom reactor import log\nlog.startLogging(io.StringIO(), setStdout=False)\nlog.err(ValueError())\n"
    )
    assert output_of(source).stderr == ""


def test_without_any_set_up_a_message_goes_nowhere():
    result = output_of("from reactor import log\nlog.msg('unseen')\n")
    assert (result.stdout, result.stderr) == ("", "")


def test_startLogging_writes_messages_and_errors_to_a_file(tmp_path):
    source = f"""
from reactor import log
log.startLogging(open({str(tmp_path / "log.txt")!r}, "w"), setStdout=False)
log.msg("something has occurred")
log.err(ValueError("and something bad"))
"""
    output_of(source)
    text = (tmp_path / "log.txt").read_text()
    assert "something has occurred" in text
    assert "ValueError: and something bad" in text
