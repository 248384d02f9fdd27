"""What is sent is bytes: text has to be encoded first, and only its writer knows how."""

from __future__ import annotations


def check_bytes(method: str, data: bytes) -> None:
    """Raises TypeError for text, naming it and the method that it was given to."""
    if isinstance(data, str):
        raise TypeError(f"{method}() takes bytes, not {data!r}: encode text first")
