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
    _expected: int | None = None  # the length of the current string, once it is known

    @cached_property
    def _waiting(self) -> InputBuffer:
        return InputBuffer()

    def stringReceived(self, string: bytes) -> None:
        """A string came, passed without length and comma."""
        raise NotImplementedError

    def sendString(self, string: bytes) -> None:
        """Send this as a netstring."""
        self.transport.write(b"%d:%s," % (len(string), string))

    def dataReceived(self, data: bytes) -> None:
        """Pass on all strings that are complete now."""
        if self.brokenPeer:
            return
        self._forget_plaintext()
        self._waiting += data
        try:
            while self._has_string():
                self.stringReceived(self._take_string())
                self._forget_plaintext()
        except NetstringParseError as problem:
            self.brokenPeer = 1
            refuse(self, str(problem))

    def _forget_plaintext(self) -> None:
        """Discard what waits when TLS begins: an attacker may have put it there."""
        if self._waiting.forget_plaintext(self.transport):
            self._expected = None

    def _has_string(self) -> bool:
        if self._expected is None:
            self._expected = self._take_length()
        return self._expected is not None and len(self._waiting) > self._expected

    def _take_length(self) -> int | None:
        """Take the length at the front; None if it isn't complete. Raises NetstringParseError for anything else."""
        if not self._waiting:
            return None
        match = _LENGTH.match(self._waiting[: len(str(self.MAX_LENGTH)) + 1])
        if match is None:
            raise NetstringParseError("a netstring begins with its length")
        digits, colon = match.groups()
        if int(digits) > self.MAX_LENGTH:
            raise NetstringParseError(f"a netstring of more than {self.MAX_LENGTH} bytes; set MAX_LENGTH to take it")
        if not colon:
            if match.end() < len(self._waiting):
                raise NetstringParseError("a colon follows the length of a netstring")
            return None
        del self._waiting[: match.end()]
        return int(digits)

    def _take_string(self) -> bytes:
        assert self._expected is not None
        if self._waiting[self._expected] != ord(","):
            raise NetstringParseError("a netstring ends with a comma")
        size, self._expected = self._expected, None
        return self._waiting.take(size, skip=1)
