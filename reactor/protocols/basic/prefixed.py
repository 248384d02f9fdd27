"""Messages that begin with their length as a binary number of fixed size. Cheapest to parse, hardest to type."""

from __future__ import annotations

import struct
from functools import cached_property
from typing import Any

from reactor import log
from reactor.protocol import Protocol
from reactor.protocols.basic.buffer import InputBuffer
from reactor.protocols.basic.closing_politely import refuse
from reactor.protocols.basic.outgoing import check_bytes
from reactor.protocols.basic.pausing import Pausing


class StringTooLongError(AssertionError):
    """The string to send is longer than its prefix can express. Cut it, or use a wider prefix."""


class IntNStringReceiver(Protocol, Pausing):
    """Receives and sends strings with a prefix of N bytes. Take one of the subclasses, or set these two:

    structFormat: the prefix as a format of the struct module, one integer. prefixLength: its size in bytes.
    MAX_LENGTH: how long a received string may be, in bytes. See `lengthLimitExceeded`.
    """

    structFormat: str
    prefixLength: int
    MAX_LENGTH: int = 99999

    @cached_property
    def __waiting(self) -> InputBuffer:
        return InputBuffer()

    def stringReceived(self, string: bytes) -> None:
        """A string came, passed without its prefix."""
        raise NotImplementedError

    def lengthLimitExceeded(self, length: int) -> None:
        """The peer announced a string of more than MAX_LENGTH bytes; closes the connection, unless you override it."""
        limit = self.MAX_LENGTH
        refuse(self, f"a string of {length} bytes was announced, and {limit} are taken; set MAX_LENGTH to take it")

    def sendString(self, string: bytes) -> None:
        """Send this with its prefix. Raises StringTooLongError, and TypeError for text."""
        check_bytes("sendString", string)
        limit = 2 ** (8 * self.prefixLength)
        if len(string) >= limit:
            raise StringTooLongError(
                f"Try to send {len(string)} bytes whereas maximum is {limit - 1}: cut it in pieces"
            )
        self.transport.write(struct.pack(self.structFormat, len(string)) + string)

    def dataReceived(self, data: bytes) -> None:
        """Pass on all strings that are complete now. Plain text that waits when TLS begins is discarded."""
        self.__waiting.forget_plaintext(self.transport)
        self.__waiting += data
        while len(self.__waiting) >= self.prefixLength and not self.paused:
            (length,) = struct.unpack_from(self.structFormat, self.__waiting)
            if length > self.MAX_LENGTH:
                self.lengthLimitExceeded(length)
                return
            end = self.prefixLength + length
            if len(self.__waiting) < end:
                return
            self.stringReceived(self.__waiting.take(end)[self.prefixLength :])
            self.__waiting.forget_plaintext(self.transport)


class Int8StringReceiver(IntNStringReceiver):
    """Strings of up to 255 bytes, with a prefix of one byte."""

    structFormat = "!B"
    prefixLength = 1


class Int16StringReceiver(IntNStringReceiver):
    """Strings of up to 65,535 bytes, with a prefix of two bytes, the more significant one first."""

    structFormat = "!H"
    prefixLength = 2


class Int32StringReceiver(IntNStringReceiver):
    """Strings of up to 4 GiB, as far as MAX_LENGTH allows, with a prefix of four bytes, the most significant first."""

    structFormat = "!I"
    prefixLength = 4


class StatefulStringProtocol:
    """Mix this into a receiver of strings to have a method for each state of the conversation.

    A string goes to the method `proto_STATE`, which returns the name of the next state. "done" closes the connection.

    state: the current one's name.
    """

    state: str = "init"
    transport: Any

    def stringReceived(self, string: bytes) -> None:
        """Pass the string to the current state's method; if there is none, log that."""
        handler = getattr(self, f"proto_{self.state}", None)
        if handler is None:
            log.msg(f"a string came in state {self.state!r}, but there is no method proto_{self.state}")
            return
        self.state = handler(string)
        if self.state == "done":
            self.transport.loseConnection()
