"""The client's side of LDAP: each method sends a request, and returns a Deferred of what the server says to it.

Requests run side by side. A search is given whole, or entry by entry to a function of yours; while a Deferred that this
returns waits, nothing is read. Cancel a Deferred to have the server stop its search. Referrals are given to you,
and not followed: whoever wrote them would choose where your password goes.

Bounds, against servers that never end: a message has `maxMessageBytes`; a result `mostEntries`, `mostBytes` of what is
kept, and `mostEmptyPages`; a login `mostRounds`; and while something is awaited, something comes every `timeout` s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from reactor import log
from reactor.cred.error import LoginFailed
from reactor.defer import Deferred, ensureDeferred, fail, maybeDeferred
from reactor.endpoints import clientFromString, connectProtocol
from reactor.error import TimeoutError
from reactor.failure import Failure
from reactor.ldap.ber import BERError
from reactor.ldap.dn import DistinguishedName
from reactor.ldap.entry import LDAPEntry
from reactor.ldap.filters import Filter, parseFilter
from reactor.ldap.gathered import Gathered, SearchResult, entry_of
from reactor.ldap.messages import (
    OID,
    OPERATIONS,
    PASSWORD_CHANGE,
    PASSWORD_MADE,
    READ,
    SORT,
    BindRequest,
    CompareRequest,
    Control,
    Entry,
    ExtendedRequest,
    Inbox,
    Message,
    ModDNRequest,
    ModifyRequest,
    Op,
    Result,
    Scope,
    SearchRequest,
    dump,
)
from reactor.ldap.results import LDAPError, ResultCode
from reactor.ldap.url import LDAPURL
from reactor.protocol import Protocol, connectionDone
from reactor.protocols.policies import TimeoutMixin
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.sasl import IClientAuthentication, SCRAMAuthenticator, choose

Name = str | DistinguishedName
_LAST_ID = 2**31 - 1
_FINE = (ResultCode.success, ResultCode.compareFalse, ResultCode.compareTrue, ResultCode.saslBindInProgress)


class _Waiting(NamedTuple):
    """A request that has no result yet. receive: takes what comes before that."""

    answer: Deferred[Message]
    receive: Callable[[Message], object]


class LDAPClient(Protocol, TimeoutMixin):
    """One connection to a server.

    All methods fail with LDAPError when the server says no, with BERError when it says nonsense, and as the connection,
    or with TimeoutError. contextFactory: for `startTLS`; see ssl.optionsForClientTLS. allowInsecureLogin: send a
    password in the clear over a network.
    """

    maxMessageBytes = 2**24
    mostEntries = 100_000
    mostBytes = 2**28
    mostEmptyPages = 100
    mostRounds = 10
    timeout = 60.0
    contextFactory: Any = None
    allowInsecureLogin = False
    _reason: Exception | None = None
    _is_held = _is_gone = False
    _last_id = 0

    def connectionMade(self) -> None:
        """Begin."""
        self._inbox = Inbox(self.maxMessageBytes)
        self._waiting: dict[int, _Waiting] = {}

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Whatever waits fails."""
        self._is_gone = True
        self.setTimeout(None)
        waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            one.answer.errback(Failure(self._reason) if self._reason is not None else reason)

    def timeoutConnection(self) -> None:
        """The server says nothing for too long."""
        self._give_up(TimeoutError(string=f"the server has said nothing for {self.timeout:g} s"))

    def _give_up(self, problem: Exception) -> None:
        self._reason = self._reason or problem
        self.transport.abortConnection()

    # --- messages

    def send(
        self, op: Op, body: Any, controls: Iterable[Control] = (), receive: Callable[[Message], object] = lambda _: None
    ) -> Deferred[Message]:
        """Send a request. Returns a Deferred of its last response; receive: gets those before it, as they come."""
        if self._is_gone or self._reason is not None:
            return fail(self._reason or ConnectionError("the connection is closed"))
        id = self._next_id()
        request = dump(Message(id, op, body, tuple(controls)))  # first: it raises TypeError for what is no such body
        answer: Deferred[Message] = Deferred(lambda _: self._abandon(id))
        self._waiting[id] = _Waiting(answer, receive)
        self.setTimeout(self.timeout)
        self.transport.write(request)
        return answer.addCallback(_require_fine)

    def _next_id(self) -> int:
        self._last_id = self._last_id % _LAST_ID + 1
        return self._last_id

    def _abandon(self, id: int) -> None:
        if self._waiting.pop(id, None) is not None:
            self.transport.write(dump(Message(self._next_id(), Op.abandonRequest, id)))
            self.setTimeout(self.timeout if self._waiting else None)

    def dataReceived(self, data: bytes) -> None:
        """Something came."""
        self.resetTimeout()
        self._inbox.add(data)
        self._go_on()

    def _go_on(self) -> None:
        try:
            while not (self._is_held or self._is_gone or self._reason):
                message = self._inbox.next()
                if message is None:
                    return
                self._take(message)
        except BERError as problem:
            self._give_up(problem)

    def _take(self, message: Message) -> None:
        if message.id == 0:
            result = message.body if isinstance(message.body, Result) else Result(ResultCode.protocolError)
            self._give_up(LDAPError(result.code, f"the server hangs up: {result.text}"))
        elif message.id not in self._waiting:
            return  # it was abandoned
        elif message.op in (Op.searchResultEntry, Op.searchResultReference, Op.intermediateResponse):
            taken = maybeDeferred(self._waiting[message.id].receive, message)
            self._hold(taken.addErrback(self._failed, message.id))
        elif isinstance(message.body, Result):
            self._waiting.pop(message.id).answer.callback(message)
            self.setTimeout(self.timeout if self._waiting else None)
        else:
            raise BERError(f"a server doesn't send {message.op.name}")

    def _hold(self, taken: Deferred[Any]) -> None:
        self._is_held = True

        def go_on(_: Any) -> None:
            if self._is_held and not self._is_gone:
                self._is_held = False
                if not taken_at_once:
                    self.setTimeout(self.timeout if self._waiting else None)
                    self.transport.resumeProducing()
                    self._go_on()

        taken_at_once = True
        taken.addBoth(go_on).addErrback(log.err)
        taken_at_once = False
        if self._is_held:
            self.setTimeout(None)  # it is the program that takes its time
            self.transport.pauseProducing()

    def _failed(self, failure: Failure, id: int) -> None:
        waiting = self._waiting.get(id)
        if waiting is None:
            log.err(failure, "what takes the entries of a search that is over")
        else:
            self._abandon(id)
            waiting.answer.errback(failure)

    # --- who we are

    def bind(self, name: Name = "", password: bytes = b"") -> Deferred[Message]:
        """Say who we are; without a name, nobody. A name without a password is refused here: it would seem to work."""
        if bool(str(name)) != bool(password):
            return fail(LDAPError(ResultCode.unwillingToPerform, "a name and a password, or neither"))
        if password and not self._is_private():
            return fail(LoginFailed("a password isn't sent in the clear: begin with startTLS"))
        asked = self.send(Op.bindRequest, BindRequest(3, str(name), password))
        return asked.addCallback(_require, ResultCode.success)  # "in progress" is nobody's password

    def _is_private(self) -> bool:
        return self.allowInsecureLogin or mayTakePasswords(self.transport)

    def login(self, user: str, password: bytes) -> Deferred[Message]:
        """Bind by the strongest mechanism of SASL that the server has. user: as the server wants it, often a name."""
        return ensureDeferred(self._login(user, password))

    async def _login(self, user: str, password: bytes) -> Message:
        root = await self.search("", scope=Scope.base, attributes=("supportedSASLMechanisms",))
        offers = root.entries[0].get("supportedSASLMechanisms", ()) if root.entries else ()
        return await self.bindSASL(choose(offers, user.encode(), self._is_private()), password)

    def bindSASL(self, authenticator: IClientAuthentication, secret: bytes = b"") -> Deferred[Message]:
        """Bind by a mechanism of one's choice, such as sasl.EXTERNALAuthenticator()."""
        return ensureDeferred(self._bind(authenticator, secret))

    async def _bind(self, authenticator: IClientAuthentication, secret: bytes) -> Message:
        mechanism, challenge = authenticator.getName().decode("ascii"), b""
        has_begun = mechanism != "CRAM-MD5"  # in which the server has the first word
        for _ in range(self.mostRounds):
            response = authenticator.challengeResponse(secret, challenge) if has_begun else None
            message = await self.send(Op.bindRequest, BindRequest(3, "", None, (mechanism, response)))
            challenge, has_begun = message.body.saslCredentials or b"", True
            if message.body.code != ResultCode.saslBindInProgress:
                break
        else:
            raise LoginFailed(f"the server hasn't ended a login after {self.mostRounds} rounds")
        if isinstance(authenticator, SCRAMAuthenticator) and not authenticator.isDone:
            authenticator.challengeResponse(secret, challenge)  # raises, if it doesn't know the password itself
        return message

    def startTLS(self, contextFactory: Any = None) -> Deferred[None]:
        """Begin TLS, when nothing else is awaited."""
        if self._waiting:
            return fail(LDAPError(ResultCode.operationsError, "TLS begins when nothing else is awaited"))

        def begin(_: Message) -> None:
            self._inbox.clear()
            self.transport.startTLS(contextFactory or self.contextFactory)

        return self.extended(OID.startTLS).addCallback(begin)

    def unbind(self) -> None:
        """Say goodbye, and close."""
        self.transport.write(dump(Message(self._next_id(), Op.unbindRequest, None)))
        self.transport.loseConnection()

    # --- reading

    def search(
        self,
        base: Name,
        filter: str | Filter = "(objectClass=*)",
        scope: int = Scope.subtree,
        attributes: Iterable[str] = (),
        sizeLimit: int = 0,
        timeLimit: int = 0,
        pageSize: int = 0,
        sortBy: Iterable[str] = (),
        controls: Iterable[Control] = (),
        receive: Callable[[LDAPEntry], object] | None = None,
    ) -> Deferred[SearchResult]:
        """Find entries.

        filter: text, in which the values of others are escaped (see `escape_value`), or a Filter. attributes: names;
        none for all, "+" for the server's own. pageSize: ask for so many at a time. sortBy: names; -name in reverse;
            name:rule where a server knows no order for them, as OpenLDAP for "cn:caseIgnoreOrderingMatch".
        receive: gets each entry, which isn't kept then; it may return a Deferred, and the next one waits for that.
        """
        filter = parseFilter(filter) if isinstance(filter, str) else filter
        body = SearchRequest(str(base), scope, 0, sizeLimit, timeLimit, False, filter, tuple(attributes))
        parts = [(name.startswith("-"), *name.lstrip("-").partition(":")) for name in sortBy]
        keys = [(name, rule or None, is_reversed) for is_reversed, name, _, rule in parts]
        found = (*controls, *([Control(OID.sort, True, SORT.dump(keys))] if keys else []))
        return ensureDeferred(self._search(body, pageSize, found, receive))

    async def _search(
        self, body: SearchRequest, size: int, controls: tuple[Control, ...], receive: Any
    ) -> SearchResult:
        gathered = Gathered(self, receive)
        while True:
            paged = gathered.next_page(size) if size else ()
            message = await self.send(Op.searchRequest, body, (*controls, *paged), gathered.take)
            if not size or gathered.is_whole(message):
                return SearchResult(gathered.entries, gathered.referrals, message.controls)

    def compare(self, dn: Name, attribute: str, value: bytes) -> Deferred[bool]:
        """Whether an entry has a value."""
        asked = self.send(Op.compareRequest, CompareRequest(str(dn), (attribute, value)))
        return asked.addCallback(lambda message: message.body.code == ResultCode.compareTrue)

    # --- writing. read: attributes to read of the entry, before it goes or after it has changed; gives an LDAPEntry.

    def _change(self, op: Op, body: Any, oid: str, read: Iterable[str] | None) -> Deferred[LDAPEntry | None]:
        def found(message: Message) -> LDAPEntry | None:
            values = [one.value for one in message.controls if one.oid == oid]
            return entry_of(OPERATIONS[Op.searchResultEntry].load(values[0] or b"")) if values else None

        controls = () if read is None else (Control(oid, True, READ.dump(tuple(read))),)
        return self.send(op, body, controls).addCallback(found)

    def add(self, entry: LDAPEntry, read: Iterable[str] | None = None) -> Deferred[LDAPEntry | None]:
        """Put in an entry."""
        return self._change(Op.addRequest, Entry(str(entry.dn), entry.attributes), OID.postRead, read)

    def delete(self, dn: Name, read: Iterable[str] | None = None) -> Deferred[LDAPEntry | None]:
        """Take out an entry that has none below it."""
        return self._change(Op.delRequest, str(dn), OID.preRead, read)

    def modify(
        self, dn: Name, changes: Iterable[tuple[int, str, Iterable[bytes]]], read: Iterable[str] | None = None
    ) -> Deferred[LDAPEntry | None]:
        """Change attributes, all or none. changes: (Change.add, "mail", [b"ann@doom.example"]), and so on."""
        rows = tuple((int(how), (name, tuple(values))) for how, name, values in changes)
        return self._change(Op.modifyRequest, ModifyRequest(str(dn), rows), OID.postRead, read)

    def modifyDN(
        self,
        dn: Name,
        newRDN: Name,
        deleteOldRDN: bool = True,
        newSuperior: Name | None = None,
        read: Iterable[str] | None = None,
    ) -> Deferred[LDAPEntry | None]:
        """Give an entry another relative name, and perhaps another parent."""
        superior = None if newSuperior is None else str(newSuperior)
        return self._change(
            Op.modDNRequest, ModDNRequest(str(dn), str(newRDN), deleteOldRDN, superior), OID.postRead, read
        )

    # --- extended operations

    def extended(self, name: str, value: bytes | None = None) -> Deferred[Message]:
        """Anything else. name: its OID."""
        return self.send(Op.extendedRequest, ExtendedRequest(name, value))

    def whoAmI(self) -> Deferred[str]:
        """Who the server thinks we are: "dn:cn=Ann,o=Doom", or ""."""
        return self.extended(OID.whoAmI).addCallback(lambda it: (it.body.value or b"").decode("utf-8", "replace"))

    def changePassword(
        self, user: Name | None = None, old: bytes | None = None, new: bytes | None = None
    ) -> Deferred[bytes | None]:
        """A new password, our own unless `user` says whose. Gives the one that the server made up, if `new` is None."""
        if not self._is_private():
            return fail(LoginFailed("a password isn't sent in the clear: begin with startTLS"))
        value = PASSWORD_CHANGE.dump((None if user is None else str(user), old, new))
        asked = self.extended(OID.passwordModify, value)
        return asked.addCallback(lambda it: PASSWORD_MADE.load(it.body.value)[0] if it.body.value else None)


def _require_fine(message: Message) -> Message:
    return _require(message, *_FINE)


def _require(message: Message, *codes: ResultCode) -> Message:
    result: Result = message.body
    if result.code not in codes:
        raise LDAPError(result.code, result.text, result.matchedDN, result.referrals)
    return message


def connectToLDAPEndpoint(reactor: Any, endpointStr: str, clientProtocol: Any = None) -> Deferred[Any]:
    """Connect. endpointStr: as clientFromString has it, or an LDAP URL. clientProtocol: an LDAPClient, or a class."""
    if endpointStr.startswith(("ldap://", "ldaps://", "ldapi://")):
        endpointStr = LDAPURL.parse(endpointStr).endpoint()
    client = clientProtocol or LDAPClient
    return connectProtocol(clientFromString(reactor, endpointStr), client() if isinstance(client, type) else client)
