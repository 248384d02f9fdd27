"""Which entries have a value, without looking at the others: what `(uid=ann)` asks of a tree of 100,000.

An index only narrows a search: it names all entries that a filter may be true of, and perhaps more. The filter decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reactor.ldap.dn import Key
from reactor.ldap.entry import LDAPEntry, normals_of
from reactor.ldap.filters import Combined, Compared, Filter
from reactor.ldap.schema import canonical, normal_value

Keys = dict[Key, None]  # a set that keeps its order
MOST = 10_000  # entries: looking at them takes 2 ms, in one turn of the loop. Where there are more, all are looked at
_MOST_JOINED = 2000  # by an OR, of which there may be hundreds in a filter
_REFERRAL = ("objectclass", "referral")  # a search tells of all of them, whatever its filter


class EqualityIndex:
    """Values → entries, of the attributes by which people are looked for. names: canonical ones."""

    NAMES = (
        *("cn", "sn", "givenname", "displayname", "uid", "mail", "dc", "employeenumber", "entryuuid"),
        *("uidnumber", "gidnumber", "telephonenumber", "mobile", "member", "uniquemember", "memberuid"),
    )

    def __init__(self, names: Iterable[str] = NAMES) -> None:
        self._names = frozenset(names)
        self._found: dict[tuple[str, Any], Keys] = {}

    def _pairs(self, entry: LDAPEntry) -> Iterator[tuple[str, Any]]:
        for description, values in entry.attributes:
            name = canonical(description).partition(";")[0]
            if name in self._names:
                yield from ((name, normal) for normal in normals_of(name, values))
        if "ref" in entry and "referral" in normals_of("objectclass", entry.get("objectClass", ())):
            yield _REFERRAL

    def add(self, entry: LDAPEntry) -> None:
        """An entry is there now."""
        for pair in self._pairs(entry):
            self._found.setdefault(pair, {})[entry.dn.key] = None

    def remove(self, entry: LDAPEntry) -> None:
        """It isn't there any more."""
        for pair in {*self._pairs(entry)}:
            del self._found[pair][entry.dn.key]
            if not self._found[pair]:
                del self._found[pair]

    def narrowed(self, filter: Filter) -> Keys | None:
        """The entries of which a filter may be true, and the referrals; None: that may be any."""
        found = self._narrowed(filter)
        referrals = self._found.get(_REFERRAL, {})
        return None if found is None or len(found) + len(referrals) > MOST else found | referrals

    def _narrowed(self, filter: Filter) -> Keys | None:
        if isinstance(filter, Compared) and filter.operator in ("=", "~="):
            name = canonical(filter.attribute).partition(";")[0]
            try:
                return self._found.get((name, normal_value(name, filter.value)), {}) if name in self._names else None
            except ValueError:  # no entry has such a value
                return {}
        if not isinstance(filter, Combined) or filter.operator == "!":
            return None
        parts = [self._narrowed(part) for part in filter.filters]
        known = [part for part in parts if part is not None]
        if filter.operator == "&":
            return min(known, key=len, default=None)
        if len(known) < len(parts) or sum(map(len, known)) > _MOST_JOINED:
            return None
        return {key: None for part in known for key in part}
