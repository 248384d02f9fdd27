"""One login on the server's side, from the first response to the avatar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reactor.cred.error import LoginFailed
from reactor.cred.portal import Portal
from reactor.defer import Deferred, maybeDeferred
from reactor.failure import Failure
from reactor.sasl.interfaces import IllegalClientResponse
from reactor.sasl.mechanisms import MECHANISMS, Situation, offered
from reactor.sasl.scram import ScramCredentials


@dataclass(frozen=True)
class Success:
    """Somebody is in. interface, avatar, logout: as from Portal.login. data: the mechanism's last word to it."""

    interface: Any
    avatar: Any
    logout: Any
    data: bytes = b""


class ServerLogin:
    """One login. Ask `respond` until it gives a Success or fails.

    portal, mind, interfaces: as for Portal.login. mechanism: what the client chose, as text.
    Raises LoginFailed for a mechanism that isn't offered in this situation.
    """

    def __init__(self, portal: Portal, mechanism: str, situation: Situation, mind: Any, *interfaces: type) -> None:
        if mechanism.upper() not in offered(portal, situation):
            raise LoginFailed(f"{mechanism[:40]!r} is not among {', '.join(offered(portal, situation)) or 'nothing'}")
        self._mechanism = MECHANISMS[mechanism.upper()]
        self._credentials = self._mechanism.make(situation)
        self._portal, self._where = portal, (mind, *interfaces)
        self._login: Deferred[Any] | None = None
        self._has_begun = False

    def respond(self, response: bytes | None) -> Deferred[bytes | Success]:
        """Take a response. None: the client has sent none with its command, and waits for a challenge.

        Returns a Deferred of the next challenge, or of the Success. It fails with a LoginFailed, or whatever the portal
        fails with. After that, and after a Success, the login is over.
        """
        return maybeDeferred(self._respond, response)

    def _respond(self, response: bytes | None) -> Any:
        first, self._has_begun = not self._has_begun, True
        if response is None:
            return self._credentials.getChallenge()
        if first and not self._mechanism.clientBegins:
            if self._mechanism.name == "CRAM-MD5":
                raise IllegalClientResponse("CRAM-MD5 begins with the server's challenge")
            self._credentials.getChallenge()  # LOGIN: some clients send the name along
        self._credentials.setResponse(response)
        if self._credentials.moreChallenges():
            return self._credentials.getChallenge()
        if self._login is not None:  # SCRAM's proof: the login has been waiting for it
            return self._login
        login = self._portal.login(self._credentials, *self._where).addCallback(self._welcome)
        return self._challenge(login) if isinstance(self._credentials, ScramCredentials) else login

    def _welcome(self, granted: Any) -> Success:
        interface, avatar, logout = granted
        return Success(interface, avatar, logout, getattr(self._credentials, "final", b""))

    def _challenge(self, login: Deferred[Any]) -> Deferred[bytes]:
        """SCRAM's challenge, for which the checker has to find the password; or why there is none."""
        challenged: Deferred[bytes] = self._credentials.challenged

        def failed(failure: Failure) -> Failure | None:
            if challenged.called:
                return failure
            challenged.errback(failure)
            return None

        self._login = login.addErrback(failed)
        return challenged

    def cancel(self) -> None:
        """The client gives up (`*` in SMTP and POP3), or is gone: whatever waits ends."""
        login, self._login = self._login, None
        if login is not None:
            login.addBoth(lambda granted: granted.logout() if isinstance(granted, Success) else None)
            login.cancel()
