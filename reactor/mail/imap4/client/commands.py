"""A client's command: which responses are the answer to it, and when it may be sent.

A command gets a tag, which the server's last word on it repeats. The data before have none: they belong to the command
that asked for their kind, or else tell what others do with the mailbox. So a command is sent before the answers to
earlier ones have come only where nothing can be taken for something else (RFC 3501, section 5.5): where it asks for
other data, or about other messages; and, if it counts messages, where none may go meanwhile. Otherwise it waits.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.mail.imap4.client.responses import read_status
from reactor.mail.imap4.sequence_sets import MessageSet, parseIdList
from reactor.mail.imap4.tokens import encode_mailbox, quoted

_FLAG = re.compile(r'\\?[^\x00-\x20\x7f-\U0010ffff(){%*"\\\]]+\Z')
_SECTION = re.compile(r"(HEADER|HEADER\.FIELDS|HEADER\.FIELDS\.NOT|TEXT|MIME)\Z")
_ANNOUNCED = re.compile(rb"\{(\d+)\}\r\n")
_NUMBER = re.compile(rb"\* (\d+) FETCH ", re.IGNORECASE)
_UID = re.compile(rb"[( ]UID (\d+)[ )]", re.IGNORECASE)
_BODY = re.compile(rb"BODY\[[^\[\]]*\](?:<\d+>)? \{\d+\}\Z", re.IGNORECASE)
_COUNTING = {b"FETCH", b"STORE", b"SEARCH", b"COPY", b"MOVE"}  # messages by their number
_KEEPING = {b"FETCH", b"STORE", b"SEARCH"}  # during these no message goes
_ALONE = {b"AUTHENTICATE", b"CAPABILITY", b"CLOSE", b"ENABLE", b"EXAMINE", b"IDLE", b"LOGIN", b"LOGOUT", b"SELECT"}
_ALONE |= {b"STARTTLS", b"UNSELECT"}


class Answer(NamedTuple):
    """What a command is told. lines: the data it asked for, each a list of values. line: the server's last word."""

    lines: list[list[Any]]
    line: bytes

    @property
    def code(self) -> list[Any]:
        """What the last word, or a status before, has in brackets, such as [b"APPENDUID", b"7", b"12"]; or []."""
        status = read_status(self.line)
        codes = [values[1] for values in self.lines if values[0] == b"OK"]
        return (status.code if status else []) or next(filter(None, codes), [])


class Streamed(bytes):
    """Stands where a literal was that a consumer got."""


class Command:
    """A command, to be given to `sendCommand`.

    command: its name, such as b"UID STORE". args: what follows it; see tokens.quoted. wantResponse: the kinds of data
    that it asks for; b"OK" is for codes. continuation: called with what the server says after `+`, and with contArgs
    and contKw. messages: which ones FETCH data will be about, if that is known. consumer: gets bodies.
    """

    def __init__(
        self,
        command: bytes,
        args: bytes | None = None,
        wantResponse: Iterable[bytes] = (),
        continuation: Callable[..., object] | None = None,
        *contArgs: Any,
        messages: MessageSet | None = None,
        consumer: Any = None,
        **contKw: Any,
    ) -> None:
        self.command, self.kinds, self.messages, self.consumer = command, frozenset(wantResponse), messages, consumer
        self.continuation = continuation and (lambda text: continuation(text, *contArgs, **contKw))
        self.unsent = _lines(command + b" " + args if args else command)
        self.defer: Deferred[Answer] = Deferred()
        self.lines: list[list[Any]] = []
        self.sizes = [0, 0]  # of what it was told, in lines and literals
        self.problem: Failure | None = None

    def may_follow(self, other: Command) -> bool:
        """Whether it may be sent while another one's answer isn't there."""
        if {self.command, other.command} & _ALONE or other.unsent or other.continuation:
            return False
        if self.command in _COUNTING and other.command not in _KEEPING:
            return False
        shared = self.kinds & other.kinds
        return not shared or (shared == {b"FETCH"} and self._is_apart_from(other))

    def _is_apart_from(self, other: Command) -> bool:
        mine, others = self.messages, other.messages
        if mine is None or others is None or self.consumer or other.consumer or self._has_uids != other._has_uids:
            return False
        return len(mine + others) == len(mine) + len(others)

    @property
    def _has_uids(self) -> bool:
        return self.command.startswith(b"UID ")

    def asked_for(self, kind: bytes, values: list[Any]) -> bool:
        """Whether it did so for these data."""
        if kind != b"FETCH" or self.messages is None:
            return kind in self.kinds
        names = dict(zip(values[2][::2], values[2][1::2], strict=True))
        message = names.get(b"UID") if self._has_uids else values[0]
        return kind in self.kinds and (message is None or int(message) in self.messages)

    def streams(self, first: bytes, last: bytes) -> bool:
        """Whether its consumer gets a literal: the text of a message that it has asked for.

        first, last: lines of the response, the latter announcing the literal. Without a UID before it, any may be it.
        """
        if self.consumer is None or not _NUMBER.match(first) or not _BODY.search(last):
            return False
        found = (_UID.search if self._has_uids else _NUMBER.match)(first)
        return found is None or self.messages is None or int(found[1]) in self.messages


def _lines(command: bytes) -> deque[bytes]:
    """The lines of a command: each but the first begins with a literal, and waits until the server says so."""
    lines: deque[bytes] = deque()
    begin = start = 0
    while found := _ANNOUNCED.search(command, start):
        lines.append(command[begin : found.end() - 2])
        begin, start = found.end(), found.end() + int(found[1])
    lines.append(command[begin:])
    return lines


def mailbox_name(name: str | bytes) -> bytes:
    """A mailbox as it is sent."""
    return quoted(encode_mailbox(name if isinstance(name, str) else name.decode("latin-1")))


def flag_list(flags: Iterable[str]) -> bytes:
    """Flags as they are sent. Raises ValueError for what can't be one."""
    for flag in (flags := [*flags]):
        if not _FLAG.match(flag):
            raise ValueError(f"{flag!r} can't be a flag")
    return b"(" + " ".join(flags).encode("ascii") + b")"


def message_set(messages: Any) -> tuple[bytes, MessageSet | None]:
    """A set as it is sent, and which messages these are, if that can be said. Raises IllegalIdentifierError."""
    written = str(messages).encode("ascii", "replace")
    known = parseIdList(written)
    return written, None if any(end is None for pair in known.ranges for end in pair) else known


def section_of(kind: str | None, part: int | Iterable[int] | None, names: Iterable[str] | None) -> bytes:
    """A part of a message as it is sent; see `fetchSpecific`. Raises ValueError for what is none."""
    if kind is not None and not _SECTION.match(kind):
        raise ValueError(f"{kind!r} is no section of a message")
    numbers = [part] if isinstance(part, int) else part or ()
    section = ".".join([*(str(int(number)) for number in numbers), *([kind] if kind else [])]).encode()
    if kind is None or not kind.startswith("HEADER.FIELDS"):
        return section
    return section + b" (" + b" ".join(quoted(name.encode("ascii")) for name in names or ()) + b")"
