"""Mailboxes for IMAP in Maildirs, as Maildir++ lays them out; any other program may deliver and read meanwhile.

    Maildir/                 INBOX: cur, new, tmp
    Maildir/.Sent/           another mailbox; .Sent.2024 is below it. Names are in modified UTF-7
    …/imap.sqlite            of each mailbox: UIDVALIDITY, and of each letter its UID, keywords and modseq
    Maildir/account.sqlite   the short list, and the last UIDVALIDITY that was given

The truth about letters is in the folders: a letter is there when its file is, and has the flags that its name says.
The index adds what names can't hold, and is brought up to date by `look` whenever a folder or the index has changed:
letters that are new get the next UIDs, in the order of their names. So the next look mends whatever `kill -9`
has cut off.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any

from reactor.defer import inlineCallbacks
from reactor.mail.imap4.account import MemoryAccount
from reactor.mail.imap4.mailbox import MailboxException, MailboxGone, MemoryMailbox, Message, parseTime, usable
from reactor.mail.imap4.server.fetch import with_crlf
from reactor.mail.imap4.tokens import ParseError, decode_mailbox, encode_mailbox
from reactor.mail.maildir import Maildir, maildir_order
from reactor.threads import deferToThreadPool

LETTERS = {"D": r"\Draft", "F": r"\Flagged", "R": r"\Answered", "S": r"\Seen", "T": r"\Deleted"}
_OF_FLAGS = {flag: letter for letter, flag in LETTERS.items()}
_LONGEST_NAME = 254  # of a folder, and a dot before it: NAME_MAX
STILL_S = 0.05  # a folder that was changed so shortly ago may change again without another time (a tick is 1/250 s)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS mailbox (validity INTEGER NOT NULL, next_uid INTEGER NOT NULL, modseq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS letters (uid INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, info TEXT NOT NULL,
    keywords TEXT NOT NULL, modseq INTEGER NOT NULL, size INTEGER NOT NULL, date REAL NOT NULL);
"""
_ACCOUNT_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (last_validity INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS subscriptions (name TEXT PRIMARY KEY);
"""


@contextmanager
def _disk_errors() -> Iterator[None]:
    """What SQLite says of the disk is an OSError, as from anybody else: "not now"."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        raise OSError(errno.ENOSPC if "full" in str(problem) else errno.EIO, str(problem)) from problem


def _open(path: Path, schema: str) -> sqlite3.Connection:
    """A database, made if it isn't there. One that is broken is put aside."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # not for others; nor what SQLite puts beside
    try:
        database = sqlite3.connect(path, isolation_level=None)
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + schema)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        database.close()
        os.replace(path, path.with_suffix(".broken"))
        return _open(path, schema)
    return database


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    with _disk_errors():
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise


class Folder(MemoryMailbox):
    """A mailbox in a Maildir; an ITrackedMailboxIMAP. `close` it.

    path: of the Maildir. validity: makes a UIDVALIDITY, should it need one. reactor: as for Maildir.
    """

    def __init__(self, path: Path, validity: Callable[[], int], reactor: Any = None, rw: bool = True) -> None:
        super().__init__()
        self.maildir, self._reactor, self._rw = Maildir(path, reactor), reactor, rw
        self._seen: Any = None
        self._new: dict[str, str] = {}
        with _disk_errors():
            self._index = _open(path / "imap.sqlite", _SCHEMA)
            if self._index.execute("SELECT count(*) FROM mailbox").fetchone() == (0,):
                self._index.execute(
                    "INSERT INTO mailbox SELECT ?, 1, 1 WHERE NOT EXISTS (SELECT * FROM mailbox)", [validity()]
                )
            self.look()

    def close(self) -> None:
        """As ICloseableMailboxIMAP."""
        self._index.close()

    def isWriteable(self) -> bool:
        return self._rw

    # --- what there is

    def _state(self) -> Any:
        """Changes when somebody changes something. None: it can't be told yet."""
        try:
            times = [os.stat(self.maildir.path / folder).st_mtime_ns for folder in ("new", "cur")]
        except FileNotFoundError:
            raise MailboxGone("this mailbox was deleted or renamed") from None
        is_still = time.time() - max(times) / 1e9 > STILL_S
        return (times, self._index.execute("PRAGMA data_version").fetchone()) if is_still else None

    def look(self) -> None:
        with _disk_errors():
            state = self._state()
            if state is None or state != self._seen:
                self._seen = None
                with _transaction(self._index):
                    self._load()
                self._seen = state

    def _load(self) -> None:
        """Read folders and index, and bring the index up to date."""
        self._new = self.maildir.scan("new")
        found = self._new | self.maildir.scan("cur")
        self.validity, self.next_uid, self.modseq = self._index.execute("SELECT * FROM mailbox").fetchone()
        rows = self._index.execute("SELECT * FROM letters ORDER BY uid").fetchall()
        before, latest = self._messages, self.modseq + 1
        self._messages = {}
        for uid, name, info, keywords, modseq, size, date in rows:
            path = found.pop(name, None)
            if path is None:
                self.modseq = latest
                self._index.execute("DELETE FROM letters WHERE uid = ?", [uid])
                continue
            if (now := _info(path)) != info:
                modseq = self.modseq = latest
                self._index.execute("UPDATE letters SET info = ?, modseq = ? WHERE uid = ?", [now, modseq, uid])
            self._keep(before.get(uid), uid, name, path, keywords, modseq, size, date)
        self._take_in(found, latest)
        self._index.execute("UPDATE mailbox SET next_uid = ?, modseq = ?", [self.next_uid, self.modseq])

    def _take_in(self, found: dict[str, str], modseq: int) -> None:
        """Give UIDs to letters that have none."""
        for name in sorted(found, key=maildir_order):
            try:
                size, date = self.maildir.size(found[name]), os.stat(found[name]).st_mtime
            except FileNotFoundError:
                continue  # it is somewhere else by now; the next look finds it
            self.modseq = modseq
            row = [self.next_uid, name, _info(found[name]), "", modseq, size, date]
            self._index.execute("INSERT INTO letters VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            self._keep(None, self.next_uid, name, found[name], "", modseq, size, date)
            self.next_uid += 1

    def _keep(
        self, message: Any, uid: int, name: str, path: str, keywords: str, modseq: int, size: int, date: float
    ) -> None:
        flags = _flags(_info(path), keywords)
        message = message or Message(self, uid, flags, modseq, date, size, (name, path))
        message.flags, message.modseq, message.place, message.isRecent = flags, modseq, (name, path), name in self._new
        self._messages[uid] = message

    def open(self, message: Message) -> IO[bytes]:
        file: IO[bytes] = self._where_it_is(message, partial(open, mode="rb"))
        with file:
            return io.BytesIO(with_crlf(file.read()))

    def _where_it_is(self, message: Message, use: Callable[[str], Any]) -> Any:
        try:
            return use(message.place[1])
        except FileNotFoundError:
            found = self.maildir.scan("new") | self.maildir.scan("cur")
            if message.place[0] not in found:
                raise
            message.place = (message.place[0], found[message.place[0]])
            return use(message.place[1])

    # --- changes

    @contextmanager
    def _changing(self) -> Iterator[None]:
        self.look()
        self._seen = None  # should it fail half-way, the next look tells what has become of it
        with _transaction(self._index):
            (self.modseq,) = self._index.execute("UPDATE mailbox SET modseq = modseq + 1 RETURNING modseq").fetchone()
            yield

    def _rename(self, message: Message, info: str) -> None:
        name = message.place[0]
        path = str(self.maildir.path / "cur" / f"{name}:2,{info}")
        self._where_it_is(message, lambda old: os.rename(old, path))
        message.place = (name, path)

    def _set_flags(self, message: Message, flags: frozenset[str]) -> None:
        others = {one for one in _info(message.place[1]) if one not in LETTERS}
        info = "".join(sorted(others | {_OF_FLAGS[flag] for flag in flags if flag in _OF_FLAGS}))
        if info != _info(message.place[1]):
            try:
                self._rename(message, info)
            except FileNotFoundError:
                return  # another program has removed it
        keywords = " ".join(sorted(flag for flag in flags if flag not in _OF_FLAGS))
        values = [info, keywords, self.modseq, message.uid]
        self._index.execute("UPDATE letters SET info = ?, keywords = ?, modseq = ? WHERE uid = ?", values)
        super()._set_flags(message, flags)

    def _clear_recent(self, message: Message) -> None:
        super()._clear_recent(message)
        if os.path.basename(os.path.dirname(message.place[1])) == "new":
            try:
                self._rename(message, _info(message.place[1]))
            except FileNotFoundError:
                pass  # another program has removed it

    def _remove(self, message: Message) -> None:
        try:
            self._where_it_is(message, os.unlink)
        except FileNotFoundError:
            pass  # another program was faster
        self._index.execute("DELETE FROM letters WHERE uid = ?", [message.uid])
        super()._remove(message)

    def deliver(self, message: bytes) -> Any:
        return self.maildir.deliver(message)

    @inlineCallbacks
    def addMessage(self, message: Any, flags: Iterable[str] = (), date: bytes | None = None) -> Any:
        wanted = usable(flags)
        info = "".join(sorted(_OF_FLAGS[flag] for flag in wanted if flag in _OF_FLAGS))
        write = partial(
            self.maildir.write,
            message.read(),
            f"2,{info}" if wanted else None,
            None if date is None else parseTime(date),
        )
        if self._reactor is None:
            name = write()
        else:
            name = yield deferToThreadPool(self._reactor, self._reactor.getThreadPool(), write)
        self.look()
        added = next((one for one in self._messages.values() if one.place[0] == name), None)
        if added is None:
            return None  # another program has taken it away
        if wanted - _OF_FLAGS.keys():
            with self._changing():
                self._set_flags(added, wanted)
        return added.uid

    def copyTo(self, uids: list[int], mailbox: Any, move: bool = False) -> dict[int, int]:
        self.look()
        found = [self._messages[uid] for uid in uids if uid in self._messages]
        names = self._put(found, mailbox.maildir, os.rename if move else os.link)
        mailbox._seen = self._seen = None
        mailbox.look()
        new = {one.place[0]: one for one in mailbox._messages.values()}
        if any(one.flags - _OF_FLAGS.keys() for one in found):
            with mailbox._changing():
                for one in found:
                    if names[one.uid] in new:
                        mailbox._set_flags(new[names[one.uid]], one.flags)
        return {uid: new[name].uid for uid, name in names.items() if name in new}

    def _put(self, found: list[Message], target: Maildir, put: Callable[[str, str], None]) -> dict[int, str]:
        """Link or rename files into another Maildir, all or none. Returns UID → unique name there."""
        done: list[tuple[str, str]] = []
        names: dict[int, str] = {}
        try:
            for one in found:
                size = self._where_it_is(one, os.stat).st_size
                names[one.uid] = name = target.unique_name(size, one.size)
                pair = one.place[1], str(target.path / "cur" / f"{name}:2,{_info(one.place[1])}")
                put(*pair)
                done.append(pair)
        except OSError:
            for old, new in done:
                os.rename(new, old)  # of a link to the same file: it does nothing
                Path(new).unlink(missing_ok=True)
            raise
        return names


@lru_cache(4096)
def _flags(info: str, keywords: str) -> frozenset[str]:
    return frozenset([*(LETTERS[one] for one in info if one in LETTERS), *keywords.split()])


def _info(path: str) -> str:
    """The letters of the flags in a file's name."""
    _, mark, info = path.rpartition(":2,")
    return info if mark and "/" not in info else ""


class MaildirAccount(MemoryAccount):
    """Somebody's mailboxes in their Maildir, and beside it. path: of INBOX. reactor: as for Maildir. `close` it."""

    def __init__(self, path: str | os.PathLike[str], reactor: Any = None) -> None:
        self.path, self._reactor = Path(path), reactor
        Maildir(self.path)
        with _disk_errors():
            self._database = _open(self.path / "account.sqlite", _ACCOUNT_SCHEMA)

    def close(self) -> None:
        """It is needed no more."""
        self._database.close()

    def _validity(self) -> int:
        """A UIDVALIDITY that no mailbox here has had, be it deleted since."""
        with _transaction(self._database):
            (last,) = self._database.execute("SELECT max(last_validity) FROM account").fetchone()
            new = max(int(time.time()), (last or 0) + 1)
            self._database.execute("DELETE FROM account")
            self._database.execute("INSERT INTO account VALUES (?)", [new])
        return new

    def normal(self, name: str) -> str:
        name = super().normal(name)
        if len(encode_mailbox(name)) > _LONGEST_NAME:
            raise MailboxException(f"{name[:80]!r} can't be the name of a mailbox: it is too long")
        return name

    def _place(self, name: str) -> Path:
        return self.path if name == "INBOX" else self.path / ("." + encode_mailbox(name).decode("ascii"))

    def names(self) -> list[str]:
        found = ["INBOX"]
        for entry in os.scandir(self.path):
            if entry.name[0] == "." and entry.name[1:2] != "." and os.path.isdir(os.path.join(entry.path, "cur")):
                try:
                    found.append(decode_mailbox(os.fsencode(entry.name[1:])))
                except ParseError:
                    continue  # another program's
        return sorted(found)

    def addMailbox(self, name: str, mbox: Any = None) -> bool:
        Maildir(self._place(self.new_name(name)))
        return True

    def subscribed(self) -> set[str]:
        with _disk_errors():
            return {name for (name,) in self._database.execute("SELECT name FROM subscriptions")}

    def isSubscribed(self, name: str) -> bool:
        with _disk_errors():
            rows = self._database.execute("SELECT 1 FROM subscriptions WHERE name = ?", [self.normal(name)])
            return rows.fetchone() is not None

    def _subscribe(self, name: str, isSo: bool) -> None:
        with _transaction(self._database):
            self._database.execute("DELETE FROM subscriptions WHERE name = ?", [name])
            if isSo:
                self._database.execute("INSERT INTO subscriptions VALUES (?)", [name])

    def select(self, name: str, rw: bool = True) -> Any:
        name = self.normal(name)
        return Folder(self._place(name), self._validity, self._reactor, rw) if name in self.names() else None

    def _info(self, name: str) -> Any:
        return MemoryMailbox()

    def _move(self, old: str, new: str) -> None:
        os.rename(self._place(old), self._place(new))

    def _remove(self, name: str) -> None:
        grave = self.path / f"..{self._validity()}"
        os.rename(self._place(name), grave)  # at once, for everybody who looks
        shutil.rmtree(grave)
