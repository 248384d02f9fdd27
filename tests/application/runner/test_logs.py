"""Where the log of reactord goes, when another process keeps it."""

import socket
from functools import partial

import pytest

from reactor import log
from reactor.application.runner import logs, options


@pytest.mark.parametrize(
    ("flag", "observer", "address", "said"),
    [
        ("--journal", "JournalObserver", "path", [b"MESSAGE=hello\n", b"SYSLOG_IDENTIFIER=echo\n"]),
        ("--syslog", "SyslogObserver", "address", [b"echo[", b"hello"]),
    ],
)
def test_another_process_gets_what_is_logged(tmp_path, monkeypatch, flag, observer, address, said):
    place = str(tmp_path / "socket")
    monkeypatch.setattr(logs, observer, partial(getattr(logs, observer), **{address: place}))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as keeper:
        keeper.bind(place)
        chosen = logs.start(options.parse(["-y", "app.py", flag, "--prefix", "echo"]))
        assert chosen.outbox is not None and chosen.file is None
        try:
            log.msg("hello")
        finally:
            chosen.close()
        keeper.setblocking(False)
        sent = next(message for message in iter(partial(keeper.recv, 10_000), None) if b"hello" in message)
    assert all(part in sent for part in said)
