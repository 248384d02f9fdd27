"""What has come and is no whole message yet.

Parsers become slow in two ways: they cut the first message off and copy the rest, for each message again; or they look
for the end of a long message from its beginning, with each small piece that comes. Then ten megabytes take minutes, and
it is the peer who chooses. So bytes are taken from the front without moving the rest (CPython moves the start of a
bytearray instead), and a search goes on where the last one ended.

And they may believe the wrong person. In protocols that begin in plain text and say STARTTLS, anybody on the way can
add commands behind that word; what waits when TLS begins must not be taken for something said in secret (CVE-2011-0411,
RFC 3207 section 6). So a buffer forgets it. Bytes that begin as TLS does may come from a peer that didn't wait for the
answer: TLS gets those, and ends the connection if they are anything else.
"""

from __future__ import annotations

from typing import Any

_HANDSHAKE = b"\x16"  # what a record of TLS's handshake begins with: RFC 8446, section 5.1


class InputBuffer(bytearray):
    """Bytes that came: added at the end with `+=`, taken from the front. All of it costs as much as the bytes do."""

    _sought: bytes | None = None  # what was sought last, and
    _searched = 0  # how far: it begins nowhere before this
    _is_secret: bool | int = False  # how all of this came

    def is_outdated(self, transport: Any) -> bool:
        """Whether TLS has begun on the transport since `forget_plaintext` was last called."""
        return bool(getattr(transport, "TLS", False) != self._is_secret)

    def forget_plaintext(self, transport: Any) -> bool:
        """Forget everything if TLS has begun on the transport since the last call. Returns whether it has.

        To be called before bytes are added, and after a handler that may have begun it.
        """
        if not self.is_outdated(transport):
            return False
        self._is_secret = not self._is_secret
        rest = self.take(len(self))
        if rest.startswith(_HANDSHAKE) and (hand_over := getattr(transport, "handToTLS", None)) is not None:
            hand_over(rest)
        return True

    def take(self, size: int, skip: int = 0) -> bytes:
        """The first `size` bytes, which leave the buffer; so do the `skip` bytes behind them."""
        piece = bytes(self[:size])
        del self[: size + skip]
        self._searched = 0
        return piece

    def find_end(self, delimiter: bytes) -> int:
        """How many bytes stand before the first delimiter; -1 when there is none yet.

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
        """Everything that ends with a delimiter, without it; what is behind the last one stays."""
        if self.find_end(delimiter) < 0:
            return []
        *lines, rest = bytes(self).split(delimiter)
        self[:] = rest
        self._searched = 0
        return lines
