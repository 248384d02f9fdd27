"""Messages that end with a mark: lines, as in SMTP, IRC, HTTP's headers and much that users type."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from reactor.protocol import Protocol
from reactor.protocols.basic.buffer import InputBuffer
from reactor.protocols.basic.closing_politely import refuse
from reactor.protocols.basic.outgoing import check_bytes
from reactor.protocols.basic.pausing import Pausing


class LineReceiver(Protocol, Pausing):
    """Receives lines and, after `setRawMode`, raw bytes.

    HTTP is the pattern: headers are lines, the body is not. `setRawMode` changes to `rawDataReceived`, `setLineMode`
    back to `lineReceived`.

    delimiter: what ends a line; at least one byte. It may change between lines.
    MAX_LENGTH: how long a line may be, in bytes, without its delimiter. See `lineLengthExceeded`.
    line_mode: whether lines are received now.

    `startTLS` discards the plain text that waits: an attacker may have put it there. Bytes that begin as TLS does are
    TLS's. (Twisted passes all of it on; there a protocol that speaks STARTTLS must call `clearLineBuffer`.)
    """

    delimiter: bytes = b"\r\n"
    MAX_LENGTH: int = 16384
    line_mode: int = 1
    __is_delivering = False

    @cached_property
    def __waiting(self) -> InputBuffer:
        return InputBuffer()

    # --- override these

    def lineReceived(self, line: bytes) -> object:
        """A line came, given without its delimiter."""
        raise NotImplementedError

    def rawDataReceived(self, data: bytes) -> object:
        """Bytes came in raw mode, at least one, cut anywhere. Pass those that you don't want to `setLineMode(rest)`."""
        raise NotImplementedError

    def lineLengthExceeded(self, line: bytes) -> object:
        """A line is longer than MAX_LENGTH; closes the connection, unless you override it.

        line: all that waited: the line, or the beginning of it, and what came after it. It is discarded, except what
        you give to `setLineMode`.
        """
        _refuse(self)
        return None

    # --- call these

    def sendLine(self, line: bytes) -> None:
        """Send a line, given without its delimiter. Raises TypeError for text."""
        check_bytes("sendLine", line)
        self.transport.write(line + self.delimiter)

    def setRawMode(self) -> None:
        """From now on pass all bytes to `rawDataReceived`, beginning with those after the current line."""
        self.line_mode = 0

    def setLineMode(self, extra: bytes = b"") -> object:
        """From now on receive lines.

        extra: what `rawDataReceived` got and didn't want; the lines begin there. Omit it inside `lineReceived`.
        """
        self.line_mode = 1
        return self.dataReceived(extra) if extra else None

    def clearLineBuffer(self) -> bytes:
        """Discard what waits to become a line. Returns it."""
        return self.__waiting.take(len(self.__waiting))

    # --- called by the transport

    def dataReceived(self, data: bytes) -> Any:
        """Pass on all lines that are complete now. Inside one of its own handlers it only keeps the bytes."""
        if self.__is_delivering:
            self.__waiting += data
            return None
        self.__waiting.forget_plaintext(self.transport)
        self.__waiting += data
        self.__is_delivering = True
        try:
            return self.__deliver()
        finally:
            self.__is_delivering = False

    def __deliver(self) -> object:
        """Pass on what is complete, until a handler pauses, closes, or returns a true value, which is then returned."""
        waiting = self.__waiting
        while waiting and not self.paused:
            if not self.line_mode:
                stop = self.rawDataReceived(self.clearLineBuffer())
            else:
                size = waiting.find_end(self.delimiter)
                if size < 0 and len(waiting) < self.MAX_LENGTH + len(self.delimiter):
                    return None
                if not 0 <= size <= self.MAX_LENGTH:
                    stop = self.lineLengthExceeded(self.clearLineBuffer())
                else:
                    stop = self.lineReceived(waiting.take(size, skip=len(self.delimiter)))
                stop = stop or (self.transport and self.transport.disconnecting)
            if stop:
                return stop
            waiting.forget_plaintext(self.transport)
        return None


class LineOnlyReceiver(Protocol):
    """Receives lines only: no raw mode, no pausing, less work for each line.

    delimiter, MAX_LENGTH: as for LineReceiver. (Twisted counts the first bytes of a delimiter as the line's if they
    come alone, so that a line of exactly MAX_LENGTH passes or not, depending on the network. Here it passes.)
    `startTLS` discards the lines that wait, as in LineReceiver.
    """

    delimiter: bytes = b"\r\n"
    MAX_LENGTH: int = 16384

    @cached_property
    def __waiting(self) -> InputBuffer:
        return InputBuffer()

    def lineReceived(self, line: bytes) -> object:
        """A line came, given without its delimiter."""
        raise NotImplementedError

    def lineLengthExceeded(self, line: bytes) -> object:
        """A line is longer than MAX_LENGTH; closes the connection. An override that doesn't is called again and again.

        line: what has come of it. Lines that came after it in the same piece are lost.
        """
        _refuse(self)
        return None

    def sendLine(self, line: bytes) -> None:
        """Send a line, given without its delimiter."""
        check_bytes("sendLine", line)
        self.transport.writeSequence((line, self.delimiter))

    def dataReceived(self, data: bytes) -> Any:
        """Pass on all lines that are complete now."""
        self.__waiting.forget_plaintext(self.transport)
        self.__waiting += data
        lines = iter(self.__waiting.take_lines(self.delimiter))
        for line in lines:
            if self.transport.disconnecting:
                return None
            if len(line) > self.MAX_LENGTH:
                return self.lineLengthExceeded(line)
            self.lineReceived(line)
            if self.__waiting.is_outdated(self.transport):
                self.__waiting[:0] = self.delimiter.join((*lines, b""))
                self.__waiting.forget_plaintext(self.transport)
                return None
        if len(self.__waiting) >= self.MAX_LENGTH + len(self.delimiter):
            return self.lineLengthExceeded(bytes(self.__waiting))
        return None


def _refuse(receiver: LineReceiver | LineOnlyReceiver) -> None:
    limit = receiver.MAX_LENGTH
    refuse(receiver, f"a line of more than {limit} bytes; set MAX_LENGTH, or override lineLengthExceeded, to take it")
