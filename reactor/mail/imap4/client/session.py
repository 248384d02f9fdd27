"""A client's session up to its login: what the server says of itself, TLS, SASL, and whom to believe what.

With a `context`, a login begins TLS if the server has it, forgets what was said before, and leaves a server that says
more before TLS begins, or lets us in without (PREAUTH): whoever sits in between could have said it. Before a login,
nothing about mailboxes is believed.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any

from reactor.cred.error import LoginFailed
from reactor.defer import Deferred, inlineCallbacks, succeed
from reactor.mail.imap4.client.commands import Answer, Command
from reactor.mail.imap4.client.pipeline import Pipeline
from reactor.mail.imap4.client.responses import IllegalServerResponse, Status, read_capabilities, read_items, reading
from reactor.mail.imap4.tokens import IMAP4Exception, quoted
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.sasl import IClientAuthentication, choose

_SHOWS_PASSWORD = (b"LOGIN", b"PLAIN")
_BEGINS = re.compile(rb"ANONYMOUS|EXTERNAL|PLAIN|SCRAM-")  # mechanisms in which the client has the first word


class NoSupportedAuthentication(IMAP4Exception):
    """There is no way to log in. serverSupports, clientSupports: names of the mechanisms that each has."""

    def __init__(self, serverSupports: Iterable[bytes], clientSupports: Iterable[bytes], why: str = "") -> None:
        sides = (b", ".join(names).decode("latin-1") or "none" for names in (serverSupports, clientSupports))
        super().__init__("{}: the server has {}; the client {}".format(why or "no way to log in is left", *sides))
        self.serverSupports, self.clientSupports = serverSupports, clientSupports


def _news(kind: bytes, values: list[Any]) -> tuple[Any, ...] | None:
    """Which method of a client hears of data that nobody asked for, and its arguments."""
    if kind == b"EXISTS":
        return "newMessages", int(values[0]), None
    if kind == b"RECENT":
        return "newMessages", None, int(values[0])
    if kind == b"EXPUNGE":
        return "messageExpunged", int(values[0])
    if kind == b"FETCH" and "FLAGS" in (items := read_items(values[2])[0]):
        return "flagsChanged", {int(values[0]): items["FLAGS"]}
    return None


class Session(Pipeline):
    """What IMAP4Client can before a mailbox is selected; its docstring says what the attributes are."""

    allowInsecureLogin = startedTLS = False
    state: str | None = None
    context: Any = None
    authenticators: dict[bytes, IClientAuthentication]
    _capabilities: dict[bytes, Any] | None = None

    # --- what the server says

    def statusReceived(self, status: Status, isGreeting: bool) -> None:
        """Take what a status says besides its text."""
        if isGreeting:
            self._greeted(status)
        elif status.name == b"BYE":
            self._reason = self._reason or IMAP4Exception(f"the server says goodbye: {status.text!r}")
        code = status.code[0] if status.code else b""
        if code == b"CAPABILITY":
            self._capabilities = reading(read_capabilities, status.code[1:])
        elif code == b"ALERT":
            self.alertReceived(status.text)
        elif code in (b"READ-ONLY", b"READ-WRITE") and self.state == "auth" and not self._sent:
            self.modeChanged(code == b"READ-WRITE")
        if isGreeting:
            self.serverGreeting(self._capabilities)

    def _greeted(self, status: Status) -> None:
        if status.name not in (b"OK", b"PREAUTH"):
            raise IllegalServerResponse(f"the server doesn't want us: {status.text!r}")
        if status.name == b"PREAUTH" and self.context is not None and not self._is_secure:
            raise IllegalServerResponse("the server lets us in before TLS, which then can't begin")
        self.state = "unauth" if status.name == b"OK" else "auth"

    def dataReceivedFor(self, command: Command | None, kind: bytes, values: list[Any]) -> None:
        """Tell what others do, or what a command does to others' numbers."""
        if kind == b"CAPABILITY":
            self._capabilities = reading(read_capabilities, values[1:])
        is_news = command is None or command.command in (b"NOOP", b"EXPUNGE", b"UID EXPUNGE")
        news = reading(_news, kind, values) if is_news and self.state == "auth" else None
        if news is not None:
            getattr(self, news[0])(*news[1:])

    def serverGreeting(self, caps: dict[bytes, Any] | None) -> None:
        """The server is there. Does nothing; override it. caps: see getCapabilities; None: it doesn't say."""

    def alertReceived(self, text: bytes) -> None:
        """The server says something that users must see. Does nothing; override it."""

    def modeChanged(self, writeable: bool) -> None:
        """The mailbox may be changed now, or no longer. Does nothing; override it."""

    def flagsChanged(self, newFlags: dict[int, list[str]]) -> None:
        """The flags of messages are others now. Does nothing; override it. newFlags: by number."""

    def newMessages(self, exists: int | None, recent: int | None) -> None:
        """There are so many messages, or recent ones, now; None: as many as before. Does nothing; override it."""

    def messageExpunged(self, message: int) -> None:
        """A message is gone, whoever did it: the numbers above it are one less from now on. Override it."""

    # --- TLS

    @property
    def _is_secure(self) -> bool:
        return bool(getattr(self.transport, "TLS", False))

    def _can(self, name: bytes) -> bool:
        return any(known.upper() == name for known in self._capabilities or ())

    def getCapabilities(self, useCache: bool = True) -> Deferred[dict[bytes, Any]]:
        """What the server can: name → what it can of it, or None, such as {b"AUTH": [b"PLAIN"], b"IDLE": None}."""
        if useCache and self._capabilities is not None:
            return succeed(self._capabilities)
        asking = self.sendCommand(Command(b"CAPABILITY", wantResponse=(b"CAPABILITY",)))
        return asking.addCallback(lambda answer: self._capabilities or {})

    @inlineCallbacks
    def startTLS(self, contextFactory: Any = None) -> Any:
        """Begin TLS. contextFactory: `context` unless given.

        Returns a Deferred of the capabilities. It fails with IMAP4Exception if there is no context, or no STARTTLS, or
        if the server says more before TLS begins.
        """
        context = contextFactory or self.context
        if context is None:
            raise IMAP4Exception("TLS needs a context: give one, such as ssl.optionsForClientTLS('host')")
        yield self.getCapabilities()
        if not self._can(b"STARTTLS"):
            raise IMAP4Exception("the server has no STARTTLS")
        yield self.sendCommand(Command(b"STARTTLS"))
        if self.clearLineBuffer():
            self._give_up(IllegalServerResponse("the server says more between its OK and TLS: who does?"))
            raise IMAP4Exception("the server says more between its OK and TLS")
        self._capabilities, self.startedTLS = None, True
        self.transport.startTLS(context)
        return (yield self.getCapabilities())

    # --- logins

    def registerAuthenticator(self, auth: IClientAuthentication) -> None:
        """Have `authenticate` use a mechanism."""
        self.authenticators[auth.getName().upper()] = auth

    @inlineCallbacks
    def authenticate(self, secret: bytes) -> Any:
        """Log in by the first of the server's mechanisms that is registered. Otherwise as `login`."""
        offers = yield self._offers()
        usable = [name for name in offers if name in self.authenticators]
        usable = [name for name in usable if self._may_send or name not in _SHOWS_PASSWORD]
        if not usable:
            raise NoSupportedAuthentication(offers, self.authenticators, self._why)
        return (yield self._authenticate(self.authenticators[usable[0]], secret))

    @inlineCallbacks
    def login(self, username: bytes, password: bytes) -> Any:
        """Log in, in the best way that both can: over TLS if there is a context, by SASL if the server has it.

        Returns a Deferred of the Answer. It fails with NegativeResponse, and with NoSupportedAuthentication when
        nothing is left, or only a password in the clear.
        """
        offers = yield self._offers()
        try:
            mechanism = choose(offers, username, self._may_send)
        except LoginFailed:
            if not self._may_send or self._can(b"LOGINDISABLED"):
                raise NoSupportedAuthentication(offers, [b"SCRAM-SHA-256", b"CRAM-MD5"], self._why) from None
            words = quoted(username) + b" " + quoted(password)
            return (yield self.sendCommand(Command(b"LOGIN", words)).addCallback(self._logged_in))
        return (yield self._authenticate(mechanism, password))

    @property
    def _may_send(self) -> bool:
        return self.allowInsecureLogin or mayTakePasswords(self.transport)

    @property
    def _why(self) -> str:
        return "" if self._may_send else "no password is sent in the clear, so set contextFactory"

    @inlineCallbacks
    def _offers(self) -> Any:
        """The server's mechanisms, over TLS if that can be."""
        yield self.getCapabilities()
        if not self._is_secure and self.context is not None and self._can(b"STARTTLS"):
            yield self.startTLS()
        known = self._capabilities or {}
        return [name.upper() for key, names in known.items() if key.upper() == b"AUTH" for name in names or () if name]

    def _authenticate(self, mechanism: IClientAuthentication, secret: bytes) -> Deferred[Answer]:
        def respond(challenge: bytes) -> bytes:
            return base64.b64encode(mechanism.challengeResponse(secret, base64.b64decode(challenge, validate=True)))

        args = mechanism.getName()
        if self._can(b"SASL-IR") and _BEGINS.match(args):
            args += b" " + (respond(b"") or b"=")
        asked = Command(b"AUTHENTICATE", args, (), lambda challenge: self.sendLine(respond(challenge)))
        return self.sendCommand(asked).addCallback(self._logged_in)

    def _logged_in(self, answer: Answer) -> Answer:
        self.state = "auth"
        if answer.code[:1] != [b"CAPABILITY"]:
            self._capabilities = None
        return answer
