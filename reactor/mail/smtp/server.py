"""The server's side: a conversation that decides nothing. An IMessageDelivery says from whom and for whom letters are
taken; while it thinks, no further command is read.

    START ─HELO→ READY ─MAIL→ SENDER ─RCPT→ RECIPIENTS ─DATA→ DATA ──"."──→ READY
                   └─AUTH→ AUTH ─→ READY            └───BDAT→ CHUNKS ─LAST─→ READY         RSET, HELO: back to READY

The limits, all attributes: of a command line MAX_LENGTH, of a letter `maxMessageSize`, of its recipients
`maxRecipients`, of mistakes `maxErrors`, of silence `timeout`, of the time that one letter takes `longestLetter_s`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from reactor import log
from reactor.cred.credentials import Anonymous
from reactor.cred.error import Unauthorized, UnhandledCredentials
from reactor.defer import Deferred, maybeDeferred
from reactor.failure import Failure
from reactor.mail.interfaces import IMessageDelivery, IMessageDeliveryFactory, IMessageSMTP
from reactor.mail.smtp.addresses import Address, User, dnsname, received_header
from reactor.mail.smtp.commands import NEEDS, SAID, Mode, read_command, read_name, read_nothing, read_path
from reactor.mail.smtp.errors import AddressError, SMTPBadRcpt, SMTPBadSender, SMTPServerError
from reactor.mail.smtp.incoming import IncomingLetter, as_reply, worst
from reactor.protocol import connectionDone
from reactor.protocols.basic.dotted import DottedReceiver
from reactor.protocols.policies import TimeoutMixin


class SMTP(DottedReceiver, TimeoutMixin):
    """The protocol of 1982. Give it a delivery or a deliveryFactory, or a `portal` that has one for whoever comes.

    host: what we call ourselves, bytes. mode: see Mode. sender: an Address. recipients: pairs of a User and what makes
    their IMessageSMTP. helo: what the client calls itself, None before it has, and its address.
    """

    MAX_LENGTH = 12_288  # bytes of a line: logins have the longest (RFC 4954 section 4)
    maxMessageSize = 26_214_400
    maxRecipients = 1000
    maxErrors = 5
    timeout: float | None = 300
    longestLetter_s = 3600
    noisy = True
    portal: Any = None
    isExtended = False
    spoken = "SMTP"
    factory: Any = None

    def __init__(self, delivery: Any = None, deliveryFactory: Any = None) -> None:
        self.delivery: Any = delivery
        self.deliveryFactory: Any = deliveryFactory
        self.host = dnsname()
        self.mode = Mode.START
        self.helo: tuple[Any, bytes] = (None, b"")
        self.sender: Any = None
        self.recipients: list[tuple[Any, Callable[[], IMessageSMTP]]] = []
        self.letter: IncomingLetter | None = None
        self.__asked = self.__errors = 0
        self.__skips = False
        self.__logout: Callable[[], object] | None = None
        self.__deadline = 0.0

    # --- what we say

    def greeting(self) -> bytes:
        """The first line."""
        return self.host + b" takes letters for its own house, and no advertisements"

    def sendCode(self, code: int, message: bytes = b"") -> None:
        """Reply. message: of one or several lines."""
        if b"\n" in message or b"\r" in message:
            *lines, message = message.splitlines() or [b""]
            self.transport.write(b"".join(b"%d-%b\r\n" % (code, line) for line in lines))
        self.transport.write(b"%d %b\r\n" % (code, message))

    def refuse(self, problem: SMTPServerError) -> None:
        """Reply with a refusal; with a status in front of its text (RFC 2034), if it has none."""
        kind, text = problem.code // 100, problem.resp
        if text[1:2] != "." or not text[:1].isdigit():
            text = f"{kind}.0.0 {text}"
        self.sendCode(problem.code, text.encode("utf-8"))

    def mistake(self, problem: SMTPServerError) -> None:
        """The client is wrong, not its letter: refuse, and end it when it is wrong too often."""
        self.refuse(problem)
        self.__errors += problem.code != 503  # after a refused MAIL a client that doesn't wait gets many of these
        if self.__errors >= self.maxErrors:
            self.end(421, b"4.7.0 More mistakes than patience")

    def end(self, code: int, message: bytes) -> None:
        """Say a last word, and close."""
        self.sendCode(code, message)
        self.mode = Mode.OVER
        self.transport.loseConnection()

    def timeoutConnection(self) -> None:
        """The client is silent, or a letter takes too long; or it doesn't even take our last word."""
        if self.transport.disconnecting:
            self.transport.abortConnection()
            return
        self.end(421, b"4.4.2 " + self.host + b" has waited long enough")
        self.setTimeout(self.timeout)

    # --- what we hear

    def connectionMade(self) -> None:
        host = getattr(self.transport.getPeer(), "host", None) or "local"
        self.helo = (None, host.encode("idna") if isinstance(host, str) else host)
        self.callLater = getattr(getattr(self.factory, "reactor", None), "callLater", None) or self.callLater
        self.setTimeout(self.timeout)
        self.sendCode(220, self.greeting())

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.mode = Mode.OVER
        self.setTimeout(None)
        if self.letter is not None:
            self.letter.lost()
        self.logOut()

    def lineLengthExceeded(self, line: bytes) -> None:
        """Refuse it, and find where it ends."""
        _, end, after = line.partition(self.delimiter)
        was_skipping, self.__skips = self.__skips, not end
        self.setLineMode(after if end else line[-1:])  # perhaps a CR
        if not was_skipping:
            self.mistake(SMTPServerError(500, "5.5.2 Line too long"))

    def lineReceived(self, line: bytes) -> None:
        """A command, or a line of a login."""
        self.resetTimeout()
        if self.__skips:
            self.__skips = False
            return
        try:
            if self.mode is Mode.AUTH:
                self.loginLineReceived(line)
            else:
                self.__command(line)
        except SMTPServerError as problem:
            self.mistake(problem)

    def __command(self, line: bytes) -> None:
        verb, rest = read_command(line)
        modes, why = NEEDS.get(verb, (None, ""))
        if modes is not None and self.mode not in modes:
            is_late = verb == b"DATA" and self.mode is Mode.SENDER and self.__asked
            raise SMTPServerError(554 if is_late else 503, f"5.5.1 {'No valid recipients' if is_late else why}")
        if verb == b"RSET":
            self.reset()
        method = self.lookupMethod(verb)
        if method is not None:
            method(rest)
        elif verb in SAID:
            self.sendCode(*SAID[verb])
        else:
            self.do_UNKNOWN(rest)

    def lookupMethod(self, command: bytes) -> Callable[[bytes], object] | None:
        """What handles a command: the method do_COMMAND, unless you know better."""
        return getattr(self, "do_" + command.decode("ascii").upper(), None)

    def loginLineReceived(self, line: bytes | None) -> None:
        """A line of a login came; ESMTP has them."""
        raise NotImplementedError

    def whenKnown(self, ask: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Ask the house, and go on with its answer; till it comes nothing is read, and the client is not to blame.

        An SMTPServerError is replied; any other failure is ours.
        """
        try:
            known = ask()
        except Exception:
            known = Failure()
        if not hasattr(known, "__await__"):
            self.__take(known, then)
            return
        done: list[Any] = []
        answer = known if isinstance(known, Deferred) else maybeDeferred(lambda: known)
        answer.addBoth(self.__take, then).addBoth(done.append)
        if not done and self.mode is not Mode.OVER:
            self.pauseProducing()
            self.setTimeout(None)
            answer.addBoth(lambda _: self.__go_on())

    def __take(self, known: Any, then: Callable[[Any], object]) -> None:
        try:
            then(known.raiseException() if isinstance(known, Failure) else known)
        except Exception:
            self.refuse(as_reply(Failure()))

    def __go_on(self) -> None:
        if self.mode is not Mode.OVER:
            self.setTimeout(self.timeout)
            self.resumeProducing()

    # --- commands

    def do_UNKNOWN(self, rest: bytes) -> None:
        """No such command."""
        raise SMTPServerError(500, "5.5.1 Command not implemented")

    def do_HELO(self, rest: bytes) -> None:
        """Begin."""
        self.isExtended = False
        self.helo = (read_name(b"HELO", rest), self.helo[1])
        self.reset()
        self.sendCode(250, self.host + b" Hello " + self.helo[1] + b", nice to meet you")

    def do_MAIL(self, rest: bytes) -> None:
        """Begin a letter."""
        path, options = read_path(b"MAIL", rest, self.isExtended)
        origin = self.__address(path, options, b"SMTPUTF8" in options)
        if int(options.get(b"SIZE") or 0) > self.maxMessageSize:
            raise SMTPServerError(552, f"5.3.4 A letter has at most {self.maxMessageSize} bytes")
        self.whenKnown(lambda: self.validateFrom(self.helo, origin), self.__take_sender)

    def __take_sender(self, origin: Any) -> None:
        self.sender, self.mode = origin, Mode.SENDER
        self.sendCode(250, b"2.1.0 Sender address accepted")

    def __address(self, path: bytes, options: dict[bytes, bytes | None], may_be_international: bool) -> Address:
        try:
            address = Address(path, self.host)
        except AddressError as problem:
            raise SMTPServerError(553, f"5.1.3 {problem}") from None
        if address.isInternational and not may_be_international:
            raise SMTPServerError(553, "5.6.7 This address needs SMTPUTF8")
        address.options = options
        return address

    def do_RCPT(self, rest: bytes) -> None:
        """Somebody that the letter is for."""
        path, options = read_path(b"RCPT", rest, self.isExtended)
        destination = self.__address(path, options, b"SMTPUTF8" in getattr(self.sender, "options", ()))
        if not destination.local:
            raise SMTPServerError(501, "5.1.3 A letter is for somebody")
        self.__asked += 1
        if self.__asked > self.maxRecipients:
            self.refuse(SMTPServerError(452, f"4.5.3 A letter has at most {self.maxRecipients} recipients"))
            return
        user = User(destination, self.helo, self, self.sender)
        self.whenKnown(lambda: self.validateTo(user), lambda make: self.__take_recipient(user, make))

    def __take_recipient(self, user: User, make: Callable[[], IMessageSMTP]) -> None:
        self.recipients.append((user, make))
        self.mode = Mode.RECIPIENTS
        self.sendCode(250, b"2.1.5 Recipient address accepted")

    def do_DATA(self, rest: bytes) -> None:
        """The letter itself."""
        read_nothing(b"DATA", rest)
        letter = self.beginLetter()
        if letter.problem is not None:
            self.reset()
            self.refuse(letter.problem)
            return
        self.mode = Mode.DATA
        self.beginText()
        self.sendCode(354, b"Continue")

    def do_QUIT(self, rest: bytes) -> None:
        """Leave."""
        self.end(221, b"2.0.0 See you later")

    # --- letters

    def reset(self) -> None:
        """Forget the letter, if there is one."""
        letter, self.letter = self.letter, None
        if letter is not None:
            letter.lost()
        self.sender, self.recipients, self.__asked = None, [], 0
        if self.mode is not Mode.OVER:
            self.mode = Mode.START if self.helo[0] is None else Mode.READY

    def beginLetter(self) -> IncomingLetter:
        """Make what takes the letter. If that fails, it knows why."""
        messages: list[IMessageSMTP] = []
        self.letter = letter = IncomingLetter(messages, self.maxMessageSize)
        self.__deadline = time.monotonic() + self.longestLetter_s
        try:
            for user, make in self.recipients:
                message = make()
                messages.append(message)
                for line in self.receivedHeader(self.helo, self.sender, [user]).splitlines():
                    message.lineReceived(line)
        except Exception:
            letter.refuse(as_reply(Failure()))
        if self.noisy:
            log.msg(
                f"Receiving message for delivery: from={self.sender} to={[str(user) for user, _ in self.recipients]}"
            )
        return letter

    def textReceived(self, data: bytes) -> None:
        """A part of the letter."""
        assert self.letter is not None
        if time.monotonic() > self.__deadline:
            self.timeoutConnection()
            return
        self.resetTimeout()
        self.letter.feed(data, isCounted=self.mode is Mode.DATA)

    def textEnded(self, bare: int) -> None:
        """The end of it. bare: how many CR or LF came alone."""
        assert self.letter is not None
        letter, self.letter = self.letter, None
        if bare:
            letter.refuseBare()
        self.reset()
        self.whenKnown(letter.end, self.letterEnded)

    def letterEnded(self, outcomes: Sequence[SMTPServerError | None]) -> None:
        """What became of it, for each recipient: one reply for all."""
        problem = worst(outcomes)
        if problem is not None:
            self.refuse(problem)
        else:
            self.sendCode(250, b"2.0.0 Delivery in progress")

    # --- the house

    def loggedIn(self, granted: tuple[Any, Any, Callable[[], object]]) -> None:
        """Somebody is in, anonymous or not: their avatar has the deliveries."""
        interface, avatar, logout = granted
        self.logOut()
        self.__logout = logout
        is_factory = interface is IMessageDeliveryFactory
        self.deliveryFactory, self.delivery = (avatar, None) if is_factory else (None, avatar)

    def logOut(self) -> None:
        """Whoever is in leaves."""
        logout, self.__logout = self.__logout, None
        if logout is not None:
            self.delivery = self.deliveryFactory = None
            logout()

    def validateFrom(self, helo: Any, origin: Address) -> Any:
        """As IMessageDelivery's. Asks the delivery; before that whoever isn't logged in is so, anonymously."""
        if self.deliveryFactory is not None:
            self.delivery = self.deliveryFactory.getMessageDelivery()
        if self.delivery is not None:
            return self.delivery.validateFrom(helo, origin)
        if self.portal is None:
            raise SMTPBadSender(origin)
        login: Deferred[Any] = self.portal.login(Anonymous(), None, IMessageDeliveryFactory, IMessageDelivery)

        def denied(failure: Failure) -> Any:
            failure.trap(Unauthorized, UnhandledCredentials)
            raise SMTPBadSender(origin, 530, "5.7.0 Authentication required")

        login.addCallbacks(self.loggedIn, denied)
        return login.addCallback(lambda _: self.validateFrom(helo, origin))

    def validateTo(self, user: User) -> Any:
        """As IMessageDelivery's. Asks the delivery."""
        if self.delivery is None:
            raise SMTPBadRcpt(user)
        return self.delivery.validateTo(user)

    def receivedHeader(self, helo: Any, origin: Address, recipients: Sequence[Any]) -> bytes:
        """As IMessageDelivery's. Asks the delivery; without one it is the usual header."""
        if self.delivery is not None:
            return self.delivery.receivedHeader(helo, origin, recipients)  # type: ignore[no-any-return]  # a delivery's
        return received_header(self, recipients)
