"""Methods of IMAP4Client that are alike: each function here makes one out of what they differ in.

what: the first words of its docstring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from reactor.defer import Deferred
from reactor.mail.imap4.client.commands import Answer, flag_list, mailbox_name
from reactor.mail.imap4.client.responses import read_delimiter, read_flags, read_selected, reading
from reactor.mail.imap4.sequence_sets import MessageSet, parseIdList
from reactor.mail.imap4.tokens import decode_mailbox

if TYPE_CHECKING:
    from reactor.mail.imap4.client.protocol import IMAP4Client


def on_mailbox(command: bytes, what: str) -> Callable[[IMAP4Client, str], Deferred[Answer]]:
    """A command with the name of a mailbox."""

    def do(self: IMAP4Client, name: str) -> Deferred[Answer]:
        return self._do(command, mailbox_name(name))

    do.__doc__ = f"{what}. Returns a Deferred of the Answer."
    return do


def selecting(command: bytes, what: str) -> Callable[..., Deferred[dict[str, Any]]]:
    """SELECT or EXAMINE."""

    def read(answer: Answer) -> dict[str, Any]:
        codes = [values[1] if values[0] == b"OK" else values for values in answer.lines]
        return {"READ-WRITE": command == b"SELECT"} | read_selected([*codes, answer.code])

    def do(self: IMAP4Client, mailbox: str, condstore: bool = False) -> Deferred[dict[str, Any]]:
        args = mailbox_name(mailbox) + (b" (CONDSTORE)" if condstore else b"")
        return self._find(read, command, args, b"EXISTS", b"FLAGS", b"OK", b"RECENT")

    do.__doc__ = f"""{what}. condstore: have HIGHESTMODSEQ said; for servers that have CONDSTORE.

        Returns a Deferred of what the server says about it: EXISTS, RECENT, UIDVALIDITY, UIDNEXT, UNSEEN, HIGHESTMODSEQ
        are int; FLAGS, PERMANENTFLAGS tuples of str; READ-WRITE is bool.
        """
    return do


def listing(command: bytes, what: str) -> Callable[[IMAP4Client, str, str], Deferred[Any]]:
    """LIST or LSUB."""

    def read(answer: Answer) -> Any:
        triples = (values[1:4] for values in answer.lines)
        return [(read_flags(flags), read_delimiter(mark), decode_mailbox(name)) for flags, mark, name in triples]

    def do(self: IMAP4Client, reference: str, wildcard: str) -> Deferred[Any]:
        return self._find(read, command, mailbox_name(reference) + b" " + mailbox_name(wildcard))

    do.__doc__ = f"""Find {what}. wildcard: what their name is, where % is any part of it up to a delimiter, and * any.

        Returns a Deferred of triples: flags, delimiter or None, name.
        """
    return do


def fetch(what: str, *items: str) -> Callable[..., Deferred[dict[int, dict[str, Any]]]]:
    """A FETCH of these items."""

    def do(
        self: IMAP4Client, messages: Any, uid: bool = False, changedSince: int | None = None
    ) -> Deferred[dict[int, dict[str, Any]]]:
        since = b"" if changedSince is None else b" (CHANGEDSINCE %d)" % changedSince
        asking = self._ask(b"FETCH", messages, uid, f" ({' '.join(items)})".encode() + since)
        return asking.addCallback(lambda answer: self._fetched(answer, items)[0])

    do.__doc__ = f"""Fetch {what}.

        changedSince: only of messages whose MODSEQ is greater; for servers that have CONDSTORE.
        Returns a Deferred of number → item → value, such as {{5: {{{items[0]!r}: …}}}}.
        """
    return do


def store(what: str, item: bytes) -> Callable[..., Deferred[Any]]:
    """A STORE of flags."""

    def do(
        self: IMAP4Client,
        messages: Any,
        flags: Iterable[str],
        silent: bool = True,
        uid: bool = False,
        unchangedSince: int | None = None,
    ) -> Deferred[Any]:
        def read(answer: Answer) -> Any:
            found = self._fetched(answer, () if silent else ("FLAGS",))[0]
            if unchangedSince is None:
                return found
            return found, parseIdList(answer.code[1]) if answer.code[:1] == [b"MODIFIED"] else MessageSet()

        since = b"" if unchangedSince is None else b" (UNCHANGEDSINCE %d)" % unchangedSince
        args = since + item + (b".SILENT " if silent else b" ") + flag_list(flags)
        return self._ask(b"STORE", messages, uid, args).addCallback(lambda answer: reading(read, answer))

    do.__doc__ = f"""{what}.

        unchangedSince: only those whose MODSEQ isn't greater; for servers that have CONDSTORE.
        Returns a Deferred of number → {{"FLAGS": flags}}; if `silent`, without flags. With unchangedSince of a pair:
        that, and a MessageSet of those that others have changed.
        """
    return do
