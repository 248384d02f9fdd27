"""What a peer sent, in a message about it: the beginning, and never the repr of all of it, which may have megabytes."""

from __future__ import annotations

from itertools import islice
from typing import Any

_MOST = 80  # characters: a line of a log
_ITEMS = 8


def excerpt(value: Any) -> str:
    """A value in about 80 characters. Only what is shown is looked at, however long or deep it is.

    value: bytes, text, a number, None, or lists, tuples and dictionaries of them; of anything else, its class is shown.
    """
    if isinstance(value, (list, tuple, dict)):
        found = ", ".join(
            "…" if isinstance(one, (list, tuple, dict)) else excerpt(one) for one in islice(value, _ITEMS)
        )
        return f"[{found[:_MOST]}{', …' if len(value) > _ITEMS or len(found) > _MOST else ''}]"
    if isinstance(value, (bytes, bytearray, str)):
        return repr(value[:_MOST]) + "…" * (len(value) > _MOST)
    if isinstance(value, int) and value.bit_length() > 256:
        return f"a number of {value.bit_length()} bits"
    return repr(value) if isinstance(value, (int, float, type(None))) else f"<{type(value).__qualname__}>"
