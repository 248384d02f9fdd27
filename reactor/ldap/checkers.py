"""Who somebody is: by the passwords in a tree of ours, or by binding to a server of somebody else's.

A password in a tree is `userPassword`, in one of these forms: `SCRAM-SHA-256$…` (see `reactor.cred`; it serves SCRAM,
too), `{SSHA}` of others, or as it is. None of them leaves the server.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from reactor.cred.credentials import IExternal, IStoredPassword, IUsernamePassword
from reactor.cred.error import UnauthorizedLogin
from reactor.cred.stored_password import StoredPassword, of_nobody
from reactor.defer import Deferred, maybeDeferred
from reactor.ldap.ber import BERError, elements
from reactor.ldap.dn import DistinguishedName, escape
from reactor.ldap.tree import MemoryTree


class Account(NamedTuple):
    """An avatar. name: the text of a DN; "" is nobody's. mayRead, mayWrite: the tree."""

    name: str = ""
    mayRead: bool = True
    mayWrite: bool = False


_SCHEME = re.compile(rb"\{[A-Za-z0-9/-]+\}")
_MOST_ROUNDS = 60_000  # 28 ms, for which the loop waits whenever somebody tries to bind


def hashed(password: bytes) -> bytes:
    """A password as it should be stored; one that is stored already stays. Raises ValueError for what can be none."""
    if _SCHEME.match(password):
        return password
    if password.startswith(b"SCRAM-SHA-"):
        if StoredPassword.parse(password.decode("ascii", "replace")).rounds > _MOST_ROUNDS:
            raise ValueError(f"a stored password has at most {_MOST_ROUNDS} rounds here")
        return password
    return str(StoredPassword.of(password)).encode()


def matches(stored: bytes, password: bytes) -> bool:
    """Whether this is the password."""
    if stored.startswith(b"SCRAM-SHA-"):
        try:
            return StoredPassword.parse(stored.decode("ascii", "replace")).matches(password)
        except ValueError:
            return False
    if stored[:6].upper() == b"{SSHA}":
        try:
            digest = base64.b64decode(stored[6:], validate=True)
        except binascii.Error:
            return False
        return hmac.compare_digest(digest[:20], hashlib.sha1(password + digest[20:]).digest())
    if _SCHEME.match(stored):  # of a kind that isn't known here: it is no password, and lets in nobody who has read it
        return False
    return hmac.compare_digest(stored, password)


def _scram(values: Iterable[bytes], mechanism: str, salt: bytes) -> StoredPassword | None:
    """What SCRAM compares a proof with, for a password that is kept so, or as it is. salt: for the latter."""
    for value in values:
        with suppress(ValueError):
            if not value.startswith(b"SCRAM-SHA-") and not _SCHEME.match(value):
                return StoredPassword.of(value, mechanism, salt=salt)
            stored = StoredPassword.parse(value.decode("ascii", "replace"))
            if stored.mechanism == mechanism:
                return stored
    return None


class TreeChecker:
    """Checks passwords, and proofs by SCRAM, against a tree; and the names in clients' certificates.

    names: what a login name that is no DN stands for, such as "uid={},ou=people,o=Doom". The avatar's id is a DN.
    """

    credentialInterfaces = (IUsernamePassword, IStoredPassword, IExternal)

    def __init__(self, tree: MemoryTree, names: str = "") -> None:
        self.tree, self.names = tree, names

    async def requestAvatarId(self, credentials: Any) -> bytes:
        """The DN's text. Raises UnauthorizedLogin."""
        dn = self.find(credentials.username)
        entry = self.tree.get(dn) if dn is not None else None
        passwords = entry.get("userPassword", ()) if entry is not None else ()
        nobody = of_nobody(credentials.username, None)
        if isinstance(credentials, IExternal):
            is_right = entry is not None and self.find(credentials.requested or credentials.username) == dn
        elif isinstance(credentials, IStoredPassword):
            stored = _scram(passwords, credentials.mechanism, nobody.salt)
            checking: Deferred[Any] = maybeDeferred(credentials.checkStoredPassword, stored or nobody)
            is_right = await checking and stored is not None
        else:
            found = [matches(stored, credentials.password) for stored in passwords or (str(nobody).encode(),)]
            is_right = any(found) and entry is not None
        if not is_right or entry is None:
            raise UnauthorizedLogin
        return entry.dn.getText().encode()

    def find(self, name: bytes) -> DistinguishedName | None:
        """The DN that a name means: `dn:…`, a DN, `u:NAME`, or a name."""
        text = name.decode("utf-8", "replace").removeprefix("dn:")
        try:
            if "=" in text:
                return DistinguishedName(text)
            return DistinguishedName(self.names.replace("{}", escape(text.removeprefix("u:")))) if self.names else None
        except ValueError:
            return None


def subject_of(der: bytes) -> bytes:
    """The subject of a certificate, as a DN. b"": it has none that we can read."""
    kinds = {"550403": "cn", "55040a": "o", "55040b": "ou", "550406": "c", "550407": "l", "0992268993f22c640101": "uid"}
    kinds["0992268993f22c640119"] = "dc"
    try:
        fields = [*elements(next(elements(next(elements(der))[1]))[1])]
        subject = fields[5 if fields[0][0] == 0xA0 else 4][1]  # RFC 5280, section 4.1: the version may be left out
        rdns = [[[*elements(pair)] for _, pair in elements(rdn)] for _, rdn in elements(subject)]
        named = [[(kinds[kind.hex()], value.decode("utf-8")) for (_, kind), (_, value) in rdn] for rdn in rdns]
        return DistinguishedName(reversed(named)).getText().encode()
    except (BERError, LookupError, ValueError, StopIteration):
        return b""
