"""The two directions of a TCP connection, each with its buffer and its place in the stream.

Places are counted in bytes from the start: 0 is the SYN, 1 the first byte, and the FIN has a place of its own after
the last one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable

_WORTH_IT = 1460  # bytes, a segment: by smaller steps each byte that is read would travel alone


class Outgoing:
    """The bytes to send, from the first one that the other end has not acknowledged.

    capacity: bytes that it holds at most. acked: the place of the first byte that is not acknowledged. sent: that of
    the first one that has not left. allowed: that of the first one that the other end has no room for.
    is_acked: whether everything has arrived, the FIN too.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.acked = 1
        self.sent = 1
        self.allowed = 1
        self._data = bytearray()
        self._has_end = False
        self.is_acked = False

    @property
    def room(self) -> int:
        """How many more bytes fit in."""
        return max(0, self.capacity - len(self._data))

    @property
    def is_roomy(self) -> bool:
        """Whether the socket counts as writable, by Linux's rule: at least a third is free."""
        return self.room >= len(self._data) / 2

    @property
    def end(self) -> int:
        """The place after all that there is to send, including the FIN once it is known."""
        return self.acked + len(self._data) + (self._has_end and not self.is_acked)

    @property
    def is_in_flight(self) -> bool:
        """Whether something was sent and is not acknowledged."""
        return self.sent > self.acked

    @property
    def is_waiting(self) -> bool:
        """Whether something was not sent yet."""
        return self.sent < self.end

    def write(self, data: bytes | memoryview) -> int:
        """Take as many bytes as there is room for. Returns how many."""
        taken = min(len(data), self.room)
        self._data += data[:taken]
        return taken

    def finish(self) -> None:
        """Mark the end: no more bytes follow."""
        self._has_end = True

    def next_piece(self, cut_off: Callable[[int], int]) -> tuple[int, bytes, bool] | None:
        """What may be sent now: its place, the bytes, and whether the FIN follows them. None if nothing may.

        cut_off: says how many of so many bytes to take.
        """
        place, start = self.sent, self.sent - self.acked
        size = min(len(self._data) - start, self.allowed - place)
        if size > 0:
            size = cut_off(size)
            piece = bytes(memoryview(self._data)[start : start + size])
        elif start >= len(self._data) and self._has_end and place < self.end:
            piece = b""
        else:
            return None
        is_last = self._has_end and place + len(piece) == self.end - 1
        self.sent = place + len(piece) + is_last
        return place, piece, is_last

    def probe(self) -> tuple[int, bytes] | None:
        """One byte more than allowed, to ask whether there is room by now (RFC 9293, section 3.8.6.1)."""
        if self._data and self.allowed <= self.acked:
            return self.acked, bytes(self._data[:1])
        return None

    def acknowledge(self, place: int, window: int) -> bool:
        """The other end has all before `place`, and room for `window` more bytes. Returns whether that is news."""
        if not self.acked <= place <= self.end:
            return False
        is_news = place > self.acked
        if is_news:
            self.is_acked = self._has_end and place == self.end
            del self._data[: place - self.acked]  # the FIN has a place, but no byte
            self.acked = place
            self.sent = max(self.sent, place)
        self.allowed = place + window
        return is_news

    def start_over(self) -> None:
        """Mark what was not acknowledged to be sent again."""
        self.sent = self.acked


class Incoming:
    """The bytes that have come and were not read yet.

    capacity: bytes that it holds at most. reads: see Host. next: the place of the first byte that has not come.
    is_ended: whether the FIN has come, and everything before it.
    """

    def __init__(self, capacity: int, reads: Iterable[int] = ()) -> None:
        self.capacity = capacity
        self._cuts = itertools.accumulate(reads)
        self._cut = next(self._cuts, math.inf)  # how many bytes are read before the next read must begin
        self._read = 0
        self.next = 1
        self.is_ended = False
        self._data = bytearray()
        self._beyond: dict[int, bytes] = {}  # by place: bytes that came ahead of earlier ones
        self._end: int | None = None
        self._announced = 1 + capacity

    def __len__(self) -> int:
        return len(self._data)

    @property
    def window(self) -> int:
        """How many more bytes there is room for."""
        return max(0, self.capacity - len(self._data))

    def announce(self) -> int:
        """The window to tell the other end. It opens in steps worth a segment (RFC 9293, section 3.8.6.2.2)."""
        end = self.next + self.window
        if end - self._announced >= min(self.capacity // 2, _WORTH_IT):
            self._announced = end
        return max(0, self._announced - self.next)

    @property
    def has_news(self) -> bool:
        """Whether enough has been read to tell the other end."""
        return self.next + self.window - self._announced >= min(self.capacity // 2, 2 * 65536)

    def take_in(self, place: int, data: bytes, is_last: bool) -> None:
        """A segment has come, new or not, in order or not. Bytes without room are dropped."""
        if is_last:
            self._end = place + len(data)
        if place > self.next:
            if place + len(data) <= self.next + self.window:
                self._beyond[place] = data
            return
        self._append(data[self.next - place :])
        while self._beyond and (first := min(self._beyond)) <= self.next:
            piece = self._beyond.pop(first)
            self._append(piece[self.next - first :])
        if self.next == self._end and not self.is_ended:
            self.is_ended = True
            self.next += 1

    def _append(self, data: bytes) -> None:
        data = data[: self.window]
        self._data += data
        self.next += len(data)

    def read(self, size: int, leave: bool = False) -> bytes:
        """Take at most `size` bytes out; with `leave`, only look at them."""
        piece = bytes(memoryview(self._data)[: int(min(size, self._cut - self._read))])
        if not leave:
            del self._data[: len(piece)]
            self._read += len(piece)
            if self._read == self._cut:
                self._cut = next(self._cuts, math.inf)
        return piece
