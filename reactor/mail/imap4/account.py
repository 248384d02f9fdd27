"""Somebody's mailboxes by name: in memory here, in a folder of Maildirs in `folders`.

INBOX is always there, however it is spelt. The other names have levels, with a delimiter between them. The names are
those of Twisted's; but a name keeps its case, and a rename takes along what is below it and nothing else.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Any

from reactor.cred.error import LoginDenied
from reactor.mail.imap4.mailbox import MailboxCollision, MailboxException, MemoryMailbox, NoSuchMailbox
from reactor.mail.interfaces import IAccountIMAP

SPECIAL_USE = {name: "\\" + name for name in ("Archive", "Drafts", "Junk", "Sent", "Trash")}  # RFC 6154
MOST_MAILBOXES = 10_000
MOST_PATTERN = 500


def matches(pattern: str, name: str, delimiter: str) -> bool:
    """Whether a name fits a pattern of LIST: `*` is anything, `%` anything within one level.

    All ways to fit are followed together, a character of the name at a time: no pattern takes longer than both lengths
    multiplied.
    """

    def over_wildcards(places: Iterable[int]) -> set[int]:
        found = set(places)
        for place in sorted(found):
            while place < len(pattern) and pattern[place] in "*%":
                place += 1
                found.add(place)
        return found

    pattern = re.sub(r"[*%]+", lambda run: "*" if "*" in run[0] else "%", pattern)
    places = over_wildcards({0})
    for character in name:
        staying = "*" if character == delimiter else "*%"
        stay = {at for at in places if at < len(pattern) and pattern[at] in staying}
        places = over_wildcards(stay | {at + 1 for at in places if pattern[at : at + 1] == character})
    return len(pattern) in places


class Missing:
    """What LIST says of a name that has mailboxes below it, and is none itself."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter

    def getFlags(self) -> list[str]:
        return [r"\Noselect"]

    def getHierarchicalDelimiter(self) -> str:
        return self._delimiter


class MemoryAccount:
    """An account in memory; an IAccountIMAP. name: whose. A subclass may make other mailboxes: `_emptyMailbox`.

    extensions: what a server may announce, as all mailboxes are ITrackedMailboxIMAP.
    """

    delimiter = "."
    extensions = (b"CONDSTORE", b"MOVE", b"SPECIAL-USE", b"STATUS=SIZE", b"UIDPLUS")

    def __init__(self, name: bytes | str = b"") -> None:
        self.name = name
        self.mailboxes: dict[str, Any] = {}
        self.subscriptions: set[str] = set()
        self._numbers = itertools.count(1)
        self.addMailbox("INBOX")

    def allocateID(self) -> int:
        """A number that no mailbox has had."""
        return next(self._numbers)

    # --- what a subclass has otherwise

    def names(self) -> list[str]:
        """All of them, sorted."""
        return sorted(self.mailboxes)

    def _emptyMailbox(self, name: str, id: int) -> Any:
        return MemoryMailbox(id)

    def _move(self, old: str, new: str) -> None:
        self.mailboxes[new] = self.mailboxes.pop(old)

    def _remove(self, name: str) -> None:
        self.mailboxes.pop(name).destroy()

    def subscribed(self) -> set[str]:
        """The short list."""
        return set(self.subscriptions)

    def _subscribe(self, name: str, isSo: bool) -> None:
        (self.subscriptions.add if isSo else self.subscriptions.discard)(name)

    def _info(self, name: str) -> Any:
        return self.mailboxes[name]

    # ---

    def normal(self, name: str) -> str:
        """A name as it is kept. Raises MailboxException for one that can't be a mailbox's."""
        if name.upper() == "INBOX":
            return "INBOX"
        levels = name.split(self.delimiter)
        if not all(levels) or "/" in name or any(ord(one) < 32 or ord(one) == 127 for one in name) or len(name) > 200:
            raise MailboxException(f"{name[:80]!r} can't be the name of a mailbox")
        return name

    def new_name(self, name: str) -> str:
        """A name for a mailbox, as it is kept. Raises MailboxException if there can't be another one, or not this."""
        name, names = self.normal(name), self.names()
        if name in names:
            raise MailboxCollision(f"there is a mailbox {name} already")
        if len(names) >= MOST_MAILBOXES:
            raise MailboxException(f"there are at most {MOST_MAILBOXES} mailboxes")
        return name

    def addMailbox(self, name: str, mbox: Any = None) -> bool:
        name = self.new_name(name)
        self.mailboxes[name] = self._emptyMailbox(name, self.allocateID()) if mbox is None else mbox
        return True

    def create(self, pathspec: str) -> bool:
        name = self.normal(pathspec.removesuffix(self.delimiter))
        levels = name.split(self.delimiter)
        for count in range(1, len(levels)):
            above = self.delimiter.join(levels[:count])
            if self.normal(above) not in self.names():
                self.addMailbox(above)
        return self.addMailbox(name)

    def select(self, name: str, rw: bool = True) -> Any:
        return self.mailboxes.get(self.normal(name))

    def _below(self, name: str) -> list[str]:
        return [one for one in self.names() if one.startswith(name + self.delimiter)]

    def delete(self, name: str) -> bool:
        name = self.normal(name)
        if name == "INBOX":
            raise MailboxException("INBOX can't be deleted")
        if self._below(name):
            raise MailboxException(f"there are mailboxes below {name}; delete them before")
        if name not in self.names():
            raise NoSuchMailbox(f"there is no mailbox {name}")
        self._remove(name)
        return True

    def rename(self, oldname: str, newname: str) -> bool:
        old, new = self.normal(oldname), self.normal(newname)
        if old == "INBOX":  # which stays, and is empty afterwards
            self.create(new)
            inbox = self.select(old)
            inbox.copyTo(inbox.uids(), self.select(new), move=True)
            return True
        moving = [name for name in (old, *self._below(old)) if name in self.names()]
        if not moving:
            raise NoSuchMailbox(f"there is no mailbox {old}")
        if new.startswith(old + self.delimiter):
            raise MailboxException(f"{new} is below {old}")
        renamed = {name: new + name[len(old) :] for name in moving}
        for name in renamed.values():
            if name in self.names():
                raise MailboxCollision(f"there is a mailbox {name} already")
        for name, its_new in renamed.items():
            self._move(name, its_new)
        return True

    def isSubscribed(self, name: str) -> bool:
        return self.normal(name) in self.subscribed()

    def subscribe(self, name: str) -> None:
        if len(self.subscribed()) >= MOST_MAILBOXES:
            raise MailboxException(f"there are at most {MOST_MAILBOXES} subscriptions")
        self._subscribe(self.normal(name), True)

    def unsubscribe(self, name: str) -> None:
        self._subscribe(self.normal(name), False)

    def listMailboxes(self, ref: str, wildcard: str) -> list[tuple[str, Any]]:
        known = set(self.names())
        above = {name[:at] for name in known for at, mark in enumerate(name) if mark == self.delimiter} - known
        pattern = ref + wildcard
        if len(pattern) > MOST_PATTERN:
            raise MailboxException(f"a pattern has at most {MOST_PATTERN} characters")
        if pattern[:5].upper() == "INBOX":
            pattern = "INBOX" + pattern[5:]
        return [
            (name, self._info(name) if name in known else Missing(self.delimiter))
            for name in sorted(known | above)
            if matches(pattern, name, self.delimiter)
        ]

    def getPersonalNamespaces(self) -> list[list[str]]:
        return [["", self.delimiter]]

    def getSharedNamespaces(self) -> None:
        return None

    def getUserNamespaces(self) -> None:
        return None


class Accounts:
    """An IRealm for IMAP: everybody who logs in gets their account. account: a function from name to IAccountIMAP.

    It raises KeyError for who has none.
    """

    def __init__(self, account: Any) -> None:
        self._account = account

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        """As IRealm. Raises LoginDenied for a name without an account; NotImplementedError without IAccountIMAP."""
        if IAccountIMAP not in interfaces:
            raise NotImplementedError("an account is an IAccountIMAP")
        try:
            account = self._account(avatarId)
        except KeyError:
            raise LoginDenied(f"{avatarId!r} has no mailbox") from None
        return IAccountIMAP, account, getattr(account, "close", lambda: None)
