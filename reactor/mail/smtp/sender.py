"""Sending one letter: `sendmail`, and the factories behind it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, Any

from reactor import log
from reactor.default import the_reactor
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.mail.smtp import errors
from reactor.mail.smtp.addresses import Address, dnsname, quoteaddr
from reactor.mail.smtp.client import ESMTPClient, SMTPClient
from reactor.mail.smtp.errors import SMTPClientError
from reactor.protocol import ClientFactory
from reactor.ssl import optionsForClientTLS


class SenderMixin(SMTPClient):
    """Sends the one letter that its factory has."""

    factory: Any
    __is_sent = False

    def getMailFrom(self) -> Any:
        """The sender, once."""
        is_sent, self.__is_sent = self.__is_sent, True
        return None if is_sent else self.factory.fromEmail

    def getMailTo(self) -> Iterable[Any]:
        return self.factory.toEmail  # type: ignore[no-any-return]  # the factory's list

    def getMailData(self) -> IO[bytes]:
        return self.factory.file  # type: ignore[no-any-return]  # the factory's file

    def sendError(self, exc: SMTPClientError) -> None:
        """Tell the factory, unless another connection may do better and there is a try left."""
        super().sendError(exc)
        if not self.factory.retries or not (exc.retry or exc.code // 100 == 4):
            self.factory.finish(exc)

    def sentMail(self, code: int, resp: bytes, numOk: int, addresses: list[tuple[Any, int, bytes]], log: bytes) -> None:
        """Tell the factory."""
        good = 200 <= code < 300
        self.factory.finish((numOk, addresses) if good else errors.SMTPDeliveryError(code, resp, log, addresses))


class SMTPSender(SenderMixin, SMTPClient):
    """Sends one letter over the protocol of 1982."""


class SMTPSenderFactory(ClientFactory[Any]):
    """Sends one letter, in one or several attempts.

    fromEmail: an address; b"" for a letter that nobody should answer, such as a bounce. toEmail: one or several. file:
    the letter; it is read again at each attempt. deferred: fires with (how many recipients, (address, code, text) of
    each), or fails with an SMTPClientError. retries: how many more attempts there are when no connection comes about,
    or the server has no time. timeout: in seconds of silence. domain: what to call ourselves.
    Raises AddressError for an address that is none, before anything is sent.
    """

    protocol: Any = SMTPSender
    domain: bytes = b""
    noisy = False

    def __init__(
        self,
        fromEmail: Any,
        toEmail: Any,
        file: IO[bytes],
        deferred: Deferred[Any],
        retries: int = 5,
        timeout: float | None = None,
    ) -> None:
        several = [toEmail] if isinstance(toEmail, (str, bytes, Address)) else list(toEmail)
        self.fromEmail = Address(quoteaddr(fromEmail))
        self.toEmail = [one.encode("utf-8") if isinstance(one, str) else one for one in several]
        for one in self.toEmail:
            Address(quoteaddr(one))
        self.file, self.result = file, deferred
        self.retries, self.timeout = retries, timeout
        self.sendFinished = False
        self.currentProtocol: Any = None

    def finish(self, outcome: Any) -> None:
        """Fire the Deferred, once. outcome: the result, or an exception."""
        if not self.sendFinished:
            self.sendFinished = True
            result, self.result = self.result, None  # type: ignore[assignment]  # nobody asks for it any more
            result.errback(outcome) if isinstance(outcome, Exception) else result.callback(outcome)

    def hangUp(self, connector: Any) -> None:
        """Nobody wants to know any more."""
        self.sendFinished = True
        connector.disconnect() if self.currentProtocol is None else self.currentProtocol.transport.abortConnection()

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        self.__lost(connector, reason)

    clientConnectionLost = clientConnectionFailed

    def __lost(self, connector: Any, reason: Failure) -> None:
        self.currentProtocol = None
        if self.sendFinished:
            return
        if self.retries:
            log.msg(f"SMTP Client retrying server. Retry: {self.retries}")
            self.retries -= 1
            self.file.seek(0)
            connector.connect()
            return
        problem = errors.SMTPConnectError(-1, f"Unable to connect to SMTP server: {reason.value}")
        problem.__cause__ = reason.value
        self.finish(problem)

    def makeProtocol(self) -> Any:
        """A sender."""
        return self.protocol(self.domain or dnsname(), len(self.toEmail) * 2 + 2)

    def buildProtocol(self, addr: Any) -> Any:
        self.currentProtocol = protocol = self.makeProtocol()
        protocol.factory, protocol.timeout = self, self.timeout
        return protocol


class ESMTPSender(SenderMixin, ESMTPClient):
    """Sends one letter over the protocol of today.

    username: to log in with, if there is a secret. hostname: the name that the server must prove to have, over TLS;
    None, and no contextFactory: no TLS.
    """

    requireAuthentication = requireTransportSecurity = True

    def __init__(
        self, username: bytes | None, secret: bytes | None, contextFactory: Any, *args: Any, hostname: str | None = None
    ) -> None:
        if contextFactory is None and hostname is not None:
            contextFactory = optionsForClientTLS(hostname)
        super().__init__(secret, contextFactory, *args)
        self.username = username


class ESMTPSenderFactory(SMTPSenderFactory):
    """As SMTPSenderFactory, over ESMTP. username, password, contextFactory, hostname: as for ESMTPSender. The other
    three: as for ESMTPClient."""

    protocol = ESMTPSender

    def __init__(
        self,
        username: bytes | None,
        password: bytes | None,
        fromEmail: Any,
        toEmail: Any,
        file: IO[bytes],
        deferred: Deferred[Any],
        retries: int = 5,
        timeout: float | None = None,
        contextFactory: Any = None,
        heloFallback: bool = False,
        requireAuthentication: bool = True,
        requireTransportSecurity: bool = True,
        hostname: str | None = None,
    ) -> None:
        super().__init__(fromEmail, toEmail, file, deferred, retries, timeout)
        self._login = (username, password, contextFactory)
        self._hostname = hostname
        self._must = (heloFallback, requireAuthentication, requireTransportSecurity)

    def makeProtocol(self) -> Any:
        named = (self.domain or dnsname(), len(self.toEmail) * 2 + 2)
        sender = self.protocol(*self._login, *named, hostname=self._hostname)
        sender.heloFallback, sender.requireAuthentication, sender.requireTransportSecurity = self._must
        return sender


def sendmail(
    smtphost: str | bytes,
    from_addr: Any,
    to_addrs: Any,
    msg: Any,
    senderDomainName: str | bytes | None = None,
    port: int = 25,
    reactor: Any = None,
    username: str | bytes | None = None,
    password: str | bytes | None = None,
    requireAuthentication: bool = False,
    requireTransportSecurity: bool = False,
) -> Deferred[Any]:
    """Send a letter.

    smtphost, port: the server. from_addr, to_addrs: as for SMTPSenderFactory. msg: a file, bytes, or something that
    becomes bytes, such as an email.message. senderDomainName: what to call ourselves. username, password: to log in
    with. TLS is used where the server has it, and then the server must prove its name.
    Returns SMTPSenderFactory's Deferred. Cancel it to hang up.
    """
    host = smtphost.decode("ascii") if isinstance(smtphost, bytes) else smtphost
    result: Deferred[Any] = Deferred(lambda _: factory.hangUp(connector))
    factory = ESMTPSenderFactory(
        _as_bytes(username),
        _as_bytes(password),
        from_addr,
        to_addrs,
        msg if hasattr(msg, "read") else io.BytesIO(bytes(msg)),
        result,
        heloFallback=True,
        requireAuthentication=requireAuthentication,
        requireTransportSecurity=requireTransportSecurity,
        hostname=host,
    )
    factory.domain = _as_bytes(senderDomainName) or b""
    connector = (reactor or the_reactor()).connectTCP(host, port, factory)
    return result


def _as_bytes(text: str | bytes | None) -> bytes | None:
    return text.encode("utf-8") if isinstance(text, str) else text
