"""Parts of a file (RFC 9110, section 14).

Range: bytes=0-499        the first 500 bytes        answered by 206 and Content-Range: bytes 0-499/1234
Range: bytes=-500         the last 500
Range: bytes=9500-        all from the one at 9500 on
Range: bytes=0-9,20-29    two parts                  in a body of several parts, each with its own headers
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RANGE = re.compile(rb"(\d{0,18})-(\d{0,18})")

_RANGES_AT_MOST = 100
"""A client that asks for more parts gets the whole: that is cheaper, and no honest client needs more (17.15)."""


@dataclass(frozen=True)
class Part:
    """`size` bytes of a file, from the one at `offset` on."""

    offset: int
    size: int

    def content_range(self, total: int) -> bytes:
        """The value of `Content-Range`: which part the response holds."""
        return b"bytes %d-%d/%d" % (self.offset, self.offset + self.size - 1, total)


def parse_ranges(header: bytes, total: int) -> list[Part] | None:
    """The parts of a file of `total` bytes that a `Range` header asks for, as far as the file has such bytes.

    Returns None when the header is to be ignored: it is broken, asks for too much, or for anything but bytes; an empty
    list when none of the parts exists.
    """
    pairs = _pairs(header)
    if pairs is None or any(last and first and int(first) > int(last) for first, last in pairs):
        return None
    parts = [part for first, last in pairs if (part := _part(first, last, total)) is not None]
    return None if sum(part.size for part in parts) > total else parts


def _pairs(header: bytes) -> list[tuple[bytes, bytes]] | None:
    """First and last byte of each part, as the header has them."""
    unit, _, ranges = header.partition(b"=")
    wanted = [piece for piece in (piece.strip(b" \t") for piece in ranges.split(b",")) if piece]
    matches = [_RANGE.fullmatch(piece) for piece in wanted[: _RANGES_AT_MOST + 1]]
    if unit.strip(b" \t").lower() != b"bytes" or not 0 < len(matches) <= _RANGES_AT_MOST:
        return None
    pairs = [(match[1], match[2]) for match in matches if match is not None and match[0] != b"-"]
    return pairs if len(pairs) == len(matches) else None


def _part(first: bytes, last: bytes, total: int) -> Part | None:
    if not first:
        offset, end = max(0, total - int(last)), total
    else:
        offset, end = int(first), min(int(last) + 1 if last else total, total)
    return Part(offset, end - offset) if offset < end else None


def in_parts(parts: Sequence[Part], total: int, content_type: bytes, boundary: bytes) -> list[bytes | Part]:
    """A body of several parts (multipart/byteranges): the parts, in order, and the bytes between them."""
    pieces: list[bytes | Part] = []
    for part in parts:
        pieces.append(
            b"\r\n--%b\r\nContent-Type: %b\r\nContent-Range: %b\r\n\r\n"
            % (boundary, content_type, part.content_range(total))
        )
        pieces.append(part)
    return [*pieces, b"\r\n--%b--\r\n" % boundary]


def length_of(pieces: Sequence[bytes | Part]) -> int:
    """The bytes of such a body."""
    return sum(piece.size if isinstance(piece, Part) else len(piece) for piece in pieces)
