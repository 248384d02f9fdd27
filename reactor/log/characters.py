"""Characters that a log or a trace can't contain as they are, as escapes.

Text that a peer sent, or a program printed, may have anything in it. A carriage return or an escape sequence would
rewrite what a terminal shows of a log, and a line end would forge a line of it. XML has no control characters at all
(XML 1.0 §2.2: Char), and UTF-8 no lone surrogates (RFC 3629 §3), which Python makes of bytes that it can't decode.
"""

from __future__ import annotations

import re

_LONE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # all but tab and line feed
_LINE_ENDS = re.compile("[\t\n]")
_NOT_IN_XML = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def visible(text: str) -> str:
    """The text with escapes, such as `\\r` or `\\x1b`, for what a terminal would obey; tabs and line feeds stay."""
    return text if text.isprintable() else _UNPRINTABLE.sub(_escape, text)


def on_one_line(text: str) -> str:
    """As `visible`, and with escapes for tabs and line feeds, too."""
    return text if text.isprintable() else _LINE_ENDS.sub(_escape, visible(text))


def in_xml(text: str) -> str:
    """The text with escapes for what XML can't say; markup is not escaped."""
    return _NOT_IN_XML.sub(_escape, text)


def in_json(document: str) -> str:
    """A JSON document with escapes for lone surrogates. They can only be inside its strings: a backslash is two."""
    return _LONE.sub(lambda found: "\\" + _escape(found), document)


def _escape(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]
