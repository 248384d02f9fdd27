"""CRAM-MD5 (RFC 2195): the answer to a challenge is its HMAC with the password as the key.

    server: <1896.697170952@postoffice.example>
    client: tim b913a602c7eda7a495b4e6e7334d3890

The password doesn't cross the network, but the server has to know it as it is, and MD5 is fast to guess with. SCRAM is
the better way; this one is for peers that have no other.
"""

from __future__ import annotations

import hmac
import secrets
import time

from reactor.cred.credentials.interfaces import IUsernameHashedPassword
from reactor.cred.credentials.simple import are_equal
from reactor.cred.error import LoginFailed


class CramMD5Credentials(IUsernameHashedPassword):
    """One challenge and its answer.

    host: the server's name, which stands in the challenge. challenge: what was asked; set it to fix it, for tests.
    username, response: what the client said; None and b"" before `setResponse`.
    """

    username: bytes = None  # type: ignore[assignment]  # until there is a response, as in Twisted
    challenge = b""
    response = b""

    def __init__(self, host: bytes | str | None = None) -> None:
        self.host = host.decode("ascii") if isinstance(host, bytes) else host

    def getChallenge(self) -> bytes:
        """The challenge: always the same one for these credentials, and never the same for others."""
        if not self.challenge:
            self.challenge = f"<{secrets.randbits(63)}.{int(time.time())}@{self.host}>".encode("ascii")
        return self.challenge

    def setResponse(self, response: bytes) -> None:
        """Take the client's answer: its name, a space, 32 hexadecimal digits.

        Raises LoginFailed for another shape.
        """
        name, _, digest = response.rpartition(b" ")  # a name may have spaces, a digest has none
        if not name or len(digest) != 32:
            raise LoginFailed(f"a response to CRAM-MD5 is NAME DIGEST, not {response[:80]!r}")
        self.username, self.response = name, digest

    def moreChallenges(self) -> bool:
        """Whether there is another challenge: no."""
        return False

    def checkPassword(self, password: bytes) -> bool:
        """Whether the answer was made with this password."""
        expected = hmac.new(password, self.challenge, "md5").hexdigest().encode("ascii")
        return are_equal(expected, self.response)
