"""A session's states, and the table of its commands (RFC 3501, sections 3 and 6).

    NOT_AUTHENTICATED  --LOGIN, AUTHENTICATE-->  AUTHENTICATED  <--SELECT, CLOSE-->  SELECTED        and LOGOUT

A command is read by the grammar of its row before a literal is asked for.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple

from reactor.mail.imap4.sequence_sets import parseIdList
from reactor.mail.imap4.server import mailbox_commands as mailboxes
from reactor.mail.imap4.server import message_commands as messages
from reactor.mail.imap4.server import session_commands as itself
from reactor.mail.imap4.tokens import Reader

_SET = re.compile(rb"[\d:,*]+")


class State(enum.Enum):
    """Where a session is, in RFC 3501's words."""

    NOT_AUTHENTICATED = enum.auto()
    AUTHENTICATED = enum.auto()
    SELECTED = enum.auto()


class Command(NamedTuple):
    """When it may come; its arguments, words of GRAMMAR; what does it: an async function of the session and those.

    A word that reads a tuple stands for several arguments.
    """

    states: set[State]
    arguments: str
    action: Callable[..., Coroutine[Any, Any, Any]]


GRAMMAR: dict[str, Callable[[Reader], Any]] = {
    "string": lambda reader: reader.space() or reader.astring(),
    "atom": lambda reader: reader.space() or reader.atom(),
    "response?": lambda reader: reader.rest() if reader.skip(b" ") else None,
    "atoms": lambda reader: [GRAMMAR["atom"](reader) for _ in iter(reader.at_end, True)],
    "set": lambda reader: reader.space() or parseIdList(reader.match(_SET, "a set of messages")[0]),
    "pairs": lambda reader: reader.space() or reader.value(),
    "mailbox": mailboxes.read_mailbox,
    "condstore?": mailboxes.read_select,
    "list": mailboxes.read_list,
    "lsub": mailboxes.read_lsub,
    "status": mailboxes.read_status,
    "message": mailboxes.read_append,
    "fetch": messages.read_fetch,
    "store": messages.read_store,
    "search": messages.read_search,
}
_ALWAYS = {State.NOT_AUTHENTICATED, State.AUTHENTICATED, State.SELECTED}
_BEFORE, _AFTER, _INSIDE = {State.NOT_AUTHENTICATED}, {State.AUTHENTICATED, State.SELECTED}, {State.SELECTED}
BY_NUMBER_OR_UID = {  # each comes with UID before it, too
    "FETCH": Command(_INSIDE, "set fetch", messages.fetch),
    "STORE": Command(_INSIDE, "set store", messages.store),
    "COPY": Command(_INSIDE, "set mailbox", messages.copy),
    "MOVE": Command(_INSIDE, "set mailbox", messages.move),
    "SEARCH": Command(_INSIDE, "search", messages.search),
}
COMMANDS = {
    "CAPABILITY": Command(_ALWAYS, "", itself.capability),
    "NOOP": Command(_ALWAYS, "", itself.noop),
    "ID": Command(_ALWAYS, "pairs", itself.identify),
    "LOGOUT": Command(_ALWAYS, "", itself.logout),
    "STARTTLS": Command(_BEFORE, "", itself.starttls),
    "LOGIN": Command(_BEFORE, "string string", itself.login),
    "AUTHENTICATE": Command(_BEFORE, "atom response?", itself.authenticate),
    "ENABLE": Command(_AFTER, "atoms", itself.enable),
    "NAMESPACE": Command(_AFTER, "", mailboxes.namespace),
    "SELECT": Command(_AFTER, "mailbox condstore?", mailboxes.select),
    "EXAMINE": Command(_AFTER, "mailbox condstore?", partial(mailboxes.select, isReadOnly=True)),
    "CREATE": Command(_AFTER, "mailbox", mailboxes.create),
    "DELETE": Command(_AFTER, "mailbox", mailboxes.rename),
    "RENAME": Command(_AFTER, "mailbox mailbox", mailboxes.rename),
    "SUBSCRIBE": Command(_AFTER, "mailbox", mailboxes.subscribe),
    "UNSUBSCRIBE": Command(_AFTER, "mailbox", mailboxes.unsubscribe),
    "LIST": Command(_AFTER, "list", mailboxes.list_mailboxes),
    "LSUB": Command(_AFTER, "lsub", mailboxes.list_mailboxes),
    "STATUS": Command(_AFTER, "mailbox status", mailboxes.status),
    "APPEND": Command(_AFTER, "mailbox message", mailboxes.append),
    "IDLE": Command(_AFTER, "", itself.idle),
    "CHECK": Command(_INSIDE, "", itself.noop),
    "CLOSE": Command(_INSIDE, "", messages.close),
    "UNSELECT": Command(_INSIDE, "", messages.unselect),
    "EXPUNGE": Command(_INSIDE, "", messages.expunge),
    "UID EXPUNGE": Command(_INSIDE, "set", messages.expunge),
    **BY_NUMBER_OR_UID,
    **{f"UID {name}": row for name, row in BY_NUMBER_OR_UID.items()},
}
NO_EXPUNGES = {"FETCH", "STORE", "SEARCH"}  # none is told of after these: the next may be under way, by numbers
