"""Cookies that a server sets (RFC 6265, section 4.1), and those that a client sends."""

from __future__ import annotations

import re

_SAME_SITE = (b"lax", b"strict", b"none")
_UNSAFE = re.compile(rb"\r\n|[\x00-\x1f\x7f;]")  # a semicolon would begin another attribute, a line end another header

Text = bytes | str


def set_cookie(
    name: Text,
    value: Text,
    expires: Text | None = None,
    domain: Text | None = None,
    path: Text | None = None,
    max_age: Text | int | None = None,
    comment: Text | None = None,
    secure: bool | None = None,
    httpOnly: bool = False,
    sameSite: Text | None = None,
) -> bytes:
    """The value of a `Set-Cookie` header. Raises ValueError for a `sameSite` other than lax, strict and none."""
    cookie = b"%b=%b" % (_clean(name), _clean(value))
    attributes = {b"Expires": expires, b"Domain": domain, b"Path": path, b"Max-Age": max_age, b"Comment": comment}
    for attribute, given in attributes.items():
        if given is not None:
            cookie += b"; %b=%b" % (attribute, _clean(str(given) if isinstance(given, int) else given))
    if secure:
        cookie += b"; Secure"
    if httpOnly:
        cookie += b"; HttpOnly"
    if sameSite:
        wanted = _clean(sameSite).lower()
        if wanted not in _SAME_SITE:
            raise ValueError(f"sameSite is 'lax', 'strict' or 'none', not {sameSite!r}")
        cookie += b"; SameSite=" + wanted
    return cookie


def parse_cookies(values: list[bytes]) -> dict[bytes, bytes]:
    """The cookies in the values of `Cookie` headers. Of several with one name the first counts."""
    cookies: dict[bytes, bytes] = {}
    for pair in b";".join(values).split(b";"):
        name, equals, value = pair.strip(b" \t").partition(b"=")
        if equals:
            cookies.setdefault(name, value)
    return cookies


def _clean(text: Text) -> bytes:
    encoded = text.encode("utf-8") if isinstance(text, str) else text
    return _UNSAFE.sub(b" ", encoded)
