"""What a message of the peer may cost: the limit `maxMessageBytes`, asked before the cost is paid.

wsproto shows the header of each frame to its extensions, before the payload, and lets them change the payload. So both
halves of the limit are extensions of wsproto, though the first is never negotiated:

    MessageLimit    adds up what the headers announce. It counts bytes, also of text, and frames: else empty ones could
                    come for ever.
    BoundedDeflate  decompresses in small steps, since a kilobyte may become a megabyte.
"""

from __future__ import annotations

import re
from typing import Any

from wsproto.extensions import Extension, PerMessageDeflate
from wsproto.frame_protocol import CloseReason, Opcode, RsvBits

_BYTES_A_FRAME = 64  # on average, in a message as long as it may be. A frame takes us 20 µs, so 16 MB of them 5 s
_FRAMES_AT_LEAST = 1000  # whatever the limit: they cost little
_STEP_BYTES = 1024  # of compressed data: they become 1 MB at most, since deflate's best ratio is 1032 to 1
_NO_BITS = RsvBits(False, False, False)

# RFC 7692, section 7.1: what an offer, or the answer to it, may say. zlib knows no window of 8 bits.
_PARAMETER = re.compile(
    r"(?:server|client)_no_context_takeover|client_max_window_bits|(?:server|client)_max_window_bits=(?:9|1[0-5])"
)


class MessageLimit(Extension):
    """Refuses a frame at its header, when the message would be longer than `most` bytes."""

    name = "(limit)"  # no client can ask for it: this is no token

    def __init__(self) -> None:
        self.most = 0
        self.is_exceeded = False
        self._is_compressed = self._is_control = False
        self._so_far = self._with_this_frame = (0, 0)  # bytes, frames

    def enabled(self) -> bool:
        """Always."""
        return True

    def offer(self) -> bool:
        """Never to the peer."""
        return False

    def frame_inbound_header(
        self, proto: Any, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """A header came. wsproto calls this again for a header that was not whole yet, so it must not add to itself."""
        self._is_control = opcode.iscontrol()
        if self._is_control:
            return _NO_BITS
        size, frames = self._so_far if opcode is Opcode.CONTINUATION else (0, 0)
        self._with_this_frame = size, frames = size + payload_length, frames + 1
        if opcode is not Opcode.CONTINUATION:
            self._is_compressed = rsv.rsv1
        # What can't be compressed grows: by less than this, says zlib's deflateBound.
        most = self.most + self.most // 7 + 64 if self._is_compressed else self.most
        is_too_long = size > most or frames > self.most // _BYTES_A_FRAME + _FRAMES_AT_LEAST
        return self.exceeded() if is_too_long else _NO_BITS

    def frame_inbound_complete(self, proto: Any, fin: bool) -> None:
        """A frame is whole."""
        if not self._is_control:
            self._so_far = self._with_this_frame

    def exceeded(self) -> CloseReason:
        """Note that the message is too long. Returns what wsproto wants to hear then."""
        self.is_exceeded = True
        return CloseReason.MESSAGE_TOO_BIG


class BoundedDeflate(PerMessageDeflate):
    """permessage-deflate (RFC 7692) that stops decompressing at the limit, and declines what it doesn't understand.

    wsproto's own takes a ping between two frames of a compressed message for the end of that message; so control frames
    are kept from it.
    """

    def __init__(self, limit: MessageLimit) -> None:
        super().__init__()
        self._limit = limit
        self._is_control = False
        self._size = 0

    def accept(self, offer: str) -> bool | str | None:
        """Take the first offer that makes sense. A later one must not change what was agreed."""
        return None if self.enabled() or not _is_sensible(offer) else super().accept(offer)

    def finalize(self, offer: str) -> None:
        """The server has answered our offer. Raises ValueError for what can't be an answer."""
        if self.enabled() or not _is_sensible(offer) or "client_max_window_bits" in _parameters(offer):
            raise ValueError(f"the server answers our offer to compress by {offer!r}")
        super().finalize(offer)

    def frame_inbound_header(
        self, proto: Any, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """A header came; perhaps again, as for the limit."""
        self._is_control = opcode.iscontrol()
        if self._is_control:
            return _NO_BITS
        if opcode is not Opcode.CONTINUATION:
            self._size = 0
        return super().frame_inbound_header(proto, opcode, rsv, payload_length)

    def frame_inbound_payload_data(self, proto: Any, data: bytes) -> bytes | CloseReason:
        """Decompress a piece of a payload."""
        if self._is_control:
            return data
        pieces = []
        for start in range(0, len(data), _STEP_BYTES):
            piece = self._counted(super().frame_inbound_payload_data(proto, data[start : start + _STEP_BYTES]))
            if isinstance(piece, CloseReason):
                return piece
            pieces.append(piece)
        return b"".join(pieces)

    def frame_inbound_complete(self, proto: Any, fin: bool) -> bytes | CloseReason | None:
        """A frame is whole; the decompressor may still hold some bytes of it."""
        if self._is_control:
            return None
        rest = super().frame_inbound_complete(proto, fin)
        return rest and self._counted(rest)

    def _counted(self, piece: bytes | CloseReason) -> bytes | CloseReason:
        if isinstance(piece, CloseReason):
            return piece
        self._size += len(piece)
        return self._limit.exceeded() if self._size > self._limit.most else piece


def _parameters(offer: str) -> list[str]:
    return [parameter.strip() for parameter in offer.split(";")[1:]]


def _is_sensible(offer: str) -> bool:
    parameters = _parameters(offer)
    names = {parameter.partition("=")[0] for parameter in parameters}
    return len(names) == len(parameters) and all(map(_PARAMETER.fullmatch, parameters))
