"""The client's side of IMAP: each method sends a command and returns a Deferred of what the server says to it.

Commands may be called for at any time, and are sent when they can be. What others do with the mailbox is told by calls
of `newMessages`, `flagsChanged`, `messageExpunged` and `modeChanged`: override them. The server tells it with any
answer, so call `noop` now and then, or `idle`.

Messages are an int, a text such as "1:5,9:*", or a MessageSet: their numbers in the mailbox, or with `uid` their UIDs.
Results have them by number in any case. Text of messages is str with a character for each byte, as Twisted has it:
`.encode("latin-1")` gives the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO, Any

from reactor.defer import Deferred, inlineCallbacks
from reactor.mail.imap4.commands import Answer, Command, Streamed, flag_list, mailbox_name, message_set, section_of
from reactor.mail.imap4.responses import read_delimiter, read_flags, read_items, read_selected, reading, text
from reactor.mail.imap4.sequence_sets import MessageSet, parseIdList
from reactor.mail.imap4.session import Session
from reactor.mail.imap4.tokens import IMAP4Exception, decode_mailbox, quoted
from reactor.protocols.basic import FileSender

_STATUS_NAMES = {"HIGHESTMODSEQ", "MESSAGES", "RECENT", "SIZE", "UIDNEXT", "UIDVALIDITY", "UNSEEN"}


def _onmailbox_name(command: bytes, what: str) -> Callable[[IMAP4Client, str], Deferred[Answer]]:
    def do(self: IMAP4Client, name: str) -> Deferred[Answer]:
        return self._do(command, mailbox_name(name))

    do.__doc__ = f"{what}. Returns a Deferred of the Answer."
    return do


def _fetch(what: str, *items: str) -> Callable[..., Deferred[dict[int, dict[str, Any]]]]:
    def fetch(
        self: IMAP4Client, messages: Any, uid: bool = False, changedSince: int | None = None
    ) -> Deferred[dict[int, dict[str, Any]]]:
        since = b"" if changedSince is None else b" (CHANGEDSINCE %d)" % changedSince
        asking = self._ask(b"FETCH", messages, uid, f" ({' '.join(items)})".encode() + since)
        return asking.addCallback(lambda answer: self._fetched(answer, items)[0])

    fetch.__doc__ = f"""Fetch {what}.

        changedSince: only of messages whose MODSEQ is greater; for servers that have CONDSTORE.
        Returns a Deferred of number → item → value, such as {{5: {{{items[0]!r}: …}}}}.
        """
    return fetch


def _store(what: str, item: bytes) -> Callable[..., Deferred[Any]]:
    def store(
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

    store.__doc__ = f"""{what}.

        unchangedSince: only those whose MODSEQ isn't greater; for servers that have CONDSTORE.
        Returns a Deferred of number → {{"FLAGS": flags}}; if `silent`, without flags. With unchangedSince of a pair:
        that, and a MessageSet of those that others have changed.
        """
    return store


class IMAP4Client(Session):
    """One connection to a server.

    contextFactory: for TLS; see ssl.optionsForClientTLS. allowInsecureLogin: send a password in the clear over a
    network if there is no other way. state: None before the greeting, then "unauth", then "auth". startedTLS: whether
    it has. idlePeriod: how long the server may be silent while we idle, in s; many hang up after 30 minutes.
    """

    idlePeriod = 1500.0
    STATUS_TRANSFORMATIONS: dict[str, Callable[[Any], Any]] = dict.fromkeys(("MESSAGES", "RECENT", "UNSEEN"), int)
    _is_idle = False
    _idles: object = None  # who does, if somebody

    def __init__(self, contextFactory: Any = None) -> None:
        self.context = contextFactory
        self.authenticators = {}

    def _do(self, command: bytes, args: bytes | None = None) -> Deferred[Answer]:
        return self.sendCommand(Command(command, args))

    def _find(self, read: Callable[[Answer], Any], command: bytes, args: bytes | None, *kinds: bytes) -> Deferred[Any]:
        asking = self.sendCommand(Command(command, args, kinds or (command.split()[-1],)))
        return asking.addCallback(lambda answer: reading(read, answer))

    # --- mailboxes

    def noop(self) -> Deferred[list[Any]]:
        """Ask what is new: the listeners hear it. Returns a Deferred of it, as lists, such as [b"5", b"EXISTS"]."""
        return self._find(lambda answer: answer.lines, b"NOOP", None, b"EXISTS", b"EXPUNGE", b"FETCH", b"RECENT")

    @inlineCallbacks
    def logout(self) -> Any:
        """Say goodbye, and close. Returns a Deferred of None."""
        yield self._do(b"LOGOUT")
        self.transport.loseConnection()

    def select(self, mailbox: str, condstore: bool = False) -> Deferred[dict[str, Any]]:
        """Go to a mailbox. condstore: have HIGHESTMODSEQ said; for servers that have CONDSTORE.

        Returns a Deferred of what the server says about it: EXISTS, RECENT, UIDVALIDITY, UIDNEXT, UNSEEN, HIGHESTMODSEQ
        are int; FLAGS, PERMANENTFLAGS tuples of str; READ-WRITE is bool.
        """
        return self._select(b"SELECT", mailbox, condstore)

    def examine(self, mailbox: str, condstore: bool = False) -> Deferred[dict[str, Any]]:
        """Go to a mailbox without changing anything in it. Otherwise as `select`."""
        return self._select(b"EXAMINE", mailbox, condstore)

    def _select(self, command: bytes, mailbox: str, condstore: bool) -> Deferred[dict[str, Any]]:
        def read(answer: Answer) -> dict[str, Any]:
            codes = [values[1] if values[0] == b"OK" else values for values in answer.lines]
            return {"READ-WRITE": command == b"SELECT"} | read_selected([*codes, answer.code])

        args = mailbox_name(mailbox) + (b" (CONDSTORE)" if condstore else b"")
        return self._find(read, command, args, b"EXISTS", b"FLAGS", b"OK", b"RECENT")

    create = _onmailbox_name(b"CREATE", "Make a mailbox")
    delete = _onmailbox_name(b"DELETE", "Remove a mailbox with all that is in it")
    subscribe = _onmailbox_name(b"SUBSCRIBE", "Have `lsub` find a mailbox")
    unsubscribe = _onmailbox_name(b"UNSUBSCRIBE", "Have it find it no longer")

    def rename(self, oldname: str, newname: str) -> Deferred[Answer]:
        """Give a mailbox another name."""
        return self._do(b"RENAME", mailbox_name(oldname) + b" " + mailbox_name(newname))

    def list(self, reference: str, wildcard: str) -> Deferred[Any]:
        """Find mailboxes. wildcard: what their name is, where % is any part of it up to a delimiter, and * any.

        Returns a Deferred of triples: flags, delimiter or None, name.
        """
        return self._list(b"LIST", reference, wildcard)

    def lsub(self, reference: str, wildcard: str) -> Deferred[Any]:
        """Find those that are subscribed. Otherwise as `list`."""
        return self._list(b"LSUB", reference, wildcard)

    def _list(self, command: bytes, reference: str, wildcard: str) -> Deferred[Any]:
        def read(answer: Answer) -> Any:
            triples = (values[1:4] for values in answer.lines)
            return [(read_flags(flags), read_delimiter(mark), decode_mailbox(name)) for flags, mark, name in triples]

        return self._find(read, command, mailbox_name(reference) + b" " + mailbox_name(wildcard))

    def namespace(self) -> Deferred[Any]:
        """Where mailboxes are: one's own, those of others, shared ones. Each is a list of [prefix, delimiter]."""

        def read(answer: Answer) -> Any:
            kinds = (answer.lines or [[None] * 4])[-1][1:4]
            return [[[decode_mailbox(pair[0]), read_delimiter(pair[1])] for pair in kind or ()] for kind in kinds]

        return self._find(read, b"NAMESPACE", None)

    def status(self, mailbox: str, *names: str) -> Deferred[dict[str, Any]]:
        """Ask about a mailbox without going there.

        names: MESSAGES, RECENT, UIDNEXT, UIDVALIDITY, UNSEEN; HIGHESTMODSEQ and SIZE if the server has CONDSTORE or
        STATUS=SIZE. Raises ValueError for others. Returns a Deferred of name → value: bytes, or an int for those in
        STATUS_TRANSFORMATIONS.
        """
        if unknown := {*names} - _STATUS_NAMES:
            raise ValueError(f"Unknown names: {unknown!r}")

        def read(answer: Answer) -> dict[str, Any]:
            pairs = [pair for values in answer.lines for pair in zip(values[2][::2], values[2][1::2], strict=True)]
            return {text(name): self.STATUS_TRANSFORMATIONS.get(text(name), bytes)(value) for name, value in pairs}

        return self._find(read, b"STATUS", mailbox_name(mailbox) + f" ({' '.join(names)})".encode())

    def check(self) -> Deferred[Answer]:
        """Have the server put its house in order."""
        return self._do(b"CHECK")

    def close(self) -> Deferred[Answer]:
        r"""Leave the mailbox; what is \Deleted goes."""
        return self._do(b"CLOSE")

    def unselect(self) -> Deferred[Answer]:
        """Leave the mailbox as it is, if the server has UNSELECT."""
        return self._do(b"UNSELECT")

    def append(self, mailbox: str, message: IO[bytes], flags: Iterable[str] = (), date: str | None = None) -> Any:
        """Put a message into a mailbox. message: a file that can seek. date: such as "17-Jul-1996 02:44:25 -0700".

        Returns a Deferred of the Answer; with UIDPLUS its code is [b"APPENDUID", UIDVALIDITY, UID].
        """
        size = message.seek(0, 2)
        message.seek(0)
        when = b" " + quoted(date.encode("ascii")) if date else b""
        args = b"%b %b%b {%d}" % (mailbox_name(mailbox), flag_list(flags), when, size)
        asked = Command(b"APPEND", args, (), lambda go: self._send_file(asked, message, size))
        return self.sendCommand(asked)

    def _send_file(self, asked: Command, file: IO[bytes], size: int) -> None:
        def exactly(piece: bytes) -> bytes:
            nonlocal size
            self.resetTimeout()
            piece = piece[:size]
            size -= len(piece)
            return piece

        def sent(_: Any) -> None:
            self._is_sending, asked.continuation = False, None
            if size:
                self._give_up(IMAP4Exception(f"the message ends {size} bytes before its end"))
            self.sendLine(b"")
            self._send()

        self._is_sending = True
        FileSender().beginFileTransfer(file, self.transport, exactly).addCallbacks(sent, lambda failure: None)

    # --- idling

    @inlineCallbacks
    def idle(self) -> Any:
        """Have the server say at once what is new, until `done` or any other command.

        Returns a Deferred of the Answer at the end of it.
        """
        who = self._idles = object()
        while True:
            try:
                answer = yield self.sendCommand(Command(b"IDLE", None, (), self._begin_idling, who))
            finally:
                self._end_idling()
            if self._idles is not who:
                return answer

    def _begin_idling(self, _: bytes, who: object) -> None:
        self._is_idle = True
        self.setTimeout(self.idlePeriod)
        if self._idles is not who:
            self._interrupt()
        elif self._unsent:
            self.done()

    def done(self) -> None:
        """Idle no longer."""
        self._idles = None
        self._interrupt()

    def _interrupt(self) -> None:
        if self._is_idle:
            self._end_idling()
            self.sendLine(b"DONE")

    def _end_idling(self) -> None:
        self._is_idle, was_idle = False, self._is_idle
        if was_idle and self._lost is None:
            self.setTimeout(self.timeout)

    def _send(self) -> None:
        super()._send()
        if self._unsent and self._is_idle:
            (self._interrupt if self._unsent[0].command == b"IDLE" else self.done)()

    def timeoutConnection(self) -> None:
        """The server says nothing for too long; while we idle, see whether it is there, and idle on."""
        if self._is_idle:
            self._interrupt()
        else:
            super().timeoutConnection()

    # --- messages

    def search(self, *queries: str, uid: bool = False) -> Deferred[Any]:
        """Find messages. queries: see Query; all must be true. Returns a Deferred of their numbers, or UIDs."""

        def read(answer: Answer) -> Any:
            return [int(value) for values in answer.lines for value in values[1:] if isinstance(value, bytes)]

        words = " ".join(queries)
        charset = "" if words.isascii() else "CHARSET UTF-8 "
        return self._find(read, b"UID SEARCH" if uid else b"SEARCH", (charset + words).encode())

    def _ask(self, command: bytes, messages: Any, uid: bool, args: bytes, consumer: Any = None) -> Deferred[Answer]:
        written, known = message_set(messages)
        kinds = {b"FETCH": (b"FETCH",), b"STORE": (b"FETCH",), b"MOVE": (b"OK",)}  # for COPYUID, before its end
        name = b"UID " + command if uid else command
        asked = Command(name, written + args, kinds.get(command, ()), messages=known, consumer=consumer)
        return self.sendCommand(asked)

    def _fetched(self, answer: Answer, wanted: Iterable[str]) -> tuple[dict[int, Any], dict[int, Any]]:
        """What FETCH says by message, and the same in rows; flags that nobody wanted are news."""
        found: dict[int, Any] = {}
        rows: dict[int, Any] = {}
        news: dict[int, Any] = {}
        for number, _, pairs in answer.lines:
            items, row = reading(read_items, pairs)
            if "FLAGS" in items and "FLAGS" not in wanted:
                news[int(number)] = items.pop("FLAGS")
                del row[(at := row.index("FLAGS")) : at + 2]
            if items:
                found.setdefault(int(number), {}).update(items)
                rows.setdefault(int(number), [[]])[0].extend(row)
        if news:
            self.flagsChanged(news)
        return found, rows

    fetchUID = _fetch("the UIDs", "UID")
    fetchFlags = _fetch("the flags", "FLAGS")
    fetchInternalDate = _fetch("when they arrived", "INTERNALDATE")
    fetchEnvelope = _fetch("who wrote to whom, when, about what", "ENVELOPE")
    fetchBodyStructure = _fetch("which parts they have", "BODYSTRUCTURE")
    fetchSimplifiedBody = _fetch("the same without extensions", "BODY")
    fetchMessage = _fetch("them whole", "RFC822")
    fetchHeaders = _fetch("their headers", "RFC822.HEADER")
    fetchBody = _fetch("all but their headers", "RFC822.TEXT")
    fetchSize = _fetch("their sizes", "RFC822.SIZE")
    fetchFast = _fetch("what a list shows", "FLAGS", "INTERNALDATE", "RFC822.SIZE")
    fetchAll = _fetch("what a good list shows", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE")
    fetchFull = _fetch("the same and their parts", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY")

    def fetchSpecific(
        self,
        messages: Any,
        uid: bool = False,
        headerType: str | None = None,
        headerNumber: Any = None,
        headerArgs: Iterable[str] | None = None,
        peek: bool | None = None,
        offset: int | None = None,
        length: int = 0,
        consumer: Any = None,
    ) -> Deferred[Any]:
        r"""Fetch a part of messages.

        headerType: HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT (these two with headerArgs, names), TEXT, MIME; None: all.
        headerNumber: of which part, such as 2 or (2, 1); None: of the whole. peek: don't make it \Seen. offset, length:
        only these bytes. consumer: an IConsumer that gets the text, of any length, instead of the result.
        Returns a Deferred of number → [[item, section, text]].
        """
        section = section_of(headerType, headerNumber, headerArgs)
        part = b"" if offset is None else b"<%d.%d>" % (offset, length)
        args = b" BODY%b[%b]%b" % (b".PEEK" if peek else b"", section, part)

        def read(answer: Answer) -> Any:
            for _, _, items in answer.lines if consumer is not None else ():
                for at, (name, value) in enumerate(zip(items[::2], items[1::2], strict=True)):
                    if name.startswith(b"BODY[") and value and not isinstance(value, Streamed):
                        consumer.write(value)  # it came in quotes
                        items[2 * at + 1] = b""
            return self._fetched(answer, ())[1]

        return self._ask(b"FETCH", messages, uid, args, consumer).addCallback(lambda answer: reading(read, answer))

    setFlags = _store("Give messages these flags and no others", b" FLAGS")
    addFlags = _store("Give messages these flags, too", b" +FLAGS")
    removeFlags = _store("Take these flags off messages", b" -FLAGS")

    def copy(self, messages: Any, mailbox: str, uid: bool) -> Deferred[Answer]:
        """Copy messages to another mailbox.

        Returns a Deferred of the Answer; with UIDPLUS its code is [b"COPYUID", UIDVALIDITY, UIDs, new UIDs].
        """
        return self._ask(b"COPY", messages, uid, b" " + mailbox_name(mailbox))

    @inlineCallbacks
    def move(self, messages: Any, mailbox: str, uid: bool) -> Any:
        """Move messages to another mailbox. Otherwise as `copy`, which this is if the server has no MOVE but UIDPLUS.

        Then the copied ones are marked and removed. It fails with IMAP4Exception if that could remove others, too.
        """
        yield self.getCapabilities()
        if self._can(b"MOVE"):
            return (yield self._ask(b"MOVE", messages, uid, b" " + mailbox_name(mailbox)))
        if not (uid and self._can(b"UIDPLUS")):
            raise IMAP4Exception("the server has no MOVE: give UIDs, and hope for UIDPLUS")
        answer = yield self.copy(messages, mailbox, True)
        yield self.addFlags(messages, [r"\Deleted"], uid=True)
        yield self.expunge(messages)
        return answer

    def expunge(self, uids: Any = None) -> Deferred[Any]:
        r"""Remove what is \Deleted. uids: only these, if the server has UIDPLUS.

        Returns a Deferred of the numbers that went, one after the other: each counts without those before it.
        """
        command, args = (b"EXPUNGE", None) if uids is None else (b"UID EXPUNGE", message_set(uids)[0])
        return self._find(lambda answer: [int(values[0]) for values in answer.lines], command, args)
