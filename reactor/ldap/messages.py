"""The messages of LDAP (RFC 4511, section 4.2 and on), and what stands in its usual controls and extended operations.

A message is an id, an operation, and controls. OPERATIONS says of each operation what is in it; to read and to write
them is the business of `ber`. Names of entries are text here, since a server answers a bad one with a result.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

from reactor.ldap.ber import (
    BOOLEAN,
    ENUMERATED,
    INTEGER,
    NULL,
    OCTETS,
    STRING,
    BERError,
    Kind,
    elements,
    listed,
    read_header,
    record,
    wrap,
)
from reactor.ldap.filters import FILTER, Filter, Present


class Op(IntEnum):
    """What a message is: the tag of its operation."""

    bindRequest, bindResponse = 0x60, 0x61
    unbindRequest = 0x42
    searchRequest, searchResultEntry, searchResultDone, searchResultReference = 0x63, 0x64, 0x65, 0x73
    modifyRequest, modifyResponse = 0x66, 0x67
    addRequest, addResponse = 0x68, 0x69
    delRequest, delResponse = 0x4A, 0x6B
    modDNRequest, modDNResponse = 0x6C, 0x6D
    compareRequest, compareResponse = 0x6E, 0x6F
    abandonRequest = 0x50
    extendedRequest, extendedResponse, intermediateResponse = 0x77, 0x78, 0x79


class OID:
    """The names of controls, extended operations and features."""

    startTLS = "1.3.6.1.4.1.1466.20037"
    passwordModify = "1.3.6.1.4.1.4203.1.11.1"  # RFC 3062
    whoAmI = "1.3.6.1.4.1.4203.1.11.3"  # RFC 4532
    cancel = "1.3.6.1.1.8"  # RFC 3909
    noticeOfDisconnection = "1.3.6.1.4.1.1466.20036"
    paged = "1.2.840.113556.1.4.319"  # RFC 2696
    sort, sortResponse = "1.2.840.113556.1.4.473", "1.2.840.113556.1.4.474"  # RFC 2891
    preRead, postRead = "1.3.6.1.1.13.1", "1.3.6.1.1.13.2"  # RFC 4527
    manageDsaIT = "2.16.840.1.113730.3.4.2"  # RFC 3296
    increment = "1.3.6.1.1.14"  # RFC 4525
    allOperational = "1.3.6.1.4.1.4203.1.5.1"  # RFC 3673
    trueFalseFilters = "1.3.6.1.4.1.4203.1.5.3"  # RFC 4526


class Scope(IntEnum):
    """How far a search goes from its base."""

    base, one, subtree = 0, 1, 2


class Change(IntEnum):
    """What a modification does with its values."""

    add, delete, replace, increment = 0, 1, 2, 3


Attributes = tuple[tuple[str, tuple[bytes, ...]], ...]  # names, and their values
ChangeRow = tuple[int, tuple[str, tuple[bytes, ...]]]  # a Change, and the attribute's name and values


class BindRequest(NamedTuple):
    """Who somebody is: by a password, or by SASL as (mechanism, credentials or None)."""

    version: int
    name: str
    password: bytes | None = None
    sasl: tuple[str, bytes | None] | None = None


class SearchRequest(NamedTuple):
    """Which entries, and what of them. sizeLimit: 0 for no limit; timeLimit: in seconds, too."""

    base: str
    scope: int = Scope.subtree
    derefAliases: int = 0
    sizeLimit: int = 0
    timeLimit: int = 0
    typesOnly: bool = False
    filter: Filter = Present("objectClass")
    attributes: tuple[str, ...] = ()


class Entry(NamedTuple):
    """An entry to add, or one that was found."""

    name: str
    attributes: Attributes


class ModifyRequest(NamedTuple):
    """What becomes of the attributes of an entry."""

    name: str
    changes: tuple[ChangeRow, ...]


class ModDNRequest(NamedTuple):
    """A new relative name; and a new parent, if it moves."""

    name: str
    newRDN: str
    deleteOldRDN: bool = True
    newSuperior: str | None = None


class CompareRequest(NamedTuple):
    """Whether an entry has this value. assertion: (name, value)."""

    name: str
    assertion: tuple[str, bytes]


class ExtendedRequest(NamedTuple):
    """Anything else."""

    name: str
    value: bytes | None = None


class Result(NamedTuple):
    """How a request went. saslCredentials is for binds; name and value are for extended operations."""

    code: int = 0
    matchedDN: str = ""
    text: str = ""
    referrals: tuple[str, ...] = ()
    saslCredentials: bytes | None = None
    name: str | None = None
    value: bytes | None = None


class Control(NamedTuple):
    """What else a request wants, or a response says. isCritical: refuse the request rather than do without."""

    oid: str
    isCritical: bool = False
    value: bytes | None = None


class Message(NamedTuple):
    """One message. body: of the class, or kind, that OPERATIONS has for `op`."""

    id: int
    op: Op
    body: Any
    controls: tuple[Control, ...] = ()


def _values(*values: Any) -> tuple[Any, ...]:
    return values


_ATTRIBUTE = record(0x30, _values, STRING, listed(0x31, OCTETS))
_ATTRIBUTES = listed(0x30, _ATTRIBUTE)
_RESULT = record(
    0x65,
    Result,
    *(ENUMERATED, STRING, STRING, listed(0xA3, STRING).optional(())),
    *(OCTETS.at(0x87).optional(), STRING.at(0x8A).optional(), OCTETS.at(0x8B).optional()),
)
_SASL = record(0xA3, _values, STRING, OCTETS.optional())
_BIND = record(0x60, BindRequest, INTEGER, STRING, OCTETS.at(0x80).optional(), _SASL.optional())
_SEARCH = (STRING, ENUMERATED, ENUMERATED, INTEGER, INTEGER, BOOLEAN, FILTER, listed(0x30, STRING))
_CHANGES = listed(0x30, record(0x30, _values, ENUMERATED, _ATTRIBUTE))
_MODDN = record(0x6C, ModDNRequest, STRING, STRING, BOOLEAN, STRING.at(0x80).optional())
_COMPARE = record(0x6E, CompareRequest, STRING, record(0x30, _values, STRING, OCTETS))

OPERATIONS: dict[Op, Kind] = {
    **{op: _RESULT.at(op) for op in Op if op.name.endswith(("Response", "Done"))},
    Op.bindRequest: _BIND,
    Op.unbindRequest: NULL.at(Op.unbindRequest),
    Op.searchRequest: record(Op.searchRequest, SearchRequest, *_SEARCH),
    Op.searchResultEntry: record(Op.searchResultEntry, Entry, STRING, _ATTRIBUTES),
    Op.searchResultReference: listed(Op.searchResultReference, STRING),
    Op.modifyRequest: record(Op.modifyRequest, ModifyRequest, STRING, _CHANGES),
    Op.addRequest: record(Op.addRequest, Entry, STRING, _ATTRIBUTES),
    Op.delRequest: STRING.at(Op.delRequest),
    Op.modDNRequest: _MODDN,
    Op.compareRequest: _COMPARE,
    Op.abandonRequest: INTEGER.at(Op.abandonRequest),
    Op.extendedRequest: record(Op.extendedRequest, ExtendedRequest, STRING.at(0x80), OCTETS.at(0x81).optional()),
    Op.intermediateResponse: record(0x79, _values, STRING.at(0x80).optional(), OCTETS.at(0x81).optional()),
}
_CONTROLS = listed(0xA0, record(0x30, Control, STRING, BOOLEAN.optional(False), OCTETS.optional()))

# What stands in the values of controls and extended operations.
PAGED = record(0x30, _values, INTEGER, OCTETS)  # size, cookie
SORT_KEY = record(0x30, _values, STRING, STRING.at(0x80).optional(), BOOLEAN.at(0x81).optional(False))
SORT = listed(0x30, SORT_KEY)  # attribute, rule, whether in reverse
SORTED = record(0x30, _values, ENUMERATED, STRING.at(0x80).optional())  # result, attribute
READ = listed(0x30, STRING)  # attributes
CANCEL = record(0x30, _values, INTEGER)
PASSWORD_CHANGE = record(
    0x30, _values, *(kind.optional() for kind in (STRING.at(0x80), OCTETS.at(0x81), OCTETS.at(0x82)))
)
PASSWORD_MADE = record(0x30, _values, OCTETS.at(0x80).optional())


def dump(message: Message) -> bytes:
    """The bytes of a message."""
    controls = _CONTROLS.dump(message.controls) if message.controls else b""
    return wrap(0x30, INTEGER.dump(message.id) + OPERATIONS[message.op].dump(message.body) + controls)


def load(content: bytes) -> Message:
    """Read the content of a message. Raises BERError."""
    parts = elements(content)
    (id_tag, id), (tag, body), (controls_tag, controls) = (next(parts, (0, b"")) for _ in range(3))
    if id_tag != INTEGER.tag or tag not in OPERATIONS:
        raise BERError(f"a message has an id and an operation, not tags {id_tag} and {tag}")
    number = INTEGER.decode(id)
    if number < 0:
        raise BERError(f"a message's id is not negative, as {number} is")
    found = _CONTROLS.decode(controls) if controls_tag == _CONTROLS.tag else ()
    return Message(number, Op(tag), OPERATIONS[Op(tag)].decode(body), found)


class Inbox:
    """Bytes in, messages out. mostBytes: of one message; a longer one is refused by its header, before it is kept."""

    def __init__(self, mostBytes: int) -> None:
        self.mostBytes = mostBytes
        self._data = bytearray()

    def add(self, data: bytes) -> None:
        """Take bytes."""
        self._data += data

    def clear(self) -> None:
        """Forget what hasn't been read."""
        self._data.clear()

    def next(self) -> Message | None:
        """The next message; None: it isn't whole yet. Raises BERError, after which there is nothing to read on."""
        if self._data and self._data[0] != 0x30:
            raise BERError(f"a message begins with the byte 30, not {self._data[0]:02x}")
        header = read_header(self._data)
        if header is None:
            return None
        _, start, end = header
        if end > self.mostBytes:
            raise BERError(f"a message has at most {self.mostBytes} bytes here, not {end}")
        if len(self._data) < end:
            return None
        content = bytes(self._data[start:end])
        del self._data[:end]
        return load(content)
