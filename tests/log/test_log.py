"""The log: observers get each message as a dictionary, and errors go to stderr by default."""

import asyncio
import io
import subprocess

import pytest

from reactor import defer, log
from reactor.failure import Failure
from tests.support import oracle


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


@pytest.mark.own_promise("Twisted calls it again, and reports it again, for every message")
def test_an_observer_that_raises_is_put_aside_and_named(events, logged_errors):
    calls = []

    def broken(event):
        calls.append(event)
        raise ZeroDivisionError("on purpose")

    log.addObserver(broken)
    log.msg("one")
    log.msg("two")
    assert len(calls) == 1
    [report] = [event for event in events if event["isError"]]
    assert "put aside" in report["why"] and "broken" in report["why"]
    assert logged_errors.flush(ZeroDivisionError)
    log.removeObserver(broken)  # not there any more, and no error


@pytest.mark.own_promise("Twisted's new publishers have no default observer")
def test_when_the_last_observer_was_put_aside_errors_are_printed(capsys):
    publisher = log.LogPublisher()
    publisher.addObserver([].pop)
    publisher.msg("lost on a list that is empty")
    publisher.msg("a catastrophe", isError=1)
    told = capsys.readouterr().err
    assert "TypeError" in told and "put aside" in told and "a catastrophe" in told


@pytest.mark.own_promise("Twisted's errors have a representation that raises")
def test_nothing_in_a_message_can_raise(events):
    class Unfriendly:
        def __str__(self):
            raise ZeroDivisionError("in __str__")

        __repr__ = __str__

    log.msg("before", Unfriendly())
    log.msg(format="%(missing)s", thing=Unfriendly())
    log.msg(format=3)
    log.err(Unfriendly())
    assert all(isinstance(log.textFromEventDict(event), str) for event in events)
    assert len(events) == 4


@pytest.mark.own_promise("Twisted raises NoCurrentExceptionError into the one who logs")
def test_err_where_no_exception_is_handled_says_so(events, logged_errors):
    log.err()
    assert "outside of an except block" in log.textFromEventDict(events[0])
    assert logged_errors.flush(Exception)


def test_err_is_an_errback_that_handles_the_failure(events, logged_errors):
    results = []
    defer.fail(ValueError("in a Deferred")).addErrback(log.err, "why it is logged").addCallback(results.append)
    assert results == [None]
    assert events[0]["why"] == "why it is logged"
    assert logged_errors.flush(ValueError)


@pytest.mark.own_promise("in Twisted it hears itself, without end")
def test_what_an_observer_logs_goes_to_the_others(events):
    def chatty(event):
        log.msg(f"I heard {log.textFromEventDict(event)}")

    log.addObserver(chatty)
    log.msg("hello")
    log.removeObserver(chatty)
    assert [log.textFromEventDict(event) for event in events] == ["hello", "I heard hello"]


def test_a_publisher_of_ones_own():
    found = []
    publisher = log.LogPublisher()
    publisher.addObserver(found.append)
    publisher.msg("for few ears", system="S")
    assert found[0]["message"] == ("for few ears",) and found[0]["system"] == "S"


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


def test_what_the_program_prints_is_logged_too():
    source = """
import sys
from reactor import log
log.startLogging(sys.stdout)
print("two", "words")
print("a line", end="")
print(" in pieces")
sys.stderr.write("on stderr\\n")
"""
    result = output_of(source)
    assert [line.split("] ", 1)[1] for line in result.stdout.splitlines()] == [
        "Log opened.",
        "two words",
        "a line in pieces",
        "on stderr",
    ]
    assert result.stderr == ""


@pytest.mark.own_promise("Twisted drops what has no line's end")
def test_a_line_without_an_end_is_logged_at_the_programs_end():
    source = "import sys\nfrom reactor import log\nlog.startLogging(sys.stdout)\nprint('unfinished', end='')\n"
    assert output_of(source).stdout.endswith("[-] unfinished\n")


@pytest.mark.own_promise("no words of Twisted's")
def test_a_log_that_is_closed_is_put_aside_and_errors_are_printed_again():
    source = """
import os
from reactor import log
file = open(os.devnull, "w")
log.startLogging(file)
file.close()
log.err("unheard of")
log.err("heard")
"""
    told = output_of(source).stderr
    assert "I/O operation on closed file" in told and "heard" in told


def test_the_observer_of_startLogging_can_be_stopped():
    file = io.StringIO()
    observer = log.startLogging(file, setStdout=False)
    log.msg("one\ntwo")
    observer.stop()
    log.msg("three")
    assert file.getvalue().endswith("[-] one\n\ttwo\n")


@pytest.mark.own_promise("Twisted's prints errors, until logging starts")
def test_discardLogs_ends_it_all():
    source = "from reactor import log\nlog.discardLogs()\nlog.err('unheard')\n"
    assert output_of(source).stderr == ""


ODD = "a\rb\x1b[2Jc\x00\x7f\x85\u2028\udc80\tcaf\xe9"
ESCAPED = "a\\rb\\x1b[2Jc\\x00\\x7f\\x85\\u2028\\udc80\tcaf\xe9"


@pytest.mark.own_promise("Twisted writes what it is told")
def test_what_a_terminal_would_obey_is_escaped_and_no_line_is_forged():
    file = io.StringIO()
    observer = log.FileLogObserver(file)
    log.addObserver(observer.emit)
    log.msg(f"{ODD}\n2026-11-30 12:00:00+0000 [-] forged", system=f"mail\n2026-11-30 12:00:00+0000 [-] {ODD}")
    log.removeObserver(observer.emit)
    system = "mail\\n2026-11-30 12:00:00+0000 [-] " + ESCAPED.replace("\t", "\\t")
    assert file.getvalue()[24:] == f" [{system}] {ESCAPED}\n\t2026-11-30 12:00:00+0000 [-] forged\n"


@pytest.mark.own_promise("Twisted prints what it is told")
def test_what_a_terminal_would_obey_is_escaped_on_stderr_too():
    assert output_of("from reactor import log\nlog.err(ValueError('x\\x1b[2J'))\n").stderr.endswith("x\\x1b[2J\n")


@pytest.mark.own_promise("Twisted lets it through")
@pytest.mark.parametrize("problem", [asyncio.CancelledError, GeneratorExit, SystemExit])
def test_nothing_that_an_observer_raises_reaches_the_one_who_logs(problem, logged_errors):
    def fail(event):
        raise problem

    log.addObserver(fail)
    log.msg("said")
    assert logged_errors.flush(problem)


@pytest.mark.own_promise("Twisted's observer fails, and nothing is written")
def test_what_a_files_encoding_has_not_is_written_in_escapes(tmp_path):
    path = tmp_path / "log"
    with open(path, "w", encoding="latin-1") as file:
        observer = log.startLogging(file, setStdout=False)
        log.msg("café \u20ac \ud800")
        observer.stop()
    assert path.read_text("latin-1").endswith("caf\\xe9 \\u20ac \\ud800\n")


@pytest.mark.own_promise("it has no such question")
def test_a_log_is_heard_when_somebody_takes_more_than_errors(monkeypatch):
    from reactor.log.program import print_errors

    monkeypatch.setattr(log.theLogPublisher, "observers", [print_errors])
    before = log.isHeard()
    log.addObserver(lambda event: None)
    assert (before, log.isHeard()) == (False, True)
