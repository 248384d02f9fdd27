"""The fields of forms, which come in the address or in the body.

A body may have 16 MB, and its client may mean harm. So a parser here makes a few passes over the bytes, each of them in
C. urllib.parse makes an object of each percent sign, and took ten seconds and 3 GB for a body of nothing else.
"""

from __future__ import annotations

import re
from binascii import a2b_qp

Fields = dict[bytes, list[bytes]]

_PARAMETER = re.compile(
    rb"""[; \t]*([^\s;="]++)[ \t]*=[ \t]*(?:"((?:[^"\\]++|\\.)*)"|([^\s;"]++))[ \t]*(?=;|$)""", re.DOTALL
)
_FOLD = re.compile(rb"\r\n[ \t]+")  # a line that begins with a space goes on with the one before
_BOUNDARY_AT_MOST = 70  # RFC 2046, section 5.1.1

_FIELDS_AT_MOST = 1000
"""No honest form has more fields; and so many keep a parser busy for some milliseconds at most."""

_PART_HEAD_AT_MOST = 16 * 1024
"""Bytes of the headers of a part: as many as a request may have."""

_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_BROKEN_AT_MOST = 10_000
"""Percent signs that stand for themselves, as in `?q=100%`. No form encodes its fields, and forgets it so often."""


def parse_qs(qs: bytes, keep_blank_values: bool = False, strict_parsing: bool = False) -> Fields:
    """The fields in a query such as `a=1&b=2`, each with all its values.

    keep_blank_values: whether `a=` and `a` are fields. strict_parsing: whether `a` is an error.
    Raises ValueError for that error, for too many fields, and for too many percent signs that are no escapes.
    """
    if qs.count(b"&") >= _FIELDS_AT_MOST:
        raise ValueError(f"a form of more than {_FIELDS_AT_MOST} fields")
    fields: Fields = {}
    for field in qs.split(b"&"):
        name, equals, value = field.partition(b"=")
        if strict_parsing and not equals:
            raise ValueError(f"bad query field: {field[:80]!r} has no equals sign")
        if value or (field and keep_blank_values):
            fields.setdefault(_unquote_plus(name), []).append(_unquote_plus(value))
    return fields


def _unquote_plus(quoted: bytes) -> bytes:
    return unquote(quoted.replace(b"+", b" "))


def unquote(quoted: bytes) -> bytes:
    """The bytes that `%41` and the like stand for. Other percent signs stay. Raises ValueError for 10,000 of those."""
    if b"%" not in quoted:
        return quoted
    # What decodes in C is the quoted-printable of mails, with = for %; line ends mean something else there, too.
    escaped = quoted.replace(b"=", b"%3D").replace(b"\n", b"%0A").replace(b"\r", b"%0D")
    decoded = a2b_qp(escaped.replace(b"%", b"="))
    if len(decoded) == len(escaped) - 2 * escaped.count(b"%"):
        return decoded
    # A broken escape loses at most one byte, not two: so there is one. Escape their percent signs.
    escaped, count = _BROKEN.subn(rb"%25", escaped, _BROKEN_AT_MOST)
    if count == _BROKEN_AT_MOST:
        raise ValueError(f"{_BROKEN_AT_MOST} percent signs or more are no escapes: %25 is a percent sign")
    return a2b_qp(escaped.replace(b"%", b"="))


def fields_of_body(content_type: bytes | None, body: bytes) -> Fields:
    """The fields of a form in a body; none when the body is no form. Raises ValueError for a broken form."""
    kind = (content_type or b"").partition(b";")[0].strip().lower()
    if kind == b"application/x-www-form-urlencoded":
        return parse_qs(body, keep_blank_values=True)
    if kind == b"multipart/form-data":
        return _fields_of_parts(content_type or b"", body)
    return {}


def _fields_of_parts(content_type: bytes, body: bytes) -> Fields:
    """The fields of a form in parts, each with headers of its own, between lines that say `--BOUNDARY` (RFC 7578)."""
    boundary = parameters(content_type).get(b"boundary", b"")
    if not 0 < len(boundary) <= _BOUNDARY_AT_MOST:
        raise ValueError("a form in parts (multipart/form-data) has no boundary, or one of more than 70 bytes")
    _before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary, _FIELDS_AT_MOST + 2)
    fields: Fields = {}
    for number, part in enumerate(parts):
        if part.startswith(b"--"):  # the end: what follows is no part
            return fields
        if number == _FIELDS_AT_MOST:
            raise ValueError(f"a form of more than {_FIELDS_AT_MOST} fields")
        head, end, content = part.partition(b"\r\n\r\n")
        name = _name_in(head) if end else None
        if name is None:
            raise ValueError("a part of a form has no name")
        fields.setdefault(name, []).append(content)
    raise ValueError("a form in parts has no end")


def _name_in(head: bytes) -> bytes | None:
    """The name of a field, in the headers of its part."""
    if len(head) > _PART_HEAD_AT_MOST:
        raise ValueError(f"the headers of a part of a form have more than {_PART_HEAD_AT_MOST} bytes")
    for line in _FOLD.sub(b" ", head).split(b"\r\n"):
        header, _, value = line.partition(b":")
        if header.strip(b" \t").lower() == b"content-disposition":
            return parameters(value).get(b"name")
    return None


def parameters(value: bytes) -> dict[bytes, bytes]:
    """The parameters in the value of a header such as `form-data; name="a"; filename=b.txt`, by name in lower case.

        parameter = token "=" ( token / quoted-string )      (RFC 9110, section 5.6.6; RFC 2183, section 2)

    Of several with one name the first counts, and reading stops at anything that is no parameter. In quotes a backslash
    escapes a quote or a backslash, and stands for itself before all else: browsers send it unescaped.
    """
    found: dict[bytes, bytes] = {}
    _kind, _, rest = value.partition(b";")
    position = 0
    while match := _PARAMETER.match(rest, position):
        name, quoted, token = match.groups()
        text = token if quoted is None else quoted.replace(b'\\"', b'"').replace(b"\\\\", b"\\")
        found.setdefault(name.lower(), text)
        position = match.end()
    return found
