"""Writing down what goes over a connection: to the log, or to a file for each connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from reactor import log
from reactor.failure import Failure
from reactor.interfaces import IProtocol
from reactor.protocol import connectionDone
from reactor.protocols.policies.wrapping import ProtocolWrapper, WrappingFactory


class SpewingProtocol(ProtocolWrapper):
    """Logs everything, for an afternoon of debugging."""

    def dataReceived(self, data: bytes) -> None:
        log.msg(f"Received: {data!r}")
        super().dataReceived(data)

    def write(self, data: bytes) -> None:
        log.msg(f"Sending: {data!r}")
        super().write(data)


class SpewingFactory(WrappingFactory):
    """Logs everything that the wrapped factory's protocols write and receive."""

    protocol = SpewingProtocol


class TrafficLoggingProtocol(ProtocolWrapper):
    """Writes what one connection does to a file of its own, a line for each event. Made by TrafficLoggingFactory.

    The line `*` says that the connection was made; lines with `C` are what came from the peer and, at the end, why it
    ended; with `S` what was written (`SV` by writeSequence), and `S 1: *` that we closed.
    """

    def __init__(
        self,
        factory: Any,
        wrappedProtocol: IProtocol,
        logfile: IO[str],
        lengthLimit: int | None = None,
        number: int = 0,
    ) -> None:
        super().__init__(factory, wrappedProtocol)
        self.logfile = logfile
        self.lengthLimit = lengthLimit
        self._number = number

    def _log(self, line: str) -> None:
        self.logfile.write(line + "\n")
        self.logfile.flush()

    def _cut(self, data: bytes) -> bytes:
        if self.lengthLimit and len(data) > self.lengthLimit:
            return data[: max(0, self.lengthLimit - 12)] + b"<... elided>"
        return data

    def connectionMade(self) -> None:
        self._log("*")

    def dataReceived(self, data: bytes) -> None:
        self._log(f"C {self._number}: {self._cut(data)!r}")
        super().dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._log(f"C {self._number}: {reason!r}")
        try:
            super().connectionLost(reason)
        finally:
            self.logfile.close()

    def write(self, data: bytes) -> None:
        self._log(f"S {self._number}: {self._cut(data)!r}")
        super().write(data)

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        pieces = list(iovec)
        self._log(f"SV {self._number}: {[self._cut(piece) for piece in pieces]!r}")
        super().writeSequence(pieces)

    def loseConnection(self) -> None:
        self._log(f"S {self._number}: *")
        super().loseConnection()


class TrafficLoggingFactory(WrappingFactory):
    """Writes what the wrapped factory's protocols do to files, one for each connection, closed when that is lost.

    logfilePrefix: the files are `prefix-1`, `prefix-2` and so on; existing ones are overwritten.
    lengthLimit: how many bytes of each piece to write down; a cut is marked. None for all.
    """

    protocol = TrafficLoggingProtocol
    _counter = 0

    def __init__(self, wrappedFactory: Any, logfilePrefix: str, lengthLimit: int | None = None) -> None:
        self.logfilePrefix = logfilePrefix
        self.lengthLimit = lengthLimit
        super().__init__(wrappedFactory)

    def open(self, name: str) -> IO[str]:
        """Open a file for writing; override it to write elsewhere. The wrapper closes it."""
        return open(name, "w", encoding="utf-8")

    def wrap(self, protocol: IProtocol) -> Any:
        """A wrapper with the next number and its file."""
        self._counter += 1
        logfile = self.open(f"{self.logfilePrefix}-{self._counter}")
        return self.protocol(self, protocol, logfile, self.lengthLimit, self._counter)

    def resetCounter(self) -> None:
        """Count from 1 again."""
        self._counter = 0
