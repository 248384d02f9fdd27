"""Texts as mail sends them: each line ends with CRLF, the last one too. Maildirs have them with LF."""

from __future__ import annotations

import os
from bisect import bisect_right
from operator import itemgetter
from typing import IO, Any

PIECE = 2**16  # bytes that are read at once, at most; what is made of them has up to twice as many


def with_crlf(text: bytes) -> bytes:
    """A text with CRLF at the end of each line, as `maildrop.wire_size` counts it. A lone CR ends a line, too."""
    text = _converted(text)
    return text if text.endswith(b"\n") else text + b"\r\n"


def _converted(text: bytes) -> bytes:
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.replace(b"\n", b"\r\n")


class CrlfFile:
    """A file, to be read `with_crlf`, a piece at a time. file: open for reading bytes. size: in CRLF, if it is known.

    `read` may return less than it is asked for, and b"" at the end alone. What lies before a place must be read once to
    get there; `_marks` has where each piece begins here and in the file, whether a CR is left over from the one before,
    and whether that has ended a line.
    """

    def __init__(self, file: IO[bytes], size: int | None = None) -> None:
        self._file, self._size = file, size
        self._marks = [(0, 0, b"", False)]
        self._go_to(0)

    def _go_to(self, mark: int) -> None:
        self._at, place, self._held, self._has_line_end = self._marks[mark]
        self._file.seek(place)
        self._ready = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes; all that are left if `size` is negative."""
        if size < 0:
            return b"".join(iter(self._next, b""))
        found = self._ready or self._next(min(size, PIECE))
        self._ready = found[size:]
        return found[:size]

    def _next(self, size: int | None = None) -> bytes:
        ready, self._ready = self._ready, b""
        while not ready and (text := self._file.read(max(size or PIECE, 1))):
            text = self._held + text
            self._held = b"\r" if text.endswith(b"\r") else b""  # its LF may be in the next piece
            ready = _converted(text[: len(text) - len(self._held)])
            self._at, self._has_line_end = self._at + len(ready), ready.endswith(b"\n")
            if self._at > self._marks[-1][0]:
                self._marks.append((self._at, self._file.tell(), self._held, self._has_line_end))
        if not ready and (self._held or not self._has_line_end):
            ready, self._held, self._has_line_end = b"\r\n", b"", True
        return ready

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place that isn't behind the end, or to the end. Returns it."""
        if whence == os.SEEK_END:
            self._go_to(0)
            self._size = sum(map(len, iter(self._next, b""))) if self._size is None else self._size
            return self._size
        self._go_to(bisect_right(self._marks, place, key=itemgetter(0)) - 1)
        left = place - self._at
        while left and (skipped := self.read(left)):
            left -= len(skipped)
        return place - left

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> CrlfFile:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
