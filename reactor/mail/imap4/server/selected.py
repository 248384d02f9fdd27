"""A selected mailbox, as one session sees it: sequence numbers that move only when the session is told so.

The mailbox changes when it likes, the numbers don't: here is what the client knows, and `news` is the difference to
what is. So two sessions never get into each other's numbers, and EXPUNGE comes when it may (RFC 3501, section 7.4.1).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any

from reactor.defer import maybeDeferred
from reactor.mail.imap4.mailbox import SYSTEM_FLAGS
from reactor.mail.imap4.sequence_sets import MessageSet, set_of
from reactor.mail.imap4.server.fetch import Letter, flag_list


class Selected:
    """One session's view. mailbox: an IMailboxIMAP. uids: by sequence number. isReadOnly: as EXAMINE wants it."""

    def __init__(self, mailbox: Any, name: str, isReadOnly: bool) -> None:
        self.mailbox, self.name, self.isReadOnly = mailbox, name, isReadOnly
        self.isTracked = hasattr(mailbox, "uids")
        self.uids: list[int] = []
        self.recent: set[int] = set()
        self.flags: list[str] = []
        self.modseq = 0
        self._told: dict[int, Any] = {}  # UID → what the client has heard of its flags already
        self._changed: set[int] = set()

    def isWriteable(self) -> bool:
        """Whether flags can be stored, and messages removed."""
        return not self.isReadOnly and bool(self.mailbox.isWriteable())

    def number(self, uid: int) -> int:
        """The sequence number of a UID; 0: it isn't known here."""
        place = bisect_left(self.uids, uid)
        return place + 1 if self.uids[place : place + 1] == [uid] else 0

    def chosen(self, some: MessageSet, byUid: bool) -> list[int]:
        """The UIDs of a set."""
        if byUid:
            return some.among(self.uids)
        return [self.uids[number - 1] for number in some.among(range(1, len(self.uids) + 1))]

    async def letters(self, uids: list[int]) -> list[Letter]:
        """The messages with these UIDs, as far as they are still there."""
        if not uids:
            return []
        found = await maybeDeferred(self.mailbox.fetch, set_of(uids), True)
        numbered = ((message, self.number(message.getUID())) for _, message in found)
        return [Letter(message, number, self.uids[number - 1] in self.recent) for message, number in numbered if number]

    def told(self, letter: Letter) -> None:
        """The client hears of a message's flags in another way."""
        self._told[letter.uid] = letter.message.getModseq() if self.isTracked else None

    def changed(self, numbers: Iterable[int]) -> None:
        """A mailbox without modseqs says that flags changed."""
        self._changed.update(self.mailbox.getUID(number) for number in numbers)

    async def _now(self) -> list[int]:
        if self.isTracked:
            return list(await maybeDeferred(self.mailbox.uids))
        count = await maybeDeferred(self.mailbox.getMessageCount)
        return [await maybeDeferred(self.mailbox.getUID, number) for number in range(1, count + 1)]

    async def open(self) -> None:
        """Begin: know all that is there."""
        self.uids = await self._now()
        await self._take_recent()
        self.modseq = self.mailbox.highestModseq() if self.isTracked else 0
        self.flags = self.mailbox.getFlags()

    async def _take_recent(self) -> None:
        if self.isTracked:
            self.recent |= await maybeDeferred(self.mailbox.takeRecent, self.isReadOnly)

    async def news(self, withExpunges: bool, withModseq: bool) -> list[bytes]:
        """What the client doesn't know yet, as untagged responses; afterwards it does."""
        now, lines = await self._now(), []
        last = self.uids[-1] if self.uids else 0
        if now != self.uids:
            lines = await self._counts(now, withExpunges)
        return lines + await self._flag_news(last, withModseq)

    async def _counts(self, now: list[int], withExpunges: bool) -> list[bytes]:
        lines = []
        new = now[bisect_right(now, self.uids[-1] if self.uids else 0) :]
        if withExpunges and (gone := set(self.uids).difference(now)):
            numbers = [number for number, uid in enumerate(self.uids, 1) if uid in gone]
            lines += [b"%d EXPUNGE" % number for number in reversed(numbers)]
            self.uids = [uid for uid in self.uids if uid not in gone]
            self.recent -= gone
        if new:
            self.uids += new
            await self._take_recent()
            lines += [b"%d EXISTS" % len(self.uids), b"%d RECENT" % len(self.recent)]
        return lines

    async def _flag_news(self, last: int, withModseq: bool) -> list[bytes]:
        """Of those with UIDs up to `last`: the client hasn't asked for later ones yet."""
        changed, self._changed = self._changed, set()
        if self.isTracked:
            before, self.modseq = self.modseq, self.mailbox.highestModseq()
            if self.modseq == before:
                return []
            changed = set(self.mailbox.changedSince(before))
        letters = await self.letters(sorted(uid for uid in changed if uid <= last))
        told, self._told = self._told, {}
        news = [one for one in letters if not self.isTracked or one.message.getModseq() > told.get(one.uid, 0)]
        lines = [self.flag_line(letter, withModseq) for letter in news]
        return self._flags_there_are(letters) + lines

    def _flags_there_are(self, changed: list[Letter]) -> list[bytes]:
        """News of which there may be, unless these letters have known ones, and no keyword can have been the last."""
        known = {*self.flags, r"\Recent"}
        if self.isTracked and known <= {*SYSTEM_FLAGS, r"\Recent"} and all(letter.flags <= known for letter in changed):
            return []
        before, self.flags = self.flags, self.mailbox.getFlags()
        return [b"FLAGS " + flag_list(frozenset(self.flags))] if self.flags != before else []

    def flag_line(self, letter: Letter, withModseq: bool, withFlags: bool = True) -> bytes:
        """A FETCH response that says what a message's flags are."""
        said = [b"UID %d" % letter.uid]
        said += [b"FLAGS " + flag_list(letter.flags)] if withFlags else []
        said += [b"MODSEQ (%d)" % letter.message.getModseq()] if withModseq and self.isTracked else []
        return b"%d FETCH (%b)" % (letter.number, b" ".join(said))
