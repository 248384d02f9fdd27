"""A server's session in lines, as in POP3 and NNTP: one command at a time, and texts that are as long as letters.

While a command waits for its store, or the client doesn't take what was written, no further command is read: to the
client's commands this protocol is the producer, and the transport pauses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import Any

from reactor.defer import Deferred, ensureDeferred, fail
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.basic.dotted import DottedReceiver, DottedWriter
from reactor.protocols.basic.files import FileSender
from reactor.protocols.policies.timeouts import TimeoutMixin

PIECE = 2**14  # bytes of a text in memory at a time


class TextOfPieces:
    """A text that is made while it is sent: a file, to `read` from. pieces: bytes, such as lines with their ends."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def read(self, size: int) -> bytes:
        """The next pieces, about so many bytes together; b"" at the end."""
        found = []
        while size > 0 and (piece := next(self._pieces, None)) is not None:
            found.append(piece)
            size -= len(piece)
        return b"".join(found)

    def close(self) -> None:
        """Nothing is open."""


class Conversation(DottedReceiver, TimeoutMixin):
    """Lines in, replies out. `answer` decides what a line is.

    mostBytes: of a text that a client sends. A longer one is read to its end, and thrown away.
    """

    mostBytes = 2**20
    _is_busy = _is_full = _is_gone = _is_skipping = False
    _text: Deferred[tuple[bytes, int]] | None = None  # of receiveText, while the text comes

    async def answer(self, line: bytes) -> None:
        """Do what a line asks for, and reply to it."""
        raise NotImplementedError

    def explain(self, failure: Failure) -> None:
        """Reply to a command with what went wrong in it."""
        raise NotImplementedError

    def lineTooLong(self) -> None:
        """Reply to a line of more than MAX_LENGTH bytes. It is read to its end, and thrown away."""
        raise NotImplementedError

    def connectionMade(self) -> None:
        """Begin. Call this from an override."""
        self.transport.registerProducer(self, True)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End. Call this from an override."""
        self._is_gone = True
        self.setTimeout(None)
        text, self._text = self._text, None
        if text is not None:
            text.errback(reason)

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
        waits = self._is_busy and self._text is None
        if self.paused and not (waits or self._is_full or self._is_gone):
            super().resumeProducing()

    def lineReceived(self, line: bytes) -> None:
        """Answer it, and the next one afterwards."""
        self.resetTimeout()
        self._is_busy = True
        ensureDeferred(self.answer(line)).addErrback(self._explained).addBoth(self._answered)
        self._hold_if_busy()

    def _hold_if_busy(self) -> None:
        if self._is_busy and self._text is None:
            self._hold()

    def _explained(self, failure: Failure) -> None:
        if not self._is_gone:
            self.explain(failure)

    def _answered(self, _: Any) -> None:
        self._is_busy = False
        self._go_on()

    def lineLengthExceeded(self, line: bytes) -> None:
        """Answer, and skip to the end of the line."""
        self.lineTooLong()
        self._is_skipping = True
        self.setRawMode()
        self.rawDataReceived(line)

    def rawDataReceived(self, data: bytes) -> object:
        """The rest of a line that is too long, or a text."""
        if not self._is_skipping:
            return super().rawDataReceived(data)
        _, end, rest = data.partition(b"\n")
        if end and not self.transport.disconnecting:
            self._is_skipping = False
            self.setLineMode(rest)
        return None

    # --- texts

    def receiveText(self) -> Deferred[tuple[bytes, int]]:
        """Take a text, whose first line is the next to come; for a command that is being answered.

        Returns a Deferred of it, or of its first bytes if it has more than mostBytes; and of how many CR or LF in it
        were no end of a line. It fails as the connection.
        """
        if self._is_gone:
            return fail(ConnectionError("the client has gone"))
        self._pieces: list[bytes] = []
        self._size = 0
        self._text = Deferred()
        self.beginText()
        text = self._text
        self._go_on()
        return text

    def textReceived(self, data: bytes) -> None:
        """Keep a part of it."""
        self.resetTimeout()
        if self._size <= self.mostBytes:
            self._pieces.append(data)
        self._size += len(data)

    def textEnded(self, bare: int) -> None:
        """Hand it over."""
        text, self._text = self._text, None
        pieces, self._pieces = self._pieces, []
        assert text is not None
        text.callback((b"".join(pieces), bare))
        self._hold_if_busy()

    async def sendText(self, file: Any) -> None:
        """Send what `file.read` gives, and the dot; a piece whenever the client has taken the one before."""
        writer = DottedWriter(self.transport)
        with closing(file):
            writer.write(file.read(PIECE))
            if piece := file.read(PIECE):  # most texts are over by then
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
