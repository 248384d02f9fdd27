"""Logging to daemons: syslog and the journal, played by sockets of the test's own."""

import errno
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from reactor import log, syslog
from reactor.log import journal
from reactor.log.outbox import Outbox


@pytest.fixture
def daemon(tmp_path):
    """The socket of a daemon, at `path`."""
    with Daemon(str(tmp_path / "daemon")) as listening:
        yield listening


class Daemon:
    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(5)
        self.socket.bind(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def receive(self):
        return self.socket.recv(1 << 20)


@pytest.fixture
def attach():
    """Adds observers, and closes them after the test."""
    added = []

    def add(observer):
        log.addObserver(observer.emit)
        added.append(observer)
        return observer

    yield add
    for observer in added:
        log.removeObserver(observer.emit)
        observer.outbox.close()


def fields(message):
    """A message to the journal, read as the journal does."""
    found = {}
    while message:
        line, _, message = message.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            (size,) = struct.unpack("<Q", message[:8])
            value, message = message[8 : 8 + size], message[8 + size + 1 :]
        found[name.decode()] = value.decode()
    return found


def test_syslog_gets_lines_with_priority_name_and_process(daemon, attach):
    attach(syslog.SyslogObserver("tea", address=daemon.path))
    log.msg("hello", system="kitchen", time=0.0)
    received = daemon.receive().decode()
    assert received.startswith(f"<{8 + 6}>")  # user.info
    stamp, _, rest = received[4:].partition(f" tea[{os.getpid()}]: ")
    assert stamp[:3] in ("Jan", "Dec") and len(stamp) == len("Jan  1 00:00:00")
    assert rest == "[kitchen] hello"


def test_an_error_is_many_lines_of_syslog_the_later_ones_indented(daemon, attach, logged_errors):
    attach(syslog.SyslogObserver("tea", facility=syslog.LOG_DAEMON, address=daemon.path))
    log.err(ValueError("too hot"), "why")
    lines = [daemon.receive().decode() for _ in range(2)]
    assert lines[0].startswith(f"<{24 + 3}>") and lines[0].endswith("]: [-] why")  # daemon.err
    assert lines[1].endswith("]: \tValueError: too hot")
    assert logged_errors.flush(ValueError)


def test_an_event_may_have_its_own_facility_and_priority(daemon, attach):
    attach(syslog.SyslogObserver("tea", address=daemon.path))
    log.msg("x", syslogFacility=9 << 3, syslogPriority=1)
    assert daemon.receive().startswith(b"<73>")


def test_a_long_line_comes_in_pieces_that_break_no_character(daemon, attach):
    attach(syslog.SyslogObserver("tea", address=daemon.path))
    log.msg("ä" * 3000)
    pieces = [daemon.receive() for _ in range(3)]
    assert max(map(len, pieces)) <= syslog.LONGEST
    texts = [piece.decode().split("]: ", 1)[1].lstrip("\t").removeprefix("[-] ") for piece in pieces]
    assert "".join(texts) == "ä" * 3000


def test_syslog_elsewhere_gets_rfc_5424_over_udp(attach):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
        far.bind(("127.0.0.1", 0))
        far.settimeout(5)
        attach(syslog.SyslogObserver("tea", address=far.getsockname()))
        log.msg("again")
        code, stamp, host, name, process, *rest = far.recv(4096).decode().split(" ")
    assert code == "<14>1"
    assert stamp[10] == "T" and host == socket.gethostname()
    assert (name, process, rest) == ("tea", str(os.getpid()), ["-", "-", "[-]", "again"])


def test_startLogging_to_a_syslog_that_is_not_there_names_it():
    with pytest.raises(FileNotFoundError, match="/missing/log"):
        syslog.SyslogObserver("tea", address="/missing/log")


def test_the_journal_gets_fields(daemon, attach):
    attach(journal.JournalObserver("tea", daemon.path))
    log.msg("two\nlines", system="kitchen", cup=3, _odd_9="kept", über=1)
    found = fields(daemon.receive())
    assert found["MESSAGE"] == "two\nlines"
    assert (found["PRIORITY"], found["SYSLOG_IDENTIFIER"], found["REACTOR_SYSTEM"]) == ("6", "tea", "kitchen")
    assert (found["CUP"], found["ODD_9"], found["BER"]) == ("3", "kept", "1")
    assert found["SYSLOG_PID"] == str(os.getpid())


def test_the_journal_gets_the_type_of_an_exception(daemon, attach, logged_errors):
    attach(journal.JournalObserver("tea", daemon.path))
    log.err(ValueError("too hot"), "why")
    found = fields(daemon.receive())
    assert (found["PRIORITY"], found["EXCEPTION_TYPE"]) == ("3", "builtins.ValueError")
    assert found["MESSAGE"] == "why\nValueError: too hot"
    assert logged_errors.flush(ValueError)


@pytest.mark.skipif(sys.platform != "linux", reason="memory files, like the journal, are Linux's")
def test_a_message_too_big_for_a_datagram_comes_as_a_sealed_file(daemon, attach):
    import fcntl

    observer = attach(journal.JournalObserver("tea", daemon.path))
    log.msg("x" * 3_000_000)
    data, [fd], *_ = socket.recv_fds(daemon.socket, 1024, 4)
    assert data == b"" and len(observer.outbox) == 0
    with open(fd, "rb") as file:
        seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
        assert fcntl.fcntl(file, fcntl.F_GET_SEALS) == seals
        file.seek(0)
        assert fields(file.read())["MESSAGE"] == "x" * 3_000_000


def test_what_a_slow_daemon_does_not_take_waits_and_arrives_in_order(daemon):
    outbox = Outbox(daemon.path, lambda to, message: to.send(message), lambda lost: b"lost %d" % lost)
    sent = [b"%d" % number for number in range(500)]
    for message in sent:
        outbox.post(message)
    assert len(outbox) > 0  # its queue is full; nobody waited for it
    received = []
    while len(received) < len(sent):
        received.append(daemon.receive())
        outbox.flush(0)
    outbox.close()
    assert received == sent


def test_when_too_much_waits_the_number_of_the_lost_is_told(daemon):
    outbox = Outbox(daemon.path, lambda to, message: to.send(message), lambda lost: b"lost %d" % lost, at_most=5)
    for number in range(1000):
        outbox.post(b"%d" % number)
    received = []
    while len(outbox):
        received.append(daemon.receive())
        outbox.flush(0)
    outbox.close()
    daemon.socket.setblocking(False)
    while True:
        try:
            received.append(daemon.receive())
        except BlockingIOError:
            break
    [note] = [message for message in received if message.startswith(b"lost")]
    assert int(note.split()[1]) == 1000 - (len(received) - 1)


def test_the_journal_and_syslog_are_told_each_in_its_way_how_much_was_lost(daemon):
    for observer in (journal.JournalObserver("tea", daemon.path), syslog.SyslogObserver("tea", address=daemon.path)):
        observer.outbox._at_most = 5
        for _ in range(1000):
            observer.emit({"message": ("hello",), "time": 0.0, "system": "-", "isError": 0})
        received = []
        while len(observer.outbox):
            received.append(daemon.receive())
            observer.outbox.flush(0)
        observer.outbox.close()
        daemon.socket.settimeout(0)
        with suppress(BlockingIOError):
            while True:
                received.append(daemon.receive())
        daemon.socket.settimeout(5)
        [note] = [message for message in received if b"messages were lost" in message]
        assert b"%d messages were lost" % (1000 - (len(received) - 1)) in note and b"tea" in note


def test_a_daemon_that_begins_again_gets_what_was_logged_meanwhile(daemon, attach):
    observer = attach(syslog.SyslogObserver("tea", address=daemon.path))
    daemon.socket.close()
    log.msg("while it was away")
    os.unlink(daemon.path)
    log.msg("and its socket too")
    assert len(observer.outbox) == 2
    with Daemon(daemon.path) as again:
        log.msg("now")
        received = [again.receive().decode().split("[-] ")[1] for _ in range(3)]
    assert received == ["while it was away", "and its socket too", "now"]


def test_a_message_that_can_never_be_sent_keeps_none_of_the_others(daemon):
    def send(to, message):
        if message == b"bad":
            raise OSError(errno.EMSGSIZE, "too long")
        to.send(message)

    outbox = Outbox(daemon.path, send, lambda lost: b"")
    outbox.post(b"bad")
    outbox.post(b"good")
    assert daemon.receive() == b"good"
    outbox.close()


def test_what_waits_is_sent_at_the_programs_end(daemon):
    """The program fills the daemon's queue, is through, and must wait for the test, which reads only then."""
    source = f"""
from reactor import log, syslog
observer = syslog.SyslogObserver("tea", address={daemon.path!r})
log.addObserver(observer.emit)
for number in range(100):
    log.msg(number)
print(len(observer.outbox), flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as program:
        waiting = int(program.stdout.readline())
        received = [daemon.receive().decode().split("[-] ")[1] for _ in range(100)]
        assert program.wait(10) == 0
    assert waiting > 0
    assert received == [str(number) for number in range(100)]


def test_flushing_waits_for_a_slow_daemon_until_all_is_sent(daemon):
    outbox = Outbox(daemon.path, lambda to, message: to.send(message), lambda lost: b"")
    for number in range(100):
        outbox.post(b"%d" % number)
    waited = len(outbox)
    received = []
    reader = threading.Thread(target=lambda: received.extend(daemon.receive() for _ in range(100)))
    reader.start()
    is_sent = outbox.flush(30)
    reader.join()
    outbox.close()
    assert waited > 0 and is_sent and len(received) == 100


@pytest.mark.parametrize(
    ("level", "code"), [("CRITICAL", 2), ("ERROR", 3), ("WARNING", 4), ("INFO", 6), ("DEBUG", 7), ("NOTSET", 7)]
)
def test_levels_of_logging_have_the_numbers_of_syslog(level, code):
    assert journal.priority({"logLevel": getattr(logging, level)}) == code
