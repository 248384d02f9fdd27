"""Commands about the messages of the selected mailbox. Each is a function of a session and what was read of it.

What it returns is the code of the OK, or None. Raises Refused and MailboxException for NO, ParseError for BAD.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reactor.defer import maybeDeferred
from reactor.mail.imap4.mailbox import ReadOnlyMailbox
from reactor.mail.imap4.sequence_sets import MessageSet, set_of
from reactor.mail.imap4.server.conversation import Refused
from reactor.mail.imap4.server.fetch import SIMPLE, Attribute, Letter, Stretch, attributes
from reactor.mail.imap4.server.search import SearchKeys, result
from reactor.mail.imap4.tokens import Atom, ParseError, Reader

if TYPE_CHECKING:
    from reactor.mail.imap4.server.protocol import IMAP4Server
    from reactor.mail.imap4.server.selected import Selected


def _open(session: IMAP4Server, toWrite: bool = False) -> Selected:
    assert session.selected is not None
    if toWrite and not session.selected.isWriteable():
        raise ReadOnlyMailbox("this mailbox is open for reading alone")
    return session.selected


# --- FETCH


def read_fetch(reader: Reader) -> tuple[list[Attribute], int | None]:
    """Attributes, and RFC 7162's modifier."""
    reader.space()
    wanted = attributes(reader)
    if not reader.skip(b" "):
        return wanted, None
    reader.expect(b"(")
    if reader.atom() != b"CHANGEDSINCE":
        raise ParseError("FETCH has one modifier, CHANGEDSINCE")
    reader.space()
    since = reader.number()
    reader.expect(b")")
    return wanted if SIMPLE[b"MODSEQ"] in wanted else [*wanted, SIMPLE[b"MODSEQ"]], since


async def fetch(
    session: IMAP4Server, byUid: bool, some: MessageSet, wanted: list[Attribute], changedSince: int | None
) -> None:
    """Say what is asked for, of messages that have changed after a modseq.

    Raises Refused, after the rest, if another session has removed some of it.
    """
    selected = _open(session)
    if SIMPLE[b"MODSEQ"] in wanted:
        session.need(b"CONDSTORE")
        session.knowsModseqs = True
    if byUid and SIMPLE[b"UID"] not in wanted:
        wanted = [SIMPLE[b"UID"], *wanted]
    uids = selected.chosen(some, byUid)
    letters = await selected.letters(uids)
    missing = len(uids) - len(letters)
    if changedSince is not None:
        letters = [one for one in letters if one.message.getModseq() > changedSince]
    seen = await _mark_seen(selected, letters) if any(one.marksSeen for one in wanted) else set()
    for letter in letters:
        more = [SIMPLE[b"FLAGS"]] if letter.uid in seen and SIMPLE[b"FLAGS"] not in wanted else ()
        try:
            for piece in _said(letter, [*wanted, *more] if more else wanted):
                if isinstance(piece, Stretch):
                    await session.put_all(letter.pieces(piece))
                else:
                    session.put(piece)
        except FileNotFoundError:
            missing += 1
        finally:
            letter.forget()
        await session.breathe()
    if missing and not byUid:
        raise Refused("another session has removed some of them", b"EXPUNGEISSUED")


def _said(letter: Letter, wanted: list[Attribute]) -> list[bytes | Stretch]:
    """What was asked about a letter. Raises Refused when all of it would be sent again and again."""
    said: list[bytes | Stretch] = []
    room, words = 3 * letter.message.getSize() + 2**20, b"* %d FETCH (" % letter.number
    for each in wanted:
        value = each.read(letter)
        if isinstance(value, Stretch):
            said += (b"%b%b {%d}\r\n" % (words, each.label, value.size), value)
            room, words = room - value.size, b" "
        else:
            room, words = room - len(value), b"%b%b %b " % (words, each.label, value)
    if room < 0:
        raise Refused("this is too much of one message: ask for less at once", b"LIMIT")
    return [*said, words[:-1] + b")\r\n"]


async def _mark_seen(selected: Selected, letters: list[Letter]) -> set[int]:
    uids = [letter.uid for letter in letters if r"\Seen" not in letter.flags]
    if selected.isReadOnly or not uids:
        return set()
    await maybeDeferred(selected.mailbox.store, set_of(uids), [r"\Seen"], 1, True)
    for letter in letters:
        selected.told(letter)
    return set(uids)


# --- STORE


def read_store(reader: Reader) -> tuple[int | None, int, bool, list[str]]:
    """[modifier] (+|-)FLAGS[.SILENT] flags."""
    reader.space()
    since = None
    if reader.skip(b"("):
        if reader.atom() != b"UNCHANGEDSINCE":
            raise ParseError("STORE has one modifier, UNCHANGEDSINCE")
        reader.space()
        since = reader.number()
        reader.expect(b")")
        reader.space()
    word = reader.atom()
    if word.lstrip(b"+-") not in (b"FLAGS", b"FLAGS.SILENT") or len(word) - len(word.lstrip(b"+-")) > 1:
        raise ParseError(f"STORE changes FLAGS, not {word.decode('ascii')[:40]}")
    reader.space()
    if reader.next_is(b"("):
        flags = reader.listed(reader.flag)
    else:
        flags = [reader.flag()]
        while reader.skip(b" "):
            flags.append(reader.flag())
    mode = {b"+": 1, b"-": -1}.get(word[:1], 0)
    return since, mode, word.endswith(b".SILENT"), [flag.decode("ascii") for flag in flags]


async def store(
    session: IMAP4Server,
    byUid: bool,
    some: MessageSet,
    unchangedSince: int | None,
    mode: int,
    isSilent: bool,
    flags: list[str],
) -> bytes | None:
    """Change flags, unless they have changed after a modseq. mode: as of IMailboxIMAP."""
    selected = _open(session, True)
    uids = selected.chosen(some, byUid)
    more: tuple[Any, ...] = ()
    if unchangedSince is not None:
        session.need(b"CONDSTORE")
        session.knowsModseqs, more = True, (unchangedSince,)
    before = selected.mailbox.highestModseq() if selected.isTracked else 0
    await maybeDeferred(selected.mailbox.store, set_of(uids), flags, mode, True, *more)
    failed = []
    for letter in await selected.letters(uids):
        if unchangedSince is not None and unchangedSince < letter.message.getModseq() <= before:
            failed.append(letter.uid)
            continue
        selected.told(letter)
        if not isSilent or session.knowsModseqs:
            session.say(b"* " + selected.flag_line(letter, session.knowsModseqs, not isSilent))
            await session.breathe()
    if not failed:
        return None
    return b"MODIFIED " + str(set_of(failed if byUid else map(selected.number, failed))).encode("ascii")


# --- SEARCH


def read_search(reader: Reader) -> tuple[list[bytes] | None, bytes, SearchKeys]:
    """[RETURN (options)] [CHARSET name] keys. Options are ESEARCH's; None: the old answer is wanted."""
    reader.space()
    options, charset = None, b"US-ASCII"
    if reader.skip_word(b"RETURN"):
        options = reader.listed(reader.atom) or [b"ALL"]
        if unknown := [option for option in options if option not in (b"MIN", b"MAX", b"ALL", b"COUNT")]:
            raise ParseError(f"SEARCH returns MIN, MAX, ALL and COUNT, not {unknown[0].decode('ascii')[:40]}")
        reader.space()
    if reader.skip_word(b"CHARSET"):
        charset = reader.astring().upper()
        reader.space()
    return options, charset, SearchKeys(reader)


async def search(
    session: IMAP4Server, byUid: bool, options: list[bytes] | None, charset: bytes, keys: SearchKeys
) -> None:
    """Say which messages are meant."""
    selected = _open(session)
    if charset not in (b"UTF-8", b"US-ASCII"):
        raise Refused("a search is in US-ASCII or UTF-8", b"BADCHARSET (US-ASCII UTF-8)")
    if keys.asksModseq:
        session.need(b"CONDSTORE")
        session.knowsModseqs = True
    test, found, modseq = keys.test(selected.uids), [], 0
    for letter in await selected.letters(selected.uids):
        try:
            fits = test(letter)
        except FileNotFoundError:
            continue
        finally:
            letter.forget()
        if fits:
            found.append(letter.uid if byUid else letter.number)
            modseq = max(modseq, letter.message.getModseq() if keys.asksModseq else 0)
        await session.breathe()
    session.say(b"* " + result(found, options, byUid, session.tag, modseq if keys.asksModseq else None))


# --- COPY, MOVE, EXPUNGE


async def copy(session: IMAP4Server, byUid: bool, some: MessageSet, name: str) -> bytes | None:
    """Copy messages to another mailbox."""
    new = await _copy(session, byUid, some, name, False)
    return Atom(b"COPYUID ") + new if new is not None else None


async def move(session: IMAP4Server, byUid: bool, some: MessageSet, name: str) -> None:
    """Move messages to another mailbox (RFC 6851)."""
    session.need(b"MOVE")
    _open(session, True)
    new = await _copy(session, byUid, some, name, True)
    if new is not None:
        session.say(b"* OK [COPYUID " + new + b"] they are there")


async def _copy(session: IMAP4Server, byUid: bool, some: MessageSet, name: str, isMove: bool) -> bytes | None:
    selected = _open(session)
    target = await session.mailbox(name, b"TRYCREATE")
    uids = selected.chosen(some, byUid)
    if selected.isTracked and hasattr(target, "uids"):
        new = await maybeDeferred(selected.mailbox.copyTo, uids, target, isMove)
        if not new:
            return None
        old, copies = (str(set_of(each)).encode("ascii") for each in (new, new.values()))
        return b"%d %b %b" % (target.getUIDValidity(), old, copies)
    for letter in await selected.letters(uids):
        if hasattr(target, "copy"):
            await maybeDeferred(target.copy, letter.message)
        else:
            await maybeDeferred(
                target.addMessage, letter.file, letter.message.getFlags(), letter.message.getInternalDate()
            )
    return None


async def expunge(session: IMAP4Server, some: MessageSet | None = None) -> None:
    r"""Remove what has \Deleted; `news` says which. some: only these UIDs (RFC 4315)."""
    selected = _open(session, True)
    if some is None:
        await maybeDeferred(selected.mailbox.expunge)
    else:
        session.need(b"UIDPLUS")
        await maybeDeferred(selected.mailbox.expunge, selected.chosen(some, True))


async def close(session: IMAP4Server) -> None:
    """Expunge without a word, and leave the mailbox."""
    if _open(session).isWriteable():
        await expunge(session)
    session.unselect()


async def unselect(session: IMAP4Server) -> None:
    """Leave the mailbox (RFC 3691)."""
    session.unselect()
