"""HTTP Digest (RFC 7616): the answer to a challenge is a hash of the password, the challenge and what is asked for.

    response = H(H(user:realm:password) : nonce : nc : cnonce : qop : H(method:uri))

The server stores nothing between the challenge and the answer. What it must remember, the nonce, when it gave it and to
whom, goes out as `opaque`, with a hash that only this server can make, and the client sends it back.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from reactor.cred.credentials.interfaces import IUsernameDigestHash, IUsernameHashedPassword
from reactor.cred.credentials.simple import are_equal
from reactor.cred.error import LoginFailed

ALGORITHMS: dict[bytes, Callable[[bytes], Any]] = {
    b"md5": hashlib.md5,
    b"md5-sess": hashlib.md5,
    b"sha": hashlib.sha1,
    b"sha-256": hashlib.sha256,
}

# auth-param = token BWS "=" BWS ( token / quoted-string ); a backslash in quotes makes the next character ordinary
_PARAMETER = re.compile(rb'\s*([^\s=,"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)')
_NEEDED = ("nonce", "opaque", "uri", "response")
_OLDEST_S = 15 * 60  # a challenge may be answered for this long, as in Twisted


def _hash(algorithm: bytes, *parts: bytes) -> bytes:
    return bytes(ALGORITHMS[algorithm](b":".join(parts)).hexdigest().encode("ascii"))


class DigestedCredentials(IUsernameHashedPassword, IUsernameDigestHash):
    """An answer to a challenge.

    username: as the client says. method: of the request, such as b"GET". realm: the server's. fields: what the client
    sent: response, uri, nonce, and cnonce, nc, qop, algorithm where it did.
    """

    def __init__(self, username: bytes, method: bytes, realm: bytes, fields: Mapping[str, bytes]) -> None:
        self.username = username
        self.method = method
        self.realm = realm
        self.fields = fields

    def checkPassword(self, password: bytes) -> bool:
        """Whether the answer was made with this password."""
        return self.checkHash(_hash(self._algorithm, self.username, self.realm, password))

    def checkHash(self, digestHash: bytes) -> bool:
        """Whether the answer was made with the password of this hash, H(user:realm:password) in hexadecimal."""
        nonce, cnonce, count = (self.fields.get(name, b"") for name in ("nonce", "cnonce", "nc"))
        if self._algorithm == b"md5-sess":
            digestHash = _hash(b"md5", digestHash, nonce, cnonce)
        asked = _hash(self._algorithm, self.method, self.fields.get("uri", b""))
        middle = (nonce, count, cnonce, self.fields.get("qop", b"auth")) if count and cnonce else (nonce,)
        return are_equal(_hash(self._algorithm, digestHash, *middle, asked), self.fields.get("response"))

    @property
    def _algorithm(self) -> bytes:
        return self.fields.get("algorithm", b"md5").lower()


class DigestCredentialFactory:
    """Makes challenges, and credentials of their answers.

    algorithm: b"md5", b"sha" or b"sha-256". authenticationRealm: what users see when they are asked for a password.
    CHALLENGE_LIFETIME_SECS: how long a challenge may be answered, in seconds.
    An answer counts for its method and address only, and for nobody at another IP address; within its lifetime the same
    client may send it again, so that over plain HTTP somebody who listens at the client's address may do so, too.
    Raises ValueError for another algorithm.
    """

    CHALLENGE_LIFETIME_SECS = _OLDEST_S
    scheme = b"digest"

    def __init__(self, algorithm: bytes, authenticationRealm: bytes) -> None:
        if algorithm.lower() not in ALGORITHMS or algorithm.lower() == b"md5-sess":
            raise ValueError(f"the algorithm is md5, sha or sha-256, not {algorithm!r}")
        self.algorithm = algorithm
        self.authenticationRealm = authenticationRealm
        self.privateKey = secrets.token_bytes(12)

    def getChallenge(self, address: str | bytes | None) -> dict[str, bytes]:
        """The parameters of a challenge, for a client at this IP address (or None, where it has none)."""
        nonce = self._generateNonce()
        return {
            "nonce": nonce,
            "opaque": self._generateOpaque(nonce, address),
            "qop": b"auth",
            "algorithm": self.algorithm,
            "realm": self.authenticationRealm,
        }

    def decode(self, response: bytes, method: bytes, host: str | bytes | None) -> DigestedCredentials:
        """The credentials of an answer.

        response: what follows the word Digest. method: the request's. host: the client's IP address.
        Raises LoginFailed for an answer that is incomplete, to no challenge of ours, or too late.
        """
        fields = _fields(response)
        username = fields.get("username")
        if not username:
            raise LoginFailed("Invalid response, no username given.")
        for name in _NEEDED:
            if name not in fields:
                raise LoginFailed(f"Invalid response, no {name} given.")
        self._check_parameters(fields)
        self._verifyOpaque(fields["opaque"], fields["nonce"], host)
        return DigestedCredentials(username, method, self.authenticationRealm, fields)

    def _check_parameters(self, fields: Mapping[str, bytes]) -> None:
        """Twisted takes the client's word for the algorithm; then it might choose the weakest, or one of its fancy."""
        if fields.get("algorithm", b"md5").lower() != self.algorithm.lower():
            raise LoginFailed(f"Invalid response, the algorithm is {self.algorithm.decode('latin-1')}.")
        if fields.get("qop", b"auth") != b"auth":
            raise LoginFailed("Invalid response, the only quality of protection is auth.")

    def _generateNonce(self) -> bytes:
        return secrets.token_hex(12).encode("ascii")

    def _getTime(self) -> float:
        """Seconds since 1970; tests set it."""
        return time.time()

    def _generateOpaque(self, nonce: bytes, clientip: str | bytes | None) -> bytes:
        key = b",".join((nonce, _as_bytes(clientip), b"%d" % int(self._getTime())))
        return self._signature(key) + b"-" + base64.b64encode(key)

    def _signature(self, key: bytes) -> bytes:
        return hashlib.md5(key + self.privateKey).hexdigest().encode("ascii")

    def _verifyOpaque(self, opaque: bytes, nonce: bytes, clientip: str | bytes | None) -> bool:
        """True if this server gave that nonce to that client, not too long ago. Raises LoginFailed else."""
        signature, _, encoded = opaque.partition(b"-")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise LoginFailed("Invalid response, invalid opaque value") from None
        if not are_equal(self._signature(key), signature):
            raise LoginFailed("Invalid response, invalid opaque value")
        its_nonce, its_client, its_time = key.split(b",")  # ours, as the signature says
        if its_nonce != nonce:
            raise LoginFailed("Invalid response, incompatible opaque/nonce values")
        if its_client != _as_bytes(clientip):
            raise LoginFailed("Invalid response, incompatible opaque/client values")
        if int(self._getTime()) - int(its_time) > self.CHALLENGE_LIFETIME_SECS:
            raise LoginFailed("Invalid response, incompatible opaque/nonce too old")
        return True


def _as_bytes(address: str | bytes | None) -> bytes:
    return address.encode("ascii") if isinstance(address, str) else address or b""


def _fields(response: bytes) -> dict[str, bytes]:
    """The parameters of a header's value, in time that grows as it does. Raises LoginFailed where it can't be read."""
    fields: dict[str, bytes] = {}
    text, position = b" ".join(response.splitlines()).strip(), 0
    while position < len(text):
        found = _PARAMETER.match(text, position)
        if found is None:
            raise LoginFailed(f"Invalid response, not a parameter: {text[position : position + 40]!r}")
        name, quoted, bare = found.groups()
        fields[name.decode("latin-1").lower()] = bare if quoted is None else re.sub(rb"\\(.)", rb"\1", quoted)
        position = found.end()
    return fields
