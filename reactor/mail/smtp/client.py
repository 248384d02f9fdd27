"""The client's side: one connection, over which letters go until there are no more.

It asks its subclass for each letter (`getMailFrom`, `getMailTo`, `getMailData`), and tells it what became of it
(`sentMail`) or why nothing can be sent at all (`sendError`). What the server says before TLS it may not have said: so
its extensions are asked for anew, and what came in the clear behind its go-ahead is forgotten.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import IO, Any

from reactor.cred.error import LoginFailed
from reactor.defer import DeferredList, ensureDeferred
from reactor.error import ConnectionClosed
from reactor.failure import Failure
from reactor.mail.smtp import errors
from reactor.mail.smtp.addresses import Address, quoteaddr
from reactor.mail.smtp.errors import SMTPClientError
from reactor.protocol import connectionDone
from reactor.protocols.basic.dotted import DottedWriter
from reactor.protocols.basic.files import FileSender
from reactor.protocols.basic.replies import CommandClient, Reply
from reactor.protocols.policies import TimeoutMixin, mayTakePasswords
from reactor.sasl import MECHANISMS, IClientAuthentication, LineAuthentication, choose

_SENT = range(200, 300)
_AT_ONCE = 100  # commands that wait for replies: more may fill both kernels' buffers (RFC 2920 section 3.1)
_PIECE_BYTES = 65_536
NOT_INTERNATIONAL = b"5.6.7 The server has no SMTPUTF8, which this address needs"


class SMTPClient(CommandClient, TimeoutMixin):
    """The protocol of 1982. Override the five methods that ask and tell.

    identity: what to call ourselves. logsize: how many lines of the conversation to keep for errors, in `log`.
    debug: whether to keep them. timeout: how many seconds the server may be silent; None: for ever.
    extensions: what the server can: keyword → the rest of its line.
    """

    debug = True
    timeout: float | None = None
    perRecipient = False  # whether each recipient has a reply to the letter, as in LMTP

    def __init__(self, identity: bytes | str, logsize: int = 10) -> None:
        self.identity = identity.encode("ascii") if isinstance(identity, str) else identity
        self.extensions: dict[bytes, bytes] = {}
        self.__lines: deque[bytes] = deque(maxlen=logsize)
        self.__is_secret = False

    # --- override these

    def getMailFrom(self) -> Any:
        """Whom the next letter is from: an address; None when there is none, and the connection ends."""
        raise NotImplementedError

    def getMailTo(self) -> Iterable[Any]:
        """Whom it is for: addresses. An Address may say more in its `options`, such as `{b"NOTIFY": b"NEVER"}`."""
        raise NotImplementedError

    def getMailData(self) -> IO[bytes]:
        """Its text: a file that can be read twice. Its lines may end with LF or CRLF."""
        raise NotImplementedError

    def sentMail(self, code: int, resp: bytes, numOk: int, addresses: list[tuple[Any, int, bytes]], log: bytes) -> Any:
        """What became of it. code, resp: the server's reply to the letter, or to what it refused before.

        numOk: how many recipients it has taken it for. addresses: each of them, with the code and text it got.
        """
        raise NotImplementedError

    def sendError(self, exc: SMTPClientError) -> None:
        """Nothing (more) can be sent. Override it to hear why, and call this: it says goodbye, or just closes."""
        if exc.isFatal:
            self.transport.loseConnection()
        else:
            ensureDeferred(self.__quit()).addErrback(lambda failure: failure.trap(ConnectionClosed))

    # --- the conversation

    @property
    def log(self) -> bytes:
        """The last lines of the conversation."""
        return b"\n".join(self.__lines)

    def connectionMade(self) -> None:
        super().connectionMade()
        self.setTimeout(self.timeout)
        ensureDeferred(self.__talk())

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.setTimeout(None)
        super().connectionLost(reason)

    def timeoutConnection(self) -> None:
        """The server is silent."""
        self.sendError(errors.SMTPTimeoutError(-1, "Timeout waiting for SMTP server response", self.log))
        self.transport.abortConnection()

    def unexpectedReply(self, reply: Reply) -> None:
        """The server says something unasked: that it leaves, as a rule."""
        self.sendError(errors.SMTPConnectError(reply.code, reply.text, self.log))

    def sendLine(self, line: bytes) -> None:
        if self.debug:
            self.__lines.append(b">>> " + (b"(secret)" if self.__is_secret else line))
        super().sendLine(line)

    def lineReceived(self, line: bytes) -> None:
        self.resetTimeout()
        if self.debug:
            self.__lines.append(b"<<< " + line)
        super().lineReceived(line)

    def failed(self, kind: type[SMTPClientError], code: int, text: str | bytes) -> SMTPClientError:
        """An error, with the last lines in it."""
        return kind(code, text, self.log)

    async def __talk(self) -> None:
        try:
            greeting = await self.expectReply()
            if greeting.code != 220:
                raise self.failed(errors.SMTPConnectError, greeting.code, greeting.text)
            if self.identity.split() != [self.identity] or b"\0" in self.identity:
                raise self.failed(SMTPClientError, -1, f"{self.identity!r} is no name to introduce ourselves by")
            await self.introduce()
            while (origin := self.getMailFrom()) is not None:
                await self.__send(origin)
            await self.__quit()
        except SMTPClientError as problem:
            self.sendError(problem)
        except ConnectionClosed:
            pass  # the factory hears of it
        except Exception as problem:
            self.sendError(self.failed(errors.SMTPProtocolError, -1, str(problem)))

    async def introduce(self) -> None:
        """Say who we are, and do what has to be done before letters go."""
        await self.must(b"HELO " + self.identity, errors.SMTPProtocolError)

    async def must(self, command: bytes, kind: type[SMTPClientError], code: range = _SENT) -> Reply:
        """Send a command that has to succeed."""
        reply = await self.sendCommand(command)
        if reply.code not in code:
            raise self.failed(kind, reply.code, reply.text)
        return reply

    async def sendSecret(self, line: bytes) -> Reply:
        """Send a line that isn't kept in the log."""
        self.__is_secret = True
        try:
            return await self.sendCommand(line)
        finally:
            self.__is_secret = False

    async def __quit(self) -> None:
        await self.sendCommand(b"QUIT")
        self.transport.loseConnection()

    # --- a letter

    async def __send(self, origin: Any) -> None:
        recipients, file = list(self.getMailTo()), self.getMailData()
        reply, answers = await self.__envelope(origin, recipients, file)
        addresses = [
            (recipient, answer.code, answer.text) for recipient, answer in zip(recipients, answers, strict=False)
        ]
        taken = [place for place, answer in enumerate(answers) if answer.code in _SENT]
        if reply.code in _SENT and taken:
            reply = await self.sendCommand(b"DATA")
            if reply.code == 354:
                await self.__text(file)
                reply = await self.__verdicts(taken, addresses)
        elif reply.code in _SENT:
            reply = Reply(answers[-1].code if answers else 550, (b"No recipients accepted",))
        if reply.code not in _SENT:
            await self.must(b"RSET", errors.SMTPProtocolError)
        count = sum(code in _SENT for _, code, _ in addresses) if reply.code in _SENT else 0
        self.sentMail(reply.code, reply.text, count, addresses, self.log)

    async def __envelope(self, origin: Any, recipients: list[Any], file: IO[bytes]) -> tuple[Reply, list[Reply]]:
        is_international = any(Address(quoteaddr(it)).isInternational for it in (origin, *recipients))
        if is_international and b"SMTPUTF8" not in self.extensions:
            return Reply(553, (NOT_INTERNATIONAL,)), []
        commands = [b"MAIL FROM:" + quoteaddr(origin) + self.letterOptions(origin, file, is_international)]
        commands += [b"RCPT TO:" + quoteaddr(one) + self.__dsn(one, b"NOTIFY", b"ORCPT") for one in recipients]
        self.pipelined = b"PIPELINING" in self.extensions
        replies: list[Reply] = []
        while commands:
            waiting = [self.sendCommand(command) for command in commands[:_AT_ONCE]]
            commands = commands[_AT_ONCE:]
            for is_reply, reply in await DeferredList(waiting, consumeErrors=True):
                if not is_reply:
                    raise reply.value
                replies.append(reply)
        is_begun = replies[0].code in _SENT  # if not, what was said to recipients behind it says nothing about them
        return replies[0], replies[1:] if is_begun else []

    def letterOptions(self, origin: Any, file: IO[bytes], is_international: bool) -> bytes:
        """What stands behind MAIL FROM, of what the server understands. Raises SMTPDeliveryError if it is too large."""
        size, is_ascii = 0, True
        while piece := file.read(_PIECE_BYTES):
            size += len(piece)
            is_ascii = is_ascii and piece.isascii()
        file.seek(0)
        options = self.__dsn(origin, b"RET", b"ENVID")
        if b"SIZE" in self.extensions:
            options += b" SIZE=%d" % size
        if not is_ascii and b"8BITMIME" in self.extensions:
            options += b" BODY=8BITMIME"
        return options + b" SMTPUTF8" * is_international

    def __dsn(self, address: Any, *names: bytes) -> bytes:
        known = getattr(address, "options", {}) if b"DSN" in self.extensions else {}
        return b"".join(b" %b=%b" % (name, known[name]) for name in names if name in known)

    async def __text(self, file: IO[bytes]) -> None:
        writer = DottedWriter(self.transport)

        def alive(piece: bytes) -> bytes:
            self.resetTimeout()
            return piece

        await FileSender().beginFileTransfer(file, writer, alive)
        writer.finish()

    async def __verdicts(self, taken: list[int], addresses: list[tuple[Any, int, bytes]]) -> Reply:
        """The server's last word: one, or one for each recipient that it has taken; the best of them."""
        replies = [await self.expectReply() for _ in (taken if self.perRecipient else taken[:1])]
        for place, reply in zip(taken, replies, strict=False) if self.perRecipient else ():
            addresses[place] = (addresses[place][0], reply.code, reply.text)
        return min(replies, key=lambda reply: reply.code)


class ESMTPClient(SMTPClient):
    """The protocol of today: extensions, TLS, logins.

    username, secret: to log in with; no secret: don't. contextFactory: for STARTTLS, used where the server has it.
    authenticators: what `registerAuthenticator` was given. heloFallback: whether a server of 1982 will do.
    requireAuthentication, requireTransportSecurity: whether to give up where there is no login, or no TLS.
    """

    heloFallback = True
    requireAuthentication = False
    requireTransportSecurity = False
    username: bytes | None = None
    word = b"EHLO"

    def __init__(self, secret: bytes | None, contextFactory: Any = None, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.secret, self.context = secret, contextFactory
        self.startedTLS = False
        self.authenticators: list[IClientAuthentication] = []

    def registerAuthenticator(self, auth: IClientAuthentication) -> None:
        """Log in by this, if the server has it; the first that fits is taken."""
        self.authenticators.append(auth)

    @property
    def isSecure(self) -> bool:
        """Whether TLS protects the connection."""
        return bool(getattr(self.transport, "TLS", False))

    async def introduce(self) -> None:
        """EHLO; TLS, and EHLO again; a login."""
        await self.__hello()
        if self.context is not None and not self.isSecure and b"STARTTLS" in self.extensions:
            await self.__start_tls()
        if self.requireTransportSecurity and not self.isSecure:
            raise self.failed(errors.TLSRequiredError, 502, "Server does not support secure communication via TLS")
        if self.secret is not None and (b"AUTH" in self.extensions or self.requireAuthentication):
            await self.__log_in()
        elif self.requireAuthentication:
            raise self.failed(errors.AUTHRequiredError, 502, "There is no password to log in with")

    async def __hello(self) -> None:
        reply = await self.sendCommand(self.word + b" " + self.identity)
        if reply.code in _SENT:
            lines = (line.partition(b" ") for line in reply.lines[1:])
            self.extensions = {keyword.upper(): rest for keyword, _, rest in lines}
        elif reply.code in range(500, 600) and self.heloFallback and not self.requireAuthentication:
            await super().introduce()
        else:
            raise self.failed(errors.EHLORequiredError, reply.code, reply.text)

    async def __start_tls(self) -> None:
        reply = await self.sendCommand(b"STARTTLS")
        if reply.code == 220:
            self.transport.startTLS(self.context)
            self.startedTLS, self.extensions = True, {}
            await self.__hello()
        elif self.requireTransportSecurity:
            raise self.failed(errors.TLSError, reply.code, reply.text)

    def chooseAuthenticator(self, offers: list[bytes]) -> IClientAuthentication:
        """What to log in by: what is registered; else, with a username, the strongest that the server has, where the
        password itself goes only over TLS, or to this machine.

        offers: the server's names of mechanisms. Raises LoginFailed if there is nothing.
        """
        if self.username is not None and not self.authenticators:
            return choose(offers, self.username, mayTakePasswords(self.transport))
        for auth in self.authenticators:
            if auth.getName().upper() in offers:
                return auth
        wanted = b", ".join(auth.getName().upper() for auth in self.authenticators).decode()
        raise LoginFailed(f"Server does not support Client Authentication schemes [{wanted}]")

    async def __log_in(self) -> None:
        try:
            auth = self.chooseAuthenticator(self.extensions.get(b"AUTH", b"").upper().split())
        except LoginFailed as problem:
            raise self.failed(errors.AUTHRequiredError, 502, str(problem)) from None
        login = LineAuthentication(auth, self.secret or b"")
        try:
            reply = await self.__challenges(auth.getName().upper(), login)
        except LoginFailed as problem:
            await self.sendCommand(b"*")
            raise self.failed(errors.AuthenticationError, 501, str(problem)) from None
        if reply.code != 235:
            raise self.failed(errors.AUTHDeclinedError, reply.code, reply.text)
        try:
            login.proved(reply)
        except LoginFailed as problem:
            raise self.failed(errors.AuthenticationError, 501, str(problem)) from None

    async def __challenges(self, name: bytes, login: LineAuthentication) -> Reply:
        mechanism = MECHANISMS.get(name.decode("ascii"))
        command = b"AUTH " + name
        if mechanism is not None and mechanism.clientBegins:
            command += b" " + (login.respond(b"") or b"=")
        reply = await self.sendSecret(command)
        while reply.code == 334:
            reply = await self.sendSecret(login.respond(reply.text))
        return reply
