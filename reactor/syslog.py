"""Events for syslog: the daemon of this machine by its socket, or one elsewhere over UDP.

    syslog.startLogging("myserver")                                     /dev/log
    log.addObserver(SyslogObserver("myserver", address=("loghost", 514)).emit)

The daemon here gets what `syslog(3)` of the C library sends: "<priority>Nov 23 12:00:00 name[pid]: text". One
elsewhere gets RFC 5424, with the year, the time zone and this host's name. Each line of a message is a message of its
own, the later ones indented: syslog keeps lines. Nothing here waits for the daemon (`log/outbox.py`).
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from datetime import datetime

from reactor import log
from reactor.log.characters import on_one_line, visible
from reactor.log.events import Event, moment, safely, textFromEventDict
from reactor.log.journal import priority
from reactor.log.outbox import Outbox

__all__ = ["LOG_DAEMON", "LOG_USER", "SyslogObserver", "startLogging"]

LOG_USER, LOG_DAEMON = 1 << 3, 3 << 3  # the values of the module `syslog`, which doesn't exist on Windows

LONGEST = 2048  # bytes of a datagram; RFC 5424 §6.1: receivers SHOULD take these. Longer lines are cut in pieces
DEVICE = "/var/run/syslog" if sys.platform == "darwin" else "/dev/log"


class SyslogObserver:
    """Sends every event to syslog. Raises OSError when no daemon is there.

    prefix: the program's name. options: accepted because Twisted has it; the process's number is always sent.
    facility: LOG_USER, LOG_DAEMON or another of the module `syslog`; an event may have its own, `syslogFacility`, and
        a `syslogPriority`.
    address: the path of the daemon's socket, or a host and a port.
    """

    def __init__(
        self,
        prefix: str,
        options: int = 0,
        facility: int = LOG_USER,
        address: str | tuple[str, int] = DEVICE,
    ) -> None:
        self.prefix = prefix
        self.facility = facility
        self._head = self._local_head if isinstance(address, str) else self._far_head
        self.outbox = Outbox(address, _send, self._lost)

    def emit(self, event: Event) -> None:
        """Send one event. This is the observer; it never waits."""
        code = _code(event, "syslogFacility", self.facility) | _code(event, "syslogPriority", priority(event))
        head = self._head(code, moment(event))
        system = on_one_line(safely(str, event.get("system", "-")))
        text = f"[{system}] {visible(textFromEventDict(event))}"
        for line in _lines(text, LONGEST - len(head)):
            self.outbox.post(head + line)

    __call__ = emit

    def _local_head(self, code: int, when: float) -> bytes:
        moment = time.localtime(when)
        stamp = f"{_MONTHS[moment.tm_mon - 1]} {moment.tm_mday:2} {time.strftime('%H:%M:%S', moment)}"
        return f"<{code}>{stamp} {self.prefix}[{os.getpid()}]: ".encode()

    def _far_head(self, code: int, when: float) -> bytes:
        # HEADER = PRI VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID, then SP STRUCTURED-DATA
        stamp = datetime.fromtimestamp(when).astimezone().isoformat(timespec="milliseconds")
        return f"<{code}>1 {stamp} {socket.gethostname() or '-'} {self.prefix} {os.getpid()} - - ".encode()

    def _lost(self, count: int) -> bytes:
        return self._head(self.facility | 4, time.time()) + f"{count} messages were lost: syslog was too slow".encode()


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # whatever the locale


def _code(event: Event, name: str, otherwise: int) -> int:
    given = event.get(name)
    return given if isinstance(given, int) and 0 <= given < 24 << 3 else otherwise


def _lines(text: str, longest: int) -> Iterator[bytes]:
    """The lines of a text, those after the first indented, and none longer than that many bytes."""
    for number, line in enumerate(text.split("\n")):
        rest = ("\t" if number else "").encode() + line.encode("utf-8", "replace")
        while len(rest) > longest:
            end = longest
            while rest[end] & 0xC0 == 0x80:  # not in the middle of a character
                end -= 1
            yield rest[:end]
            rest = b"\t" + rest[end:]
        yield rest


def _send(daemon: socket.socket, message: bytes) -> None:
    daemon.send(message)


def startLogging(
    prefix: str = "reactor", options: int = 0, facility: int = LOG_USER, setStdout: bool = True
) -> SyslogObserver:
    """Send everything that is logged to the syslog of this machine, and stop printing errors on standard error.

    setStdout: also send what the program prints. Returns the observer. Raises OSError, naming the socket, when no
    daemon listens there.
    """
    observer = SyslogObserver(prefix, options, facility)
    log.startLoggingWithObserver(observer.emit, setStdout)
    return observer
