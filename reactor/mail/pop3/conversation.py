"""A session of POP3 as lines: when to read the next one, what an error says, and texts that are as long as letters.

While a command waits for its mailbox, or the client doesn't take what was written, no further command is read: to the
client's commands this protocol is the producer, and the transport pauses it.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

from reactor import log
from reactor.cred.error import LoginDenied, LoginFailed
from reactor.defer import ensureDeferred
from reactor.failure import Failure
from reactor.mail.pop3.wire import NoSuchMessage, POP3Error, one_line
from reactor.protocol import connectionDone
from reactor.protocols.basic import DottedWriter, FileSender, LineReceiver
from reactor.protocols.policies import TimeoutMixin

PIECE = 2**14  # bytes of a letter in memory at a time


class Conversation(LineReceiver, TimeoutMixin):
    """Lines in, responses out. `answer` decides what a line is."""

    MAX_LENGTH = 255  # RFC 2449, section 4
    mostErrors = 5
    _is_busy = _is_full = _is_gone = False
    _errors = 0

    async def answer(self, line: bytes) -> None:
        """Do what a line asks for. Raises POP3Error for what can't be done."""
        raise NotImplementedError

    def connectionMade(self) -> None:
        """Begin. Call this from an override."""
        self.transport.registerProducer(self, True)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End. Call this from an override."""
        self._is_gone = True
        self.setTimeout(None)

    def timeoutConnection(self) -> None:
        """Time is up. What a client doesn't take isn't waited for."""
        self.transport.abortConnection()

    # --- when to read on

    def pauseProducing(self) -> None:
        """The client doesn't take what was written."""
        self._is_full = True
        self._hold()

    def resumeProducing(self) -> None:
        """It has taken all."""
        self._is_full = False
        self.resetTimeout()
        self._go_on()

    def stopProducing(self) -> None:
        """The connection closes; `connectionLost` comes."""

    def _hold(self) -> None:
        if not self.paused:
            super().pauseProducing()

    def _go_on(self) -> None:
        if self.paused and not (self._is_busy or self._is_full or self._is_gone):
            super().resumeProducing()

    def lineReceived(self, line: bytes) -> None:
        """Answer it, and the next one afterwards."""
        self.resetTimeout()
        self._is_busy = True
        ensureDeferred(self.answer(line)).addErrback(self.explain).addBoth(self._answered)
        if self._is_busy:
            self._hold()

    def _answered(self, _: Any) -> None:
        self._is_busy = False
        self._go_on()

    def lineLengthExceeded(self, line: bytes) -> None:
        """Answer, and skip to the end of the line."""
        self.explain(Failure(POP3Error(f"a line has at most {self.MAX_LENGTH} bytes")))
        self.setRawMode()
        self.rawDataReceived(line)

    def rawDataReceived(self, data: bytes) -> None:
        """The rest of a line that is too long."""
        _, end, rest = data.partition(b"\n")
        if end and not self.transport.disconnecting:
            self.setLineMode(rest)

    # --- what to say

    def successResponse(self, message: bytes | str = b"") -> None:
        """Say that it went well."""
        self._errors = 0
        self.sendLine((b"+OK " + one_line(message)).rstrip())

    def failResponse(self, message: bytes | str = b"", code: bytes = b"") -> None:
        """Say that it didn't. code: one of RFC 2449's and 3206's, which programs understand, such as b"IN-USE"."""
        self.sendLine(b"-ERR " + (b"[" + code + b"] " if code else b"") + one_line(message))

    def explain(self, failure: Failure) -> None:
        """Say what went wrong, as far as it is the client's business; log the rest. Too many errors end the session."""
        problem = failure.value
        if isinstance(problem, POP3Error):
            self._errors += not isinstance(problem, NoSuchMessage)
            self.failResponse(str(problem))
            if self._errors >= self.mostErrors:
                self.transport.loseConnection()
        elif isinstance(problem, LoginDenied):
            self.failResponse("not now", getattr(problem, "code", b"SYS/TEMP"))
        elif isinstance(problem, LoginFailed):
            self.failResponse("this name and password let nobody in", b"AUTH")
        else:
            log.err(failure, "a command of POP3")
            self.failResponse("something went wrong here", b"SYS/TEMP" if isinstance(problem, OSError) else b"SYS/PERM")

    async def sendText(self, file: Any) -> None:
        """Send what `file.read` gives, and the dot; a piece whenever the client has taken the one before."""
        writer = DottedWriter(self.transport)
        with closing(file):
            writer.write(file.read(PIECE))
            if piece := file.read(PIECE):  # most letters are over by then
                writer.write(piece)
                await self._send_the_rest(file, writer)
        writer.finish()

    async def _send_the_rest(self, file: Any, writer: DottedWriter) -> None:
        self._is_full = False
        self.transport.unregisterProducer()
        try:
            await FileSender().beginFileTransfer(file, writer, self._passing)
        except Exception:
            self._is_gone = True  # the client, in the middle of it; `connectionLost` follows
        else:
            self.transport.registerProducer(self, True)

    def _passing(self, piece: bytes) -> bytes:
        self.resetTimeout()
        return piece
