"""What can go wrong with a letter: a server's refusals, and what a client meets."""

from __future__ import annotations

from typing import Any


class SMTPError(Exception):
    """All errors of SMTP."""


class AddressError(SMTPError):
    """This is no mail address."""


class SMTPServerError(SMTPError):
    """A reply to a client, raised by whoever decides. code: 400 to 599. resp: its text."""

    def __init__(self, code: int, resp: str | bytes) -> None:
        self.code = code
        self.resp = resp.decode("utf-8", "replace") if isinstance(resp, bytes) else resp
        super().__init__(code, self.resp)

    def __str__(self) -> str:
        return f"{self.code:03d} {self.resp}"


class SMTPAddressError(SMTPServerError):
    """A reply about an address. addr: an Address or a User."""

    def __init__(self, addr: Any, code: int, resp: str | bytes) -> None:
        super().__init__(code, resp)
        self.addr = addr

    def __str__(self) -> str:
        return f"{self.code:03d} <{self.addr}>... {self.resp}"


class SMTPBadRcpt(SMTPAddressError):
    """This recipient is refused."""

    def __init__(self, addr: Any, code: int = 550, resp: str | bytes = "5.1.1 Cannot receive for specified address"):
        super().__init__(addr, code, resp)


class SMTPBadSender(SMTPAddressError):
    """This sender is refused."""

    def __init__(self, addr: Any, code: int = 550, resp: str | bytes = "5.7.1 Sender not acceptable"):
        super().__init__(addr, code, resp)


class SMTPClientError(SMTPError):
    """A letter, or a connection, has failed.

    code: of the server's reply, or -1 without one. resp: its text, or ours, bytes. log: what was said before, bytes.
    addresses: (address, code, text) of each recipient, where it came to that. isFatal: the connection is of no use any
    more. retry: another connection may do better.
    """

    isFatal = False
    retry = False

    def __init__(self, code: int, resp: str | bytes, log: bytes = b"", addresses: Any = None) -> None:
        self.code, self.log, self.addresses = code, log, addresses
        self.resp = resp.encode("utf-8") if isinstance(resp, str) else resp
        super().__init__(code, self.resp)

    def __str__(self) -> str:
        text = self.resp.decode("utf-8", "replace")
        return f"{self.code:03d} {text}" if self.code > 0 else text


class SMTPDeliveryError(SMTPClientError):
    """The server has refused the letter, or all its recipients."""


class SMTPConnectError(SMTPClientError):
    """There is no connection, or the server wants none."""

    isFatal = retry = True


class SMTPTimeoutError(SMTPClientError):
    """The server takes too long."""

    isFatal = retry = True


class SMTPProtocolError(SMTPClientError):
    """What the server says makes no sense."""

    isFatal = True


class ESMTPClientError(SMTPClientError):
    """The server lacks what we must have."""


class EHLORequiredError(ESMTPClientError):
    """It doesn't know EHLO, and so no TLS and no logins."""


class AUTHRequiredError(ESMTPClientError):
    """It offers no login that we can use."""


class TLSRequiredError(ESMTPClientError):
    """It offers no TLS."""


class TLSError(ESMTPClientError):
    """It offers TLS, and then refuses it."""


class AuthenticationError(ESMTPClientError):
    """The login goes wrong."""


class AUTHDeclinedError(AuthenticationError):
    """The server doesn't accept the name and the password."""
