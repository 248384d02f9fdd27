"""Programs that read lines by telnet: a conversation in states, and the login.

Bounds of the login: `loginTimeOut` s for all of it, `mostAttempts`, lines of 1,024 bytes, and for who guesses on, what
`limits` says. A password is asked for where nobody else can read it: over TLS, and from `passwordNetworks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reactor import log
from reactor.conch.telnet.codes import CR, ECHO, LF
from reactor.conch.telnet.connection import TelnetProtocol, TelnetTransport
from reactor.conch.telnet.interfaces import ITelnetProtocol, NegotiationError
from reactor.cred.credentials import UsernamePassword
from reactor.cred.error import LoginFailed
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.error import ConnectionClosed
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.basic import LineReceiver
from reactor.protocols.finger import shown
from reactor.protocols.policies.limits import LimitedFactory
from reactor.protocols.policies.logins import LOOPBACK, LoginLimits, mayTakePasswords
from reactor.protocols.policies.timeouts import TimeoutMixin


def may_fail(failure: Failure) -> None:
    """Take it that a peer refuses an option, or is gone."""
    failure.trap(NegotiationError, ConnectionClosed)


class StatefulTelnetProtocol(LineReceiver, TelnetProtocol):
    """Gets each line in the method of the state that it is in: `telnet_STATE(line)`, which may return the next state.

    Lines end with CR LF or CR NUL (RFC 1123, 3.3.1). They come without control characters: what somebody types is
    often shown to somebody else, whose terminal would obey.
    """

    delimiter = LF
    state = "Discard"

    def dataReceived(self, data: bytes) -> Any:
        """As LineReceiver's."""
        return super().dataReceived(data.replace(CR + LF, LF).replace(CR, LF))

    def lineReceived(self, line: bytes) -> None:
        """Pass it to the state's method."""
        state = getattr(self, f"telnet_{self.state}")(shown(line))
        if state is not None:
            self.state = state

    def telnet_Discard(self, line: bytes) -> str | None:
        """Nobody wants this line."""


class AuthenticatingTelnetProtocol(StatefulTelnetProtocol, TimeoutMixin):
    """Asks for a name and a password, and makes way for the program that the portal gives for them.

    portal: its avatars are ITelnetProtocol. limits: counts failures, best one for all connections; None: nobody does.
    Whoever is in has `protocol`; it takes this one's place at the transport, and what was typed ahead.
    """

    MAX_LENGTH = 1024
    loginTimeOut = 60.0
    mostAttempts = 3
    passwordNetworks: Iterable[str] = LOOPBACK
    state = "User"
    transport: Any
    protocol: Any = None
    _logout: Callable[[], object] | None = None
    _is_gone = False

    def __init__(self, portal: Portal, limits: LoginLimits | None = None) -> None:
        self.portal, self.limits = portal, limits
        self._attempts = 0

    def connectionMade(self) -> None:
        """Ask for the name, where a password may be asked for afterwards."""
        if not mayTakePasswords(self.transport, self.passwordNetworks):
            self.transport.write(b"No passwords in the clear: come by TLS.\n")
            self.transport.loseConnection()
            return
        self.setTimeout(self.loginTimeOut)
        self.transport.write(b"Username: ")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Log out, who was in."""
        self._is_gone = True
        self.setTimeout(None)
        logout, self._logout = self._logout, None
        if logout is not None:
            logout()

    def telnet_User(self, line: bytes) -> str:
        """The name; the password isn't echoed."""
        self.username = line
        self.transport.will(ECHO).addErrback(may_fail)
        self.transport.write(b"Password: ")
        return "Password"

    def telnet_Password(self, line: bytes) -> None:
        """The password. No further line is read before it is known whether it is right."""
        self.transport.wont(ECHO).addErrback(may_fail)
        self.transport.write(b"\n")
        self.state = "Discard"
        self.pauseProducing()
        portal = self.portal
        if self.limits is not None:
            portal = self.limits.portal(portal, self.transport.getPeer())
        login = portal.login(UsernamePassword(self.username, line), None, ITelnetProtocol)
        login.addCallbacks(self._cbLogin, self._ebLogin).addErrback(log.err, "a login by telnet")

    def _cbLogin(self, ial: tuple[type, Any, Callable[[], object]]) -> None:
        _, protocol, self._logout = ial
        if self._is_gone:
            self.connectionLost()
            return
        self.setTimeout(None)
        self.protocol = self.transport.protocol = protocol
        typed_ahead = self.clearLineBuffer()
        self.transport.pauseProducing("login")
        self.transport.resumeProducing()
        protocol.makeConnection(self.transport)
        if typed_ahead:
            protocol.dataReceived(typed_ahead)
        self.transport.resumeProducing("login")

    def _ebLogin(self, failure: Failure) -> None:
        if not failure.check(LoginFailed):
            log.err(failure, "a login by telnet")
        if self._is_gone:
            return
        self._attempts += 1
        self.transport.write(b"Authentication failed\n")
        if self._attempts >= self.mostAttempts:
            self.transport.loseConnection()
            return
        self.transport.write(b"Username: ")
        self.state = "User"
        self.resumeProducing()

    def timeoutConnection(self) -> None:
        """Time is up. Who doesn't take what was written isn't waited for."""
        self.transport.abortConnection()


class TelnetFactory(LimitedFactory[Any]):
    """Builds telnet connections that begin with a login. portal: see AuthenticatingTelnetProtocol.

    login: the class of the login. limits: counts failures, of all connections together. timeOut: seconds without a byte
    until a connection is given up, also one with somebody in; None: never.
    """

    login: type[AuthenticatingTelnetProtocol] = AuthenticatingTelnetProtocol
    maxConnections = 100
    tooMany = b"Too many are here.\r\n"
    timeOut: float | None = 3600.0

    def __init__(self, portal: Portal, reactor: Any = None) -> None:
        self.portal, self.reactor = portal, the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)

    def buildSession(self, addr: Any) -> TelnetTransport:
        telnet = TelnetTransport(self.login, self.portal, self.limits)
        telnet.factory, telnet.timeOut, telnet.callLater = self, self.timeOut, self.reactor.callLater
        return telnet
