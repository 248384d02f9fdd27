"""What a program prints, as events of the log: a server in the background has no terminal to print to."""

from __future__ import annotations

import atexit
import io
from collections.abc import Callable, Iterable
from typing import Any, TextIO


class LoggingFile(io.TextIOBase):
    """Stands in for `sys.stdout` or `sys.stderr`, and logs every line that is written to it.

    log: `log.msg`. original: the file that it stands in for. isError: whether its lines are errors.
    A line that has no end yet is logged when it gets one, or when the program ends.
    """

    def __init__(self, log: Callable[..., object], original: TextIO | None, isError: bool = False) -> None:
        self._log = log
        self.original = original
        self.isError = isError
        self._begun = ""
        atexit.register(self.log_the_rest)

    encoding = "utf-8"
    errors = "strict"
    softspace = 0

    def writable(self) -> bool:
        """True: `io` asks this of every file."""
        return True

    def write(self, text: str) -> int:
        """Log each line that this text completes. Returns how many characters were taken: all."""
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._log(line, printed=1, isError=int(self.isError))
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Write each of them."""
        for line in lines:
            self.write(line)

    def log_the_rest(self) -> None:
        """Log the line that has no end, if there is one."""
        if self._begun:
            self.write("\n")

    def close(self) -> None:
        """Do nothing: other code prints to this file, too."""
