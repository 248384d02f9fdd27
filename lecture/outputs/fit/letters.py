"""How wide text is, and how many lines it takes.

Which fonts a presenter's machine has is not known here. So these are the widths of DejaVu, the widest of the families
that deck.css names: what fits with it, fits with the others too. A letter's width is in the size of its type.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

MONO = 0.6025  # of every letter of a monospaced font

_WIDTHS = {
    "": (
        (28, "'ijl"), (30, "IJ"), (32, " ,."), (34, "/:;\\|"), (36, "f"), (38, "-"), (40, "()[]t"), (42, "!r"),
        (46, '"'), (50, "*_`"), (54, "?sz"), (56, "Lc"), (58, "Fk"), (60, "vxy"), (62, "PTYaeo"),
        (64, "$0123456789ESbdghnpqu{}"), (66, "K"), (70, "ABCRVXZ"), (74, "U"), (76, "HN"), (78, "&DG"), (80, "OQ"),
        (82, "w"), (84, "#+<=>^~"), (88, "M"), (96, "%"), (98, "m"), (100, "@W"),
    ),
    "bold": (
        (32, "'"), (36, " ijl"), (38, ",./IJ\\|"), (40, ":;"), (42, "-"), (44, "f"), (46, "!()[]"), (48, "t"),
        (50, "_`r"), (54, '"*'), (60, "?csz"), (64, "L"), (66, "vxy"), (68, "aek"), (70, "$0123456789EFTo"),
        (72, "bdghnpqu{}"), (74, "CPSYZ"), (78, "ABKRVX"), (82, "U"), (84, "#+<=>DGHN^~"), (86, "OQ"), (88, "&"),
        (94, "w"), (100, "@M"), (102, "%"), (106, "m"), (112, "W"),
    ),
}  # fmt: skip
_KNOWN = {
    (kind, letter): width / 100 for kind, table in _WIDTHS.items() for width, letters in table for letter in letters
}


class Run(NamedTuple):
    """Letters of one kind in a line of words. kind: "" (regular), "bold" or "mono"."""

    text: str
    kind: str = ""


@lru_cache(maxsize=4096)
def letter(character: str, kind: str = "") -> float:
    """The width of a letter, in the size of its type."""
    if kind == "mono" and (character < "\u0250" or "\u2010" <= character <= "\u25ff"):
        return MONO
    known = _KNOWN.get(("" if kind == "mono" else kind, character))
    if known is None:  # beyond DejaVu, fonts that no list names stand in: a full square and more
        wide = unicodedata.east_asian_width(character) in "WF"
        known = 1.15 if character < "\u0250" else 1.6 if wide else 1.3
    return known


def width(text: str, kind: str = "") -> float:
    """The width of text, in the size of its type."""
    return sum(letter(character, kind) for character in text)


def lines(runs: Iterable[Run], room: float) -> int:
    """How many lines the runs take in so much room, which is in the size of their type; they break at blanks only."""
    count, used = 1, 0.0
    word = 0.0
    for run in runs:
        for character in run.text:
            if character in " \t\n\u200b":
                count, used = _placed(count, used, word, room)
                used += letter(" ", run.kind)
                word = 0.0
            else:
                word += letter(character, run.kind)
    return _placed(count, used, word, room)[0]


def _placed(count: int, used: float, word: float, room: float) -> tuple[int, float]:
    """Lines, and what is used of the last one, when a word has been put there."""
    if not word or used + word <= room:
        return count, used + word
    count += bool(used)
    if word <= room:
        return count, word
    broken = math.ceil(word / max(room - 1.5, 1.0))  # a word too long for a line is cut between letters
    return count + broken - 1, word - (broken - 1) * max(room - 1.5, 1.0)
