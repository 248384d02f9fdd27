"""SASL in lines of base64, as SMTP, POP3, IMAP and NNTP wrap it: what their commands share, on either side."""

from __future__ import annotations

import base64
import binascii
from typing import TypeVar

from reactor.cred.error import LoginFailed
from reactor.defer import Deferred, fail, succeed
from reactor.sasl.interfaces import IClientAuthentication, IllegalClientResponse
from reactor.sasl.server import ServerLogin, Success

T = TypeVar("T")


class LineLogin:
    """One login at a server. login: what decides it."""

    def __init__(self, login: ServerLogin) -> None:
        self._login = login
        self._success: Success | None = None

    def respond(self, line: bytes | None) -> Deferred[bytes | Success]:
        """Take a line of the client's. None: its command came without a first response; b"=": with an empty one.

        Returns a Deferred of the next challenge, as it goes into a line, or of the Success. A last word of the
        mechanism is a challenge, too, whose response has nothing in it. Fails as ServerLogin does, and with a
        LoginFailed for what is no base64, and for `*`, by which a client gives up.
        """
        success, self._success = self._success, None
        if success is not None:
            return succeed(success)
        if line == b"*":
            self.cancel()
            return fail(IllegalClientResponse("the client gave up"))
        try:
            response = None if line is None else base64.b64decode(b"" if line == b"=" else line, validate=True)
        except binascii.Error:
            self.cancel()
            return fail(IllegalClientResponse("a response is in base64"))
        return self._login.respond(response).addCallback(self._wrapped)

    def _wrapped(self, outcome: bytes | Success) -> bytes | Success:
        if isinstance(outcome, Success) and outcome.data:
            self._success = outcome
            return base64.b64encode(outcome.data)
        return outcome if isinstance(outcome, Success) else base64.b64encode(outcome)

    def cancel(self) -> None:
        """The client gives up, or is gone: whatever waits ends."""
        success, self._success = self._success, None
        if success is not None:
            success.logout()
        self._login.cancel()


class LineAuthentication:
    """One login of a client. mechanism: from `choose`. secret: the password."""

    def __init__(self, mechanism: IClientAuthentication, secret: bytes) -> None:
        self._mechanism, self._secret = mechanism, secret

    def respond(self, challenge: bytes) -> bytes:
        """The response to a challenge. Raises LoginFailed for one that is wrong, or no base64."""
        try:
            text = base64.b64decode(challenge, validate=True)
        except binascii.Error:
            raise LoginFailed(f"the server's challenge is no base64: {challenge[:40]!r}") from None
        return base64.b64encode(self._mechanism.challengeResponse(self._secret, text))

    def proved(self, answer: T) -> T:
        """Pass on a server's last word, which lets us in. Raises LoginFailed if it should have proved more before."""
        if not getattr(self._mechanism, "isDone", True):
            raise LoginFailed("the server has not proved that it knows the password")
        return answer
