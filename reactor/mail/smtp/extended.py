"""What RFC 1869 opened the door for, on the server's side: ESMTP and LMTP.

TLS (RFC 3207), logins (RFC 4954), chunks (RFC 3030). After STARTTLS the server forgets what was said before, and what
came behind it in the clear: somebody in the middle may have put it there (CVE-2011-0411).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from reactor.cred.error import LoginDenied, LoginFailed
from reactor.failure import Failure
from reactor.mail.interfaces import IMessageDelivery, IMessageDeliveryFactory
from reactor.mail.smtp.commands import Mode, read_chunk, read_name, read_nothing
from reactor.mail.smtp.errors import SMTPServerError
from reactor.mail.smtp.server import SMTP
from reactor.protocols.policies import mayTakePasswords
from reactor.sasl import MECHANISMS, IllegalClientResponse, LineLogin, ServerLogin, Success, offered
from reactor.sasl.mechanisms import Situation


class ESMTP(SMTP):
    """The protocol of today.

    chal: the names of the mechanisms to offer, as bytes, or a dict with them as keys; None for all that the portal can
    check. contextFactory: for STARTTLS; None without. limits: a LoginLimits, one for all connections; None: no limits.
    requireAuthentication: whether only those who are logged in may send, as on port 587 (RFC 6409).
    authenticated: whether somebody is. startedTLS: whether TLS began here.
    """

    announced: tuple[bytes, ...] = (b"PIPELINING", b"8BITMIME", b"SMTPUTF8", b"CHUNKING", b"ENHANCEDSTATUSCODES")
    requireAuthentication = False
    limits: Any = None
    word = b"EHLO"

    def __init__(self, chal: Iterable[bytes] | None = None, contextFactory: Any = None) -> None:
        super().__init__()
        self.challengers = None if chal is None else {name.decode("ascii").upper() for name in chal}
        self.ctx = contextFactory
        self.authenticated = self.startedTLS = False
        self.__login: LineLogin | None = None
        self.__chunk, self.__is_last = 0, False

    def greeting(self) -> bytes:
        """As SMTP's."""
        return super().greeting() + b" " + self.spoken.encode()

    @property
    def canStartTLS(self) -> bool:
        """Whether TLS can begin now."""
        return self.ctx is not None and hasattr(self.transport, "startTLS") and not self.__is_secure

    @property
    def __is_secure(self) -> bool:
        return bool(getattr(self.transport, "TLS", False))

    def extensions(self) -> dict[bytes, list[bytes] | None]:
        """What EHLO announces: keyword → its words, None for none."""
        known: dict[bytes, list[bytes] | None] = dict.fromkeys(self.announced)
        known[b"SIZE"] = [b"%d" % self.maxMessageSize]
        if self.canStartTLS:
            known[b"STARTTLS"] = None
        if mechanisms := [name.encode() for name in self.__mechanisms()]:
            known[b"AUTH"] = mechanisms
        return known

    def listExtensions(self) -> bytes:
        """The lines of that."""
        return b"\n".join(b" ".join([word, *(more or [])]) for word, more in self.extensions().items())

    def lookupMethod(self, command: bytes) -> Callable[[bytes], object] | None:
        """As SMTP's, and the extensions' ext_COMMAND."""
        name = command.decode("ascii").upper()
        return getattr(self, "do_" + name, None) or getattr(self, "ext_" + name, None)

    def do_EHLO(self, rest: bytes) -> None:
        """Begin."""
        self.helo = (read_name(self.word, rest), self.helo[1])
        self.isExtended = True
        self.reset()
        self.__name_it()
        hello = self.host + b" Hello " + self.helo[1] + b", nice to meet you\n"
        self.sendCode(250, hello + self.listExtensions())

    def __name_it(self) -> None:
        self.spoken = type(self).spoken + "S" * self.__is_secure + "A" * self.authenticated  # RFC 3848

    spoken = "ESMTP"

    def do_MAIL(self, rest: bytes) -> None:
        """As SMTP's."""
        if self.requireAuthentication and not self.authenticated:
            raise SMTPServerError(530, "5.7.0 Authentication required")
        super().do_MAIL(rest)

    # --- TLS

    def ext_STARTTLS(self, rest: bytes) -> None:
        """Encrypt from here on."""
        read_nothing(b"STARTTLS", rest)
        if not self.canStartTLS:
            code, text = (503, "5.5.1 TLS already negotiated") if self.__is_secure else (454, "4.7.0 TLS not available")
            raise SMTPServerError(code, text)
        self.sendCode(220, b"2.0.0 Begin TLS negotiation now")
        self.transport.startTLS(self.ctx)
        self.startedTLS = True
        self.helo, self.isExtended, self.authenticated = (None, self.helo[1]), False, False
        self.logOut()
        self.reset()

    # --- logins

    def __situation(self) -> Situation:
        return Situation(isPrivate=mayTakePasswords(self.transport), host=self.host)

    def __mechanisms(self) -> list[str]:
        names = offered(self.portal, self.__situation()) if self.portal is not None and not self.authenticated else []
        return [name for name in names if name != "ANONYMOUS" and name in (self.challengers or names)]

    def ext_AUTH(self, rest: bytes) -> None:
        """Log in."""
        if self.authenticated:
            raise SMTPServerError(503, "5.5.1 Already authenticated")
        words = rest.split(b" ", 1)
        name = words[0].decode("ascii", "replace").upper()
        if name not in self.__mechanisms():
            hidden = self.portal is not None and name in MECHANISMS and not self.__situation().isPrivate
            code, text = (538, "5.7.11 Encrypt first") if hidden else (504, "5.5.4 Unrecognized authentication type")
            raise SMTPServerError(code, text)
        portal = self.portal if self.limits is None else self.limits.portal(self.portal, self.transport.getPeer())
        kinds = (IMessageDeliveryFactory, IMessageDelivery)
        self.__login = LineLogin(ServerLogin(portal, name, self.__situation(), None, *kinds))
        self.mode = Mode.AUTH
        self.loginLineReceived(words[1] if len(words) > 1 else None)

    def loginLineReceived(self, line: bytes | None) -> None:
        """A response, in base64; or `*`, by which the client gives up."""
        assert self.__login is not None
        login = self.__login
        self.whenKnown(lambda: login.respond(line).addCallbacks(self.__answered, self.__failed), lambda _: None)

    def __answered(self, answer: bytes | Success) -> None:
        if not isinstance(answer, Success):
            self.sendCode(334, answer)
        elif self.mode is Mode.OVER:
            answer.logout()
        else:
            self.__login, self.mode, self.authenticated = None, Mode.READY, True
            self.loggedIn((answer.interface, answer.avatar, answer.logout))
            self.__name_it()
            self.sendCode(235, b"2.7.0 Authentication successful.")

    def __failed(self, failure: Failure) -> None:
        failure.trap(LoginFailed)
        self.__login, self.mode = None, Mode.READY if self.mode is Mode.AUTH else self.mode
        if failure.check(IllegalClientResponse):
            self.mistake(SMTPServerError(501, f"5.5.2 {failure.value}"))
        elif failure.check(LoginDenied):
            self.end(421, b"4.7.0 Too many logins failed")
        else:
            self.mistake(SMTPServerError(535, "5.7.8 Authentication failed"))

    def connectionLost(self, reason: Any = None) -> None:
        super().connectionLost(reason)
        if self.__login is not None:
            self.__login.cancel()

    # --- chunks

    def ext_BDAT(self, rest: bytes) -> None:
        """A chunk of a letter, counted instead of dotted. It comes in any case, also where none belongs."""
        try:
            self.__chunk, self.__is_last = read_chunk(rest)
        except SMTPServerError as problem:
            self.refuse(problem)
            self.end(421, b"5.5.4 Who knows where the next command begins")
            return
        if self.mode is Mode.RECIPIENTS:
            self.beginLetter()
            self.mode = Mode.CHUNKS
        if self.__chunk:
            self.setRawMode()
        else:
            self.__chunk_ended()

    def rawDataReceived(self, data: bytes) -> object:
        """A part of a chunk, or of what ends with a dot."""
        if self.mode is Mode.DATA:
            return super().rawDataReceived(data)
        if self.mode is Mode.OVER:
            return None  # else who goes on sending would never be cut off
        part = data[: self.__chunk]
        self.__chunk -= len(part)
        if self.mode is Mode.CHUNKS:
            self.textReceived(part)
        else:
            self.resetTimeout()
        if self.__chunk or self.transport.disconnecting:
            return None
        self.line_mode = 1
        self.__chunk_ended()
        return self.setLineMode(data[len(part) :])

    def __chunk_ended(self) -> None:
        if self.mode is not Mode.CHUNKS:
            self.refuse(SMTPServerError(503, "5.5.1 MAIL and RCPT come before the letter"))
        elif self.__is_last:
            self.textEnded(0)
        else:
            self.sendCode(250, b"2.0.0 Chunk taken")


class LMTP(ESMTP):
    """The same without a queue behind it (RFC 2033): LHLO, and after a letter a reply for each recipient."""

    word = b"LHLO"
    spoken = "LMTP"

    def lookupMethod(self, command: bytes) -> Callable[[bytes], object] | None:
        """As ESMTP's, without the two commands that are not LMTP's."""
        if command == b"LHLO":
            return self.do_EHLO
        return None if command in (b"HELO", b"EHLO") else super().lookupMethod(command)

    def letterEnded(self, outcomes: Sequence[SMTPServerError | None]) -> None:
        """What became of it, for each recipient, in their order."""
        for outcome in outcomes:
            super().letterEnded([outcome])
