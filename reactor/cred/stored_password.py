"""Passwords on disk that are none: a line that can check a password, or a proof of SCRAM, and reveals neither.

    SCRAM-SHA-256$15000:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2Ke…

    "SCRAM-" hash "$" rounds ":" salt "$" stored key ":" server key       (RFC 5803, the last three in base64)

    salted     = PBKDF2(hash, password, salt, rounds)
    stored key = H(HMAC(salted, "Client Key"))          checks the client's proof, and can't make one
    server key = HMAC(salted, "Server Key")             proves to the client that the server knows it

Whoever steals the file must guess, and each guess costs `rounds` hashes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from reactor.cred.saslprep import saslprep

ROUNDS = 15_000  # RFC 7677 names it as what a tenth of a second was worth; 7 ms today, for which the loop must wait
MOST_ROUNDS = 1_000_000  # half a second: a line that asks for more would stop every server that reads it
_HASHES = {"SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256"}


@dataclass(frozen=True)
class StoredPassword:
    """What is stored of one password. mechanism: "SCRAM-SHA-256" or "SCRAM-SHA-1"; the keys and the salt are bytes."""

    mechanism: str
    rounds: int
    salt: bytes
    stored_key: bytes
    server_key: bytes

    @classmethod
    def of(
        cls, password: bytes, mechanism: str = "SCRAM-SHA-256", rounds: int = ROUNDS, salt: bytes | None = None
    ) -> StoredPassword:
        """Store this password, in UTF-8. salt: random unless given, for tests.

        Raises ValueError for a password that isn't text, or has characters that SASLprep forbids (RFC 4013).
        """
        salt = secrets.token_bytes(16) if salt is None else salt
        digest = _HASHES[mechanism]
        salted = hashlib.pbkdf2_hmac(digest, saslprep(password), salt, rounds)
        client_key = hmac.digest(salted, b"Client Key", digest)
        stored_key = hashlib.new(digest, client_key).digest()
        return cls(mechanism, rounds, salt, stored_key, hmac.digest(salted, b"Server Key", digest))

    @classmethod
    def parse(cls, text: str) -> StoredPassword:
        """Read a line of the format above. Raises ValueError, saying what is wrong, but never quoting keys."""
        mechanism, _, rest = text.partition("$")
        numbers, _, keys = rest.partition("$")
        rounds, _, salt = numbers.partition(":")
        stored, _, server = keys.partition(":")
        if mechanism not in _HASHES:
            raise ValueError(f"a stored password begins with {' or '.join(_HASHES)}, not {mechanism[:20]!r}")
        if not (rounds.isascii() and rounds.isdigit() and 0 < int(rounds) <= MOST_ROUNDS):
            raise ValueError(f"the rounds of a stored password are 1 to {MOST_ROUNDS}, not {rounds[:20]!r}")
        try:
            parts = [base64.b64decode(part, validate=True) for part in (salt, stored, server)]
        except binascii.Error:
            raise ValueError("salt and keys of a stored password are base64, and one isn't") from None
        size = hashlib.new(_HASHES[mechanism]).digest_size
        if not parts[0] or {len(key) for key in parts[1:]} != {size}:
            raise ValueError(f"a stored password has a salt and two keys of {size} bytes, and this one hasn't")
        return cls(mechanism, int(rounds), *parts)

    def __str__(self) -> str:
        salt, stored, server = (
            base64.b64encode(part).decode("ascii") for part in (self.salt, self.stored_key, self.server_key)
        )
        return f"{self.mechanism}${self.rounds}:{salt}${stored}:{server}"

    def matches(self, password: bytes) -> bool:
        """Whether this is the password. Takes as long when it isn't."""
        try:
            given = StoredPassword.of(password, self.mechanism, self.rounds, self.salt)
        except ValueError:  # it can't be anybody's
            StoredPassword.of(b"", self.mechanism, self.rounds, self.salt)
            return False
        return hmac.compare_digest(given.stored_key, self.stored_key)


_SECRET = secrets.token_bytes(16)


def of_nobody(username: bytes, like: StoredPassword | None) -> StoredPassword:
    """A stored password that none matches, for a name that there isn't: so that it takes as long to refuse.

    like: one of the users', for its mechanism and rounds. The salt depends on the name, and stays the same while the
    program runs: a client of SCRAM sees it, and must not learn from it that there is no such user.
    """
    mechanism, rounds, length = ("SCRAM-SHA-256", ROUNDS, 16) if like is None else _shape(like)
    salt = hmac.digest(_SECRET, username, "sha256")[:length]
    size = hashlib.new(_HASHES[mechanism]).digest_size
    return StoredPassword(mechanism, rounds, salt, secrets.token_bytes(size), secrets.token_bytes(size))


def _shape(like: StoredPassword) -> tuple[str, int, int]:
    return like.mechanism, like.rounds, min(len(like.salt), 32)
