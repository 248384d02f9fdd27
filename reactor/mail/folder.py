"""A mailbox for IMAP in a Maildir, with an index; any other program may deliver and read meanwhile.

The truth about letters is in the folders: a letter is there when its file is, and has the flags that its name says.
The index adds what names can't hold, and is brought up to date by `look` whenever a folder or the index has changed:
letters that are new get the next UIDs, in the order of their names. So the next look mends whatever `kill -9`
has cut off. What we change ourselves is known without a look; only what others do at the same instant isn't, and is
looked for `LATER_S` later.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from reactor.defer import inlineCallbacks
from reactor.mail.crlf import CrlfFile
from reactor.mail.imap4.mailbox import MailboxGone, MemoryMailbox, Message, parseTime, usable
from reactor.mail.index import disk_errors, open_database, transaction
from reactor.mail.maildir import Maildir, maildir_order
from reactor.threads import deferToThreadPool

LETTERS = {"D": r"\Draft", "F": r"\Flagged", "R": r"\Answered", "S": r"\Seen", "T": r"\Deleted"}
_OF_FLAGS = {flag: letter for letter, flag in LETTERS.items()}
STILL_S = 0.05  # a folder that was changed so shortly ago may change again without another time (a tick is 1/250 s)
LATER_S = 1.0  # until we look for what others have done at the instant of a change of ours
_SCHEMA = """
CREATE TABLE IF NOT EXISTS mailbox (validity INTEGER NOT NULL, next_uid INTEGER NOT NULL, modseq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS letters (uid INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, info TEXT NOT NULL,
    keywords TEXT NOT NULL, modseq INTEGER NOT NULL, size INTEGER NOT NULL, date REAL NOT NULL);
"""


class Folder(MemoryMailbox):
    """A mailbox in a Maildir; an ITrackedMailboxIMAP.

    path: of the Maildir. validity: makes a UIDVALIDITY, should it need one. reactor: as for Maildir. left: called with
    it when a session leaves it, and may keep it for another; then, or at once if there is no such function, `shut` it.
    """

    rw = True
    _seen: Any = None

    def __init__(
        self,
        path: Path,
        validity: Callable[[], int],
        reactor: Any = None,
        left: Callable[[Folder], object] | None = None,
    ) -> None:
        super().__init__()
        self.maildir, self._reactor, self._left = Maildir(path, reactor), reactor, left
        self._folders = [str(path / folder) for folder in ("new", "cur")]
        self._inode = os.stat(self._folders[0]).st_ino
        self._names: dict[str, Message] = {}
        self._stored: list[int] = []
        self._forget()
        with disk_errors():
            self._index = open_database(path / "imap.sqlite", _SCHEMA)
            if self._index.execute("SELECT count(*) FROM mailbox").fetchone() == (0,):
                self._index.execute(
                    "INSERT INTO mailbox SELECT ?, 1, 1 WHERE NOT EXISTS (SELECT * FROM mailbox)", [validity()]
                )
        self.look()

    def close(self) -> None:
        """As ICloseableMailboxIMAP."""
        (self._left or Folder.shut)(self)

    def shut(self) -> None:
        """It is needed no more."""
        self._index.close()

    def isWriteable(self) -> bool:
        return self.rw

    # --- what others do

    def _forget(self) -> None:
        """Have the next look read everything."""
        self._again_at, self._read_to = 0.0, 0

    def _times(self) -> list[int]:
        try:
            new, cur = map(os.stat, self._folders)
        except FileNotFoundError:
            raise MailboxGone("this mailbox was deleted or renamed") from None
        if new.st_ino != self._inode:
            raise MailboxGone("this mailbox was deleted or renamed, and there is another one with its name")
        return [new.st_mtime_ns, cur.st_mtime_ns]

    def _state(self) -> Any:
        """Changes when somebody changes something."""
        return self._times(), self._index.execute("PRAGMA data_version").fetchone()

    def _is_due(self) -> bool:
        with disk_errors():
            return time.time() >= self._again_at or self._state() != self._seen

    @contextmanager
    def _up_to_date(self) -> Iterator[None]:
        """A transaction that begins with what others have done. Should it fail, the next look reads everything."""
        try:
            with transaction(self._index):
                if self._is_due():
                    self._read()
                yield
                if [self.next_uid, self.modseq] != self._stored:
                    self._stored = [self.next_uid, self.modseq]
                    self._index.execute("UPDATE mailbox SET next_uid = ?, modseq = ?", self._stored)
                self._read_to = self.modseq
        except BaseException:
            self._forget()
            raise

    @contextmanager
    def _own_change(self) -> Iterator[None]:
        """Around changes of ours. They are no news; but what others do at that instant is looked for a little later."""
        is_due = self._is_due()
        yield
        if not is_due:
            self._seen = self._times(), self._seen[1]
            self._again_at = min(self._again_at, time.time() + LATER_S)

    def look(self) -> None:
        if self._is_due():
            with self._up_to_date():
                pass

    def is_there(self) -> bool:
        """Whether it has neither been deleted nor renamed."""
        try:
            self.look()
        except MailboxGone:
            return False
        return True

    def _read(self) -> None:
        """Take in what has changed in the folders and in the index since the last time."""
        state, now = self._state(), time.time()
        found = self.maildir.scan("new") | self.maildir.scan("cur")
        self.validity, *self._stored = self._index.execute("SELECT * FROM mailbox").fetchone()
        self.next_uid, self.modseq = self._stored
        if not self._read_to:
            self._messages, self._latest, self._names = {}, {}, {}
        rows = self._index.execute("SELECT * FROM letters WHERE modseq > ? ORDER BY uid", [self._read_to])
        latest = self.modseq + 1
        for uid, name, info, keywords, modseq, size, date in rows.fetchall():
            if name in self._names and self._names[name].uid != uid:
                super()._remove(self._names[name])
            message = self._messages.get(uid) or Message(self, uid, frozenset(), modseq, date, size, None)
            message.flags, message.modseq, message.place = _flags(info, keywords), modseq, (name, f":2,{info}")
            self._names[name] = self._messages[uid] = message
            self._touch(message)
        for message in [*self._messages.values()]:
            path = found.pop(message.place[0], None)
            if path is None:
                self._take_out(message)
                self.modseq = latest
            elif path != message.place[1]:
                self._found_elsewhere(message, path, latest)
        for name in sorted(found, key=maildir_order):
            self.modseq = latest
            self._take_in(name, found[name])
        self._seen, self._again_at = state, now if now - max(state[0]) / 1e9 <= STILL_S else math.inf

    def _found_elsewhere(self, message: Message, path: str, modseq: int) -> None:
        """Somebody has renamed a letter: perhaps it has other flags now."""
        before, message.place, message.isRecent = _info(message.place[1]), (message.place[0], path), _is_new(path)
        if (info := _info(path)) != before:
            self.modseq = message.modseq = modseq
            message.flags = _flags(info, _keywords(message.flags))
            self._touch(message)
            self._index.execute("UPDATE letters SET info = ?, modseq = ? WHERE uid = ?", [info, modseq, message.uid])

    def _take_in(self, name: str, path: str, keywords: str = "") -> None:
        try:
            size, date = self.maildir.size(path), os.stat(path).st_mtime
        except FileNotFoundError:
            return  # it is somewhere else by now; the next look finds it
        self._add((name, path), size, _flags(_info(path), keywords), date)

    # --- files

    def open(self, message: Message) -> Any:
        file = self._where_it_is(message, partial(open, mode="rb", buffering=0))
        is_as_it_was = os.fstat(file.fileno()).st_mtime == message.date
        return CrlfFile(file, message.size if is_as_it_was else None)

    def _where_it_is(self, message: Message, use: Callable[[str], Any]) -> Any:
        """Use its path; if it isn't there any more, the one that it was renamed to; the next look takes note."""
        try:
            return use(message.place[1])
        except FileNotFoundError:
            found = self.maildir.scan("new") | self.maildir.scan("cur")
            if message.place[0] not in found:
                raise
            return use(found[message.place[0]])

    def _rename(self, message: Message, info: str) -> None:
        name = message.place[0]
        path = str(self.maildir.path / "cur" / f"{name}:2,{info}")
        try:
            self._where_it_is(message, lambda old: os.rename(old, path))
            message.place = (name, path)
        except FileNotFoundError:
            pass  # another program has removed it: the next look tells

    # --- changes

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._up_to_date(), self._own_change(), super()._changing():
            yield

    def _add(self, place: tuple[str, str], size: int, flags: frozenset[str], date: float) -> Message:
        message = super()._add(place, size, flags, date)
        message.isRecent, self._names[place[0]] = _is_new(place[1]), message
        row = [message.uid, place[0], _info(place[1]), _keywords(flags), self.modseq, size, date]
        self._index.execute("INSERT INTO letters VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return message

    def _set_flags(self, message: Message, flags: frozenset[str]) -> None:
        others = {one for one in _info(message.place[1]) if one not in LETTERS}
        info = "".join(sorted(others | {_OF_FLAGS[flag] for flag in flags if flag in _OF_FLAGS}))
        if info != _info(message.place[1]):
            self._rename(message, info)
        values = [info, _keywords(flags), self.modseq, message.uid]
        self._index.execute("UPDATE letters SET info = ?, keywords = ?, modseq = ? WHERE uid = ?", values)
        super()._set_flags(message, flags)

    def takeRecent(self, keep: bool = False) -> set[int]:
        with self._own_change():
            return super().takeRecent(keep)

    def _clear_recent(self, message: Message) -> None:
        super()._clear_recent(message)
        if _is_new(message.place[1]):
            self._rename(message, _info(message.place[1]))

    def _remove(self, message: Message) -> None:
        try:
            self._where_it_is(message, os.unlink)
        except FileNotFoundError:
            pass  # another program was faster
        self._take_out(message)

    def _take_out(self, message: Message) -> None:
        self._index.execute("DELETE FROM letters WHERE uid = ?", [message.uid])
        del self._names[message.place[0]]
        super()._remove(message)

    def deliver(self, message: bytes) -> Any:
        return self.maildir.deliver(message)

    @inlineCallbacks
    def addMessage(self, message: Any, flags: Iterable[str] = (), date: bytes | None = None) -> Any:
        wanted = usable(flags)
        info = "".join(sorted(_OF_FLAGS[flag] for flag in wanted if flag in _OF_FLAGS))
        text, modified_s = message.read(), None if date is None else parseTime(date)
        write = partial(self.maildir.write, text, f"2,{info}" if wanted else None, modified_s)
        with self._own_change():
            if self._reactor is None:
                name = write()
            else:
                name = yield deferToThreadPool(self._reactor, self._reactor.getThreadPool(), write)
        path = self._folders[1] + f"/{name}:2,{info}" if wanted else f"{self._folders[0]}/{name}"
        with self._changing():
            if name not in self._names:  # as it is if another session has looked meanwhile
                self._take_in(name, path, _keywords(wanted))
            added = self._names.get(name)
            if added is not None and added.flags != wanted:
                self._set_flags(added, wanted)
        return added and added.uid  # None: another program has taken it away

    def copyTo(self, uids: list[int], mailbox: Any, move: bool = False) -> dict[int, int]:
        self.look()
        found = [self._messages[uid] for uid in uids if uid in self._messages]
        with self._own_change(), mailbox._changing():
            places = self._put(found, mailbox.maildir, os.rename if move else os.link)
            new = {one.uid: mailbox._add(places[one.uid], one.size, one.flags, one.date).uid for one in found}
        if move:
            with self._changing():
                for one in found:
                    if one.uid in self._messages:  # and no look has found it gone
                        self._take_out(one)
        return new

    def _put(
        self, found: list[Message], target: Maildir, put: Callable[[str, str], None]
    ) -> dict[int, tuple[str, str]]:
        """Link or rename files into another Maildir, all or none. Returns UID → unique name and path there."""
        done: list[tuple[str, str]] = []
        places: dict[int, tuple[str, str]] = {}
        try:
            for one in found:
                old, size = self._where_it_is(one, lambda path: (path, os.stat(path).st_size))
                name = target.unique_name(size, one.size)
                places[one.uid] = name, str(target.path / "cur" / f"{name}:2,{_info(old)}")
                put(old, places[one.uid][1])
                done.append((old, places[one.uid][1]))
        except OSError:
            for old, new in done:
                os.rename(new, old)  # of a link to the same file: it does nothing
                Path(new).unlink(missing_ok=True)
            raise
        return places


@lru_cache(4096)
def _flags(info: str, keywords: str) -> frozenset[str]:
    return frozenset([*(LETTERS[one] for one in info if one in LETTERS), *keywords.split()])


def _info(path: str) -> str:
    """The letters of the flags in a file's name."""
    _, mark, info = path.rpartition(":2,")
    return info if mark and "/" not in info else ""


def _is_new(path: str) -> bool:
    """Whether nobody has been told of it."""
    return path.split("/")[-2:-1] == ["new"]


def _keywords(flags: frozenset[str]) -> str:
    """Those that a name has no letter for."""
    return " ".join(sorted(flags - _OF_FLAGS.keys()))
