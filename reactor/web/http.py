"""HTTP for servers, without sites and resources: requests, channels, and the factory with its limits.

class Hello(Request):
    def process(self):
        self.write(b"hello")
        self.finish()

reactor.listenTCP(8080, HTTPFactory(requestFactory=Hello))
"""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BufferedIOBase, RawIOBase
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
    """Tells a client that came while the server was full to come back later."""

    def connectionMade(self) -> None:
        self.transport.write(
            b"HTTP/1.1 %d %b\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
            % (SERVICE_UNAVAILABLE, RESPONSES[SERVICE_UNAVAILABLE])
        )
        self.transport.loseConnection()


class HTTPFactory(ServerFactory):
    """Makes a channel for each connection, and says how much of everything a client may take.

    requestFactory: makes each request; it is called with the channel. logPath: the file for the access log; without
        one its lines go to `reactor.log`. logFormatter: makes a line, as `combinedLogFormatter` does.
    logFile: the open access log, or one of the program's own, of text or of bytes; None while there is none.
    logOpener: how `logPath` is opened, as the `opener` of `open`; set it on the factory.
    timeOut: seconds that a connection may be idle; None for ever. reactor: its clock; the connection's if left out.

    The rest are limits; set them on the factory.
    headerTimeout: seconds from the first byte of a request to the end of its head. maxHeaderBytes: of that head.
    maxBodyBytes: of a body. minimumRate: bytes a second that the client must send of a body, and take of an answer;
        checked every `timeOut` seconds. lingerTimeout: seconds that a refused client has to read why.
    maxConnections: at the same time; a client above that is told to come back later (503). None for no limit.
    """

    headerTimeout = 30.0
    maxHeaderBytes = 16 * 1024
    maxBodyBytes = 16 * 1024 * 1024
    minimumRate = 100
    lingerTimeout = 5.0
    maxConnections: int | None = None
    logOpener: Callable[[str, int], int] | None = None

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
        self.logFile: IO[Any] | None = None
        self.connections = 0
        self._formatter = logFormatter
        self._reactor = reactor

    def clock_of(self, transport: Any) -> Any:
        """The clock of a connection's timers."""
        return the_reactor(self._reactor or getattr(transport, "reactor", None))

    def buildProtocol(self, addr: Any) -> Any:
        """A channel; a protocol that answers 503 when there are too many."""
        if self.maxConnections is not None and self.connections >= self.maxConnections:
            return _Full()
        self.connections += 1
        channel = HTTPChannel()
        channel.factory = self
        return channel

    def channel_lost(self) -> None:
        """There is one connection less. Called by its channel."""
        self.connections -= 1

    # --- the access log

    def startFactory(self) -> None:
        """Open the access log if it has a file. Called by the first port that listens with this factory."""
        if self.logPath is not None and self.logFile is None:
            self.logFile = self._openLogFile(self.logPath)

    def stopFactory(self) -> None:
        """Close the access log. Called by the last port."""
        if self.logPath is not None and self.logFile is not None:
            self.logFile.close()
            self.logFile = None

    def _openLogFile(self, path: str | bytes | os.PathLike[str]) -> IO[str]:
        return open(path, "a", encoding="utf-8", errors="backslashreplace", buffering=1, opener=self.logOpener)

    def reopenLog(self) -> None:
        """Go on in a new file, because a log rotator moved the old one away. Does nothing if the log has no file."""
        if self.logFile is not None and self.logPath is not None:
            new = self._openLogFile(self.logPath)
            self.logFile.close()
            self.logFile = new

    def log(self, request: Request) -> None:
        """Write the line for one answer. Called by the request, when its answer is complete or was cut.

        Raises nothing: a broken formatter or a full disk is for `reactor.log` to report, and no reason to stop serving.
        """
        file = self.logFile
        if file is None and not log.isHeard():
            return
        try:
            line = (self._formatter or combinedLogFormatter)(datetimeToLogString(), request)
            if file is None:
                log.msg(line, system="web")
            elif isinstance(file, RawIOBase | BufferedIOBase):  # the program's own, of bytes
                file.write((line + "\n").encode("utf-8", "backslashreplace"))
            else:
                file.write(line + "\n")
        except KeyboardInterrupt:
            raise
        except BaseException:
            log.err(None, f"writing a line of the access log {self.logPath or file!r} for {request!r}")
