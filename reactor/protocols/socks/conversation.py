"""What a client says to a SOCKS proxy, until the proxy has somewhere to go.

    HELLO    --version 4-->  REQUEST   --whole-->  WORKING  --answered-->  JOINED  -->  OVER
             --version 5-->  [LOGIN]  ^--------         |                                ^
                                                        +--refused------------------------+

While the proxy works the client's connection is paused; what came behind the request waits, and is the first thing that
the other side gets.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, ClassVar

from reactor import log
from reactor.cred.credentials import Anonymous, IAnonymous, IUsernamePassword, UsernamePassword
from reactor.cred.error import LoginFailed, Unauthorized
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from reactor.endpoints.socks import wire
from reactor.endpoints.socks.wire import SocksError
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.policies.logins import LoginLimits
from reactor.protocols.socks.joining import Half
from reactor.protocols.socks.rules import IProxyUser, Rules


class State(enum.Enum):
    """Where a conversation is; the table is at the top."""

    HELLO = enum.auto()
    LOGIN = enum.auto()
    LOGGING_IN = enum.auto()
    REQUEST = enum.auto()
    WORKING = enum.auto()
    JOINED = enum.auto()
    OVER = enum.auto()


class Conversation(Half):
    """The client's side, up to its request; `begin` is called with that.

    versions: those that are spoken. user: an IProxyUser, who decides. portal: for logins; None: nobody logs in.
    limits: how often they may try. requestTimeout: in how many seconds the request must be there.
    """

    versions: frozenset[int] = frozenset({4, 5})
    user: IProxyUser = Rules()
    portal: Portal | None = None
    limits: LoginLimits | None = None
    requestTimeout: float = 30.0
    reactor: Any = None
    state = State.HELLO
    name = b""
    request: Any = None  # a wire.Request, from when it is whole
    logout: Callable[[], None] | None = None

    def __init__(self) -> None:
        self.connections: set[Any] = set()  # the factory's, which counts them
        self.buf = b""
        self._deadline: Any = None
        self._version = 0

    def begin(self, request: wire.Request) -> None:
        """The request is whole. Overridden by what goes there."""
        raise NotImplementedError

    def connectionMade(self) -> None:
        """Wait for the request, for so long."""
        self.connections.add(self)
        self._deadline = self.reactor.callLater(self.requestTimeout, self._too_late)

    def dataReceived(self, data: bytes) -> None:
        """Read what the client wants; later on, pass on what comes."""
        if self.state is State.JOINED:
            super().dataReceived(data)
            return
        self.buf += data
        try:
            while self.state in self._READERS and self._READERS[self.state](self):
                pass
        except SocksError as problem:
            self.refuseBytes(problem)

    def readConnectionLost(self) -> None:
        """The client sends no more: before its request is whole, that is the end."""
        if self.state in (State.HELLO, State.LOGIN, State.REQUEST):
            self.transport.loseConnection()
        super().readConnectionLost()

    def refuseBytes(self, problem: SocksError) -> None:
        """What came isn't SOCKS: close, and log why."""
        self.state = State.OVER
        log.msg(f"{self.transport.getPeer()} speaks no SOCKS that is served here: {problem}")
        self.transport.loseConnection()

    def stopWaiting(self) -> None:
        """The request is there, or the connection is lost."""
        deadline, self._deadline = self._deadline, None
        if deadline is not None and deadline.active():
            deadline.cancel()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Log out, and close the other side. Call this from an override."""
        self.state = State.OVER
        self.connections.discard(self)
        self.stopWaiting()
        logout, self.logout = self.logout, None
        if logout is not None:
            logout()
        super().connectionLost(reason)

    def _too_late(self) -> None:
        self._deadline = None
        self.refuseBytes(SocksError(f"no request came in {self.requestTimeout:g} s"))

    def _taken(self, read: wire.Read) -> Any:
        if read is None:
            return None
        value, used = read
        self.buf = self.buf[used:]
        return value

    # --- a reader for each state; whether it has read anything

    def _read_hello(self) -> bool:
        if not self.buf:
            return False
        version = self.buf[0]
        if version not in self.versions:
            raise SocksError(f"version {version}, where {' and '.join(map(str, sorted(self.versions)))} are spoken")
        self._version = version
        if version == 4:
            self.state = State.REQUEST
            return True
        methods = self._taken(wire.read_hello(self.buf))
        if methods is None:
            return False
        self._choose(methods)
        return True

    def _choose(self, methods: frozenset[int]) -> None:
        if wire.PASSWORD in methods and self._checks(IUsernamePassword):
            self.transport.write(bytes([5, wire.PASSWORD]))
            self.state = State.LOGIN
        elif wire.NO_LOGIN in methods and (self.portal is None or self._checks(IAnonymous)):
            self.transport.write(bytes([5, wire.NO_LOGIN]))
            self._log_in(Anonymous(), answer=False)
        else:
            self.transport.write(bytes([5, wire.NO_METHOD]))
            raise SocksError(f"none of the ways to log in is served: {sorted(methods)}")

    def _checks(self, kind: type) -> bool:
        return self.portal is not None and kind in self.portal.listCredentialsInterfaces()

    def _read_login(self) -> bool:
        pair = self._taken(wire.read_login(self.buf))
        if pair is None:
            return False
        self._log_in(UsernamePassword(*pair), answer=True)
        return True

    def _read_request(self) -> bool:
        read = wire.read_request_4 if self._version == 4 else wire.read_request_5
        request = self._taken(read(self.buf))
        if request is None:
            return False
        self.stopWaiting()
        self.request = request
        self.name = self.name or request.user
        self.state = State.WORKING
        self.transport.pauseProducing()
        if self._version == 4 and self.portal is not None:
            self._log_in(Anonymous(), answer=False)
        else:
            self.begin(request)
        return True

    # --- logging in

    def _log_in(self, credentials: Any, answer: bool) -> None:
        """Ask the portal. answer: whether the client waits for its verdict, which is so after a name and password."""
        if self.portal is None:
            self.state = State.REQUEST
            return
        if self.state is not State.WORKING:
            self.state = State.LOGGING_IN
            self.transport.pauseProducing()  # an answer may be long in coming, and nothing may pile up meanwhile
        peer, where = self.transport.getPeer(), (credentials, None, IProxyUser)
        if self.limits is not None:
            login: Deferred[Any] = self.limits.login(self.portal, *where, peer=peer)
        else:
            login = self.portal.login(*where)
        login.addCallback(self._welcome, getattr(credentials, "username", b""), answer)
        login.addErrback(self._turn_away, answer)

    def _welcome(self, granted: Any, name: bytes, answer: bool) -> None:
        _, self.user, logout = granted
        if self.state is State.OVER:
            logout()
            return
        self.logout = logout
        self.name = name or self.name
        if answer:
            self.transport.write(b"\1\0")
        if self.state is State.WORKING:
            self.begin(self.request)
        else:
            self.state = State.REQUEST
            self.transport.resumeProducing()
            self.dataReceived(b"")

    def _turn_away(self, failure: Failure, answer: bool) -> None:
        if not failure.check(LoginFailed, Unauthorized):
            log.err(failure, "a login failed for another reason than that it isn't allowed")
        if self.state is State.OVER:
            return
        if answer:
            self.transport.write(b"\1\1")
        elif self._version == 4:
            self.transport.write(wire.reply_4(wire.Reply(wire.REJECTED_4, "0.0.0.0", 0)))
        self.refuseBytes(SocksError("the login failed"))

    _READERS: ClassVar[dict[State, Callable[[Any], bool]]] = {
        State.HELLO: _read_hello,
        State.LOGIN: _read_login,
        State.REQUEST: _read_request,
    }
