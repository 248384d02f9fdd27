"""A session of IMAP (RFC 3501) from the greeting to the goodbye; `states` says which command may come when.

Bounds: a line has 64 KiB, as has a literal, before the login 1 KiB; a message `maxMessageSize`; a command 20 literals;
the login is done in `loginTimeOut` s, and afterwards something moves every `timeOut` s; a session ends after
`mostErrors` in a row; who guesses at passwords meets `policies.logins`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ClassVar

from reactor import log
from reactor.cred.credentials import UsernamePassword
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.defer import Deferred, ensureDeferred, maybeDeferred
from reactor.failure import Failure
from reactor.mail.imap4.mailbox import MailboxGone, NoSuchMailbox
from reactor.mail.imap4.server.conversation import Action, Conversation, Refused
from reactor.mail.imap4.server.selected import Selected
from reactor.mail.imap4.server.states import BY_NUMBER_OR_UID, COMMANDS, GRAMMAR, NO_EXPUNGES, Command, State
from reactor.mail.imap4.tokens import ParseError, Reader
from reactor.mail.interfaces import IAccountIMAP
from reactor.protocol import connectionDone
from reactor.protocols.policies.limits import LimitedFactory
from reactor.protocols.policies.logins import LoginLimits, mayTakePasswords
from reactor.sasl import offered
from reactor.sasl.mechanisms import Situation

_TAG = re.compile(rb"[!#$&',-\[\]-z|}~./:;<=>?@^_`]{1,100}")  # an ASTRING without +


class IMAP4Server(Conversation):
    """One session. IMAP4Factory sets it up; a subclass may add to COMMANDS.

    portal: who may log in; their avatars are IAccountIMAP. contextFactory: for STARTTLS; None: not offered. account:
    once somebody is in. selected: the mailbox that is open, or None. knowsModseqs: whether the client uses CONDSTORE.
    afterwards: called when the command has its answer. tag: of the command that runs.
    """

    IDENT = b"reactor"
    timeOut: float | None = 1860.0  # RFC 3501: at least 30 minutes
    loginTimeOut = 60.0
    idlePollTime = 2.0  # seconds between looks at a mailbox into which other programs deliver
    maxMessageSize = 26_214_400
    contextFactory: Any = None
    portal: Any = None
    account: Any = None
    selected: Selected | None = None
    state = State.NOT_AUTHENTICATED
    knowsModseqs = False
    afterwards: Callable[[], object] | None = None
    tag = b""
    _logout: Callable[[], object] | None = None
    _poll: Any = None
    COMMANDS: ClassVar[dict[str, Command]] = COMMANDS

    def connectionMade(self) -> None:
        """Greet."""
        super().connectionMade()
        self.clock = self.clock or the_reactor(None)
        self._borrowed: list[Any] = []
        self.setTimeout(self.loginTimeOut)
        self.tagged(b"*", b"OK", "ready", b"CAPABILITY " + b" ".join(self.listCapabilities()))

    def resetTimeout(self) -> None:
        """Whoever isn't in gets no more time by talking."""
        if self.state is not State.NOT_AUTHENTICATED:
            super().resetTimeout()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the session."""
        super().connectionLost(reason)
        self.end_idling()
        if not self._is_busy:
            self._part()

    def _ran(self, _: Any) -> None:
        super()._ran(_)
        if self._is_gone:
            self._part()

    def _part(self) -> None:
        self.unselect()
        logout, self._logout = self._logout, None
        if logout is not None:
            logout()

    # --- commands

    def read_command(self, reader: Reader) -> tuple[bytes, Action]:
        """As Conversation's."""
        tag = reader.match(_TAG, "a tag")[0]
        reader.space()
        name = reader.atom().decode("ascii")
        if name == "UID":
            reader.space()
            name += " " + reader.atom().decode("ascii")
        command = self.COMMANDS.get(name)
        if command is None:
            raise ParseError(f"{name[:40]} is no command here")
        if self.state not in command.states:
            raise ParseError(f"{name} doesn't come while the session is {self.state.name}")
        if self.account is None:
            reader.most = 1024
        reader.mostMessage = self.maxMessageSize
        given: list[Any] = [name.startswith("UID ")] if name.removeprefix("UID ") in BY_NUMBER_OR_UID else []
        for word in command.arguments.split():
            value = GRAMMAR[word](reader)
            given += value if isinstance(value, tuple) else (value,)
        reader.end()
        return tag, partial(self._do, tag, name, partial(command.action, self, *given))

    async def _do(self, tag: bytes, name: str, action: Callable[[], Coroutine[Any, Any, bytes | None]]) -> None:
        self.tag = tag
        try:
            code = await action()
            await self.tell_news(name not in NO_EXPUNGES)
        finally:
            while self._borrowed:
                self._close(self._borrowed.pop())
        self.tagged(tag, b"OK", f"{name} is done", code or b"")
        afterwards, self.afterwards = self.afterwards, None
        if afterwards is not None:
            self.flush()
            afterwards()

    async def tell_news(self, withExpunges: bool) -> None:
        """Say what has happened in the mailbox."""
        if self.selected is not None:
            for line in await self.selected.news(withExpunges, self.knowsModseqs):
                self.say(b"* " + line)

    # --- who may

    def may_start_tls(self) -> bool:
        """Whether STARTTLS may come."""
        return self.contextFactory is not None and self.account is None and not getattr(self.transport, "TLS", False)

    def listCapabilities(self) -> list[bytes]:
        """What CAPABILITY says now."""
        found = b"IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE NAMESPACE UNSELECT ESEARCH LIST-STATUS".split()
        if self.account is None:
            may_send = mayTakePasswords(self.transport)
            found += [b"AUTH=" + name.encode("ascii") for name in offered(self.portal, Situation(may_send))]
            found += [b"STARTTLS"] if self.may_start_tls() else []
            return found + ([] if may_send else [b"LOGINDISABLED"])
        return found + list(getattr(self.account, "extensions", ()))

    def authenticateLogin(self, user: bytes, passwd: bytes) -> Deferred[Any]:
        """Log in. Returns a Deferred of (IAccountIMAP, account, logout)."""
        login: Deferred[Any] = self.portal.login(UsernamePassword(user, passwd), None, IAccountIMAP)
        return login

    def welcome(self, interface: Any, account: Any, logout: Callable[[], object]) -> bytes:
        """Somebody is in. Returns the code of the answer."""
        if self._is_gone:
            logout()
        else:
            self.account, self._logout, self.state = account, logout, State.AUTHENTICATED
            self.setTimeout(self.timeOut)
        return b"CAPABILITY " + b" ".join(self.listCapabilities())

    # --- mailboxes

    def can(self, extension: bytes) -> bool:
        """Whether the account's mailboxes know an extension."""
        return extension in getattr(self.account, "extensions", ())

    def need(self, extension: bytes) -> None:
        """Raise ParseError unless the account's mailboxes know an extension."""
        if not self.can(extension):
            raise ParseError(f"there is no {extension.decode('ascii')} here")

    async def mailbox(self, name: str, code: bytes = NoSuchMailbox.code, rw: bool = True) -> Any:
        """A mailbox of the account's, until the command is done. Raises Refused, with this code, if there is none."""
        if self.selected is not None and self.selected.name == name:
            return self.selected.mailbox
        found = await maybeDeferred(self.account.select, name, rw)
        if found is None or r"\noselect" in [flag.lower() for flag in found.getFlags()]:
            raise Refused("there is no such mailbox", code)
        self._borrowed.append(found)
        return found

    def enter(self, selected: Selected) -> None:
        """A mailbox is open now."""
        self._borrowed.remove(selected.mailbox)
        self.selected, self.state = selected, State.SELECTED
        selected.mailbox.addListener(self)

    def unselect(self) -> None:
        """No mailbox is open any more."""
        selected, self.selected = self.selected, None
        if selected is not None:
            self.state = State.AUTHENTICATED
            selected.mailbox.removeListener(self)
            self._close(selected.mailbox)

    def _close(self, mailbox: Any) -> None:
        if hasattr(mailbox, "close"):
            maybeDeferred(mailbox.close).addErrback(log.err, "a mailbox that closes")

    # --- IDLE, and IMailboxIMAPListener

    def begin_idling(self, delay_s: float = 0.0) -> None:
        """Look for news soon, and again and again."""
        self._poll = self.clock.callLater(delay_s, self._look)

    def _look(self) -> None:
        self._poll = None
        ensureDeferred(self.tell_news(True)).addCallbacks(lambda _: self.flush(), self._lost_mailbox)
        if not (self._is_gone or self.transport.disconnecting):
            self.begin_idling(self.idlePollTime)

    def _lost_mailbox(self, failure: Failure) -> None:
        if failure.check(MailboxGone):
            self.close("the mailbox is gone")
        else:
            log.err(failure, "news of a mailbox")
            self.close("the mailbox can't be read any more")

    def explain(self, tag: bytes, failure: Failure) -> None:
        """As Conversation's. Without its mailbox, a session doesn't go on."""
        super().explain(tag, failure)
        if failure.check(MailboxGone):
            self._lost_mailbox(failure)

    def end_idling(self) -> None:
        """Look no more."""
        poll, self._poll = self._poll, None
        if poll is not None:
            poll.cancel()

    def newMessages(self, exists: int | None, recent: int | None) -> None:
        """As IMailboxIMAPListener."""
        if self._poll is not None:
            self._poll.reset(0)

    def flagsChanged(self, newFlags: Any) -> None:
        """As IMailboxIMAPListener."""
        if self.selected is not None and not self.selected.isTracked:
            self.selected.changed(newFlags)
        self.newMessages(None, None)

    def modeChanged(self, writeable: bool) -> None:
        """As IMailboxIMAPListener."""
        if self.selected is not None:
            self.selected.isReadOnly = not writeable
            self.say(b"* OK [READ-WRITE]" if writeable else b"* OK [READ-ONLY]")
            self.flush()


class IMAP4Factory(LimitedFactory[IMAP4Server]):
    """A server of IMAP.

    portal: who may log in; their avatars are IAccountIMAP, as `account.Accounts` has. contextFactory: for STARTTLS;
    without it, passwords are taken over loopback and UNIX sockets only.
    """

    protocol = IMAP4Server
    tooMany = b"* BYE too many connections, here or from you: come again later\r\n"

    def __init__(self, portal: Portal, contextFactory: Any = None, reactor: Any = None) -> None:
        self.portal, self.contextFactory = portal, contextFactory
        self.reactor = the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)

    def buildSession(self, addr: Any) -> IMAP4Server:
        """One session. Its logins are limited together with those of all others."""
        session = self.protocol()
        session.factory, session.clock, session.callLater = self, self.reactor, self.reactor.callLater
        session.portal, session.contextFactory = self.limits.portal(self.portal, addr), self.contextFactory
        return session
