"""What a program prints, as events of the log: a server in the background has no terminal to print to.

Threads print at the same time, a signal's handler in the middle of another call, and a child begins with a copy of its
parent's memory. So what a thread has printed without a line's end yet waits in a queue of its own, under the numbers of
its process and thread, and is only ever appended or taken, each of which is one step for Python. A lock would be worse:
a handler that interrupts the one who has it would wait for ever.
"""

from __future__ import annotations

import atexit
import io
import os
from _thread import get_ident
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TextIO


class LoggingFile(io.TextIOBase):
    """Stands in for `sys.stdout` or `sys.stderr`, and logs every line that is written to it.

    log: `log.msg`. original: the file that it stands in for. isError: whether its lines are errors.
    A line that has no end yet is logged when its thread ends it, or when the program ends.
    """

    def __init__(self, log: Callable[..., object], original: TextIO | None, isError: bool = False) -> None:
        self._log = log
        self.original = original
        self.isError = isError
        self._begun: dict[tuple[int, int], deque[str]] = {}
        atexit.register(self.log_the_rest)

    encoding = "utf-8"
    errors = "strict"
    softspace = 0

    def writable(self) -> bool:
        """True: `io` asks this of every file."""
        return True

    def write(self, text: str) -> int:
        """Log each line that this text completes. Returns how many characters were taken: all."""
        pieces = self._begun.setdefault((os.getpid(), get_ident()), deque())
        pieces.append(text)
        if "\n" in text:
            *lines, rest = _taken(pieces).split("\n")
            if rest:
                pieces.appendleft(rest)
            for line in lines:
                self._log(line, printed=1, isError=int(self.isError))
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Write each of them."""
        for line in lines:
            self.write(line)

    def log_the_rest(self) -> None:
        """Log the lines that have no end, if there are any."""
        for (process, _), pieces in list(self._begun.items()):
            if process == os.getpid() and (line := _taken(pieces)):
                self._log(line, printed=1, isError=int(self.isError))

    def close(self) -> None:
        """Do nothing: other code prints to this file, too."""


def _taken(pieces: deque[str]) -> str:
    text = ""
    while pieces:
        text += pieces.popleft()
    return text
