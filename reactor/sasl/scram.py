"""SCRAM (RFC 5802, RFC 7677), both sides. The arithmetic and the grammar are scramp's.

    C: n,,n=user,r=nonce             S: r=nonce more,s=salt,i=rounds
    C: c=biws,r=nonce more,p=proof   S: v=the server's own proof

Nobody may log in as somebody and act as another: an authorization id, a=user behind the n, must be the name.

The server must know whose salt to send before it sees any proof. So the login at the portal begins with the first
message: the checker finds the stored password, gives it to `checkStoredPassword`, and gets a Deferred, which fires when
the client's proof has come.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reactor.cred.credentials import IStoredPassword
from reactor.cred.error import LoginFailed
from reactor.defer import Deferred
from reactor.sasl.interfaces import IllegalClientResponse
from reactor.sasl.simple import OneResponse

if TYPE_CHECKING:
    from reactor.cred.stored_password import StoredPassword

Binding = tuple[str, bytes]  # the kind, such as "tls-server-end-point", and its data, which TLS gives to both sides
LONGEST = 4096  # bytes of one message
_FIRST = re.compile(r"(n|y|p=[A-Za-z0-9.-]+),(?:a=([^,]+))?,n=([^,]+),r=")


def is_installed() -> bool:
    """Whether scramp is there."""
    try:
        import scramp  # noqa: F401  # asked for, not used
    except ImportError:
        return False
    return True


def _text(message: bytes) -> str:
    if len(message) > LONGEST:
        raise IllegalClientResponse(f"a message of SCRAM has at most {LONGEST} bytes, not {len(message)}")
    try:
        return message.decode("utf-8")
    except UnicodeDecodeError:
        raise IllegalClientResponse("a message of SCRAM is UTF-8, and this one isn't") from None


class _WithAuthorizationId:
    """What scramp compares a proof's c= with, for a client that has named whom it acts as: Cyrus SASL's do."""

    def __init__(self, header: Any, name: str) -> None:
        self._header, self._name = header, name

    def make_cbind_input(self, binding: Any) -> bytes:
        whole: bytes = self._header.make_cbind_input(binding)
        return whole.replace(b",,", b",a=" + self._name.encode("utf-8") + b",", 1)


class ScramCredentials(OneResponse, IStoredPassword):
    """The server's side: another response follows, but the login must begin before it (see ServerLogin).

    mechanism: that of the stored password, such as "SCRAM-SHA-256". binding: for -PLUS.
    challenged: fires with the challenge when the checker has found the password. final: the server's own proof.
    """

    def __init__(self, mechanism: str, binding: Binding | None = None) -> None:
        self.mechanism = mechanism.removesuffix("-PLUS")
        self._full_name, self._binding = mechanism, binding
        self.username = b""
        self.final = b""
        self.challenged: Deferred[bytes] = Deferred()
        self._first = ""
        self._acts_as: str | None = None
        self._server: Any = None
        self._verdict: Deferred[bool] | None = None

    def setResponse(self, response: bytes) -> None:
        """Take the first message, with the name; later the second, with the proof. Raises IllegalClientResponse."""
        text = _text(response)
        if self._server is not None:
            self._check(text)
            return
        found = _FIRST.match(text)
        if found is None:
            raise IllegalClientResponse(f"SCRAM begins with n,,n=NAME,r=NONCE, not with {text[:40]!r}")
        binding, self._acts_as, name = found.groups()
        if self._acts_as not in (None, name):
            raise IllegalClientResponse("the authorization id of SCRAM must be the name, or be left out")
        self._first = f"{binding},,{text[found.start(3) - len('n=') :]}"  # without it: scramp refuses all of them
        self.username = name.replace("=2C", ",").replace("=3D", "=").encode("utf-8")

    def checkStoredPassword(self, stored: StoredPassword) -> Deferred[bool]:
        """Send the salt of this password. Called by the checker. Fires when the client's proof has come."""
        from scramp import ScramException, ScramMechanism

        values = (stored.salt, stored.stored_key, stored.server_key, stored.rounds)
        self._verdict = verdict = Deferred()
        try:
            mechanism = ScramMechanism(self._full_name)
            self._server = mechanism.make_server(lambda name: values, channel_binding=self._binding)
            self._server.set_client_first(self._first)
            if self._acts_as is not None:
                self._server.gs2_header = _WithAuthorizationId(self._server.gs2_header, self._acts_as)
            challenge = self._server.get_server_first().encode("utf-8")
        except ScramException as problem:
            verdict.errback(IllegalClientResponse(f"SCRAM: {problem}"))
            return verdict
        self.challenged.callback(challenge)
        return verdict

    def _check(self, text: str) -> None:
        from scramp import ScramException

        assert self._verdict is not None
        try:
            self._server.set_client_final(text)
            self.final = self._server.get_server_final().encode("utf-8")
        except ScramException:
            self._verdict.callback(False)
        else:
            self._verdict.callback(True)


class SCRAMAuthenticator:
    """The client's side. It ends with a check of the server's own proof: `isDone` tells whether that was right.

    user: the name. mechanism, binding: as for ScramCredentials. Needs scramp.
    """

    isDone = False

    def __init__(self, user: bytes, mechanism: str = "SCRAM-SHA-256", binding: Binding | None = None) -> None:
        self.user, self._mechanism, self._binding = user, mechanism, binding
        self._client: Any = None
        self._has_answered = False

    def getName(self) -> bytes:
        """The mechanism's name."""
        return self._mechanism.encode("ascii")

    def challengeResponse(self, secret: bytes, challenge: bytes) -> bytes:
        """The first message, the proof, and b"" when the server has proved itself. Raises LoginFailed if it hasn't."""
        from scramp import ScramClient, ScramException

        try:
            if self._client is None:
                names = (self.user.decode("utf-8"), secret.decode("utf-8"))
                self._client = ScramClient([self._mechanism], *names, channel_binding=self._binding)
                return str(self._client.get_client_first()).encode("utf-8")
            if not self._has_answered:
                self._has_answered = True
                self._client.set_server_first(_text(challenge))
                return str(self._client.get_client_final()).encode("utf-8")
            self._client.set_server_final(_text(challenge))
        except (ScramException, UnicodeDecodeError) as problem:
            raise LoginFailed(f"the server's side of {self._mechanism} is wrong: {problem}") from None
        self.isDone = True
        return b""
