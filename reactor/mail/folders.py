"""Mailboxes for IMAP in Maildirs, as Maildir++ lays them out.

Maildir/                 INBOX: cur, new, tmp
Maildir/.Sent/           another mailbox; .Sent.2024 is below it. Names are in modified UTF-7
…/imap.sqlite            of each mailbox: UIDVALIDITY, and of each letter its UID, keywords and modseq
Maildir/account.sqlite   the short list, and the last UIDVALIDITY that was given
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

from reactor.mail.folder import Folder
from reactor.mail.imap4.account import MemoryAccount
from reactor.mail.imap4.mailbox import MailboxException, MemoryMailbox
from reactor.mail.imap4.tokens import ParseError, decode_mailbox, encode_mailbox
from reactor.mail.index import disk_errors, open_database, transaction
from reactor.mail.maildir import Maildir

_LONGEST_NAME = 254  # of a folder, and a dot before it: NAME_MAX
_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (last_validity INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS subscriptions (name TEXT PRIMARY KEY);
"""


class MaildirAccount(MemoryAccount):
    """Somebody's mailboxes in their Maildir, and beside it. path: of INBOX. reactor: as for Maildir. `close` it."""

    def __init__(self, path: str | os.PathLike[str], reactor: Any = None) -> None:
        self.path, self._reactor = Path(path), reactor
        self._kept: Folder | None = None
        Maildir(self.path)
        with disk_errors():
            self._database = open_database(self.path / "account.sqlite", _SCHEMA)

    def close(self) -> None:
        """It is needed no more."""
        if self._kept is not None:
            self._kept.shut()
        self._kept = None
        self._database.close()

    def _validity(self) -> int:
        """A UIDVALIDITY that no mailbox here has had, be it deleted since."""
        with transaction(self._database):
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
        with disk_errors():
            return {name for (name,) in self._database.execute("SELECT name FROM subscriptions")}

    def isSubscribed(self, name: str) -> bool:
        with disk_errors():
            rows = self._database.execute("SELECT 1 FROM subscriptions WHERE name = ?", [self.normal(name)])
            return rows.fetchone() is not None

    def _subscribe(self, name: str, isSo: bool) -> None:
        with transaction(self._database):
            self._database.execute("DELETE FROM subscriptions WHERE name = ?", [name])
            if isSo:
                self._database.execute("INSERT INTO subscriptions VALUES (?)", [name])

    def select(self, name: str, rw: bool = True) -> Any:
        place = self._place(self.normal(name))
        if not os.path.isdir(place / "cur"):
            return None
        kept, self._kept = self._kept, None
        if kept is not None and not (kept.maildir.path == place and kept.is_there()):
            kept.shut()
            kept = None
        folder = kept or Folder(place, self._validity, self._reactor, self._keep)
        folder.rw = rw
        return folder

    def _keep(self, folder: Folder) -> None:
        """Keep the mailbox that was left last: whoever copies letters there comes again for the next one."""
        if self._kept not in (None, folder):
            self._kept.shut()
        self._kept = folder

    def _info(self, name: str) -> Any:
        return MemoryMailbox()

    def _move(self, old: str, new: str) -> None:
        os.rename(self._place(old), self._place(new))

    def _remove(self, name: str) -> None:
        grave = self.path / f"..{self._validity()}"
        os.rename(self._place(name), grave)  # at once, for everybody who looks
        shutil.rmtree(grave)
