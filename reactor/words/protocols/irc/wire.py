"""Messages of IRC: lines to their parts, and back.

    [@tags SPACE] [:prefix SPACE] command {SPACE parameter} [SPACE :last parameter]          RFC 1459, 2.3.1; IRCv3

Everything is text, which is UTF-8 on the wire; other bytes become surrogates, and come out as they went in. A line is
refused by IRCBadMessage, and what would make two lines of one by ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

NUL, CR, NL, LF, SPC = "\0", "\r", "\n", "\n", " "
MAX_COMMAND_LENGTH = 512  # bytes, with CR LF, without tags
CHANNEL_PREFIXES = "&#!+"
LONGEST_TAGS = 4096  # bytes of what a client may send, from @ to the space: IRCv3, message-tags
_ESCAPES = {"\\": "\\\\", ";": "\\:", " ": "\\s", "\r": "\\r", "\n": "\\n"}
_MEANINGS = {escape[1]: text for text, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"[\\; \r\n]")
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_TAG = re.compile(r"\+?[A-Za-z0-9./-]+")
_BREAKS = re.compile(r"[\r\n\0]")


class IRCBadMessage(Exception):
    """A line that is no message."""


class Message(NamedTuple):
    """A message. tags: name → value, "" without one. prefix: who sends it, "" without one."""

    command: str
    params: list[str] = []  # noqa: RUF012  (a tuple's default: nobody changes it)
    prefix: str = ""
    tags: Mapping[str, str] = {}


def read_tags(text: str) -> dict[str, str]:
    """The tags between `@` and the space. Of two with one name the last counts."""
    pairs = (one.partition("=") for one in text.split(";") if one)
    return {name: _ESCAPE.sub(lambda it: _MEANINGS.get(it[1], it[1]), value) for name, _, value in pairs}


def write_tags(tags: Mapping[str, str | None]) -> str:
    """Tags as they stand between `@` and the space. Raises ValueError for a name that is none."""
    for name in tags:
        if not _TAG.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a tag: letters, digits, `-`, `.` and `/`")
    return ";".join(
        f"{name}={_ESCAPED.sub(lambda it: _ESCAPES[it[0]], value)}" if value else name for name, value in tags.items()
    )


def read_message(line: str) -> Message:
    """A line without its end. Raises IRCBadMessage."""
    tags, prefix = "", ""
    if line.startswith("@"):
        tags, _, line = line[1:].partition(" ")
        line = line.lstrip(" ")
    if line.startswith(":"):
        prefix, _, line = line[1:].partition(" ")
    line, colon, last = line.partition(" :")
    params = [word for word in line.split(" ") if word]
    if not params:
        raise IRCBadMessage("Empty line." if not (line or prefix or tags) else f"no command behind {prefix or tags!r}")
    return Message(params[0], params[1:] + ([last] if colon else []), prefix, read_tags(tags) if tags else {})


def parsemsg(s: str) -> tuple[str, str, list[str]]:
    """The prefix, command and parameters of a line. Raises IRCBadMessage. (Twisted doesn't know tags.)"""
    message = read_message(s)
    return message.prefix, message.command, message.params


def checked(line: str) -> str:
    """The line. Raises ValueError for what would end it before its end."""
    found = _BREAKS.search(line)
    if found:
        raise ValueError(f"a line of IRC has no {found[0]!r} in it: {line[:80]!r}")
    return line


def write_message(command: str, params: Sequence[str], prefix: str = "", hasText: bool = False) -> str:
    """A line without its end. The last parameter may be anything; raises ValueError for others that are no word.

    hasText: whether to put the colon before the last one though it is one word: small clients look for it.
    """
    for param in params[:-1]:
        if not param or param.startswith(":") or " " in param:
            raise ValueError(f"{param!r} can't be a parameter of {command} unless it is the last")
    words = [f":{prefix}"] if prefix else []
    words += [command, *params[:-1]]
    if params:
        last = params[-1]
        words.append(f":{last}" if hasText or not last or last.startswith(":") or " " in last else last)
    return checked(" ".join(words))


def cut(line: str, most: int = MAX_COMMAND_LENGTH - 2) -> bytes:
    """The line in bytes, no more than so many, and no character in pieces."""
    data = line.encode("utf-8", "surrogateescape")
    if len(data) <= most:
        return data
    while most and data[most] & 0xC0 == 0x80:
        most -= 1
    return data[:most]


def split(str: str, length: int = 80) -> list[str]:
    """The lines of a text, of at most `length` bytes of UTF-8: cut at a space if there is one, never in a character.

    (Twisted counts characters, so that a server may cut one in two.)
    """
    pieces = []
    for line in str.split("\n"):
        data, at = line.encode("utf-8", "surrogateescape"), 0
        while at < len(data):
            end = _end_of_piece(data, at, length)
            pieces.append(data[at:end].decode("utf-8", "surrogateescape"))
            at = end + data.startswith(b" ", end)
    return pieces


def _end_of_piece(data: bytes, at: int, length: int) -> int:
    if len(data) - at <= length:
        return len(data)
    space = data.rfind(b" ", at + 1, at + length + 1)
    if space > at:
        return space
    end = at + length
    while end > at and data[end] & 0xC0 == 0x80:
        end -= 1
    if end == at:  # a single character is longer than that
        end += 1
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end += 1
    return end
