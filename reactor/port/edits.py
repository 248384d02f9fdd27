"""Changing a program's text at the places that its syntax tree gives, and nowhere else.

The tree counts columns in bytes of UTF-8, so the text is kept as such bytes, and a place is an offset in them. A
replacement neither brings nor takes the end of a line: a traceback names the same line before and after.
"""

from __future__ import annotations

import ast
import re

_LINE_END = re.compile(rb"\r\n|\r|\n")  # for Python; str.splitlines knows seven more
_NEXT_LINE = re.compile(rb"[ \t]*\\?(?:\r\n|\r|\n)[ \t]*")  # after a backslash, or in parentheses


class Text:
    """A program's text, and what to replace in it."""

    def __init__(self, source: str) -> None:
        self.bytes = source.encode()
        self._lines = [0, *(end.end() for end in _LINE_END.finditer(self.bytes))]
        self._edits: list[tuple[int, int, bytes]] = []

    def span(self, node: ast.stmt | ast.expr | ast.alias) -> tuple[int, int]:
        """Where this node begins and ends."""
        assert node.end_lineno is not None and node.end_col_offset is not None, "ast.parse gives both"
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[node.end_lineno - 1] + node.end_col_offset

    def replace(self, start: int, end: int, new: str) -> None:
        """Replace the text from `start` to `end` by `new`. Line ends in it stay, after `new`."""
        self._edits.append((start, end, new.encode() + b"".join(_NEXT_LINE.findall(self.bytes[start:end]))))

    def edited(self) -> str:
        """The text with all replacements made."""
        text = self.bytes
        for start, end, new in sorted(self._edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text.decode()
