"""One login on the server's side, from the first response to the avatar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reactor.cred.error import LoginFailed
from reactor.cred.portal import Portal
from reactor.defer import Deferred, maybeDeferred, succeed
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

    def _enter(self) -> Deferred[Any]:
        return self._portal.login(self._credentials, *self._where)

    @property
    def username(self) -> bytes:
        """The name, as far as it is known; for counting failures."""
        return getattr(self._credentials, "username", b"") or b""

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
        return self._end() if not isinstance(self._credentials, ScramCredentials) else self._scram()

    def _scram(self) -> Deferred[Any]:
        credentials = self._credentials
        if self._login is not None:
            return self._end()
        self._login = self._enter()

        def failed(failure: Failure) -> Failure | None:
            if credentials.challenged.called:
                return failure
            credentials.challenged.errback(failure)
            return None

        self._login.addErrback(failed)
        challenged: Deferred[Any] = credentials.challenged
        return challenged

    def _end(self) -> Deferred[Success]:
        login = self._login if self._login is not None else self._enter()
        data = getattr(self._credentials, "final", b"")

        def welcome(granted: Any) -> Success:
            interface, avatar, logout = granted
            return Success(interface, avatar, logout, data)

        return login.addCallback(welcome)

    def cancel(self) -> Deferred[None]:
        """The client gives up (`*` in SMTP and POP3), or is gone: whatever waits ends."""
        login, self._login = self._login, None
        if login is not None:
            login.addBoth(lambda granted: granted[2]() if isinstance(granted, tuple) else None)
            login.cancel()
        return succeed(None)
