"""HTTP for servers, below sites and resources: requests, channels, and the factory with its limits.

class Hello(Request):
    def process(self):
        self.write(b"hello")
        self.finish()

reactor.listenTCP(8080, HTTPFactory(requestFactory=Hello))
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import IO, Any

from reactor import log
from reactor.default import the_reactor
from reactor.protocol import Protocol, ServerFactory
from reactor.web.access_log import combinedLogFormatter
from reactor.web.channel import HTTPChannel
from reactor.web.conditional import precondition, range_is_wanted
from reactor.web.dates import datetimeToLogString, datetimeToString, stringToDatetime
from reactor.web.forms import parse_qs, unquote
from reactor.web.http_headers import Headers
from reactor.web.reading import BadRequest
from reactor.web.request import Request
from reactor.web.status import *  # noqa: F403  # the codes, which programs know as http.NOT_FOUND
from reactor.web.status import RESPONSES, SERVICE_UNAVAILABLE

__all__ = [
    "RESPONSES",
    "BadRequest",
    "HTTPChannel",
    "HTTPFactory",
    "Headers",
    "Request",
    "combinedLogFormatter",
    "datetimeToLogString",
    "datetimeToString",
    "parse_qs",
    "precondition",
    "range_is_wanted",
    "stringToDatetime",
    "unquote",
]


class _Full(Protocol):
    """Tells one client too many to come back later."""

    def connectionMade(self) -> None:
        self.transport.write(
            b"HTTP/1.1 %d %b\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
            % (SERVICE_UNAVAILABLE, RESPONSES[SERVICE_UNAVAILABLE])
        )
        self.transport.loseConnection()


class HTTPFactory(ServerFactory):
    """Makes the channel for each connection, and says how much of everything a client may take.

    requestFactory: called with the channel for each request. logPath: where the access log is to be, if in a file;
        else it goes to `reactor.log`. logFormatter: makes a line of it: see `combinedLogFormatter`.
    timeOut: seconds that a connection may be idle; None for ever. reactor: its clock; the connection's if left out.

    The rest is limits; set them on the factory.
    headerTimeout: seconds from the first byte of a request to the end of its head. maxHeaderBytes: of that head.
    maxBodyBytes: of a body. minimumRate: bytes a second that must come of a body, or be taken of an answer; looked at
        every `timeOut` seconds. lingerTimeout: seconds for a client to hear that it was refused.
    maxConnections: at the same time; who comes then is told so (503). None for as many as come.
    """

    headerTimeout = 30.0
    maxHeaderBytes = 16 * 1024
    maxBodyBytes = 16 * 1024 * 1024
    minimumRate = 100
    lingerTimeout = 5.0
    maxConnections: int | None = None

    def __init__(
        self,
        logPath: str | bytes | os.PathLike[str] | None = None,
        timeout: float | None = 60,
        logFormatter: Callable[[str, Request], str] | None = None,
        reactor: Any = None,
        requestFactory: Callable[[HTTPChannel], Request] = Request,
    ) -> None:
        self.logPath = logPath
        self.timeOut = timeout
        self.requestFactory = requestFactory
        self.logFile: IO[str] | None = None
        self.connections = 0
        self._formatter = logFormatter
        self._reactor = reactor

    def clock_of(self, transport: Any) -> Any:
        """What counts the seconds for a connection."""
        return the_reactor(self._reactor or getattr(transport, "reactor", None))

    def buildProtocol(self, addr: Any) -> Any:
        """A channel, or who says that there are too many."""
        if self.maxConnections is not None and self.connections >= self.maxConnections:
            return _Full()
        self.connections += 1
        channel = HTTPChannel()
        channel.factory = self
        return channel

    def channel_lost(self) -> None:
        """One connection less. Called by its channel."""
        self.connections -= 1

    # --- the access log

    def startFactory(self) -> None:
        """Open the access log, if it is to be in a file."""
        if self.logPath is not None and self.logFile is None:
            self.logFile = self._openLogFile(self.logPath)

    def stopFactory(self) -> None:
        """Close it."""
        if self.logPath is not None and self.logFile is not None:
            self.logFile.close()
            self.logFile = None

    def _openLogFile(self, path: str | bytes | os.PathLike[str]) -> IO[str]:
        return open(path, "a", encoding="ascii", buffering=1)

    def reopenLog(self) -> None:
        """Write on to a new file: for when the old one was moved away. Nothing to do without a log of our own."""
        if self.logFile is not None and self.logPath is not None:
            new = self._openLogFile(self.logPath)
            self.logFile.close()
            self.logFile = new

    def log(self, request: Request) -> None:
        """Note one answer. Called by the request, when its answer is complete or was cut."""
        if self.logFile is None and not log.isHeard():
            return
        line = (self._formatter or combinedLogFormatter)(datetimeToLogString(), request)
        if self.logFile is None:
            log.msg(line, system="web")
            return
        try:
            self.logFile.write(line + "\n")
        except OSError:  # a full disk is no reason to stop serving
            log.err(None, f"writing to the access log {self.logPath!r}")
