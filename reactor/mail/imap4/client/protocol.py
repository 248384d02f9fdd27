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
from reactor.mail.imap4.client import methods
from reactor.mail.imap4.client.commands import (
    Answer,
    Command,
    Streamed,
    flag_list,
    mailbox_name,
    message_set,
    section_of,
)
from reactor.mail.imap4.client.responses import read_delimiter, read_items, reading, text
from reactor.mail.imap4.client.session import Session
from reactor.mail.imap4.tokens import IMAP4Exception, decode_mailbox, quoted
from reactor.protocols.basic import FileSender

_STATUS_NAMES = {"HIGHESTMODSEQ", "MESSAGES", "RECENT", "SIZE", "UIDNEXT", "UIDVALIDITY", "UNSEEN"}


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

    def noop(self) -> Deferred[Any]:
        """Ask what is new: the listeners hear it. Returns a Deferred of it, as lists, such as [b"5", b"EXISTS"]."""
        return self._find(lambda answer: answer.lines, b"NOOP", None, b"EXISTS", b"EXPUNGE", b"FETCH", b"RECENT")

    @inlineCallbacks
    def logout(self) -> Any:
        """Say goodbye, and close. Returns a Deferred of None."""
        yield self._do(b"LOGOUT")
        self.transport.loseConnection()

    select = methods.selecting(b"SELECT", "Go to a mailbox")
    examine = methods.selecting(b"EXAMINE", "Go to a mailbox without changing anything in it")
    create = methods.on_mailbox(b"CREATE", "Make a mailbox")
    delete = methods.on_mailbox(b"DELETE", "Remove a mailbox with all that is in it")
    subscribe = methods.on_mailbox(b"SUBSCRIBE", "Have `lsub` find a mailbox")
    unsubscribe = methods.on_mailbox(b"UNSUBSCRIBE", "Have it find it no longer")

    def rename(self, oldname: str, newname: str) -> Deferred[Answer]:
        """Give a mailbox another name."""
        return self._do(b"RENAME", mailbox_name(oldname) + b" " + mailbox_name(newname))

    list = methods.listing(b"LIST", "mailboxes")
    lsub = methods.listing(b"LSUB", "mailboxes that are subscribed")

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

    fetchUID = methods.fetch("the UIDs", "UID")
    fetchFlags = methods.fetch("the flags", "FLAGS")
    fetchInternalDate = methods.fetch("when they arrived", "INTERNALDATE")
    fetchEnvelope = methods.fetch("who wrote to whom, when, about what", "ENVELOPE")
    fetchBodyStructure = methods.fetch("which parts they have", "BODYSTRUCTURE")
    fetchSimplifiedBody = methods.fetch("the same without extensions", "BODY")
    fetchMessage = methods.fetch("them whole", "RFC822")
    fetchHeaders = methods.fetch("their headers", "RFC822.HEADER")
    fetchBody = methods.fetch("all but their headers", "RFC822.TEXT")
    fetchSize = methods.fetch("their sizes", "RFC822.SIZE")
    fetchFast = methods.fetch("what a list shows", "FLAGS", "INTERNALDATE", "RFC822.SIZE")
    fetchAll = methods.fetch("what a good list shows", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE")
    fetchFull = methods.fetch("the same and their parts", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY")

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

    setFlags = methods.store("Give messages these flags and no others", b" FLAGS")
    addFlags = methods.store("Give messages these flags, too", b" +FLAGS")
    removeFlags = methods.store("Take these flags off messages", b" -FLAGS")

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
