"""A session on the server's side: messages in, results out, and who is there. What the operations do is in `server`.

Operations run side by side, each until its result; a bind runs alone (RFC 4511, section 4.2.1). Bounds: a message has
`maxMessageBytes`, `mostOutstanding` requests run, nothing moves for at most `timeOut` s. After `longestTurn_s` of them,
others have their turn. While the client doesn't take what was written, nothing more is read and nothing more is looked
for. Who guesses at passwords meets `policies.logins`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from reactor import log
from reactor.cred.credentials import UsernamePassword
from reactor.cred.error import LoginFailed
from reactor.cred.portal import Portal
from reactor.defer import CancelledError, Deferred, ensureDeferred, maybeDeferred
from reactor.failure import Failure
from reactor.ldap.ber import BERError
from reactor.ldap.checkers import Account, subject_of
from reactor.ldap.dn import DistinguishedName
from reactor.ldap.messages import CANCEL, OID, Control, Inbox, Message, Op, Result, dump
from reactor.ldap.results import LDAPError, ResultCode
from reactor.protocol import Protocol, connectionDone
from reactor.protocols.policies import TimeoutMixin
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.sasl import ServerLogin, Success, offered
from reactor.sasl.mechanisms import Situation


class Request(NamedTuple):
    """A message that is being answered. controls: its own, by OID. answers: what goes with the result."""

    message: Message
    controls: dict[str, Control]
    answers: list[Control]


class Operation(NamedTuple):
    """method: of the server, which gets a Request; it returns a Result, or raises LDAPError. right: of an Account."""

    method: str
    response: Op
    right: str = ""


class LDAPSession(Protocol, TimeoutMixin):
    """Set up by LDAPServerFactory.

    reactor: for time. portal: who may bind, or None; its avatars are Accounts. anonymous: the Account of those who
    haven't; account: of whoever is there. contextFactory: for StartTLS; None: not offered.
    """

    OPERATIONS: ClassVar[dict[Op, Operation]] = {}
    CONTROLS: ClassVar[dict[str, frozenset[Op]]] = {}
    EXTENDED: ClassVar[dict[str, str]] = {}
    maxMessageBytes = 2**20
    mostOutstanding = 16
    timeOut = 600.0
    longestTurn_s = 0.005
    reactor: Any
    portal: Portal | None = None
    anonymous = account = Account()
    contextFactory: Any = None
    _exchange: tuple[str, ServerLogin] | None = None  # of a SASL bind, while it goes on
    _logout: Callable[[], object] | None = None
    _resting: Any = None  # the call that ends it
    _is_full = _is_reading = _is_binding = _is_gone = False

    def connectionMade(self) -> None:
        """Begin."""
        self._inbox = Inbox(self.maxMessageBytes)
        self._outstanding: dict[int, Deferred[Any]] = {}
        self._abandoned: set[int] = set()
        self._room: list[Deferred[None]] = []
        self.account = self.anonymous
        self.transport.registerProducer(self, True)
        self.setTimeout(self.timeOut)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Stop whatever runs."""
        self._is_gone = True
        self.setTimeout(None)
        if self._resting is not None:
            self._resting.cancel()
        self.abandon(*self._outstanding)
        self._become(self.anonymous)

    def timeoutConnection(self) -> None:
        """Time is up. What a client doesn't take isn't waited for."""
        self.transport.abortConnection()

    # --- when to read on

    def pauseProducing(self) -> None:
        """The client doesn't take what was written."""
        self._is_full = True

    def resumeProducing(self) -> None:
        """It has taken all."""
        self._is_full = False
        self.resetTimeout()
        for one in [*self._room]:
            self._room.remove(one)
            one.callback(None)
        self._read()

    def stopProducing(self) -> None:
        """The connection closes; `connectionLost` comes."""

    def room(self) -> Deferred[None]:
        """Fires when the client has taken what was written."""
        found: Deferred[None] = Deferred(self._room.remove)
        self._room.append(found)
        return found

    def dataReceived(self, data: bytes) -> None:
        """Some more bytes."""
        self._inbox.add(data)
        self._read()

    def _rested(self) -> None:
        self._resting = None
        self._read()

    def _is_held(self) -> bool:
        is_busy = self._is_binding or len(self._outstanding) >= self.mostOutstanding
        return self._is_full or is_busy or self._resting is not None

    def _read(self) -> None:
        if self._is_reading:
            return
        self._is_reading = True
        turn_ends = self.reactor.seconds() + self.longestTurn_s
        try:
            while not (self._is_gone or self.transport.disconnecting or self._is_held()):
                message = self._inbox.next()
                if message is None:
                    break
                self._take(message)
                if self._resting is None and self.reactor.seconds() > turn_ends:
                    self._resting = self.reactor.callLater(0, self._rested)
        except BERError as problem:
            self._disconnect(str(problem))
        finally:
            self._is_reading = False
        if not (self._is_gone or self.transport.disconnecting):
            self.transport.pauseProducing() if self._is_held() else self.transport.resumeProducing()

    def _disconnect(self, text: str) -> None:
        """A notice of disconnection (RFC 4511, section 4.4.1), and the end."""
        self._inbox.clear()
        notice = Result(ResultCode.protocolError, text=text, name=OID.noticeOfDisconnection)
        self.send(Message(0, Op.extendedResponse, notice))
        self.transport.loseConnection()

    def send(self, message: Message) -> None:
        """Send a message."""
        if not self._is_gone:
            self.transport.write(dump(message))

    # --- requests

    def _take(self, message: Message) -> None:
        self.resetTimeout()
        if message.op == Op.unbindRequest:
            self.transport.loseConnection()
        elif message.op == Op.abandonRequest:
            self.abandon(message.body)
        elif message.op not in self.OPERATIONS or not message.id or message.id in self._outstanding:
            self._disconnect(f"{message.op.name} with id {message.id} is no request that can come now")
        else:
            if message.op == Op.bindRequest:
                self.abandon(*self._outstanding)
                self._is_binding = True
            self._outstanding[message.id] = running = ensureDeferred(self._answer(message))
            running.addBoth(self._answered, message)

    def _answered(self, _: Any, message: Message) -> None:
        self._abandoned.discard(message.id)
        del self._outstanding[message.id]
        self._is_binding = self._is_binding and message.op != Op.bindRequest
        self._read()

    def abandon(self, *ids: int) -> None:
        """Stop these requests, without a word to the client."""
        for id in set(ids) & self._outstanding.keys():
            self._abandoned.add(id)
            self._outstanding[id].cancel()

    async def _answer(self, message: Message) -> None:
        operation = self.OPERATIONS[message.op]
        request = Request(message, {control.oid: control for control in message.controls}, [])
        try:
            self._require(operation, request)
            result = await maybeDeferred(getattr(self, operation.method), request)
        except LDAPError as problem:
            result = Result(problem.code, problem.matchedDN, problem.text, problem.referrals)
        except LoginFailed:
            result = Result(ResultCode.invalidCredentials)
        except CancelledError:
            result = Result(ResultCode.canceled)
        except BERError as problem:
            result = Result(ResultCode.protocolError, text=str(problem))
        except Exception:
            log.err(None, f"a request of LDAP, {message.op.name}")
            result = Result(ResultCode.other, text="not now")
        if message.id not in self._abandoned:
            self.send(Message(message.id, operation.response, result, tuple(request.answers)))
            if operation.method == "do_extended" and message.body.name == OID.startTLS and not result.code:
                self._start_tls()

    def _require(self, operation: Operation, request: Request) -> None:
        for control in request.message.controls:
            if control.isCritical and request.message.op not in self.CONTROLS.get(control.oid, ()):
                raise LDAPError(ResultCode.unavailableCriticalExtension, f"control {control.oid} isn't known here")
        if operation.right and not getattr(self.account, operation.right):
            raise LDAPError(ResultCode.insufficientAccessRights, "" if self.account.name else "bind first")

    def read_name(self, text: str | DistinguishedName) -> DistinguishedName:
        """A name. Raises LDAPError."""
        try:
            return text if isinstance(text, DistinguishedName) else DistinguishedName(text)
        except ValueError as problem:
            raise LDAPError(ResultCode.invalidDNSyntax, str(problem)) from None

    # --- who is there

    def _become(self, account: Account, logout: Callable[[], object] | None = None) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange[1].cancel()
        before, self._logout = self._logout, logout
        self.account = account
        if before is not None:
            before()

    def mechanisms(self) -> list[str]:
        """What SASL can do here, now."""
        found = [] if self.portal is None else offered(self.portal, self._situation())
        return [one for one in found if one != "LOGIN"]  # which is no mechanism of the standard's

    def _situation(self) -> Situation:
        der = getattr(self.transport, "getPeerCertificate", lambda: None)()
        return Situation(mayTakePasswords(self.transport), external=subject_of(der) if der else b"")

    async def do_bind(self, request: Request) -> Result:
        """Say who is there (RFC 4513). Until it has worked, it is nobody."""
        version, name, password, sasl = request.message.body
        if version != 3:
            raise LDAPError(ResultCode.protocolError, "LDAP has version 3 here")
        if sasl is not None:
            return await self._bind_by_sasl(*sasl)
        self._become(self.anonymous)
        if password is None:
            raise LDAPError(ResultCode.authMethodNotSupported, "a bind has a password, or SASL")
        dn = self.read_name(name)
        if not password and not name:
            return Result()
        if not password:  # RFC 4513, section 5.1.2: programs believe that this has checked a password
            raise LDAPError(ResultCode.unwillingToPerform, "a name without a password proves nothing")
        if not mayTakePasswords(self.transport):
            raise LDAPError(ResultCode.confidentialityRequired, "a password isn't taken in the clear")
        if self.portal is None:
            raise LDAPError(ResultCode.inappropriateAuthentication, "nobody binds here")
        credentials = UsernamePassword(dn.getText().encode(), password)
        self._welcome(*(await self.portal.login(credentials, None, Account))[1:])
        return Result()

    def _welcome(self, account: Account, logout: Callable[[], object]) -> None:
        if self._is_gone:
            logout()
        else:
            self._become(account, logout)

    async def _bind_by_sasl(self, mechanism: str, credentials: bytes | None) -> Result:
        exchange = self._exchange
        if exchange is None or exchange[0] != mechanism:
            self._become(self.anonymous)
            if mechanism.upper() not in self.mechanisms() or self.portal is None:
                raise LDAPError(ResultCode.authMethodNotSupported, f"SASL has {self.mechanisms()} here")
            login = ServerLogin(self.portal, mechanism, self._situation(), None, Account)
            self._exchange = exchange = (mechanism, login)
        try:
            answer = await exchange[1].respond(credentials)
        except BaseException:
            self._become(self.anonymous)
            raise
        if not isinstance(answer, Success):
            return Result(ResultCode.saslBindInProgress, saslCredentials=answer)
        self._exchange = None
        self._welcome(answer.avatar, answer.logout)
        return Result(saslCredentials=answer.data or None)

    # --- extended operations

    def do_extended(self, request: Request) -> Any:
        """What EXTENDED has a method for."""
        method = self.EXTENDED.get(request.message.body.name)
        if method is None:
            raise LDAPError(ResultCode.protocolError, f"there is no operation {request.message.body.name} here")
        return getattr(self, method)(request)

    def do_startTLS(self, request: Request) -> Result:
        """Begin TLS. What came in the clear behind this is forgotten, and so is who was there."""
        if len(self._outstanding) or self._exchange is not None:  # it isn't among them itself yet
            raise LDAPError(ResultCode.operationsError, "TLS begins when nothing else runs")
        if self.contextFactory is None or getattr(self.transport, "TLS", False):
            raise LDAPError(ResultCode.operationsError, "TLS can't begin here, or has begun already")
        return Result(name=OID.startTLS)

    def _start_tls(self) -> None:
        self._inbox.clear()
        self._become(self.anonymous)
        self.transport.startTLS(self.contextFactory)

    def do_whoAmI(self, request: Request) -> Result:
        """RFC 4532."""
        return Result(value=f"dn:{self.account.name}".encode() if self.account.name else b"")

    def do_cancel(self, request: Request) -> Result:
        """Stop a request that runs, and have it say so (RFC 3909)."""
        running = self._outstanding.get(CANCEL.load(request.message.body.value or b"")[0])
        if running is None:
            raise LDAPError(ResultCode.noSuchOperation)
        running.cancel()
        return Result()
