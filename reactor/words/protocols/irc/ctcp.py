"""Quoting, and CTCP: what programs say to each other inside of messages, between two bytes of value 1.

Two layers: `lowQuote` makes any text fit into a line; `ctcpQuote` any text fit between the marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from reactor.words.protocols.irc.wire import CR, NL, NUL, SPC

X_DELIM = "\x01"
M_QUOTE = "\x10"
X_QUOTE = "\\"
mQuoteTable = {NUL: M_QUOTE + "0", NL: M_QUOTE + "n", CR: M_QUOTE + "r", M_QUOTE: M_QUOTE + M_QUOTE}
xQuoteTable = {X_DELIM: X_QUOTE + "a", X_QUOTE: X_QUOTE + X_QUOTE}
mDequoteTable = {quoted[1]: text for text, quoted in mQuoteTable.items()}
xDequoteTable = {quoted[1]: text for text, quoted in xQuoteTable.items()}
mEscape_re = re.compile(re.escape(M_QUOTE) + ".", re.DOTALL)
xEscape_re = re.compile(re.escape(X_QUOTE) + ".", re.DOTALL)


def _quote(text: str, table: Mapping[str, str]) -> str:
    return "".join([table.get(one, one) for one in text])


def _dequote(text: str, escape: re.Pattern[str], table: Mapping[str, str]) -> str:
    return escape.sub(lambda found: table.get(found[0][1], found[0][1]), text)


def lowQuote(s: str) -> str:
    """A text without CR, LF and NUL."""
    return _quote(s, mQuoteTable) if mQuoteTable.keys() & set(s) else s


def lowDequote(s: str) -> str:
    """The text again."""
    return _dequote(s, mEscape_re, mDequoteTable)


def ctcpQuote(s: str) -> str:
    """A text without the mark."""
    return _quote(s, xQuoteTable)


def ctcpDequote(s: str) -> str:
    """The text again."""
    return _dequote(s, xEscape_re, xDequoteTable)


def ctcpStringify(messages: Iterable[tuple[str, Any]]) -> str:
    """What goes into a message. messages: tag and data, which is None, a text, or a list of words."""
    found = []
    for tag, data in messages:
        text = data if data is None or isinstance(data, str) else " ".join(map(str, data))
        found.append(f"{X_DELIM}{ctcpQuote(f'{tag} {text}' if data else str(tag))}{X_DELIM}")
    return "".join(found)


def ctcpExtract(message: str) -> dict[str, list[Any]]:
    """A message in two lists: "extended" has (tag, data or None), "normal" the texts between."""
    pieces = message.split(X_DELIM)
    extended = []
    for piece in filter(None, pieces[1::2]):
        tag, space, data = ctcpDequote(piece).partition(SPC)
        extended.append((tag, data if space else None))
    return {"extended": extended, "normal": [piece for piece in pieces[::2] if piece]}
