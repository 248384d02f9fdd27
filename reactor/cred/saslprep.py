"""Passwords written alike are alike: SASLprep (RFC 4013), the profile of stringprep for names and passwords.

Two keyboards may spell the same é in two ways, one character or two. Unicode's normal form KC makes them one; spaces of
all kinds become the plain one, what can't be seen goes, and control characters are refused.
"""

from __future__ import annotations

import stringprep
import unicodedata

MOST_BYTES = 1024  # of what isn't ASCII: to put marks on a letter into their order takes the square of their number
_FORBIDDEN = (  # RFC 4013 section 2.3, by the tables of RFC 3454
    *(stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3, stringprep.in_table_c4),
    *(stringprep.in_table_c5, stringprep.in_table_c6, stringprep.in_table_c7, stringprep.in_table_c8),
    *(stringprep.in_table_c9, stringprep.in_table_a1),
)


def saslprep(secret: bytes) -> bytes:
    """The canonical form of a name or password in UTF-8.

    Raises ValueError for bytes that aren't UTF-8, for characters that have no business in a password, and for more than
    MOST_BYTES that aren't all ASCII. It doesn't quote them: the message goes to a log.
    """
    text = secret.decode("utf-8")
    if not secret.isascii():
        if len(secret) > MOST_BYTES:
            raise ValueError(f"a name or password beyond ASCII has at most {MOST_BYTES} bytes, not {len(secret)}")
        shown = (" " if stringprep.in_table_c12(c) else c for c in text if not stringprep.in_table_b1(c))
        text = unicodedata.ucd_3_2_0.normalize("NFKC", "".join(shown))
    if any(forbids(character) for forbids in _FORBIDDEN for character in set(text)):
        raise ValueError("a name or password has a character that can't be typed or seen (RFC 4013)")
    _check_directions(text)
    return text.encode("utf-8")


def _check_directions(text: str) -> None:
    """Text that runs from right to left does so from its first character to its last (RFC 3454 section 6)."""
    if any(map(stringprep.in_table_d1, text)):
        begins_and_ends = stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])
        if not begins_and_ends or any(map(stringprep.in_table_d2, text)):
            raise ValueError("a name or password mixes directions of writing (RFC 4013)")
