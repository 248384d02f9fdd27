"""Contexts: who speaks in the log is known to all that a call calls, in other threads too."""

import pytest

from reactor import context, log
from reactor.threadpool import ThreadPool


@pytest.fixture
def events():
    """What an observer is told."""
    found = []
    log.addObserver(found.append)
    yield found
    log.removeObserver(found.append)


class Speaker(log.Logger):
    def logPrefix(self):
        return "Speaker"


def test_what_a_context_says_is_known_inside_of_the_call_and_not_after():
    def inside(extra, more=0):
        return context.get("key"), context.get("other", "default"), extra, more

    assert context.call({"key": "value"}, inside, 1, more=2) == ("value", "default", 1, 2)
    assert context.get("key") is None


def test_contexts_nest():
    def outer():
        return context.call({"b": 3}, inside), context.get("b")

    def inside():
        return context.get("a"), context.get("b")

    assert context.call({"a": 1, "b": 2}, outer) == ((1, 3), 2)


def test_a_context_ends_when_the_call_raises():
    with pytest.raises(ZeroDivisionError):
        context.call({"key": "value"}, lambda: 1 / 0)
    assert context.get("key") is None


def test_a_default_is_known_everywhere():
    context.setDefault("test_a_default", 5)
    assert context.get("test_a_default") == 5
    assert context.call({"test_a_default": 6}, context.get, "test_a_default") == 6


def test_events_have_what_the_context_says(events):
    log.callWithContext({"system": "kitchen", "cups": 2}, log.msg, "tea")
    log.callWithContext({"system": "kitchen"}, log.msg, "tea", system="said so")
    log.msg("outside")
    assert [(event["system"], event.get("cups")) for event in events] == [
        ("kitchen", 2),
        ("said so", None),
        ("-", None),
    ]


def test_contexts_of_the_log_nest(events):
    log.callWithContext({"system": "a", "x": 1}, log.callWithContext, {"x": 2}, log.msg, "deep")
    assert (events[0]["system"], events[0]["x"]) == ("a", 2)


def test_callWithLogger_names_the_system_and_logs_what_is_raised(events, logged_errors):
    assert log.callWithLogger(Speaker(), lambda: log.msg("hello") or 5) == 5
    assert log.callWithLogger(Speaker(), lambda: 1 / 0) is None
    assert [event["system"] for event in events] == ["Speaker", "Speaker"]
    assert logged_errors.flush(ZeroDivisionError)


def test_callWithLogger_bears_a_bad_logPrefix(events, logged_errors):
    class Bad:
        def logPrefix(self):
            raise ValueError("no name")

    assert log.callWithLogger(Bad(), lambda: 5) == 5
    assert "logPrefix" in events[0]["system"]
    assert logged_errors.flush(ValueError)


def test_work_for_a_thread_takes_its_context_along(events):
    pool = ThreadPool()
    log.callWithContext({"system": "asker"}, pool.callInThread, log.msg, "from a thread")
    pool.start()
    pool.stop()  # when its work is done
    assert [event["system"] for event in events if event["message"] == ("from a thread",)] == ["asker"]
