"""Commands about mailboxes, and APPEND. Each is a function of a session and what was read of the command.

What it returns is the code of the OK, or None. Raises Refused and MailboxException for NO, ParseError for BAD.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from reactor.defer import maybeDeferred
from reactor.mail.imap4.account import SPECIAL_USE
from reactor.mail.imap4.mailbox import MailboxException, parseTime
from reactor.mail.imap4.server.fetch import flag_list
from reactor.mail.imap4.server.selected import Selected
from reactor.mail.imap4.tokens import Atom, ParseError, Reader, decode_mailbox, encode_mailbox, written

if TYPE_CHECKING:
    from reactor.mail.imap4.server.protocol import IMAP4Server

STATUS = {
    "MESSAGES": None,
    "RECENT": None,
    "UIDNEXT": None,
    "UIDVALIDITY": None,
    "UNSEEN": None,
    "SIZE": b"STATUS=SIZE",
    "HIGHESTMODSEQ": b"CONDSTORE",
}  # what may be asked, and the extension that it needs


def read_mailbox(reader: Reader) -> str:
    """The name of a mailbox."""
    reader.space()
    name = decode_mailbox(reader.astring())
    return "INBOX" if name.upper() == "INBOX" else name


# --- SELECT and EXAMINE


def read_select(reader: Reader) -> bool:
    """Whether (CONDSTORE) is there."""
    if not reader.skip(b" "):
        return False
    if reader.listed(reader.atom) != [b"CONDSTORE"]:
        raise ParseError("SELECT has one parameter, CONDSTORE")
    return True


async def select(session: IMAP4Server, name: str, withModseq: bool, isReadOnly: bool = False) -> bytes:
    """Open a mailbox."""
    if withModseq:
        session.need(b"CONDSTORE")
        session.knowsModseqs = True
    session.unselect()
    mailbox = await session.mailbox(name, rw=not isReadOnly)
    selected = Selected(mailbox, name, isReadOnly or not mailbox.isWriteable())
    await selected.open()
    unseen = next((one.uid for one in await selected.letters(selected.uids) if r"\Seen" not in one.flags), None)
    lasting = b"" if selected.isReadOnly else b" ".join([*map(str.encode, selected.flags), b"\\*"])
    lines = [b"FLAGS " + flag_list(frozenset(selected.flags)), b"OK [PERMANENTFLAGS (" + lasting + b")] these last"]
    lines += [b"%d EXISTS" % len(selected.uids), b"%d RECENT" % len(selected.recent or ())]
    lines += [b"OK [UNSEEN %d] the first" % selected.number(unseen)] if unseen is not None else []
    lines += [b"OK [UIDVALIDITY %d] UIDs hold" % await maybeDeferred(mailbox.getUIDValidity)]
    lines += [b"OK [UIDNEXT %d] the next one" % await maybeDeferred(mailbox.getUIDNext)]
    if session.can(b"CONDSTORE"):
        modseq = b"HIGHESTMODSEQ %d" % mailbox.highestModseq() if selected.isTracked else b"NOMODSEQ"
        lines += [b"OK [" + modseq + b"] the latest change"]
    for line in lines:
        session.say(b"* " + line)
    session.enter(selected)
    return b"READ-ONLY" if selected.isReadOnly else b"READ-WRITE"


async def create(session: IMAP4Server, name: str) -> None:
    """Make a mailbox."""
    if not await maybeDeferred(session.account.create, name):
        raise MailboxException("it can't be made, or is there already")


async def rename(session: IMAP4Server, name: str, *new: str) -> bytes | None:
    """Rename a mailbox; without a new name, delete it. Leave it, if it was open, or one below it that was renamed."""
    await maybeDeferred(session.account.rename if new else session.account.delete, name, *new)
    selected, delimiter = session.selected, getattr(session.account, "delimiter", "/")
    if selected is None or name == "INBOX" or not (selected.name + delimiter).startswith(name + delimiter):
        return None
    session.unselect()
    return b"CLOSED"


async def subscribe(session: IMAP4Server, name: str) -> None:
    """Put a name into the short list."""
    await maybeDeferred(session.account.subscribe, name)


async def unsubscribe(session: IMAP4Server, name: str) -> None:
    """Take a name out of the short list."""
    await maybeDeferred(session.account.unsubscribe, name)


# --- LIST and STATUS


def read_lsub(reader: Reader) -> tuple[Any, ...]:
    """A reference and a pattern; as `read_list`."""
    reference = read_mailbox(reader)
    reader.space()
    return b"LSUB", reference, [decode_mailbox(reader.pattern())], {b"SUBSCRIBED"}, set(), []


def read_list(reader: Reader) -> tuple[Any, ...]:
    """[(selection)] reference pattern|(patterns) [RETURN (options)], of RFC 5258 what RFC 5819 and RFC 6154 need."""
    reader.space()
    chosen: set[bytes] = set()
    if reader.next_is(b"("):
        chosen = set(reader.listed(reader.atom))
        reader.space()
    reference = decode_mailbox(reader.astring())
    reader.space()
    patterns = reader.listed(reader.pattern) if reader.next_is(b"(") else [reader.pattern()]
    returned, status = set(), []
    if reader.skip_word(b" RETURN"):

        def option() -> None:
            word = reader.atom()
            returned.add(word)
            if word == b"STATUS":
                status.extend(read_status(reader))

        reader.listed(option)
    if unknown := (chosen | returned) - {b"SUBSCRIBED", b"SPECIAL-USE", b"CHILDREN", b"STATUS"}:
        raise ParseError(f"LIST has no option {min(unknown).decode('ascii')[:40]}")
    return b"LIST", reference, [decode_mailbox(one) for one in patterns], chosen, returned, status


async def list_mailboxes(
    session: IMAP4Server,
    word: bytes,
    reference: str,
    patterns: list[str],
    chosen: set[bytes],
    returned: set[bytes],
    asked: list[str],
) -> None:
    """Say which mailboxes there are.

    chosen: only those that are SUBSCRIBED, or have a SPECIAL-USE. returned: what to say. asked: names for STATUS.
    """
    if patterns == [""]:
        session.say(_listed(word, "", getattr(session.account, "delimiter", "/"), [r"\Noselect"]))
        return
    parents = await _parents(session) if b"CHILDREN" in returned else set()
    for name, box in await _matching(session, reference, patterns):
        isSubscribed = await maybeDeferred(session.account.isSubscribed, name)
        use = SPECIAL_USE.get(name) if session.can(b"SPECIAL-USE") else None
        if (b"SUBSCRIBED" in chosen and not isSubscribed) or (b"SPECIAL-USE" in chosen and use is None):
            continue
        flags = [flag for flag in box.getFlags() if flag.lower() == r"\noselect"]
        flags += [use] if use is not None else []
        if isSubscribed and b"SUBSCRIBED" in chosen | returned and word == b"LIST":
            flags.append(r"\Subscribed")
        if b"CHILDREN" in returned:
            flags.append(r"\HasChildren" if name in parents else r"\HasNoChildren")
        session.say(_listed(word, name, box.getHierarchicalDelimiter(), flags))
        if asked and r"\Noselect" not in flags:
            await status(session, name, asked)
        await session.breathe()


def _listed(word: bytes, name: str, delimiter: str, flags: list[str]) -> bytes:
    words = [[Atom(flag.encode("ascii")) for flag in flags], delimiter.encode("ascii"), encode_mailbox(name)]
    return b"* " + word + b" " + written(words)[1:-1]


async def _matching(session: IMAP4Server, reference: str, patterns: list[str]) -> list[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for pattern in patterns[:20]:
        found |= await maybeDeferred(session.account.listMailboxes, reference, pattern)
    return sorted(found.items())


async def _parents(session: IMAP4Server) -> set[str]:
    """The names that have mailboxes below them, found in one go."""
    every = await maybeDeferred(session.account.listMailboxes, "", "*")
    return {name[:at] for name, box in every for at, mark in enumerate(name) if mark == box.getHierarchicalDelimiter()}


def read_status(reader: Reader) -> list[str]:
    """A list of what is asked."""
    reader.space()
    names = [name.decode("ascii") for name in reader.listed(reader.atom)]
    unknown = [name for name in names if name not in STATUS]
    if unknown or not names:
        raise ParseError(f"STATUS knows {', '.join(STATUS)}, not {unknown[0][:40] if unknown else 'nothing'}")
    return names


async def status(session: IMAP4Server, name: str, names: list[str]) -> None:
    """Say how many messages a mailbox has, and such things."""
    for extension in filter(None, map(STATUS.get, names)):
        session.need(extension)
    mailbox = await session.mailbox(name, rw=False)
    found = await maybeDeferred(mailbox.requestStatus, names)
    words = " ".join(f"{one} {found[one]}" for one in names).encode("ascii")
    session.say(b"* STATUS " + written(encode_mailbox(name)) + b" (" + words + b")")


async def namespace(session: IMAP4Server) -> None:
    """Say where one's own mailboxes are, and others' (RFC 2342)."""
    said = []
    for kind in ("Personal", "User", "Shared"):
        spaces = getattr(session.account, f"get{kind}Namespaces", lambda: None)()
        said.append(spaces and [[_bytes(word) for word in space] for space in spaces])
    session.say(b"* NAMESPACE " + b" ".join(map(written, said)))


def _bytes(word: Any) -> bytes:
    return word if isinstance(word, bytes) else encode_mailbox(word)


# --- APPEND


def read_append(reader: Reader) -> tuple[list[str], bytes | None, bytes]:
    """[(flags)] ["date"] literal. A date of None is now."""
    reader.space()
    flags: list[bytes] = []
    if reader.next_is(b"("):
        flags = reader.listed(reader.flag)
        reader.space()
    date = None
    if reader.next_is(b'"'):
        date = reader.string()
        parseTime(date)
        reader.space()
    if not reader.next_is(b"{"):
        raise ParseError("a message comes as a literal")
    reader.most = reader.mostMessage
    return [flag.decode("ascii") for flag in flags], date, reader.string()


async def append(session: IMAP4Server, name: str, flags: list[str], date: bytes | None, text: bytes) -> bytes | None:
    """Add a message to a mailbox."""
    target = await session.mailbox(name, b"TRYCREATE")
    uid = await maybeDeferred(target.addMessage, io.BytesIO(text), flags, date)
    if session.can(b"UIDPLUS") and isinstance(uid, int):
        return b"APPENDUID %d %d" % (await maybeDeferred(target.getUIDValidity), uid)
    return None
