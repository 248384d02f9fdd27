"""The small services that every UNIX machine once offered, good for testing a network: each is one idea and one RFC."""

from __future__ import annotations

import struct
import time

from reactor.protocol import Protocol

__all__ = ["QOTD", "Chargen", "Daytime", "Discard", "Echo", "Time", "Who"]

_SECONDS_FROM_1900_TO_1970 = 2_208_988_800  # RFC 868


class Echo(Protocol):
    """Sends everything back (RFC 862)."""

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class Discard(Protocol):
    """Throws everything away (RFC 863)."""

    def dataReceived(self, data: bytes) -> None:
        """Ignore the bytes: that is the whole service."""


class Chargen(Protocol):
    """Sends characters for as long as the peer takes them (RFC 864). A pull producer, so they never fill the memory."""

    noise = bytes(range(64, 127)) + bytes(range(32, 64)) + b"\r\n"

    def connectionMade(self) -> None:
        self.transport.registerProducer(self, False)

    def resumeProducing(self) -> None:
        self.transport.write(self.noise)

    def pauseProducing(self) -> None:
        """Does nothing: a pull producer is never paused."""

    def stopProducing(self) -> None:
        """Does nothing: there is nothing to release."""


class QOTD(Protocol):
    """Sends the quote of the day and closes (RFC 865)."""

    def connectionMade(self) -> None:
        self.transport.write(self.getQuote())
        self.transport.loseConnection()

    def getQuote(self) -> bytes:
        """The quote. Override it."""
        return b"An apple a day keeps the doctor away.\r\n"


class Who(Protocol):
    """Sends the users who are logged in and closes (RFC 866)."""

    def connectionMade(self) -> None:
        self.transport.write(self.getUsers())
        self.transport.loseConnection()

    def getUsers(self) -> bytes:
        """The users, one name a line. Override it."""
        return b"root\r\n"


class Daytime(Protocol):
    """Sends the time in Greenwich, for people, and closes (RFC 867)."""

    def connectionMade(self) -> None:
        self.transport.write(time.asctime(time.gmtime()).encode("ascii") + b"\r\n")
        self.transport.loseConnection()


class Time(Protocol):
    """Sends the time, for machines, and closes (RFC 868).

    Four bytes, the most significant first: seconds since 1900, as the RFC has it. (Twisted counts from 1970.) They
    wrap around in 2036.
    """

    def connectionMade(self) -> None:
        seconds = int(time.time()) + _SECONDS_FROM_1900_TO_1970
        self.transport.write(struct.pack("!I", seconds % 2**32))
        self.transport.loseConnection()
