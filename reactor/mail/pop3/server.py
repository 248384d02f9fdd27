"""The server's side of POP3 (RFC 1939): from the greeting to the goodbye.

    AUTHORIZATION  --PASS, APOP, AUTH-->  TRANSACTION  --QUIT-->  UPDATE        deletions happen here, and nowhere else

Each command is a method `do_…`; COMMANDS says when it may come, and with how many arguments. Bounds: a line has 255
bytes, in AUTH 12,288; a session ends after `mostErrors` in a row; the login is done in `loginTimeOut` s, and afterwards
something moves every `timeOut` s; who guesses at passwords meets `policies.logins`.
"""

from __future__ import annotations

import enum
import hmac
import io
import secrets
from collections.abc import Callable
from hashlib import md5
from typing import Any, ClassVar

from reactor import log
from reactor.cred.credentials import IUsernameHashedPassword
from reactor.cred.error import LoginDenied, LoginFailed
from reactor.cred.portal import Portal
from reactor.defer import Deferred, maybeDeferred
from reactor.failure import Failure
from reactor.mail.interfaces import IMailboxPOP3
from reactor.mail.pop3.wire import (
    NoSuchMessage,
    POP3Error,
    TopOfFile,
    has_utf8_headers,
    one_line,
    read_command,
    read_number,
)
from reactor.protocols.basic.logins import LoginConversation, LoginFactory
from reactor.protocols.policies import mayTakePasswords


class State(enum.Enum):
    """Where a session is, in RFC 1939's words."""

    AUTHORIZATION = enum.auto()
    TRANSACTION = enum.auto()
    UPDATE = enum.auto()


_BEFORE, _AFTER = {State.AUTHORIZATION}, {State.TRANSACTION}


class APOPCredentials(IUsernameHashedPassword):
    """What APOP shows. magic: what the server greeted with. digest: of that and the password, in hexadecimal."""

    def __init__(self, magic: bytes, username: bytes, digest: bytes) -> None:
        self.magic, self.username, self.digest = magic, username, digest

    def checkPassword(self, password: bytes) -> bool:
        """Whether the digest was made with this password."""
        return hmac.compare_digest(md5(self.magic + password).hexdigest().encode("ascii"), self.digest.lower())


class POP3(LoginConversation):
    """One session. POP3Factory sets it up; a subclass may add `do_…`.

    portal: who may log in; their avatars are IMailboxPOP3. contextFactory: for STLS; None: not offered. magic: what
    APOP is computed from; None: APOP is off, as it should be, since it needs the passwords themselves in the server's
    file, and hashes that are guessed fast. mbox: the mailbox, once somebody is in.
    """

    MAX_LENGTH = 255  # RFC 2449, section 4
    mostErrors = 5
    timeOut: float | None = 600.0  # RFC 1939: at least ten minutes
    loginTimeOut = 60.0
    COMMANDS: ClassVar = {  # when, with how many arguments at least, and at most
        "CAPA": (_BEFORE | _AFTER, 0, 0),
        "QUIT": (_BEFORE | _AFTER, 0, 0),
        "USER": (_BEFORE, 1, 255),  # names and passwords may have spaces
        "PASS": (_BEFORE, 1, 255),
        "APOP": (_BEFORE, 2, 2),
        "AUTH": (_BEFORE, 1, 2),
        "STLS": (_BEFORE, 0, 0),
        "UTF8": (_BEFORE, 0, 0),
        "LIST": (_AFTER, 0, 1),
        "UIDL": (_AFTER, 0, 1),
        "RETR": (_AFTER, 1, 1),
        "TOP": (_AFTER, 2, 2),
        "DELE": (_AFTER, 1, 1),
    }
    _OTHERS = (_AFTER, 0, 0)

    portal = Portal(None)  # type: ignore[arg-type]  # nobody can log in, so nobody asks the realm
    avatarInterface = IMailboxPOP3
    magic: bytes | None = None
    mbox: Any = None
    state = State.AUTHORIZATION
    _reads_utf8 = False
    _errors = 0
    _user: bytes | None = None

    def connectionMade(self) -> None:
        """Greet."""
        super().connectionMade()
        self._idle_s = self.setTimeout(self.loginTimeOut)
        self.successResponse(b"ready" if self.magic is None else b"ready " + self.magic)

    def resetTimeout(self) -> None:
        """Whoever isn't in gets no more time by talking."""
        if self.state is not State.AUTHORIZATION:
            super().resetTimeout()

    # --- what is said

    def lineTooLong(self) -> None:
        """An error like others."""
        self.explain(Failure(POP3Error(f"a line has at most {self.MAX_LENGTH} bytes")))

    def successResponse(self, message: bytes | str = b"") -> None:
        """Say that it went well."""
        self._errors = 0
        self.sendLine((b"+OK " + one_line(message)).rstrip())

    def failResponse(self, message: bytes | str = b"", code: bytes = b"") -> None:
        """Say that it didn't. code: one of RFC 2449's and 3206's, which programs understand, such as b"IN-USE"."""
        self.sendLine(b"-ERR " + (b"[" + code + b"] " if code else b"") + one_line(message))

    def explain(self, failure: Failure) -> None:
        """Say what went wrong, as far as it is the client's business; log the rest. Too many errors end the session."""
        problem = failure.value
        if isinstance(problem, POP3Error):
            self._errors += not isinstance(problem, NoSuchMessage)
            self.failResponse(str(problem))
            if self._errors >= self.mostErrors:
                self.transport.loseConnection()
        elif isinstance(problem, LoginDenied):
            self.failResponse("not now", getattr(problem, "code", b"SYS/TEMP"))
        elif isinstance(problem, LoginFailed):
            self.failResponse("this name and password let nobody in", b"AUTH")
        else:
            log.err(failure, "a command of POP3")
            self.failResponse("something went wrong here", b"SYS/TEMP" if isinstance(problem, OSError) else b"SYS/PERM")

    # --- commands

    async def command(self, line: bytes) -> None:
        word, rest = read_command(line)
        await maybeDeferred(self.processCommand, word, *(rest.split(b" ") if rest else ()))

    def processCommand(self, command: str, *args: bytes) -> Any:
        """Do what a command asks for; may be a coroutine, or return a Deferred. Raises POP3Error."""
        method = getattr(self, f"do_{command}", None)
        if method is None:
            raise POP3Error(f"{command} is no command here")
        states, least, most = self.COMMANDS.get(command, self._OTHERS)
        if self.state not in states:
            raise POP3Error(f"{command} doesn't come {'before' if self.mbox is None else 'after'} the login")
        if not least <= len(args) <= most:
            raise POP3Error(f"{command} has {least} to {most} arguments, not {len(args)}")
        return method(*args)

    def do_CAPA(self) -> None:
        """List what this server can."""
        self.successResponse("these are here")
        for capability in [*self.listCapabilities(), b"."]:
            self.sendLine(capability)

    def listCapabilities(self) -> list[bytes]:
        """The lines of CAPA (RFC 2449), with what a mailbox says of its letters once somebody is in."""
        days, delay_s = getattr(self.mbox, "messageExpiration", None), getattr(self.mbox, "loginDelay", 0)
        found = [b"TOP", b"UIDL", b"PIPELINING", b"RESP-CODES", b"AUTH-RESP-CODE", b"UTF8 USER"]
        found += [b"EXPIRE NEVER" if days is None else b"EXPIRE %d" % days]
        found += [b"LOGIN-DELAY %d" % delay_s] if delay_s else []
        names = self.mechanisms()
        found += [b"SASL " + " ".join(names).encode("ascii")] if names else []
        found += [b"USER"] if "PLAIN" in names else []  # it takes the same: a password, in the clear
        return [*found, b"STLS"] if self.mayStartTLS() else found

    def do_NOOP(self) -> None:
        """Do nothing."""
        self.successResponse()

    async def do_QUIT(self) -> None:
        """Delete what is to be deleted, and say so afterwards."""
        mbox, self.state = self.mbox, State.UPDATE
        try:
            if mbox is not None:
                await maybeDeferred(mbox.sync)
            self.successResponse("goodbye")
        except Exception:
            self.explain(Failure())
        self.logOut()  # before the client hears it, and comes again
        self.transport.loseConnection()

    # --- AUTHORIZATION

    def do_STLS(self) -> None:
        """Begin TLS. What came in the clear behind this command is forgotten, and so is USER."""
        if not self.mayStartTLS():
            raise POP3Error("TLS can't begin here, or has begun already")
        self.successResponse("begin")
        self._user = None
        self.transport.startTLS(self.contextFactory)

    def do_UTF8(self) -> None:
        """The client can read headers in UTF-8, and so may have letters that have them (RFC 6856)."""
        self._reads_utf8 = True
        self.successResponse()

    def do_USER(self, *words: bytes) -> None:
        """Take a name. Nobody is told whether there is such a user."""
        self._user = b" ".join(words)
        self.successResponse("and PASS?")

    async def do_PASS(self, *words: bytes) -> None:
        """Log in with a password."""
        user, self._user = self._user, None
        if user is None:
            raise POP3Error("USER comes before PASS")
        self.letIn(await maybeDeferred(self.authenticateUserPASS, user, b" ".join(words)))

    async def do_APOP(self, user: bytes, digest: bytes) -> None:
        """Log in with a hash of `magic` and the password."""
        self.letIn(await maybeDeferred(self.authenticateUserAPOP, user, digest))

    def authenticateUserPASS(self, user: bytes, password: bytes) -> Deferred[Any]:
        """Log in. Returns a Deferred of (IMailboxPOP3, mailbox, logout). Raises POP3Error where others could listen."""
        if not mayTakePasswords(self.transport):
            raise POP3Error("a password isn't taken in the clear: begin with STLS")
        return self.passwordLogin(user, password)

    def authenticateUserAPOP(self, user: bytes, digest: bytes) -> Deferred[Any]:
        """Log in. Returns as authenticateUserPASS. Raises POP3Error when APOP is off."""
        if self.magic is None:
            raise POP3Error("there is no APOP here")
        return self.portal.login(APOPCredentials(self.magic, user, digest), None, IMailboxPOP3)

    async def do_AUTH(self, mechanism: bytes, first: bytes | None = None) -> None:
        """Log in by SASL (RFC 5034)."""
        await self.saslLogin(mechanism.decode("ascii", "replace"), first)

    def challenge(self, text: bytes) -> None:
        self.sendLine(b"+ " + text)

    def welcome(self, avatar: Any) -> None:
        self.mbox, self.state = avatar, State.TRANSACTION
        self.setTimeout(self._idle_s)
        self.successResponse("welcome")

    # --- TRANSACTION. Clients number messages from 1, mailboxes from 0; the size of a deleted one is 0.

    async def _message(self, number: bytes) -> tuple[int, int]:
        """Index and size of a message that is there."""
        index = read_number(number) - 1
        try:
            size: int = await maybeDeferred(self.mbox.listMessages, index) if index >= 0 else 0
        except (ValueError, IndexError):
            size = 0
        if not size:
            raise NoSuchMessage(f"message {index + 1} isn't there, or is deleted")
        return index, size

    async def _messages(self) -> list[tuple[int, int]]:
        sizes = await maybeDeferred(self.mbox.listMessages)
        return [(index, size) for index, size in enumerate(sizes) if size]

    async def do_STAT(self) -> None:
        """How many messages there are, and their size together."""
        found = await self._messages()
        self.successResponse(f"{len(found)} {sum(size for _, size in found)}")

    def do_LIST(self, *number: bytes) -> Any:
        """The size of each message, or of one."""
        return self._list(lambda index, size: b"%d %d" % (index + 1, size), *number)

    def do_UIDL(self, *number: bytes) -> Any:
        """The lasting name of each message, or of one."""
        return self._list(lambda index, size: b"%d %b" % (index + 1, self.mbox.getUidl(index)), *number)

    async def _list(self, line: Callable[[int, int], bytes], number: bytes | None = None) -> None:
        if number is not None:
            self.successResponse(line(*await self._message(number)))
            return
        lines = [one_line(line(*each)) + b"\r\n" for each in await self._messages()]
        self.successResponse(f"{len(lines)} messages")
        await self.sendText(io.BytesIO(b"".join(lines)))

    async def do_TOP(self, number: bytes, lines: bytes) -> None:
        """The headers of a message, and so many lines of its body."""
        await self.do_RETR(number, read_number(lines))

    async def do_RETR(self, number: bytes, lines: int | None = None) -> None:
        """A message, or as TOP."""
        index, size = await self._message(number)
        try:
            file = await maybeDeferred(self.mbox.getMessage, index)
        except FileNotFoundError:
            raise NoSuchMessage("another program has removed this message") from None
        if not self._reads_utf8 and has_utf8_headers(file):
            file.close()
            problem = f"the headers of message {index + 1} are in UTF-8: say UTF8 before you log in"
            self.failResponse(problem, b"UTF8")  # RFC 6856, section 5
            return
        self.successResponse(f"{size} bytes")
        await self.sendText(file if lines is None else TopOfFile(file, lines))

    async def do_DELE(self, number: bytes) -> None:
        """Delete a message, when QUIT comes."""
        index, _ = await self._message(number)
        await maybeDeferred(self.mbox.deleteMessage, index)
        self.successResponse("it goes when you quit")

    async def do_RSET(self) -> None:
        """Delete nothing after all."""
        await maybeDeferred(self.mbox.undeleteMessages)
        self.successResponse()


class POP3Factory(LoginFactory[POP3]):
    """A server of POP3. The avatars of its portal are IMailboxPOP3, as `maildrop.Mailboxes` has.

    allowAPOP: see `POP3.magic`. All else: see LoginFactory.
    """

    protocol = POP3
    tooMany = b"-ERR [SYS/TEMP] too many connections, here or from you: come again later\r\n"

    def __init__(
        self, portal: Portal, contextFactory: Any = None, allowAPOP: bool = False, reactor: Any = None
    ) -> None:
        super().__init__(portal, contextFactory, reactor)
        self.allowAPOP = allowAPOP

    def buildSession(self, addr: Any) -> POP3:
        """One session."""
        session: POP3 = super().buildSession(addr)
        if self.allowAPOP:
            session.magic = f"<{secrets.token_hex(16)}@pop3>".encode("ascii")
        return session
