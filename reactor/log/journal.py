"""Events for systemd's journal, in its native protocol, with all their details as fields.

A message is one datagram to /run/systemd/journal/socket, one field after another (systemd: JOURNAL_NATIVE_PROTOCOL):

    field = NAME "=" value LF                  when the value has no line feed
          / NAME LF length value LF            when it has; length: 8 bytes, little-endian

A message that is too big for a datagram is written to a sealed memory file, whose descriptor is sent instead.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

from reactor.log.events import Event, failure_of, level, safely, textFromEventDict
from reactor.log.jsonlines import SAID_ALREADY
from reactor.log.outbox import Outbox

JOURNAL = "/run/systemd/journal/socket"

PRIORITIES = ((50, 2), (40, 3), (30, 4), (20, 6), (0, 7))
"""Levels of `logging`, and the numbers that syslog.h has for them: crit, err, warning, info, debug."""


def priority(event: Event) -> int:
    """How much an event matters, on the scale of syslog and the journal: 0 is most, 7 least."""
    number = level(event)
    return next((code for at_least, code in PRIORITIES if number >= at_least), 7)


class JournalObserver:
    """Sends every event to the journal. Raises OSError when no journal runs.

    identifier: the name of the program in the journal; `journalctl -t NAME` finds it.
    """

    def __init__(self, identifier: str, path: str = JOURNAL) -> None:
        self.identifier = identifier
        self.outbox = Outbox(path, send, self._lost)

    def emit(self, event: Event) -> None:
        """Send one event. This is the observer; it never waits."""
        self.outbox.post(encode(dict(self._fields(event))))

    __call__ = emit

    def _fields(self, event: Event) -> Iterator[tuple[str, str]]:
        for key, value in event.items():
            if key not in SAID_ALREADY and (name := field_name(key)):
                yield name, value if isinstance(value, str) else safely(repr, value)
        yield "MESSAGE", textFromEventDict(event)
        yield "PRIORITY", str(priority(event))
        yield "SYSLOG_IDENTIFIER", self.identifier
        yield "SYSLOG_PID", str(os.getpid())
        yield "REACTOR_SYSTEM", safely(str, event.get("system", "-"))
        if (failure := failure_of(event)) is not None:
            yield "EXCEPTION_TYPE", f"{failure.type.__module__}.{failure.type.__qualname__}"

    def _lost(self, count: int) -> bytes:
        text = f"{count} messages were lost: the journal didn't take them in time"
        return encode({"MESSAGE": text, "PRIORITY": "4", "SYSLOG_IDENTIFIER": self.identifier})


def field_name(key: str) -> str:
    """A name as the journal allows it: at most 64 capitals, digits and `_`; "" if no character is left."""
    kept = "".join(c if c.isascii() and c.isalnum() else "_" for c in key.upper())
    return kept.lstrip("_0123456789")[:64]


def encode(fields: dict[str, str]) -> bytes:
    """These fields as one message."""
    return b"".join(_field(name.encode(), value.encode("utf-8", "replace")) for name, value in fields.items())


def _field(name: bytes, value: bytes) -> bytes:
    if b"\n" not in value:
        return name + b"=" + value + b"\n"
    return name + b"\n" + len(value).to_bytes(8, "little") + value + b"\n"


def send(journal: socket.socket, message: bytes) -> None:
    """Send a message as a datagram, or by descriptor if it is too big for one. Raises OSError."""
    try:
        journal.send(message)
    except OSError as problem:
        if problem.errno != errno.EMSGSIZE or sys.platform != "linux":
            raise
        with os.fdopen(_memory_file(), "wb", buffering=0) as file:
            _fill(file, message)
            socket.send_fds(journal, [], [file.fileno()])


def _memory_file() -> int:
    assert sys.platform == "linux"
    return os.memfd_create("journal", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)


def _fill(file: Any, message: bytes) -> None:
    """Write the message, and seal the file against changes: the journal reads no files that are not sealed."""
    import fcntl

    rest = memoryview(message)
    while rest:
        rest = rest[file.write(rest) :]
    seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, seals)
