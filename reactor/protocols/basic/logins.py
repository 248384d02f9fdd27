"""Logins in a server's session of lines, as in POP3 and NNTP: passwords, SASL, and TLS before either.

A protocol says in its own words what happens here: `challenge`, `welcome`, and the replies to its commands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.cred.credentials import UsernamePassword
from reactor.cred.error import LoginFailed
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces.type_variables import P
from reactor.protocol import connectionDone
from reactor.protocols.basic.conversation import Conversation
from reactor.protocols.policies.limits import LimitedFactory
from reactor.protocols.policies.logins import LoginLimits, mayTakePasswords
from reactor.sasl import LineLogin, ServerLogin, offered
from reactor.sasl.mechanisms import Situation


class LoginConversation(Conversation):
    """Lines in, replies out. `command` does what a line asks for, unless it belongs to a login.

    portal: who may log in; None: nobody. avatarInterface: what they get. contextFactory: for TLS; None: not offered.
    isIn: whether somebody is.
    """

    LONGEST_RESPONSE = 12_288  # of SASL, as in RFC 4954, section 4
    portal: Portal | None = None
    avatarInterface: Any = None
    contextFactory: Any = None
    isIn = False
    _exchange: LineLogin | None = None  # of SASL, while it goes on
    _logout: Callable[[], object] | None = None

    async def command(self, line: bytes) -> None:
        """Do what a line asks for, and reply to it."""
        raise NotImplementedError

    def challenge(self, text: bytes) -> None:
        """Say what SASL says. text: in base64."""
        raise NotImplementedError

    def welcome(self, avatar: Any) -> None:
        """Say that somebody is in."""
        raise NotImplementedError

    async def answer(self, line: bytes) -> None:
        """As Conversation's: a command, or a response in SASL."""
        await (self.command(line) if self._exchange is None else self._respond(line))

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Log out. Call this from an override."""
        super().connectionLost(reason)
        self._end_exchange()
        self.logOut()

    def logOut(self) -> None:
        """Whoever is in leaves."""
        logout, self._logout = self._logout, None
        if logout is not None:
            logout()

    def mayStartTLS(self) -> bool:
        """Whether TLS can begin now."""
        return self.contextFactory is not None and not self.isIn and not getattr(self.transport, "TLS", False)

    def situation(self) -> Situation:
        """What decides which mechanisms there are."""
        return Situation(mayTakePasswords(self.transport))

    def mechanisms(self) -> list[str]:
        """The mechanisms that whoever is there may use now."""
        return [] if self.portal is None or self.isIn else offered(self.portal, self.situation())

    def _door(self) -> Portal:
        if self.portal is None:
            raise LoginFailed("nobody logs in here")
        return self.portal

    def passwordLogin(self, user: bytes, password: bytes) -> Deferred[Any]:
        """Log in with a password. Returns a Deferred of (interface, avatar, logout), for `letIn`."""
        return self._door().login(UsernamePassword(user, password), None, self.avatarInterface)

    async def saslLogin(self, mechanism: str, first: bytes | None) -> None:
        """Log in by SASL. first: the response that came with the command, in base64, or None."""
        login = ServerLogin(self._door(), mechanism, self.situation(), None, self.avatarInterface)
        self._exchange = LineLogin(login)
        self.MAX_LENGTH = self.LONGEST_RESPONSE
        await self._respond(first)

    async def _respond(self, line: bytes | None) -> None:
        assert self._exchange is not None
        try:
            outcome = await self._exchange.respond(line)
        except Exception:
            self._end_exchange()
            raise
        if isinstance(outcome, bytes):
            self.challenge(outcome)
            return
        self._end_exchange()
        self.letIn((outcome.interface, outcome.avatar, outcome.logout))

    def _end_exchange(self) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            self.MAX_LENGTH = type(self).MAX_LENGTH
            exchange.cancel()

    def letIn(self, granted: tuple[Any, Any, Callable[[], object]]) -> None:
        """Somebody may come in; perhaps they are gone already. granted: as from Portal.login."""
        _, avatar, logout = granted
        if self._is_gone:
            logout()
            return
        self._logout, self.isIn = logout, True
        self.welcome(avatar)


class LoginFactory(LimitedFactory[P]):
    """A server with logins.

    portal: who may log in; None: nobody. contextFactory: for STARTTLS; without it, passwords are taken over loopback
    and UNIX sockets only. limits: a LoginLimits, one for all sessions. reactor: the program's unless given.
    """

    def __init__(self, portal: Portal | None = None, contextFactory: Any = None, reactor: Any = None) -> None:
        self.portal, self.contextFactory = portal, contextFactory
        self.reactor = the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)

    def buildSession(self, addr: Any) -> Any:
        """One session. Its logins are limited together with those of all others."""
        session = super().buildSession(addr)
        session.callLater, session.contextFactory = self.reactor.callLater, self.contextFactory
        if self.portal is not None:
            session.portal = self.limits.portal(self.portal, addr)
        return session
