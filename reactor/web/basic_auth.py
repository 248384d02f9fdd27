"""HTTP Basic (RFC 7617): a name and a password, in base64. They prove nothing until the program checks them."""

from __future__ import annotations

import base64
import binascii


def credentials_in(authorization: bytes | None) -> tuple[bytes, bytes]:
    """The name and the password in the value of an `Authorization` header; both are empty if it holds none."""
    scheme, _, encoded = (authorization or b"").partition(b" ")
    if scheme.lower() != b"basic":
        return b"", b""
    try:
        user, _, password = base64.b64decode(encoded.strip(b" "), validate=True).partition(b":")
    except binascii.Error:
        return b"", b""
    return user, password
