"""What a client searches for, as text: `search(Query(unseen=True, subject="soup"))`."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from typing import Any

from reactor.mail.imap4.sequence_sets import parseIdList
from reactor.mail.imap4.tokens import IMAP4Exception, quoted


class IllegalQueryError(IMAP4Exception):
    """A query that no server understands."""


def _string(value: Any) -> str:
    return quoted(str(value).encode()).decode()


def _set(value: Any) -> str:
    parseIdList(str(value).encode("ascii", "replace"))
    return str(value)


def _matching(pattern: str, form: str = "{}") -> Callable[[Any], str]:
    def write(value: Any) -> str:
        if not re.fullmatch(pattern, str(value)):
            raise IllegalQueryError(f"{value!r} can't be searched for there")
        return form.format(value)

    return write


_DATE = r"\d\d?-[A-Z][a-z]{2}-\d{4}"
_VALUES: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("BCC", "BODY", "CC", "FROM", "SUBJECT", "TEXT", "TO"), _string),
    **dict.fromkeys(("LARGER", "SMALLER"), _matching(r"\d+")),
    **dict.fromkeys(("KEYWORD", "UNKEYWORD"), _matching(r"[!#$&\'+-Z^-z|}~]+")),
    **dict.fromkeys(
        ("BEFORE", "ON", "SENTBEFORE", "SENTON", "SENTSINCE", "SINCE"), _matching(r"\d\d?-\w{3}-\d{4}", '"{}"')
    ),
    "HEADER": lambda pair: f"{_string(pair[0])} {_string(pair[1])}",
    "MESSAGES": _set,
    "UID": _set,
}
_STATES = {"ALL", "ANSWERED", "DELETED", "DRAFT", "FLAGGED", "NEW", "OLD", "RECENT", "SEEN"}
_STATES |= {"UNANSWERED", "UNDELETED", "UNDRAFT", "UNFLAGGED", "UNSEEN"}


def Query(sorted: bool = False, **kwarg: Any) -> str:
    """A query of which all must be true.

    all, answered, deleted, draft, flagged, new, old, recent, seen, unanswered, undeleted, undraft, unflagged, unseen:
    True. bcc, body, cc, from, subject, text, to: a part of it. header: a pair, a name and a part of what it has.
    before, on, since, sentbefore, senton, sentsince: a date such as "3-Mar-2003". larger, smaller: bytes. keyword,
    unkeyword: a flag without backslash. uid, messages: a set. `from` needs `**{"from": "ann"}`.

    sorted: by name, so that tests are simpler. Raises IllegalQueryError for others, and for values that these can't
    have; IllegalIdentifierError for a set that is none.
    """
    words = []
    for key in (builtins.sorted if sorted else list)(kwarg):
        name, value = key.upper(), kwarg[key]
        if name in _VALUES:
            words.append(_VALUES[name](value) if name == "MESSAGES" else f"{name} {_VALUES[name](value)}")
        elif name not in _STATES:
            raise IllegalQueryError(f"{key!r} is nothing to search for")
        elif value:
            words.append(name)
    return f"({' '.join(words)})" if len(words) > 1 else "".join(words)


def Or(*args: str) -> str:
    """A query of which one must be true. Raises IllegalQueryError for fewer than two."""
    if len(args) < 2:
        raise IllegalQueryError(f"either what or what? There is only {args!r}")
    return f"(OR {args[0]} {args[1] if len(args) == 2 else Or(*args[1:])})"


def Not(query: str) -> str:
    """A query that must not be true."""
    return f"(NOT {query})"
