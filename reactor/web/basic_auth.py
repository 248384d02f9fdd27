"""HTTP Basic (RFC 7617): a name and a password, in base64. They prove nothing until the program checks them."""

from __future__ import annotations

import base64
import binascii


def credentials_in(authorization: bytes | None) -> tuple[bytes, bytes]:
    """The name and the password in the value of an `Authorization` header; both are empty if it holds none."""
    scheme, _, encoded = (authorization or b"").partition(b" ")
    user, _, password = decoded(encoded).partition(b":") if scheme.lower() == b"basic" else (b"", b"", b"")
    return user, password


def decoded(encoded: bytes) -> bytes:
    """NAME:PASSWORD, of what follows the word Basic; empty if it isn't base64."""
    try:
        return base64.b64decode(encoded.strip(b" "), validate=True)
    except binascii.Error:
        return b""
