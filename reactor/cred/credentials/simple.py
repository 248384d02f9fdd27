"""Credentials that are what they show: a password, a hash, a name that is proved already, a key, nothing at all."""

from __future__ import annotations

import hmac

from reactor.cred.credentials.interfaces import (
    IAnonymous,
    IExternal,
    ISSHPrivateKey,
    IUsernameHashedPassword,
    IUsernamePassword,
)


def are_equal(one: bytes | None, other: bytes | None) -> bool:
    """Whether two secrets are equal, in a time that doesn't tell how much of them is. None equals nothing."""
    if not isinstance(one, (bytes, bytearray)) or not isinstance(other, (bytes, bytearray)):
        return one is not None and one == other
    return hmac.compare_digest(one, other)


class UsernamePassword(IUsernamePassword):
    """A name and a password, as they came over the network."""

    def __init__(self, username: bytes, password: bytes) -> None:
        self.username = username
        self.password = password

    def checkPassword(self, password: bytes) -> bool:
        """Whether the given password is the right one, `password`."""
        return are_equal(self.password, password)


class UsernameHashedPassword(IUsernameHashedPassword):
    """A name and what the checker has stored, where both sides store the same hash."""

    def __init__(self, username: bytes, hashed: bytes) -> None:
        self.username = username
        self.hashed = hashed

    def checkPassword(self, password: bytes) -> bool:
        """Whether the given hash is the right one, `password`."""
        return are_equal(self.hashed, password)


class Anonymous(IAnonymous):
    """Somebody who doesn't say who they are."""


class External(IExternal):
    """Somebody whose name is proved already, and the name that they ask for (b"": the same)."""

    def __init__(self, username: bytes, requested: bytes = b"") -> None:
        self.username = username
        self.requested = requested


class SSHPrivateKey(ISSHPrivateKey):
    """A name, a public key, and a signature made with its private half."""

    def __init__(self, username: bytes, algName: bytes, blob: bytes, sigData: bytes, signature: bytes | None) -> None:
        self.username = username
        self.algName = algName
        self.blob = blob
        self.sigData = sigData
        self.signature = signature
