"""A mailbox of IMAP: messages by UID, their flags, and what changed when. Here in memory; in a Maildir in `folders`.

Each change of the mailbox has a number, the modseq, and each message that of its latest change: so whoever remembers
the one that they saw last finds all that is new since then (RFC 7162). A UID is given once, in the order of arrival.
"""

from __future__ import annotations

import io
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import formatdate
from itertools import takewhile
from typing import IO, Any

from reactor.mail.imap4.sequence_sets import MessageSet
from reactor.mail.imap4.tokens import IMAP4Exception, ParseError
from reactor.mail.interfaces import IMailboxIMAPListener

SYSTEM_FLAGS = (r"\Answered", r"\Deleted", r"\Draft", r"\Flagged", r"\Seen")
MOST_KEYWORDS = 50  # that a message has
MOST_KEYWORD = 200  # characters


class MailboxException(IMAP4Exception):
    """A mailbox can't do that. code: what IMAP calls it (RFC 5530), or b""."""

    code = b"CANNOT"


class MailboxCollision(MailboxException):
    """There is a mailbox with this name already."""

    code = b"ALREADYEXISTS"


class NoSuchMailbox(MailboxException):
    """There is no mailbox with this name."""

    code = b"NONEXISTENT"


class MailboxGone(NoSuchMailbox):
    """A mailbox was deleted, or renamed, while it was open."""


class ReadOnlyMailbox(MailboxException):
    """Nothing can be changed in this mailbox."""

    code = b"READ-ONLY"


def parseTime(s: bytes) -> float:
    """Seconds since 1970 of a date such as b"17-Jul-1996 02:44:25 -0700". Raises ParseError for what is none."""
    try:
        return datetime.strptime(s.decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z").timestamp()
    except (ValueError, OverflowError):
        raise ParseError(f"{s[:40]!r} is no date such as 17-Jul-1996 02:44:25 -0700") from None


class Message:
    """A message, as IMessageIMAP and IMessageIMAPFile. place: the mailbox's. date: seconds since 1970."""

    __slots__ = ("date", "flags", "isRecent", "mailbox", "modseq", "place", "size", "uid")

    def __init__(
        self, mailbox: Any, uid: int, flags: frozenset[str], modseq: int, date: float, size: int, place: Any
    ) -> None:
        self.mailbox, self.uid, self.flags, self.modseq = mailbox, uid, flags, modseq
        self.date, self.size, self.place, self.isRecent = date, size, place, False

    def getUID(self) -> int:
        return self.uid

    def getFlags(self) -> frozenset[str]:
        return self.flags

    def getInternalDate(self) -> str:
        return formatdate(self.date)

    def getSize(self) -> int:
        return self.size

    def getModseq(self) -> int:
        """The number of its latest change."""
        return self.modseq

    def open(self) -> IO[bytes]:
        file: IO[bytes] = self.mailbox.open(self)
        return file


class MemoryMailbox:
    """A mailbox in memory; an ITrackedMailboxIMAP. validity: its UIDVALIDITY. A subclass keeps messages elsewhere."""

    delimiter = "."

    def __init__(self, validity: int = 1) -> None:
        self.validity, self.next_uid, self.modseq = validity, 1, 1
        self._messages: dict[int, Message] = {}
        self._latest: dict[int, Message] = {}  # the same, and those that have changed last are at the end
        self._listeners: list[IMailboxIMAPListener] = []

    # --- what a subclass has otherwise

    def open(self, message: Message) -> IO[bytes]:
        """A file with a message. Raises FileNotFoundError if another program has removed it."""
        return io.BytesIO(message.place)

    def look(self) -> None:
        """Take note of what others have done to the mailbox."""

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Around changes; all of them have one modseq."""
        self.modseq += 1
        yield

    def _set_flags(self, message: Message, flags: frozenset[str]) -> None:
        message.flags, message.modseq = flags, self.modseq
        self._touch(message)

    def _touch(self, message: Message) -> None:
        self._latest.pop(message.uid, None)
        self._latest[message.uid] = message

    def _remove(self, message: Message) -> None:
        del self._messages[message.uid], self._latest[message.uid]

    def _clear_recent(self, message: Message) -> None:
        message.isRecent = False

    def _add(self, place: Any, size: int, flags: frozenset[str], date: float) -> Message:
        message = Message(self, self.next_uid, flags, self.modseq, date, size, place)
        message.isRecent = True
        self._messages[self.next_uid] = self._latest[self.next_uid] = message
        self.next_uid += 1
        return message

    # --- what there is

    def getFlags(self) -> list[str]:
        used = {message.flags for message in self._messages.values()}
        return [*SYSTEM_FLAGS, *sorted(frozenset().union(*used) - {*SYSTEM_FLAGS})]

    def getHierarchicalDelimiter(self) -> str:
        return self.delimiter

    def getUIDValidity(self) -> int:
        return self.validity

    def getUIDNext(self) -> int:
        self.look()
        return self.next_uid

    def getUID(self, message: int) -> int:
        return list(self._messages)[message - 1]

    def uids(self) -> list[int]:
        self.look()
        return list(self._messages)

    def highestModseq(self) -> int:
        return self.modseq

    def changedSince(self, modseq: int) -> list[int]:
        changed = takewhile(lambda message: message.modseq > modseq, reversed(self._latest.values()))
        return sorted(message.uid for message in changed)

    def getMessageCount(self) -> int:
        return len(self._messages)

    def getRecentCount(self) -> int:
        return sum(message.isRecent for message in self._messages.values())

    def getUnseenCount(self) -> int:
        return sum(r"\Seen" not in message.flags for message in self._messages.values())

    def isWriteable(self) -> bool:
        return True

    def requestStatus(self, names: Iterable[str]) -> dict[str, int]:
        self.look()
        messages = self._messages.values()
        known = {
            "MESSAGES": self.getMessageCount,
            "RECENT": self.getRecentCount,
            "UNSEEN": self.getUnseenCount,
            "UIDNEXT": lambda: self.next_uid,
            "UIDVALIDITY": self.getUIDValidity,
            "SIZE": lambda: sum(message.size for message in messages),
            "HIGHESTMODSEQ": self.highestModseq,
        }
        return {name: known[name]() for name in names}

    def fetch(self, messages: MessageSet, uid: Any) -> list[tuple[int, Message]]:
        uids = list(self._messages)
        if uid:
            return [(bisect_left(uids, one) + 1, self._messages[one]) for one in messages.among(uids)]
        return [(number, self._messages[uids[number - 1]]) for number in messages.among(range(1, len(uids) + 1))]

    def takeRecent(self, keep: bool = False) -> set[int]:
        found = [message for message in self._messages.values() if message.isRecent]
        for message in [] if keep else found:
            self._clear_recent(message)
        return {message.uid for message in found}

    # --- changes

    def addListener(self, listener: IMailboxIMAPListener) -> None:
        self._listeners.append(listener)

    def removeListener(self, listener: IMailboxIMAPListener) -> None:
        self._listeners.remove(listener)

    def destroy(self) -> None:
        self._messages.clear()
        self._latest.clear()

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener.newMessages(self.getMessageCount(), None)

    def deliver(self, message: bytes) -> None:
        """As IMailbox."""
        self.addMessage(io.BytesIO(message))

    def addMessage(self, message: Any, flags: Iterable[str] = (), date: bytes | None = None) -> Any:
        text = message.read()
        with self._changing():
            added = self._add(text, len(text), usable(flags), time.time() if date is None else parseTime(date))
        self._tell()
        return added.uid

    def store(
        self, messages: MessageSet, flags: Iterable[str], mode: int, uid: Any, unchangedSince: int | None = None
    ) -> dict[int, list[str]]:
        given, done = usable(flags), {}
        with self._changing():
            for number, message in self.fetch(messages, uid):
                if unchangedSince is not None and message.modseq > unchangedSince:
                    continue
                wanted = given if mode == 0 else message.flags | given if mode > 0 else message.flags - given
                if wanted != message.flags:
                    self._set_flags(message, usable(wanted))
                done[number] = sorted(message.flags)
        self._tell()
        return done

    def expunge(self, uids: Iterable[int] | None = None) -> list[int]:
        numbers = {uid: number for number, uid in enumerate(self._messages, 1)}
        chosen = [uid for uid in (numbers if uids is None else uids) if uid in numbers]
        gone = [uid for uid in sorted(chosen, reverse=True) if r"\Deleted" in self._messages[uid].flags]
        if gone:
            with self._changing():
                for uid in gone:
                    self._remove(self._messages[uid])
            self._tell()
        return [numbers[uid] for uid in gone]

    def copyTo(self, uids: list[int], mailbox: Any, move: bool = False) -> dict[int, int]:
        found = [self._messages[uid] for uid in uids if uid in self._messages]
        with mailbox._changing():
            new = {one.uid: mailbox._add(one.place, one.size, one.flags, one.date).uid for one in found}
        if move:
            with self._changing():
                for one in found:
                    self._remove(one)
            self._tell()
        mailbox._tell()
        return new


def usable(flags: Iterable[str]) -> frozenset[str]:
    r"""Flags in their own spelling, without \Recent, which isn't the client's. Raises MailboxException for too many."""
    known = {flag.lower(): flag for flag in SYSTEM_FLAGS}
    found = frozenset(known.get(flag.lower(), flag) for flag in flags if flag.lower() != r"\recent")
    wrong = sorted(flag for flag in found if flag[:1] == "\\" and flag not in SYSTEM_FLAGS)
    if any(len(flag) > MOST_KEYWORD for flag in found):
        raise MailboxException(f"a keyword has at most {MOST_KEYWORD} characters")
    if wrong or len(found) > MOST_KEYWORDS + len(SYSTEM_FLAGS):
        raise MailboxException(wrong[0] + " is no flag" if wrong else f"a message has at most {MOST_KEYWORDS} keywords")
    return found
