"""Text that ends with a dot alone on its line, as in SMTP, POP3 and NNTP: read, and written.

    text = *( line CRLF ) "." CRLF                  a line that begins with a dot is sent with another one in front

Only CRLF "." CRLF ends it. Programs that also believe LF "." LF, or CR alone, disagree with their neighbours about
where a letter ends, and who disagrees can be made to take one letter for two (SMTP smuggling, CVE-2023-51764). So the
reader counts ends of lines that are none and leaves it to its protocol to refuse the text; the writer makes none.
"""

from __future__ import annotations

import re
from typing import Any

from reactor.protocols.basic.lines import LineReceiver

_END = b"\r\n.\r\n"
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


class DottedText:
    """Reads one text, however its bytes are cut. It keeps at most four of them.

    bare: how many CR came without LF, or LF without CR. is_over: whether the end has come. rest: what came after it.
    """

    def __init__(self) -> None:
        self.bare = 0
        self.is_over = False
        self.rest = b""
        self._held = b"\r\n"  # as if a line ended before the text: a dot may be its first byte
        self._before = 2  # how much of that is to be dropped

    def feed(self, data: bytes) -> bytes:
        """The text in these bytes, with the dots taken off. Raises ValueError after the end."""
        if self.is_over:
            raise ValueError(f"the text is over: {data[:40]!r} is no part of it")
        data, self._held = self._held + data, b""
        pieces, begin = [], 0
        while (place := data.find(b"\r\n.", begin)) >= 0:
            pieces.append(data[begin : place + 2])
            after = data[place + 3 : place + 5]
            if after == b"\r\n":
                self.is_over, self.rest = True, data[place + 5 :]
                return self._taken(pieces)
            begin = place + 3
            if b"\r\n".startswith(after):  # nothing, or CR: it may be the end
                self._held = b"\r\n." + after
                pieces[-1] = pieces[-1][:-2]
                return self._taken(pieces)
        last = data[begin:]
        keep = 2 if last.endswith(b"\r\n") else 1 if last.endswith(b"\r") else 0
        self._held = last[len(last) - keep :]
        pieces.append(last[: len(last) - keep])
        return self._taken(pieces)

    def _taken(self, pieces: list[bytes]) -> bytes:
        text = b"".join(pieces)
        dropped = min(self._before, len(text))
        self._before -= dropped
        ends = len(text.split(b"\r\n")) - 1  # `count` takes twice as long
        self.bare += text.count(b"\r") + text.count(b"\n") - 2 * ends
        return text[dropped:]


class DottedWriter:
    """Writes one text to a transport; a consumer, so that a file can be sent through it. Call `finish` at its end.

    Every end of a line becomes CRLF, whatever it was, and a last line that has none gets one.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._starts_line = True
        self._held = b""  # a CR that may be half of a CRLF

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """The transport tells the producer when to go on."""
        self._transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer has finished; the text hasn't, until `finish`."""
        self._transport.unregisterProducer()

    def write(self, data: bytes) -> None:
        """Send this part of the text."""
        data = self._held + data
        self._held = data[-1:] if data.endswith(b"\r") else b""
        self._send(data[: len(data) - len(self._held)])

    def finish(self) -> None:
        """Send what ends the text."""
        self._send(self._held)
        self._transport.write(b".\r\n" if self._starts_line else _END)

    def _send(self, data: bytes) -> None:
        lines = _LINE_ENDS.sub(b"\r\n", data)
        if not lines:
            return
        stuffed = lines.replace(b"\r\n.", b"\r\n..")
        self._transport.write(b"." + stuffed if self._starts_line and lines[:1] == b"." else stuffed)
        self._starts_line = lines.endswith(b"\r\n")


class DottedReceiver(LineReceiver):
    """Receives lines and, after `beginText`, one text, then lines again."""

    __text: DottedText | None = None

    def beginText(self) -> None:
        """A text begins after the current line: pass it to `textReceived`."""
        self.__text = DottedText()
        self.setRawMode()

    def textReceived(self, data: bytes) -> object:
        """A part of the text came, at least one byte, cut anywhere."""
        raise NotImplementedError

    def textEnded(self, bare: int) -> object:
        """The text is over. bare: how many CR or LF were no end of a line; if any, refuse the text."""
        raise NotImplementedError

    def rawDataReceived(self, data: bytes) -> object:
        """As LineReceiver's: a part of the text, and perhaps lines behind it."""
        text = self.__text
        assert text is not None, "raw data without beginText"
        if found := text.feed(data):
            self.textReceived(found)
        if text.is_over:
            self.__text = None
            self.line_mode = 1
            self.textEnded(text.bare)
            return self.setLineMode(text.rest)
        return None
