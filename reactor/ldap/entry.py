"""One entry, and what a filter says of it.

An entry never changes: a change makes another one. So whoever is sending an entry sends it as it was, and its normal
forms (see `schema`) are made once, when the first filter asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from operator import ge, le
from typing import Any

from reactor.ldap.dn import DistinguishedName
from reactor.ldap.filters import Combined, Compared, Extensible, Filter, Present, Substrings
from reactor.ldap.messages import Attributes, Change
from reactor.ldap.results import LDAPError, ResultCode
from reactor.ldap.schema import PASSWORD, Rule, attribute_type, canonical, normal_value, rule_named, with_superiors

Test = Callable[["LDAPEntry"], "bool | None"]
Values = tuple[bytes, ...]


class LDAPEntry(Mapping[str, Values]):
    """A name, and attributes: names → values, bytes. `entry["commonName"]` is what `entry["cn"]` is.

    dn: a DistinguishedName, or text. attributes: a mapping of names to values, or pairs.
    Raises ValueError for a bad dn.
    """

    def __init__(
        self,
        dn: str | DistinguishedName,
        attributes: Mapping[str, Iterable[bytes]] | Iterable[tuple[str, Iterable[bytes]]] = (),
    ) -> None:
        self.dn = dn if isinstance(dn, DistinguishedName) else DistinguishedName(dn)
        pairs = attributes.items() if isinstance(attributes, Mapping) else attributes
        self._values: dict[str, tuple[str, Values]] = {}
        for name, values in pairs:
            known = self._values.get(canonical(name), (name, ()))
            self._values[canonical(name)] = (known[0], known[1] + tuple(values))
        self._normal: dict[str, frozenset[Any]] = {}

    def __getitem__(self, name: str) -> Values:
        return self._values[canonical(name)][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and canonical(name) in self._values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LDAPEntry) and (self.dn, self._values) == (other.dn, other._values)

    __hash__ = None  # type: ignore[assignment]  # a mapping isn't a key

    def __repr__(self) -> str:
        return f"LDAPEntry({self.dn.getText()!r}, {dict(self)!r})"

    @property
    def attributes(self) -> Attributes:
        """All names and values."""
        return tuple(self._values.values())

    def with_options(self, name: str) -> list[str]:
        """The names in this entry that are `name`, or are it with more options: `cn` finds `cn;lang-de` too."""
        base, *options = canonical(name).split(";")
        split = ((one, one.split(";")) for one in self._values)
        return [one for one, (kind, *found) in split if kind == base and {*options} <= {*found}]

    def normal_values(self, name: str) -> frozenset[Any]:
        """The normal forms of an attribute's values, those with options included. What has none is left out."""
        found = self._normal.get(name)
        if found is None:
            kinds = self.with_options(name)
            found = frozenset(normals_of(name, (value for kind in kinds for value in self._values[kind][1])))
            if kinds:  # or strangers could fill the memory with names
                self._normal[name] = found
        return found

    def changed(self, changes: Iterable[tuple[int, tuple[str, Values]]]) -> LDAPEntry:
        """This entry after a modification. Raises LDAPError."""
        found = dict(self._values)
        changing: dict[str, tuple[str, dict[Any, bytes]]] = {}  # by normal forms, which are made once
        for change, (name, values) in changes:
            kind = canonical(name)
            if kind not in changing:
                shown, before = found.pop(kind, (name, ()))
                changing[kind] = shown, {_key(name, value): value for value in before}
            shown, kept = changing[kind]
            changing[kind] = shown if kept else name, _after(change, name, kept, keyed(name, values))
        found |= {kind: (shown, tuple(kept.values())) for kind, (shown, kept) in changing.items() if kept}
        return LDAPEntry(self.dn, found.values())


def normals_of(name: str, values: Iterable[bytes]) -> Iterator[Any]:
    """The normal forms of these values, of those that have one; a class of objects is its superiors as well."""
    for value in values:
        with suppress(ValueError):
            one = normal_value(name, value)
            yield from with_superiors(one) if name == "objectclass" else (one,)


def _key(name: str, value: bytes) -> Any:
    try:
        return normal_value(name, value)
    except ValueError:
        raise LDAPError(ResultCode.invalidAttributeSyntax, f"{value[:40]!r} is no value of {name}") from None


def keyed(name: str, values: Values) -> dict[Any, bytes]:
    """The values of an attribute by their normal forms. Raises LDAPError for what is no value, or comes twice."""
    keys = {_key(name, value): value for value in values}
    if len(keys) < len(values):
        raise LDAPError(ResultCode.attributeOrValueExists, f"a value of {name} comes twice")
    return keys


def _after(change: int, name: str, kept: dict[Any, bytes], keys: dict[Any, bytes]) -> dict[Any, bytes]:
    """The values of an attribute after a change of it; `kept` is used up."""
    if change == Change.replace:
        return keys
    if change == Change.add:
        if not keys or any(key in kept for key in keys):
            code = ResultCode.attributeOrValueExists if keys else ResultCode.protocolError
            raise LDAPError(code, f"{name} has the value already, or there is none to add")
        kept.update(keys)
        return kept
    if not kept or (change == Change.delete and not all(key in kept for key in keys)):
        raise LDAPError(ResultCode.noSuchAttribute, f"{name} has no such value")
    if change == Change.delete:
        for key in keys:
            del kept[key]
        return kept if keys else {}
    if change != Change.increment or len(keys) != 1 or attribute_type(name).rule.equality != "integerMatch":
        raise LDAPError(ResultCode.constraintViolation, "a change is add, delete, replace, or one integer's increment")
    [by] = map(int, keys.values())
    return keyed(name, tuple(b"%d" % (int(value) + by) for value in kept.values()))


def test_for(filter: Filter) -> Test:
    """What says of an entry whether a filter is true, false, or None: nobody can say (RFC 4511, section 4.5.1.7).

    Passwords are unknown to all filters: else one could be guessed a letter at a time.
    """
    if isinstance(filter, Combined):
        return partial(_combined, filter.operator, [*map(test_for, filter.filters)])
    name = canonical(filter.attribute or "")
    rule = rule_named(filter.rule) if isinstance(filter, Extensible) and filter.rule else attribute_type(name).rule
    if name.partition(";")[0] == PASSWORD or rule is None:
        return _nobody_knows
    try:
        match filter:
            case Present():
                return lambda entry: bool(entry.with_options(name))
            case Substrings():
                return _substrings(name, rule, filter)
            case Extensible():
                return partial(_extensible, filter, rule.normal, rule.normal(filter.value))
            case Compared(_, operator, value):
                return _compared(name, rule, operator, rule.normal(value))
    except ValueError:  # it can't be a value
        pass
    return _nobody_knows


def _nobody_knows(entry: LDAPEntry) -> None:
    return None


def _combined(operator: str, tests: list[Test], entry: LDAPEntry) -> bool | None:
    found = {test(entry) for test in tests}
    if operator == "!":
        return None if None in found else False in found
    neutral = operator == "&"
    return not neutral if (not neutral) in found else None if None in found else neutral


def _compared(name: str, rule: Rule, operator: str, normal: Any) -> Test:
    if operator in ("=", "~="):
        return lambda entry: normal in entry.normal_values(name)
    compare = ge if operator == ">=" else le
    return (lambda entry: any(compare(it, normal) for it in entry.normal_values(name))) if rule.order else _nobody_knows


def _substrings(name: str, rule: Rule, filter: Substrings) -> Test:
    def part(value: bytes) -> str:  # as part of a normal form: a blank at its end counts
        return " " * value.startswith(b" ") + str(rule.normal(value)) + " " * value.endswith(b" ") if value else ""

    initial, final, middle = part(filter.initial).lstrip(), part(filter.final).rstrip(), [*map(part, filter.middle)]

    def fits(value: str) -> bool:
        at = len(initial)
        for one in middle:
            found = value.find(one, at)
            at = found + len(one) if found >= 0 else len(value) + 1
        return value.startswith(initial) and value.endswith(final) and at + len(final) <= len(value)

    return (lambda entry: any(map(fits, entry.normal_values(name)))) if rule.parts else _nobody_knows


def _extensible(filter: Extensible, normal: Callable[[bytes], Any], wanted: Any, entry: LDAPEntry) -> bool:
    name = filter.attribute
    kinds = entry.with_options(name) if name else {*map(canonical, entry)} - {PASSWORD}
    values = [value for kind in kinds for value in entry[kind]]
    in_name = [(kind, value.encode()) for rdn in entry.dn.rdns for kind, value in rdn if filter.isInName]
    values += [value for kind, value in in_name if name is None or canonical(kind) == canonical(name)]
    for value in values:
        with suppress(ValueError):
            if normal(value) == wanted:
                return True
    return False
