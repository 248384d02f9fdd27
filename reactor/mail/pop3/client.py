"""The client's side of POP3: each method sends a command and returns a Deferred of what the server says to it.

Commands may be called for at any time: they wait for their turn, and are sent together to a server that announces
PIPELINING. Indices begin with 0, as in mailboxes.

Bounds, against servers that never end: a line has `MAX_LENGTH` bytes, a list `maxMessages`, a text without a consumer
`maxBytes`, and while an answer is awaited something comes every `timeout` s.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

from reactor.cred.error import LoginFailed
from reactor.defer import Deferred, fail, inlineCallbacks, succeed
from reactor.error import TimeoutError
from reactor.failure import Failure
from reactor.mail.pop3.wire import POP3Error, challenge_of, one_line, read_number, read_response
from reactor.protocol import connectionDone
from reactor.protocols.basic import LineReceiver
from reactor.protocols.policies import TimeoutMixin
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.sasl import IClientAuthentication, LineAuthentication, choose


class POP3ClientError(Exception):
    """What a client was asked to do can't be done."""


class ServerErrorResponse(POP3ClientError):
    """The server says -ERR. consumer: that of the command. code: for programs, such as b"IN-USE", or b""."""

    def __init__(self, text: bytes, consumer: Any = None, code: bytes = b"") -> None:
        super().__init__(text)
        self.consumer, self.code = consumer, code


class InsecureAuthenticationDisallowed(POP3ClientError):
    """All ways to log in that are left would show the password to whoever listens."""


class TLSNotSupportedError(POP3ClientError):
    """The server has no STLS."""


@dataclass
class _Asked:
    """A command and who waits for its answer. consume: takes the lines of a text. respond: answers challenges."""

    line: bytes
    consume: Callable[[bytes], object] | None = None
    respond: Callable[[bytes], bytes] | None = None
    answer: Deferred[Any] = field(default_factory=Deferred)
    has_begun: bool = False

    @property
    def must_be_last(self) -> bool:
        """Whether what follows depends on the answer."""
        return self.respond is not None or self.line == b"STLS"


def _two_numbers(text: bytes) -> tuple[int, int]:
    count, size = (*text.split(b" "), b"")[:2]
    return read_number(count), read_number(size)


class AdvancedPOP3Client(LineReceiver, TimeoutMixin):
    """One connection to a server.

    contextFactory: for TLS, which `login` begins if the server can; see ssl.optionsForClientTLS. allowInsecureLogin:
    send a password in the clear over a network if there is no other way. allowAPOP: use APOP if it is offered, which
    tells listeners enough to guess the password. serverChallenge: what APOP needs, or None. startedTLS: whether it has.
    """

    MAX_LENGTH = 2**20  # of a letter, too: RFC 5322 has 998, and HTML's authors haven't read it
    maxMessages = 1_000_000
    maxBytes = 2**27
    timeout = 300.0
    contextFactory: Any = None
    allowInsecureLogin = allowAPOP = False
    serverChallenge: bytes | None = None
    startedTLS = False
    _capabilities: dict[bytes, list[bytes] | None] | None = None
    _reason: Exception | None = None
    _lost: Failure | None = None

    def connectionMade(self) -> None:
        """Wait for the greeting."""
        self._unsent: deque[_Asked] = deque()
        self._sent: deque[_Asked] = deque([_Asked(b"")])
        self._sent[0].answer.addCallbacks(self._greeted, lambda failure: self._give_up(failure.value))
        self.setTimeout(self.timeout)

    def _greeted(self, greeting: bytes) -> None:
        self.serverChallenge = challenge_of(greeting)
        self.serverGreeting(greeting)

    def serverGreeting(self, greeting: bytes) -> None:
        """The server is there. Does nothing; override it. greeting: without +OK."""

    def _give_up(self, problem: Exception) -> None:
        self._reason = self._reason or problem
        self.transport.loseConnection()

    def timeoutConnection(self) -> None:
        """The server says nothing for too long."""
        self._reason = TimeoutError(string=f"the server has said nothing for {self.timeout:g} s")
        self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """What still waits fails: with what went wrong here, or as the connection did."""
        self.setTimeout(None)
        self._lost = Failure(self._reason) if self._reason is not None else reason
        while self._sent or self._unsent:
            (self._sent or self._unsent).popleft().answer.errback(self._lost)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Close: an endless line."""
        self._give_up(POP3Error(f"the server sends a line of more than {self.MAX_LENGTH} bytes"))

    # --- commands and answers

    def _ask(self, asked: _Asked) -> Deferred[Any]:
        if self._lost is not None:
            return fail(self._lost)
        self._unsent.append(asked)
        self._send()
        return asked.answer

    def _send(self) -> None:
        """Send those whose turn it is."""
        pipelines = b"PIPELINING" in (self._capabilities or ())
        while self._unsent and (not self._sent or (pipelines and not self._sent[-1].must_be_last)):
            self._sent.append(self._unsent.popleft())
            self.sendLine(self._sent[-1].line)
        if self.timeOut is None or not self._sent:
            self.setTimeout(self.timeout if self._sent else None)

    def lineReceived(self, line: bytes) -> None:
        """A line of an answer."""
        self.resetTimeout()
        try:
            if not self._sent:
                raise POP3Error(f"the server says something unasked: {line[:80]!r}")
            self._answered(self._sent[0], line)
        except Exception as problem:
            self._give_up(problem)

    def _answered(self, asked: _Asked, line: bytes) -> None:
        if asked.has_begun and line != b".":
            assert asked.consume is not None
            asked.consume(line[1:] if line.startswith(b".") else line)
            return
        if asked.has_begun:
            outcome: Any = asked.consume
        elif asked.respond is not None and line[:1] == b"+" and line[:2] != b"+O":
            self.sendLine(asked.respond(line[2:]))
            return
        else:
            is_ok, code, text = read_response(line)
            asked.has_begun = is_ok and asked.consume is not None
            if asked.has_begun:
                return
            outcome = text if is_ok else Failure(ServerErrorResponse(text, asked.consume, code))
        self._sent.popleft()
        asked.answer.callback(outcome)
        self._send()

    def sendShort(self, cmd: bytes, args: bytes | None = None) -> Deferred[bytes]:
        """Send a command whose answer is one line. Returns a Deferred of it, without +OK.

        It fails with ServerErrorResponse, or as the connection. Raises ValueError for CR, LF or NUL in a line.
        """
        return self._ask(_Asked(one_line(cmd + b" " + args if args else cmd)))

    def sendLong(self, cmd: bytes, args: bytes | None, consume: Callable[[bytes], object]) -> Deferred[Any]:
        """Send a command whose answer is a text. consume: called with each line; if it raises, the connection closes.

        Returns a Deferred of `consume`, when the text is over. It fails and raises as sendShort.
        """
        return self._ask(_Asked(one_line(cmd + b" " + args if args else cmd), consume))

    # --- logging in

    def capabilities(self, useCache: bool = True) -> Deferred[dict[bytes, list[bytes] | None]]:
        """What the server can: name → words behind it, or None. It is {} for a server that doesn't say."""
        if useCache and self._capabilities is not None:
            return succeed(self._capabilities)
        found: dict[bytes, list[bytes] | None] = {}

        def consume(line: bytes) -> None:
            if len(found) >= 1000:
                raise POP3Error("the server's capabilities don't end")
            name, *words = line.split() or [b""]
            found[name.upper()] = words or None

        def keep(_: Any) -> dict[bytes, list[bytes] | None]:
            self._capabilities = found
            return found

        asking = self.sendLong(b"CAPA", None, consume)
        return asking.addErrback(lambda failure: failure.trap(ServerErrorResponse)).addCallback(keep)

    @inlineCallbacks
    def startTLS(self, contextFactory: Any = None) -> Any:
        """Begin TLS; what the server said before is forgotten. contextFactory: the attribute unless given.

        Returns a Deferred of the capabilities. It fails with POP3ClientError if there is no context, or no STLS.
        """
        context = contextFactory or self.contextFactory
        if context is None:
            raise POP3ClientError("TLS needs a context: set contextFactory, such as ssl.optionsForClientTLS('host')")
        if b"STLS" not in (yield self.capabilities()):
            raise TLSNotSupportedError("the server has no STLS")
        yield self.sendShort(b"STLS")
        self._capabilities = self.serverChallenge = None
        self.startedTLS = True
        self.transport.startTLS(context)
        return (yield self.capabilities())

    @inlineCallbacks
    def login(self, username: bytes, password: bytes) -> Any:
        """Log in, in the best way that both can: over TLS if there is a context, by SASL if the server has it.

        Returns a Deferred of the server's answer. It fails with ServerErrorResponse, and with
        InsecureAuthenticationDisallowed when only a password in the clear is left; with LoginFailed, and the
        connection closes, when the server can't prove that it knows the password, as SCRAM wants it to.
        """
        known = yield self.capabilities()
        if not getattr(self.transport, "TLS", False) and self.contextFactory is not None and b"STLS" in known:
            known = yield self.startTLS()
        may_send = self.allowInsecureLogin or mayTakePasswords(self.transport)
        try:
            mechanism = choose(known.get(b"SASL") or (), username, may_send)
        except LoginFailed:
            pass  # there is none that both have
        else:
            return (yield self._authenticate(mechanism, password))
        if self.allowAPOP and self.serverChallenge is not None:
            digest = md5(self.serverChallenge + password).hexdigest().encode("ascii")
            return (yield self.apop(username, digest))
        if not may_send:
            raise InsecureAuthenticationDisallowed("only a password in the clear is left: set contextFactory")
        yield self.user(username)
        return (yield self.password(password))

    def _authenticate(self, mechanism: IClientAuthentication, password: bytes) -> Deferred[bytes]:
        login = LineAuthentication(mechanism, password)
        asked = self._ask(_Asked(b"AUTH " + mechanism.getName(), respond=login.respond)).addCallback(login.proved)
        return asked.addErrback(self._distrust)

    def _distrust(self, failure: Failure) -> Failure:
        if failure.check(LoginFailed):
            self._give_up(failure.value)
        return failure

    def apop(self, username: bytes, digest: bytes) -> Deferred[bytes]:
        """Log in by APOP. digest: the hexadecimal MD5 of `serverChallenge` and the password."""
        return self.sendShort(b"APOP", username + b" " + digest)

    def user(self, username: bytes) -> Deferred[bytes]:
        """The first half of a login in the clear. `login` does both, or better."""
        return self.sendShort(b"USER", username)

    def password(self, password: bytes) -> Deferred[bytes]:
        """The other half."""
        return self.sendShort(b"PASS", password)

    # --- letters

    def stat(self) -> Deferred[tuple[int, int]]:
        """How many messages there are, and how many bytes they have together."""
        return self.sendShort(b"STAT").addCallback(_two_numbers)

    def listSize(self, consumer: Callable[[tuple[int, int]], object] | None = None) -> Deferred[Any]:
        """The sizes of all messages.

        Returns a Deferred of a list, with None for those that aren't there. consumer: is called with each pair (index,
        size) instead, as it comes; then the Deferred's result is the consumer.
        """
        return self._list(b"LIST", consumer, read_number)

    def listUID(self, consumer: Callable[[tuple[int, bytes]], object] | None = None) -> Deferred[Any]:
        """The lasting names of all messages, otherwise as listSize."""
        return self._list(b"UIDL", consumer, lambda word: word)

    def _list(self, command: bytes, consumer: Any, read: Callable[[bytes], Any]) -> Deferred[Any]:
        found: list[Any] = []

        def keep(pair: tuple[int, Any]) -> None:
            found.extend([None] * (pair[0] + 1 - len(found)))
            found[pair[0]] = pair[1]

        def consume(line: bytes) -> None:
            number, _, rest = line.partition(b" ")
            index = read_number(number) - 1
            if not 0 <= index < self.maxMessages:
                raise POP3Error(f"a message is numbered 1 to {self.maxMessages}, not {index + 1}")
            (consumer or keep)((index, read(rest.strip().split(b" ")[0])))

        return self.sendLong(command, None, consume).addCallback(lambda _: consumer or found)

    def retrieve(
        self, index: int, consumer: Callable[[bytes], object] | None = None, lines: int | None = None
    ) -> Deferred[Any]:
        """A message, or with `lines` its headers and so many lines of its body.

        Returns a Deferred of its lines, without ends. consumer: as for listSize, called with each line.
        """
        found: list[bytes] = []
        room = self.maxBytes

        def keep(line: bytes) -> None:
            nonlocal room
            room -= len(line) + 2
            if room < 0:
                raise POP3Error(f"a message of more than {self.maxBytes} bytes: take it with a consumer")
            found.append(line)

        number = b"%d" % (index + 1)
        command = (b"RETR", number) if lines is None else (b"TOP", number + b" %d" % lines)
        return self.sendLong(*command, consumer or keep).addCallback(lambda _: consumer or found)

    def delete(self, index: int) -> Deferred[bytes]:
        """Delete a message when the session ends with `quit`."""
        return self.sendShort(b"DELE", b"%d" % (index + 1))

    def reset(self) -> Deferred[bytes]:
        """Delete none after all."""
        return self.sendShort(b"RSET")

    def noop(self) -> Deferred[bytes]:
        """Show that we are still here."""
        return self.sendShort(b"NOOP")

    def quit(self) -> Deferred[bytes]:
        """End the session, and have deleted what is to be. Without it nothing is."""
        return self.sendShort(b"QUIT")
