"""What a client gathers while a search goes on, page after page, and how much of it is too much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from reactor.ldap.ber import BERError
from reactor.ldap.entry import LDAPEntry
from reactor.ldap.messages import OID, PAGED, Control, Entry, Message, Op
from reactor.ldap.results import LDAPError, ResultCode


class SearchResult(NamedTuple):
    """What a search found. referrals: URLs of servers that have more of it. controls: what came with the end."""

    entries: list[LDAPEntry]
    referrals: list[str]
    controls: tuple[Control, ...] = ()


def entry_of(body: Entry) -> LDAPEntry:
    """An entry that a server has sent. Raises BERError for a name that is none."""
    try:
        return LDAPEntry(*body)
    except ValueError as problem:
        raise BERError(str(problem)) from None


class Gathered:
    """Entries and referrals, as they come. bounds: an LDAPClient. receive: gets the entries, which aren't kept then."""

    def __init__(self, bounds: Any, receive: Callable[[LDAPEntry], object] | None) -> None:
        self._bounds, self._receive = bounds, receive
        self.entries: list[LDAPEntry] = []
        self.referrals: list[str] = []
        self._cookie = b""
        self._count = self._bytes = self._empty_pages = 0

    def take(self, message: Message) -> Any:
        """An entry, or referrals; what else may come tells nothing. Raises LDAPError when it is too much."""
        if message.op not in (Op.searchResultEntry, Op.searchResultReference):
            return None
        self._count, self._empty_pages = self._count + 1, 0
        if self._receive is None or message.op == Op.searchResultReference:
            self._bytes += _size(message.body)
        for has, most, what in (
            (self._count, self._bounds.mostEntries, "entries"),
            (self._bytes, self._bounds.mostBytes, "bytes"),
        ):
            if has > most:
                raise LDAPError(ResultCode.sizeLimitExceeded, f"a result has at most {most} {what} here")
        if message.op == Op.searchResultEntry:
            return (self._receive or self.entries.append)(entry_of(message.body))
        self.referrals.extend(message.body)
        return None

    def next_page(self, size: int) -> tuple[Control]:
        """Asks for the first page, or for the one that comes now. size: how many entries it should have."""
        return (Control(OID.paged, True, PAGED.dump((size, self._cookie))),)

    def is_whole(self, message: Message) -> bool:
        """Whether this result ends it, and not only a page. Raises LDAPError when nothing but empty pages come."""
        values = [one.value for one in message.controls if one.oid == OID.paged]
        self._cookie = PAGED.load(values[0] or b"")[1] if values else b""
        self._empty_pages += 1
        if self._cookie and self._empty_pages > self._bounds.mostEmptyPages:
            raise LDAPError(ResultCode.other, f"{self._empty_pages} pages without an entry, and no end of them")
        return not self._cookie


def _size(body: Any) -> int:
    """What an entry, a reference, or a part of theirs takes in memory, about."""
    return len(body) if isinstance(body, (bytes, str)) else sum(map(_size, body), 50 * len(body))
