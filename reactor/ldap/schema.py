"""Which attributes there are, and when two values of one are the same (RFC 4512, 4517, 4518, 4519).

Each matching rule is a function that makes a value's normal form: equal values have equal ones, and greater values
greater ones. An attribute that stands in no table compares as text without regard to capitals. The tables are also
what the entry `cn=subschema` tells to clients.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d)(\d\d)?)", re.ASCII)
_INTEGER = re.compile(rb"0|-?[1-9]\d{0,999}", re.ASCII)
_MOST_MARKS = 30  # on a letter (Unicode UAX 15, section 13); to order them takes the square of their number
LONGEST_NAME = 256  # of an attribute with its options: a longer one is nobody's, and isn't kept


@lru_cache(4096)
def _mark(letter: str) -> str:
    return "x" if unicodedata.combining(unicodedata.normalize("NFKD", letter)[0]) else " "


def _prepared(value: bytes) -> str:
    """RFC 4518: one way to write each text. Raises UnicodeDecodeError, which is a ValueError."""
    text = value.decode("utf-8")
    if not text.isascii():
        if max(map(len, "".join(map(_mark, text)).split(" "))) > _MOST_MARKS:
            raise ValueError(f"more than {_MOST_MARKS} marks on one letter")
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def _case_ignored(value: bytes) -> str:
    return _prepared(value).casefold()


def _without(left_out: str) -> Callable[[bytes], str]:
    table = str.maketrans("", "", left_out)
    return lambda value: _case_ignored(value).translate(table)


def _integer(value: bytes) -> int:
    if not _INTEGER.fullmatch(value):
        raise ValueError("not an integer")
    return int(value)


def _boolean(value: bytes) -> bytes:
    if value not in (b"TRUE", b"FALSE"):
        raise ValueError("not TRUE or FALSE")
    return value


def _time(value: bytes) -> datetime:
    found = _TIME.fullmatch(value.decode("utf-8"))
    if found is None:
        raise ValueError("not a time such as 20030326120000Z")
    *numbers, fraction, sign, hours, minutes = found.groups()
    numbers += [] if fraction is None else [f"{fraction:0<6}"[:6]]
    at = datetime(*(int(one or 0) for one in numbers)).replace(tzinfo=UTC)  # type: ignore[arg-type]  # six or seven
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        return at + away if sign == "-" else at - away
    except OverflowError:
        raise ValueError("a time outside of the years 1 to 9999") from None


def _oid(value: bytes) -> str:
    return canonical(_prepared(value))


def _name(value: bytes) -> Any:
    from reactor.ldap.dn import DistinguishedName  # it asks us how to compare its values

    return DistinguishedName(value.decode("utf-8")).key


class Rule(NamedTuple):
    """A matching rule. syntax: the last part of its OID. normal: value → normal form; ValueError for what is no value.

    order, parts: the names of its siblings for `>=` and for `*`, or "".
    """

    equality: str
    syntax: int
    normal: Callable[[bytes], Any]
    order: str = ""
    parts: str = ""


def _text_rule(name: str, syntax: int, normal: Callable[[bytes], str]) -> Rule:
    return Rule(f"{name}Match", syntax, normal, f"{name}OrderingMatch", f"{name}SubstringsMatch")


RULES = {
    "text": _text_rule("caseIgnore", 15, _case_ignored),
    "exact": _text_rule("caseExact", 15, _prepared),
    "ia5": _text_rule("caseIgnoreIA5", 26, _case_ignored),
    "digits": _text_rule("numericString", 36, _without(" ")),
    "phone": _text_rule("telephoneNumber", 50, _without(" -")),
    "integer": Rule("integerMatch", 27, _integer, "integerOrderingMatch"),
    "time": Rule("generalizedTimeMatch", 24, _time, "generalizedTimeOrderingMatch"),
    "boolean": Rule("booleanMatch", 7, _boolean),
    "octets": Rule("octetStringMatch", 40, bytes, "octetStringOrderingMatch"),
    "name": Rule("distinguishedNameMatch", 12, _name),
    "oid": Rule("objectIdentifierMatch", 38, _oid),
}

# OID, names (the first is the usual one), rule; and "single", or "own" for one that the server alone keeps.
_ATTRIBUTES = """
2.5.4.0 objectClass oid|2.5.4.3 cn,commonName text|2.5.4.4 sn,surname text|2.5.4.5 serialNumber text
2.5.4.6 c,countryName text single|2.5.4.7 l,localityName text|2.5.4.8 st text|2.5.4.9 street text
2.5.4.10 o,organizationName text|2.5.4.11 ou,organizationalUnitName text|2.5.4.12 title text
2.5.4.13 description text|2.5.4.15 businessCategory text|2.5.4.16 postalAddress text|2.5.4.17 postalCode text
2.5.4.20 telephoneNumber phone|2.5.4.31 member name|2.5.4.32 owner name|2.5.4.34 seeAlso name|2.5.4.41 name text
2.5.4.35 userPassword octets|2.5.4.42 givenName text|2.5.4.43 initials text|2.5.4.50 uniqueMember name
0.9.2342.19200300.100.1.1 uid,userid text|0.9.2342.19200300.100.1.3 mail ia5
0.9.2342.19200300.100.1.25 dc,domainComponent ia5 single|0.9.2342.19200300.100.1.41 mobile phone
0.9.2342.19200300.100.1.10 manager name|0.9.2342.19200300.100.1.60 jpegPhoto octets
2.16.840.1.113730.3.1.241 displayName text single|2.16.840.1.113730.3.1.3 employeeNumber text single
1.3.6.1.4.1.250.1.57 labeledURI exact|2.16.840.1.113730.3.1.34 ref exact
1.3.6.1.1.1.1.0 uidNumber integer single|1.3.6.1.1.1.1.1 gidNumber integer single|1.3.6.1.1.1.1.2 gecos ia5 single
1.3.6.1.1.1.1.3 homeDirectory exact single|1.3.6.1.1.1.1.4 loginShell exact single|1.3.6.1.1.1.1.12 memberUid exact
2.5.18.1 createTimestamp time own|2.5.18.2 modifyTimestamp time own|2.5.18.3 creatorsName name own
2.5.18.4 modifiersName name own|1.3.6.1.1.16.4 entryUUID text own|2.5.18.10 subschemaSubentry name own
2.5.18.9 hasSubordinates boolean own
"""

# OID, name, kind, its superior, what an entry must have.
_CLASSES = """
2.5.6.0 top ABSTRACT - objectClass|2.5.6.2 country STRUCTURAL top c|2.5.6.3 locality STRUCTURAL top -
2.5.6.4 organization STRUCTURAL top o|2.5.6.5 organizationalUnit STRUCTURAL top ou|2.5.6.6 person STRUCTURAL top cn,sn
2.5.6.7 organizationalPerson STRUCTURAL person -|2.5.6.8 organizationalRole STRUCTURAL top cn
2.16.840.1.113730.3.2.2 inetOrgPerson STRUCTURAL organizationalPerson -|2.5.6.9 groupOfNames STRUCTURAL top cn,member
0.9.2342.19200300.100.4.5 account STRUCTURAL top uid|1.3.6.1.4.1.1466.344 dcObject AUXILIARY top dc
0.9.2342.19200300.100.4.13 domain STRUCTURAL top dc|2.16.840.1.113730.3.2.6 referral STRUCTURAL top ref
1.3.6.1.1.1.2.0 posixAccount AUXILIARY top cn,uid,uidNumber,gidNumber,homeDirectory
1.3.6.1.1.1.2.2 posixGroup STRUCTURAL top cn,gidNumber|1.3.6.1.4.1.1466.101.120.111 extensibleObject AUXILIARY top -
"""


class AttributeType(NamedTuple):
    """An attribute. names: the usual one first. isSingle: whether it has one value. isOwn: whether only we write it."""

    oid: str
    names: tuple[str, ...]
    rule: Rule
    isSingle: bool = False
    isOwn: bool = False

    def __str__(self) -> str:
        rule, names = self.rule, " ".join(f"'{name}'" for name in self.names)
        rules = f"EQUALITY {rule.equality}" + f" ORDERING {rule.order}" * bool(rule.order)
        rules += f" SUBSTR {rule.parts}" * bool(rule.parts) + f" SYNTAX 1.3.6.1.4.1.1466.115.121.1.{rule.syntax}"
        flags = " SINGLE-VALUE" * self.isSingle + " NO-USER-MODIFICATION USAGE directoryOperation" * self.isOwn
        return f"( {self.oid} NAME ( {names} ) {rules}{flags} )"


def _rows(text: str) -> Iterator[list[str]]:
    return (row.split() for line in text.strip().split("\n") for row in line.split("|"))


TYPES = [
    AttributeType(oid, tuple(names.split(",")), RULES[rule], bool(flags), "own" in flags)
    for oid, names, rule, *flags in _rows(_ATTRIBUTES)
]
_BY_NAME = {name.lower(): kind for kind in TYPES for name in (kind.oid, *kind.names)}
_BY_RULE = {name.lower(): rule for rule in RULES.values() for name in (rule.equality, rule.order, rule.parts) if name}
_UNKNOWN = AttributeType("", (), RULES["text"])
PASSWORD = "userpassword"
_MUST = {name.lower(): set(must.lower().split(",")) - {"-"} for _, name, _, _, must in _rows(_CLASSES)}
_SUPERIOR = {name.lower(): superior.lower() for _, name, _, superior, _ in _rows(_CLASSES)}
CLASSES = [
    f"( {oid} NAME '{name}' {f'SUP {superior} ' * (superior != '-')}{kind}"
    + f" MUST ( {must.replace(',', ' $ ')} )" * (must != "-")
    + " )"
    for oid, name, kind, superior, must in _rows(_CLASSES)
]


def canonical(description: str) -> str:
    """The one name of an attribute: `2.5.4.3` and `CommonName` are `cn`. Options (`cn;lang-de`) stay.

    What is longer than LONGEST_NAME becomes its beginning, which is no attribute's name either.
    """
    return _canonical(description if len(description) <= LONGEST_NAME else f"{description[:LONGEST_NAME]}-…")


@lru_cache(4096)
def _canonical(description: str) -> str:
    name, semicolon, options = description.lower().partition(";")
    found = _BY_NAME.get(name)
    return (found.names[0].lower() if found else name) + semicolon + options


def attribute_type(description: str) -> AttributeType:
    """What is known of an attribute."""
    return _BY_NAME.get(description.lower().partition(";")[0], _UNKNOWN)


def rule_named(name: str) -> Rule | None:
    """A matching rule, for `cn:caseExactMatch:=Ann`."""
    return _BY_RULE.get(name.lower())


def normal_value(description: str, value: bytes) -> Any:
    """What two equal values of this attribute have in common. Raises ValueError for what can be no value of it."""
    return attribute_type(description).rule.normal(value)


def with_superiors(one: str) -> Iterator[str]:
    """A class of objects, and what its entries are as well. In small letters."""
    while one not in ("", "-"):
        yield one
        one = _SUPERIOR.get(one, "")


def missing_from(classes: Iterable[str], names: set[str]) -> set[str]:
    """The attributes that entries of these classes must have, and that aren't among `names`. All in small letters."""
    return {one for name in classes for kind in with_superiors(name) for one in _MUST.get(kind, ())} - names
