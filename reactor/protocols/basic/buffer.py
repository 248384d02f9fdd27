"""What has come and is not a whole message yet.

Parsers become slow in two ways: for each message they cut it off and copy the rest; or with each small piece that comes
they search for the end of a long message from its beginning. Then ten megabytes take minutes, and it is the peer that
chooses. So bytes are taken from the front without moving the rest (CPython moves the start of a
bytearray instead), and a search goes on where the last one ended.

And they may believe the wrong sender. In protocols that begin in plain text and say STARTTLS, an attacker can add
commands after that word; what waits when TLS begins must not be taken for something encrypted (CVE-2011-0411,
RFC 3207 section 6). So a buffer forgets it. Bytes that begin as TLS does may come from a peer that did not wait for the
answer: TLS gets those, and ends the connection if they are anything else.
"""

from __future__ import annotations

from typing import Any

_HANDSHAKE = b"\x16"  # what a record of TLS's handshake begins with: RFC 8446, section 5.1


class InputBuffer(bytearray):
    """Bytes that came: added at the end with `+=`, taken from the front. The time that takes is linear in the bytes.

    Receivers keep theirs under a name with two underscores, which Python makes one of their class: a subclass may have
    a `_waiting` of its own.
    """

    _sought: bytes | None = None  # the delimiter of the last search
    _searched = 0  # how far that got: no delimiter begins before this
    _is_secret: bool | int = False  # whether these bytes came encrypted

    def is_outdated(self, transport: Any) -> bool:
        """Whether TLS has begun on the transport since `forget_plaintext` was last called."""
        return bool(getattr(transport, "TLS", False) != self._is_secret)

    def forget_plaintext(self, transport: Any) -> bool:
        """Forget everything if TLS has begun on the transport since the last call. Returns whether it has.

        Call it before adding bytes, and after a handler that may have begun TLS.
        """
        if getattr(transport, "TLS", False) == self._is_secret:  # as is_outdated: this is called for each line
            return False
        self._is_secret = not self._is_secret
        rest = self.take(len(self))
        if rest.startswith(_HANDSHAKE) and (hand_over := getattr(transport, "handToTLS", None)) is not None:
            hand_over(rest)
        return True

    def take(self, size: int, skip: int = 0) -> bytes:
        """Remove and return the first `size` bytes; also remove the `skip` bytes after them."""
        piece = bytes(self[:size])
        del self[: size + skip]
        self._searched = 0
        return piece

    def find_end(self, delimiter: bytes) -> int:
        """How many bytes precede the first delimiter; -1 if there is none yet.

        Raises ValueError for an empty delimiter, which would be everywhere.
        """
        if delimiter != self._sought:
            if not delimiter:
                raise ValueError("a line can't end with nothing: the delimiter needs at least one byte")
            self._sought, self._searched = delimiter, 0
        found = self.find(delimiter, self._searched)
        if found < 0:
            self._searched = max(0, len(self) - len(delimiter) + 1)  # its first bytes may be here already
        return found

    def take_lines(self, delimiter: bytes) -> list[bytes]:
        """Remove and return all pieces that end with a delimiter, without it; what follows the last one stays."""
        if self.find_end(delimiter) < 0:
            return []
        *lines, rest = bytes(self).split(delimiter)
        self[:] = rest
        self._searched = 0
        return lines
