"""Serial numbers of zones: 32 bits, in a circle, so that after the highest one comes zero (RFC 1982)."""

from __future__ import annotations

_CIRCLE = 1 << 32


def is_newer(serial: int, than: int) -> bool:
    """Whether a serial number comes after another one. Of two that are opposite on the circle neither does."""
    return 0 < (serial - than) % _CIRCLE < _CIRCLE // 2
