"""Messages as netstrings: `5:hello,`. Each begins with its length in decimal, and a comma proves that it was right.

    netstring = length ":" that-many-bytes ","        (D. J. Bernstein, https://cr.yp.to/proto/netstrings.txt)
    length    = "0" / (%x31-39 *DIGIT)

A receiver knows the length in advance, and can refuse at once.
"""

from __future__ import annotations

import re
from functools import cached_property

from reactor.protocol import Protocol
from reactor.protocols.basic.buffer import InputBuffer
from reactor.protocols.basic.closing_politely import refuse
from reactor.protocols.basic.outgoing import check_bytes

_LENGTH = re.compile(rb"(0|[1-9][0-9]*)(:?)")


class NetstringParseError(ValueError):
    """The peer has sent something other than a netstring, or one that is too long; this closes the connection."""


class NetstringReceiver(Protocol):
    """Receives and sends netstrings. A peer that sends anything else loses the connection.

    MAX_LENGTH: how long a received string may be, in bytes.
    brokenPeer: 1 once the peer has sent anything else; all that follows is ignored.
    """

    MAX_LENGTH: int = 99999
    brokenPeer: int = 0
    __expected: int | None = None  # the length of the current string, once it is known

    @cached_property
    def __waiting(self) -> InputBuffer:
        return InputBuffer()

    def stringReceived(self, string: bytes) -> None:
        """A string came, passed without length and comma."""
        raise NotImplementedError

    def sendString(self, string: bytes) -> None:
        """Send this as a netstring. Raises TypeError for text."""
        check_bytes("sendString", string)
        self.transport.write(b"%d:%s," % (len(string), string))

    def dataReceived(self, data: bytes) -> None:
        """Pass on all strings that are complete now."""
        if self.brokenPeer:
            return
        self.__forget_plaintext()
        self.__waiting += data
        try:
            while self.__has_string():
                self.stringReceived(self.__take_string())
                self.__forget_plaintext()
        except NetstringParseError as problem:
            self.brokenPeer = 1
            refuse(self, str(problem))

    def __forget_plaintext(self) -> None:
        """Discard what waits when TLS begins: an attacker may have put it there."""
        if self.__waiting.forget_plaintext(self.transport):
            self.__expected = None

    def __has_string(self) -> bool:
        if self.__expected is None:
            self.__expected = self.__take_length()
        return self.__expected is not None and len(self.__waiting) > self.__expected

    def __take_length(self) -> int | None:
        """Take the length at the front; None if it isn't complete. Raises NetstringParseError for anything else."""
        if not self.__waiting:
            return None
        match = _LENGTH.match(self.__waiting[: len(str(self.MAX_LENGTH)) + 1])
        if match is None:
            raise NetstringParseError("a netstring begins with its length")
        digits, colon = match.groups()
        if int(digits) > self.MAX_LENGTH:
            raise NetstringParseError(f"a netstring of more than {self.MAX_LENGTH} bytes; set MAX_LENGTH to take it")
        if not colon:
            if match.end() < len(self.__waiting):
                raise NetstringParseError("a colon follows the length of a netstring")
            return None
        del self.__waiting[: match.end()]
        return int(digits)

    def __take_string(self) -> bytes:
        assert self.__expected is not None
        if self.__waiting[self.__expected] != ord(","):
            raise NetstringParseError("a netstring ends with a comma")
        size, self.__expected = self.__expected, None
        return self.__waiting.take(size, skip=1)
