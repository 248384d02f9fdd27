"""Standard input, output and error of a simulated program: as descriptors 0, 1 and 2, and as the files of `sys`.

Standard input is a pipe that the world writes to. Output is kept, and its reader is never slow.
"""

from __future__ import annotations

import codecs
import errno
import io
from collections.abc import Callable
from typing import Any

from reactor.sim.addresses import failure
from reactor.sim.descriptors import POLLHUP, POLLIN, POLLOUT

Wait = Callable[[Callable[[], object], float | None], bool]


class Channel:
    """A descriptor with the methods of a socket, for `reactor.stdio`. It is borrowed: closing it closes nothing."""

    def __init__(self, fd: int, stream: Input | Output) -> None:
        self._fd = fd
        self._stream = stream

    def fileno(self) -> int:
        """The descriptor, -1 when it is closed."""
        return self._fd

    def recv(self, size: int) -> bytes:
        """Some bytes, b"" at the end."""
        assert isinstance(self._stream, Input)
        return self._stream.read(size)

    def send(self, data: bytes | memoryview) -> int:
        """Write. Returns how many of these bytes were taken."""
        assert isinstance(self._stream, Output)
        return self._stream.write_bytes(bytes(data))

    def shutdown(self, how: int) -> None:
        """Does nothing: a descriptor has one direction only."""

    def close(self) -> None:
        """Forget the descriptor. It is only borrowed, so it stays open."""
        self._fd = -1

    def give_back(self) -> None:
        """Does nothing: there is no mode to restore."""


class Input:
    """Standard input. on_change: called when there is more to read."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._data = bytearray()
        self._is_ended = False

    def feed(self, data: bytes) -> None:
        """Add more for the program to read. Raises BrokenPipeError after the end."""
        if self._is_ended:
            raise failure(errno.EPIPE)
        self._data += data
        self.on_change()

    def end(self) -> None:
        """End the input."""
        self._is_ended = True
        self.on_change()

    def read(self, size: int) -> bytes:
        """Read some bytes; b"" at the end. Raises BlockingIOError."""
        if not self._data and not self._is_ended:
            raise failure(errno.EAGAIN)
        piece = bytes(self._data[:size])
        del self._data[:size]
        return piece

    def ready(self) -> int:
        """What it is ready for, in the bits of poll(2)."""
        return (POLLIN if self._data else 0) | (POLLHUP if self._is_ended else 0)

    def close(self) -> None:
        """The program has ended: no one reads this any more."""

    def as_file(self, wait: Wait) -> io.TextIOWrapper:
        """`sys.stdin`: reading waits, while the world goes on."""
        return io.TextIOWrapper(io.BufferedReader(_RawInput(self, wait)), "utf-8")


class _RawInput(io.RawIOBase):
    def __init__(self, stream: Input, wait: Wait) -> None:
        self._stream = stream
        self._wait = wait

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 0

    def readinto(self, buffer: Any) -> int:
        self._wait(self._stream.ready, None)
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class Output(io.TextIOBase):
    """Standard output or error, also as the file of `sys`. printed: takes all text. fd: its number."""

    def __init__(self, fd: int, printed: Callable[[str], object]) -> None:
        self._fd = fd
        self._printed = printed
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self.buffer = _RawOutput(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has it as a variable
        return "utf-8"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def write(self, text: str) -> int:
        self._printed(text)
        return len(text)

    def write_bytes(self, data: bytes) -> int:
        """Take bytes; an incomplete character waits for its rest."""
        if text := self._decoder.decode(data):
            self._printed(text)
        return len(data)

    def ready(self) -> int:
        """What it is ready for, in the bits of poll(2)."""
        return POLLOUT


class _RawOutput(io.RawIOBase):
    def __init__(self, stream: Output) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._stream.write_bytes(bytes(data))
