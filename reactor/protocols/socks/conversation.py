"""What a client says to a SOCKS proxy, until the proxy has somewhere to go.

    HEARING  --its request is whole-->  WORKING  --answered-->  JOINED  -->  OVER
      |                                   |                                   ^
      +-- no SOCKS, no login, too late ---+-- refused ------------------------+

HEARING is a coroutine that reads one value after the other: version, ways to log in, login, request. While the proxy
works the client's connection is paused; what came behind the request waits, and is the first thing that the other side
gets.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from reactor import log
from reactor.cred.credentials import Anonymous, IAnonymous, IUsernamePassword, UsernamePassword
from reactor.cred.error import LoginFailed, Unauthorized
from reactor.cred.portal import Portal
from reactor.defer import ensureDeferred
from reactor.endpoints.socks import wire
from reactor.endpoints.socks.reading import ReadsValues
from reactor.endpoints.socks.wire import SocksError
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.policies import TimeoutMixin
from reactor.protocols.socks.joining import Half
from reactor.protocols.socks.rules import IProxyUser, Rules


class State(enum.Enum):
    """Where a conversation is; the drawing is at the top."""

    HEARING = enum.auto()
    WORKING = enum.auto()
    JOINED = enum.auto()
    OVER = enum.auto()


class Conversation(ReadsValues, Half, TimeoutMixin):
    """The client's side, up to its request; `begin` is called with that.

    versions: those that are spoken. user: an IProxyUser, who decides. portal: for logins; None: nobody logs in.
    requestTimeout: in how many seconds the request must be there.
    """

    versions: frozenset[int] = frozenset({4, 5})
    user: IProxyUser = Rules()
    portal: Portal | None = None
    requestTimeout: float = 30.0
    reactor: Any = None
    state = State.HEARING
    name = b""
    request: Any = None  # a wire.Request, from when it is whole
    logout: Callable[[], None] | None = None

    def __init__(self) -> None:
        self._version = 0

    def begin(self, request: wire.Request) -> None:
        """The request is whole. Overridden by what goes there."""
        raise NotImplementedError

    def connectionMade(self) -> None:
        """Wait for the request, for so long."""
        self.callLater = self.reactor.callLater
        self.setTimeout(self.requestTimeout)
        ensureDeferred(self._hear()).addErrback(self._refuse)

    def dataReceived(self, data: bytes) -> None:
        """The client says what it wants; later on, pass on what comes."""
        if self.state is State.JOINED:
            super().dataReceived(data)
        elif self.state is not State.OVER:
            self.received(data)

    def readConnectionLost(self) -> None:
        """The client sends no more: before its request is whole, that is the end."""
        if self.state is State.HEARING:
            self.transport.loseConnection()
        super().readConnectionLost()

    def refuseBytes(self, problem: Exception) -> None:
        """What came isn't SOCKS: close, and log why."""
        self.state = State.OVER
        log.msg(f"{self.transport.getPeer()} speaks no SOCKS that is served here: {problem}")
        self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Log out, and close the other side. Call this from an override."""
        self.state = State.OVER
        self.setTimeout(None)
        logout, self.logout = self.logout, None
        if logout is not None:
            logout()
        super().connectionLost(reason)

    def timeoutConnection(self) -> None:
        """The request isn't there in time."""
        self.refuseBytes(SocksError(f"no request came in {self.requestTimeout:g} s"))

    # --- hearing what it wants

    async def _hear(self) -> None:
        version = self._version = await self.taken(wire.read_version)
        if version not in self.versions:
            raise SocksError(f"version {version}, where {' and '.join(map(str, sorted(self.versions)))} are spoken")
        if version == 5:
            await self._choose_login()
        request = self.request = await self.taken(wire.read_request_4 if version == 4 else wire.read_request_5)
        self.setTimeout(None)
        self.name = self.name or request.user
        self.transport.pauseProducing()
        if version == 4:
            await self._log_in(Anonymous(), wire.reply_4(wire.Reply(wire.REJECTED_4, "0.0.0.0", 0)))
        self.state = State.WORKING
        self.begin(request)

    async def _choose_login(self) -> None:
        methods = await self.taken(wire.read_hello)
        if wire.PASSWORD in methods and self._checks(IUsernamePassword):
            self.transport.write(bytes([5, wire.PASSWORD]))
            credentials = UsernamePassword(*await self.taken(wire.read_login))
            await self._log_in(credentials, b"\1\1")
            self.name = credentials.username
            self.transport.write(b"\1\0")
        elif wire.NO_LOGIN in methods and (self.portal is None or self._checks(IAnonymous)):
            self.transport.write(bytes([5, wire.NO_LOGIN]))
            await self._log_in(Anonymous(), b"")
        else:
            self.transport.write(bytes([5, wire.NO_METHOD]))
            raise SocksError(f"none of the ways to log in is served: {sorted(methods)}")

    def _checks(self, kind: type) -> bool:
        return self.portal is not None and kind in self.portal.listCredentialsInterfaces()

    async def _log_in(self, credentials: Any, refusal: bytes) -> None:
        """Ask the portal, if there is one. refusal: what the client gets when it says no."""
        if self.portal is None:
            return
        self.transport.pauseProducing()  # an answer may be long in coming, and nothing may pile up meanwhile
        try:
            _, self.user, logout = await self.portal.login(credentials, None, IProxyUser)
        except Exception as problem:
            if not isinstance(problem, LoginFailed | Unauthorized):
                log.err(Failure(), "a login failed for another reason than that it isn't allowed")
            if self.state is not State.OVER:
                self.transport.write(refusal)
            raise SocksError("the login failed") from problem
        if self.state is State.OVER:
            logout()
            raise SocksError("the client is gone")
        self.logout = logout
        if self.request is None:
            self.transport.resumeProducing()

    def _refuse(self, failure: Failure) -> None:
        if not failure.check(SocksError):
            log.err(failure, "a SOCKS proxy")
        if self.state is not State.OVER:
            self.refuseBytes(failure.value)
