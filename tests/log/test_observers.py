"""Observers of other kinds: lines of JSON, and Python's own logging in both directions."""

import contextlib
import io
import json
import logging
import socket

import pytest

from reactor import log
from reactor.log.bridge import PythonLoggingObserver, ReactorHandler
from reactor.log.journal import JournalObserver
from reactor.log.jsonlines import JSONFileLogObserver
from reactor.syslog import SyslogObserver


@pytest.fixture
def json_lines():
    """What the JSON observer writes, each line read back when asked for."""
    file = io.StringIO()
    observer = JSONFileLogObserver(file)
    observer.start()
    yield lambda: [json.loads(line) for line in file.getvalue().splitlines()]
    observer.stop()


@pytest.fixture
def events():
    """What an observer is told."""
    found = []
    log.addObserver(found.append)
    yield found
    log.removeObserver(found.append)


class Records(logging.Handler):
    """Keeps the records of a logger."""

    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture
def logger():
    """The logger that the bridge speaks to, with a list of what it was told."""
    logger, handler = logging.getLogger("reactor"), Records()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler.records
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def to_logging(logger):
    observer = PythonLoggingObserver()
    log.addObserver(observer.emit)
    yield logger
    log.removeObserver(observer.emit)


@pytest.fixture
def from_logging():
    handler = ReactorHandler()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_a_message_is_one_line_of_json(json_lines):
    log.msg("two\nlines", cup=3, parts=["a", 1.5, None], system="kitchen")
    [line] = json_lines()
    assert (line["message"], line["system"], line["level"]) == ("two\nlines", "kitchen", "INFO")
    assert (line["cup"], line["parts"]) == (3, ["a", 1.5, None])
    assert line["time"][:2] == "20" and line["time"][10] == "T" and line["time"][-6] in "+-"


def test_json_has_no_lone_surrogates_and_all_else_as_it_is(json_lines):
    log.msg("\udc80 \\udc80 \U0001f375", **{"cup\udc80": {"in\udc80": ["\ud83c", "\\"]}}, system="\udc80")
    [line] = json_lines()
    assert line["message"] == "\\udc80 \\udc80 \U0001f375"
    assert line["cup\\udc80"] == {"in\\udc80": ["\\ud83c", "\\"]} and line["system"] == "\\udc80"


def test_an_error_says_its_type_and_traceback_in_json(json_lines, logged_errors):
    try:
        [].pop()
    except IndexError:
        log.err(None, "while making tea")
    [line] = json_lines()
    assert (line["message"], line["level"]) == ("while making tea", "ERROR")
    assert line["exception"]["type"] == "builtins.IndexError"
    assert line["exception"]["value"] == "pop from empty list"
    assert "test_observers.py" in line["exception"]["traceback"]
    assert logged_errors.flush(IndexError)


def test_what_json_cannot_say_is_shown_as_repr_does(json_lines):
    class Unfriendly:
        def __repr__(self):
            raise ZeroDivisionError("in __repr__")

    endless = []
    endless.append(endless)
    log.msg("odd", kind=int, keys={(1, 2): 3}, not_a_number=float("nan"), endless=endless, lone="\ud800")
    log.msg("odder", thing=Unfriendly())
    odd, odder = json_lines()
    assert odd["lone"] == "\\ud800"
    assert odd["kind"] == "<class 'int'>"
    assert odd["keys"] == "{(1, 2): 3}"
    assert odd["not_a_number"] == "nan" and odd["endless"] == "[[...]]"
    assert "Unfriendly" in odder["thing"] and "ZeroDivisionError" in odder["thing"]


@pytest.mark.parametrize(
    "details",
    [{"time": "yesterday"}, {"time": None}, {"time": 1e300}, {"system": None}, {"format": 5}, {"failure": "none"},
     {"logLevel": "high"}, {"isError": "maybe"}, {"syslogFacility": "local9", "syslogPriority": -1}],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("kind", ["text", "json", "syslog", "journal"])
def test_no_event_is_so_odd_that_it_costs_an_observer(kind, details, tmp_path):
    """An observer that raises is put aside: so these must not, whatever they are told."""
    file = io.StringIO()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(str(tmp_path / "daemon"))
        observer = {
            "text": lambda: log.FileLogObserver(file),
            "json": lambda: JSONFileLogObserver(file),
            "syslog": lambda: SyslogObserver("tea", address=str(tmp_path / "daemon")),
            "journal": lambda: JournalObserver("tea", str(tmp_path / "daemon")),
        }[kind]()
        publisher = log.LogPublisher(observer.emit)
        publisher.msg("odd", **details)
        publisher.msg("heard")
        if kind in ("syslog", "journal"):
            observer.outbox.close()
            daemon.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    file.write(daemon.recv(10_000).decode())
    assert "heard" in file.getvalue()
    assert "put aside" not in file.getvalue()


def test_messages_reach_a_logger_with_their_level(to_logging):
    log.msg("100 % of", "it")
    log.msg("quietly", logLevel=logging.DEBUG)
    log.err("not an exception")
    assert [(record.levelname, record.getMessage()) for record in to_logging] == [
        ("INFO", "100 % of it"),
        ("DEBUG", "quietly"),
        ("ERROR", "'not an exception'"),
    ]


def test_an_exception_reaches_a_logger_as_one(to_logging, logged_errors):
    error = ValueError("x")
    log.err(error, "why")
    [record] = to_logging
    assert (record.getMessage(), record.exc_info[1]) == ("why", error)
    assert logged_errors.flush(ValueError)


def test_records_reach_our_observers(from_logging, events, logged_errors):
    logging.getLogger("a.b").warning("%d left", 3)
    try:
        raise ValueError("seen")
    except ValueError:
        logging.getLogger("a.b").exception("while trying")
    warning, error = events
    assert log.textFromEventDict(warning) == "3 left"
    assert (warning["system"], warning["isError"], warning["logLevel"]) == ("a.b", 0, logging.WARNING)
    assert error["isError"] and error["why"] == "while trying" and error["failure"].check(ValueError)
    assert logged_errors.flush(ValueError)


def test_a_formatter_of_the_handler_is_used(from_logging, events):
    from_logging.setFormatter(logging.Formatter("<%(message)s>"))
    logging.getLogger("a").warning("hello")
    assert log.textFromEventDict(events[0]) == "<hello>"


def test_both_ways_at_once_everything_arrives_once(to_logging, from_logging, events):
    log.msg("ours")
    logging.getLogger("a").warning("theirs")
    assert [log.textFromEventDict(event) for event in events] == ["ours", "theirs"]
    assert [record.getMessage() for record in to_logging] == ["ours"]


def test_a_record_that_cannot_be_formatted_stays_loggings_problem(events, capsys):
    bad = logging.LogRecord("a", logging.INFO, __file__, 1, "%d", ("not a number",), None)
    ReactorHandler().handle(bad)
    assert events == []
    assert "TypeError" in capsys.readouterr().err


def test_PythonLoggingObserver_starts_and_stops(logger):
    observer = log.PythonLoggingObserver(loggerName="reactor")
    observer.start()
    log.msg("heard")
    observer.stop()
    log.msg("unheard")
    assert [record.getMessage() for record in logger] == ["Log opened.", "heard"]
