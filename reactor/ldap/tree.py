"""Trees of entries: in memory, in an LDIF file, in SQLite. All are whole in memory; the last two also write it down.

A tree is a table of entries by the normal form of their names, and a table of children. Whatever changes an entry makes
a new one, and calls `keep` before it puts that in: what can't be written down hasn't happened.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from reactor.application.state_file import replace_file
from reactor.ldap import ldif
from reactor.ldap.dn import DistinguishedName, Key
from reactor.ldap.entry import LDAPEntry, Values, keyed, normals_of
from reactor.ldap.filters import Filter
from reactor.ldap.index import EqualityIndex, Keys
from reactor.ldap.messages import OPERATIONS, Change, Entry, Op, Scope
from reactor.ldap.results import LDAPError, ResultCode
from reactor.ldap.schema import LONGEST_NAME, PASSWORD, attribute_type, canonical, missing_from

# RFC 4512, section 2.5: a short name or an OID, and options.
_ATTRIBUTE = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*", re.ASCII)
MOST_PASSWORDS = 4  # of an entry: each of them is tried when somebody binds


class MemoryTree:
    """A tree that ends with the program.

    entries: what is in it. suffixes: names at which it may begin; those of entries without a parent are among them.
    now: what time it is, in seconds since 1970. Changes raise LDAPError, and `who` made them is noted in the entry.
    """

    mostValues = 10_000  # of an attribute: each change of it looks at all of them
    mostMoved = 10_000  # entries that one new name moves: that isn't done in pieces

    def __init__(
        self,
        entries: Iterable[LDAPEntry] = (),
        suffixes: Iterable[str | DistinguishedName] = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        self._entries: dict[Key, LDAPEntry] = {}
        self._children: dict[Key, Keys] = {}
        self._index = EqualityIndex()
        self._now = now
        self.suffixes = [*map(DistinguishedName, suffixes)]
        self._put(entries)
        self._find_roots()

    def load(self, entries: Iterable[LDAPEntry]) -> None:
        """Put in entries as they are, all or none: from a file of another server's, say."""
        self._commit((), [*entries])
        self._find_roots()

    def close(self) -> None:
        """Nothing more is read or changed."""

    def _find_roots(self) -> None:
        roots = [entry.dn for entry in self._entries.values() if entry.dn.key[1:] not in self._entries]
        self.suffixes = [*dict.fromkeys([*self.suffixes, *roots])]

    def _put(self, entries: Iterable[LDAPEntry]) -> None:
        for entry in entries:
            if entry.dn.key in self._entries:
                self._index.remove(self._entries[entry.dn.key])
            self._entries[entry.dn.key] = entry
            self._index.add(entry)
            self._children.setdefault(entry.dn.key[1:], {})[entry.dn.key] = None

    def keep(self, removed: Iterable[Key], added: Iterable[LDAPEntry]) -> None:
        """Write down a change that is about to happen. An error here is the end of it. Does nothing in memory."""

    def _commit(self, removed: Iterable[Key], added: list[LDAPEntry]) -> None:
        gone = [key for key in removed if key not in {entry.dn.key for entry in added}]
        self.keep(gone, added)
        for key in gone:
            self._index.remove(self._entries.pop(key))
            self._children[key[1:]].pop(key)
            if not self._children[key[1:]]:
                del self._children[key[1:]]
        self._put(added)

    def __len__(self) -> int:
        return len(self._entries)

    # --- reading

    def get(self, dn: DistinguishedName) -> LDAPEntry | None:
        """The entry of this name."""
        return self._entries.get(dn.key)

    def has_children(self, dn: DistinguishedName) -> bool:
        """Whether there are entries below it."""
        return dn.key in self._children

    def nearest(self, dn: DistinguishedName) -> LDAPEntry | None:
        """The entry of this name, or of the nearest name above it that has one."""
        keys = (dn.key[at:] for at in range(len(dn.key)))
        return next((self._entries[key] for key in keys if key in self._entries), None)

    def search(self, base: DistinguishedName, scope: int, filter: Filter | None = None) -> Iterator[LDAPEntry]:
        """The entries at and below a name, as far as `scope` goes, parents first. The tree may change meanwhile.

        filter: what it can't be true of may be left out, and entries come in any order. All referrals come.
        """
        narrowed = None if filter is None or scope == Scope.base else self._index.narrowed(filter)
        if narrowed is not None:
            above = slice(1, None) if scope == Scope.one else slice(-len(base.key), None) if base.key else slice(0, 0)
            below = [key for key in narrowed if key[above] == base.key]
            yield from (self._entries[key] for key in below if key in self._entries)
            return
        waiting = [base.key] if scope != Scope.one else [*self._children.get(base.key, ())][::-1]
        while waiting:
            key = waiting.pop()
            entry = self._entries.get(key)
            if entry is not None:
                yield entry
            if scope == Scope.subtree:
                waiting += [*self._children.get(key, ())][::-1]

    def find(self, dn: DistinguishedName) -> LDAPEntry:
        """As `get`, but raises LDAPError when there is none."""
        entry = self._entries.get(dn.key)
        if entry is None:
            nearest = self.nearest(dn)
            raise LDAPError(ResultCode.noSuchObject, "", nearest.dn.getText() if nearest else "")
        return entry

    # --- changing

    def add(self, entry: LDAPEntry, who: str = "") -> LDAPEntry:
        """Put in an entry; the values of its name are its attributes, too. Returns it as it is kept."""
        if entry.dn.key in self._entries:
            raise LDAPError(ResultCode.entryAlreadyExists, entry.dn.getText())
        if entry.dn not in self.suffixes:
            self.find(entry.dn.up())
        _require_changeable(entry)
        made = {"createTimestamp": self._stamp(), "creatorsName": who.encode(), "entryUUID": str(uuid.uuid4()).encode()}
        entry = self._fitting(entry.changed(_named(entry, entry.dn)))
        entry = self._noted(entry.changed((Change.replace, (name, (value,))) for name, value in made.items()), who)
        self._commit((), [entry])
        return entry

    def delete(self, dn: DistinguishedName) -> LDAPEntry:
        """Take out an entry without children. Returns it."""
        entry = self.find(dn)
        if self.has_children(dn):
            raise LDAPError(ResultCode.notAllowedOnNonLeaf, "there are entries below it")
        self._commit([dn.key], [])
        return entry

    def modify(
        self, dn: DistinguishedName, changes: Iterable[tuple[int, tuple[str, Values]]], who: str = ""
    ) -> LDAPEntry:
        """Change attributes, all or none. Returns the entry as it is now."""
        changes = [*changes]
        _require_changeable(name for _, (name, _) in changes)
        entry = self._fitting(self.find(dn).changed(changes))
        if _named(entry, dn):
            raise LDAPError(ResultCode.notAllowedOnRDN, "a value of the entry's name can't go: rename the entry")
        self._commit((), [entry := self._noted(entry, who)])
        return entry

    def rename(
        self, dn: DistinguishedName, new: DistinguishedName, deleteOldRDN: bool = True, who: str = ""
    ) -> LDAPEntry:
        """Give an entry another name, and all below it. Returns it as it is now."""
        entry = self.find(dn)
        if new.up() != dn.up():
            self.find(new.up())
        if (new.key in self._entries and new != dn) or (dn.contains(new) and new != dn):
            raise LDAPError(ResultCode.entryAlreadyExists, f"{new.getText()} is there, or is below the entry")
        changes = [(Change.delete, (kind, (value.encode(),))) for kind, value in dn.rdns[0] if deleteOldRDN]
        entry = entry.changed(changes)
        entry = self._noted(self._fitting(entry.changed(_named(entry, new))), who)
        below = [*self.search(dn, Scope.subtree)][1:]
        if len(below) > self.mostMoved:
            raise LDAPError(ResultCode.unwillingToPerform, f"more than {self.mostMoved} entries are below it")
        depth = len(dn.rdns)
        moved = [LDAPEntry(DistinguishedName(one.dn.rdns[:-depth] + new.rdns), one.attributes) for one in below]
        renamed = LDAPEntry(new, entry.attributes)
        self._commit([dn.key, *(one.dn.key for one in below)], [renamed, *moved])
        return renamed

    def _stamp(self) -> bytes:
        return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(self._now())).encode()

    def _noted(self, entry: LDAPEntry, who: str) -> LDAPEntry:
        noted = (("modifyTimestamp", self._stamp()), ("modifiersName", who.encode()))
        return entry.changed((Change.replace, (name, (value,))) for name, value in noted)

    def _fitting(self, entry: LDAPEntry) -> LDAPEntry:
        classes = entry.normal_values("objectclass")
        missing = missing_from(classes, {canonical(name).partition(";")[0] for name in entry})
        if missing or not classes:
            raise LDAPError(ResultCode.objectClassViolation, f"missing: {', '.join(sorted(missing)) or 'objectClass'}")
        for name, values in entry.items():
            if not _ATTRIBUTE.fullmatch(name) or len(name) > LONGEST_NAME or name.lower() in ldif.RESERVED:
                raise LDAPError(ResultCode.undefinedAttributeType, f"no attribute has the name {name[:60]!r}")
            if len(values) > self.mostValues:
                raise LDAPError(ResultCode.adminLimitExceeded, f"an attribute has at most {self.mostValues} values")
            keyed(name, values)
            if attribute_type(name).isSingle and len(values) > 1:
                raise LDAPError(ResultCode.constraintViolation, f"{name} has one value")
            if canonical(name) == PASSWORD and len(values) > MOST_PASSWORDS:
                raise LDAPError(ResultCode.constraintViolation, f"nobody has more than {MOST_PASSWORDS} passwords")
        return entry


def _require_changeable(names: Iterable[str]) -> None:
    for name in names:
        if attribute_type(name).isOwn:
            raise LDAPError(ResultCode.constraintViolation, f"{name} is the server's to write")


def _named(entry: LDAPEntry, dn: DistinguishedName) -> list[tuple[int, tuple[str, Values]]]:
    """The changes after which the values of an entry's name are its attributes."""
    pairs = [(kind, value.encode()) for rdn in dn.rdns[:1] for kind, value in rdn]
    return [
        (Change.add, (kind, (value,)))
        for kind, value in pairs
        if value not in entry.get(kind, ()) and not {*normals_of(kind, [value])} & entry.normal_values(canonical(kind))
    ]


class LDIFTree(MemoryTree):
    """A tree in an LDIF file. Each change writes the file anew, which is for address books and not for telephone books.

    path: the file; it needn't be there yet. Raises OSError, and ValueError for what can't be read.
    """

    def __init__(self, path: str | os.PathLike[str], suffixes: Iterable[str | DistinguishedName] = ()) -> None:
        self.path = Path(path).resolve()  # what a link leads to is written anew, and not the link
        entries = ldif.read(self.path.read_text(encoding="utf-8")) if self.path.exists() else ()
        super().__init__((LDAPEntry(*entry) for entry in entries), suffixes)

    def keep(self, removed: Iterable[Key], added: Iterable[LDAPEntry]) -> None:
        """Write all to another file, and put that into the place of this one."""
        left_out = {*removed}
        changed = {entry.dn.key: entry for entry in added}
        kept = {key: entry for key, entry in self._entries.items() if key not in left_out} | changed
        pieces = ldif.write(Entry(entry.dn.getText(), entry.attributes) for entry in kept.values())
        replace_file(self.path, "".join(pieces).encode())


class SQLiteTree(MemoryTree):
    """A tree in SQLite: a change writes what has changed, and is on disk when it returns.

    path: the database, made if it isn't there. One program at a time has it. Raises sqlite3.Error.
    """

    _KIND = OPERATIONS[Op.searchResultEntry]

    def __init__(self, path: str | os.PathLike[str], suffixes: Iterable[str | DistinguishedName] = ()) -> None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # passwords are in it, if not as they are
        self._database = sqlite3.connect(path, isolation_level="EXCLUSIVE")
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._database.execute("CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, entry BLOB) WITHOUT ROWID")
        with closing(self._database.execute("SELECT entry FROM entries ORDER BY key")) as rows:
            super().__init__([LDAPEntry(*self._KIND.load(row[0])) for row in rows], suffixes)

    @staticmethod
    def _text(key: Key) -> str:
        return "\n".join(map(repr, reversed(key)))

    def keep(self, removed: Iterable[Key], added: Iterable[LDAPEntry]) -> None:
        """Write it down, in one transaction."""
        rows = [(self._text(it.dn.key), self._KIND.dump((it.dn.getText(), it.attributes))) for it in added]
        with self._database as database:
            database.executemany("DELETE FROM entries WHERE key = ?", [(self._text(key),) for key in removed])
            database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._database.close()
