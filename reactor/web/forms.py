"""The fields of forms, which come in the address or in the body."""

from __future__ import annotations

import re
from urllib.parse import parse_qs as _parse_qs
from urllib.parse import unquote_to_bytes

Fields = dict[bytes, list[bytes]]

_BOUNDARY = re.compile(rb"""boundary=["']?([-0-9A-Za-z'()+_,./:=? ]{0,69}[-0-9A-Za-z'()+_,./:=?])""", re.IGNORECASE)
_NAME = re.compile(rb'\r\ncontent-disposition:[^\r\n]*[; \t]name="([^"\r\n]*)"', re.IGNORECASE)

_FIELDS_AT_MOST = 1000
"""No honest form has more fields; and so many keep a parser busy for some milliseconds at most."""


def parse_qs(qs: bytes, keep_blank_values: bool = False, strict_parsing: bool = False) -> Fields:
    """The fields in a query such as `a=1&b=2`, each with all its values. Raises ValueError for too many fields."""
    text = qs.decode("latin-1")
    fields = _parse_qs(text, keep_blank_values, strict_parsing, encoding="latin-1", max_num_fields=_FIELDS_AT_MOST)
    return {name.encode("latin-1"): [value.encode("latin-1") for value in values] for name, values in fields.items()}


def unquote(quoted: bytes) -> bytes:
    """The bytes that `%41` and the like stand for."""
    return unquote_to_bytes(quoted) if b"%" in quoted else quoted


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
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise ValueError("a form in parts (multipart/form-data) has no boundary")
    _before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary[1], _FIELDS_AT_MOST + 2)
    if len(parts) > _FIELDS_AT_MOST + 1:
        raise ValueError(f"a form of more than {_FIELDS_AT_MOST} fields")
    if not parts or not parts.pop().startswith(b"--"):
        raise ValueError("a form in parts has no end")
    fields: Fields = {}
    for part in parts:
        head, end, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not end or name is None:
            raise ValueError("a part of a form has no name")
        fields.setdefault(name[1], []).append(content)
    return fields
