"""The fields of forms, in the address or the body."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qs as _parse_qs
from urllib.parse import unquote_to_bytes

Fields = dict[bytes, list[bytes]]

_FIELDS_AT_MOST = 1000
"""A form of more fields is no form; so many also keep a parser busy at most for some milliseconds."""


def parse_qs(qs: bytes, keep_blank_values: bool = False, strict_parsing: bool = False) -> Fields:
    """The fields in a query, `a=1&b=2`, each with all its values. Raises ValueError for too many."""
    text = qs.decode("latin-1")
    fields = _parse_qs(text, keep_blank_values, strict_parsing, encoding="latin-1", max_num_fields=_FIELDS_AT_MOST)
    return {name.encode("latin-1"): [value.encode("latin-1") for value in values] for name, values in fields.items()}


def unquote(quoted: bytes) -> bytes:
    """The bytes that `%41` and the like stand for."""
    return unquote_to_bytes(quoted) if b"%" in quoted else quoted


def fields_of_body(content_type: bytes | None, body: bytes) -> Fields:
    """The fields of a form that came as a body; none when it is no form. Raises ValueError for a broken one."""
    kind = (content_type or b"").partition(b";")[0].strip().lower()
    if kind == b"application/x-www-form-urlencoded":
        return parse_qs(body, keep_blank_values=True)
    if kind == b"multipart/form-data":
        return _fields_of_parts(content_type or b"", body)
    return {}


def _fields_of_parts(content_type: bytes, body: bytes) -> Fields:
    whole = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n" + body)
    if not whole.is_multipart():
        raise ValueError("a form in parts (multipart/form-data) has no boundary, or no parts")
    fields: Fields = {}
    parts = [part for part in whole.get_payload() if isinstance(part, Message)]
    if len(parts) > _FIELDS_AT_MOST:
        raise ValueError(f"a form of {len(parts)} fields: {_FIELDS_AT_MOST} are taken at most")
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(value, bytes):
            raise ValueError("a part of a form has no name")
        fields.setdefault(name.encode("utf-8", "surrogateescape"), []).append(value)
    return fields
