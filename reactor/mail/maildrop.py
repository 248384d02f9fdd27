"""Letters in a store, and what one session of POP3 sees of them. Two stores: `maildir`, and one in memory, here.

A store is shared: letters come and go, and other programs may see to that. A session can't have it so, since POP3
numbers the letters, and the numbers must hold. So it has a Maildrop: the letters as they were when it began. What it
deletes goes when it says goodbye, and not before; whoever loses the connection finds all of it again.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from hashlib import md5
from typing import IO, Any, NamedTuple, Protocol

from reactor.cred.error import LoginDenied
from reactor.mail.interfaces import IMailboxPOP3

__all__ = ["IStore", "InUse", "Letter", "Mailboxes", "Maildrop", "MemoryStore", "wire_size"]


class InUse(LoginDenied):
    """Somebody else has the mailbox open. code: what POP3 calls that (RFC 2449, section 8.1.1)."""

    code = b"IN-USE"


class Letter(NamedTuple):
    """One letter in a store. unique: its name there, for ever. size: in bytes, as it is sent. place: the store's."""

    unique: str
    size: int
    place: Any = None


def wire_size(text: bytes) -> int:
    """How many bytes a text has when each line ends with CRLF, the last one too, and dots aren't doubled."""
    marks = text.count(b"\r") + text.count(b"\n")
    ends = marks - text.count(b"\r\n")
    return len(text) - marks + 2 * (ends + (text[-1:] not in (b"\r", b"\n")))


class IStore(Protocol):
    """Where somebody's letters are. It is an IMailbox too: `deliver` adds to it."""

    def letters(self) -> list[Letter]:
        """The letters of now, the oldest first."""

    def open(self, letter: Letter) -> IO[bytes]:
        """A file with the letter in it, whatever its lines end with. Raises FileNotFoundError if it is gone."""

    def remove(self, letter: Letter) -> None:
        """Remove it, if it is there. Raises OSError if it can't be."""

    def lock(self) -> Callable[[], None]:
        """Take it for one session. Returns what unlocks it. Raises InUse when another session has it."""


class Maildrop:
    """An IMailboxPOP3: what a store had in it when the session began.

    loginDelay: seconds between logins; messageExpiration: days until a letter goes, None for never. CAPA says both.
    """

    loginDelay = 0
    messageExpiration: int | None = None

    def __init__(self, store: IStore) -> None:
        self._store = store
        self._letters = store.letters()
        self._deleted: set[int] = set()

    def listMessages(self, index: int | None = None) -> Any:
        """As IMailboxPOP3."""
        if index is not None:
            return 0 if index in self._deleted else self._letter(index).size
        return [0 if place in self._deleted else letter.size for place, letter in enumerate(self._letters)]

    def getMessage(self, index: int) -> IO[bytes]:
        """As IMailboxPOP3. Raises FileNotFoundError if another program has removed it."""
        if index in self._deleted:
            raise ValueError(f"message {index} is deleted")
        return self._store.open(self._letter(index))

    def getUidl(self, index: int) -> bytes:
        """As IMailboxPOP3."""
        unique = self._letter(index).unique
        return md5(unique.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest().encode("ascii")

    def deleteMessage(self, index: int) -> None:
        """As IMailboxPOP3."""
        if index in self._deleted:
            raise ValueError(f"message {index} is deleted already")
        self._letter(index)
        self._deleted.add(index)

    def undeleteMessages(self) -> None:
        """As IMailboxPOP3."""
        self._deleted.clear()

    def sync(self) -> None:
        """As IMailboxPOP3. What can't be removed doesn't keep the others; the first OSError is raised in the end."""
        problems = []
        for index in sorted(self._deleted):
            try:
                self._store.remove(self._letters[index])
            except OSError as problem:
                problems.append(problem)
        if problems:
            raise problems[0]

    def _letter(self, index: int) -> Letter:
        if not 0 <= index < len(self._letters):
            raise ValueError(f"there is no message {index}")
        return self._letters[index]


class MemoryStore:
    """Letters in memory, for tests, slides and the simulated world."""

    def __init__(self) -> None:
        self._texts: dict[str, bytes] = {}
        self._numbers = itertools.count(1)
        self._is_locked = False

    def deliver(self, message: bytes) -> None:
        """As IMailbox."""
        self._texts[str(next(self._numbers))] = message

    def letters(self) -> list[Letter]:
        """As IStore."""
        return [Letter(unique, wire_size(text)) for unique, text in self._texts.items()]

    def open(self, letter: Letter) -> IO[bytes]:
        """As IStore."""
        if letter.unique not in self._texts:
            raise FileNotFoundError(f"letter {letter.unique} is gone")
        return io.BytesIO(self._texts[letter.unique] or b"\n")

    def remove(self, letter: Letter) -> None:
        """As IStore."""
        self._texts.pop(letter.unique, None)

    def lock(self) -> Callable[[], None]:
        """As IStore."""
        if self._is_locked:
            raise InUse("the mailbox is open in another session")
        self._is_locked = True

        def unlock() -> None:
            self._is_locked = False

        return unlock


class IStores(Protocol):
    """Who has which store: a dictionary, or Maildirs."""

    def __getitem__(self, name: bytes, /) -> IStore:
        """Somebody's. Raises KeyError for a name that has none."""


class Mailboxes:
    """An IRealm for POP3: everybody who logs in gets what is in their store, and nobody else has it meanwhile."""

    def __init__(self, stores: IStores) -> None:
        self._stores = stores

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        """As IRealm. Raises InUse; LoginDenied for a name without a store; NotImplementedError without IMailboxPOP3."""
        if IMailboxPOP3 not in interfaces:
            raise NotImplementedError("a mailbox is an IMailboxPOP3")
        try:
            store = self._stores[avatarId]
        except KeyError:
            raise LoginDenied(f"{avatarId!r} has no mailbox") from None
        unlock = store.lock()
        try:
            return IMailboxPOP3, Maildrop(store), unlock
        except BaseException:
            unlock()
            raise
