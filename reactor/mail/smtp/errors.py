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
    """A reply about an address. addr: an Address or a User. code, resp: what the class says unless given."""

    code, resp = 550, "5.1.0 There is something with this address"

    def __init__(self, addr: Any, code: int | None = None, resp: str | bytes | None = None) -> None:
        super().__init__(code or self.code, resp or self.resp)
        self.addr = addr

    def __str__(self) -> str:
        return f"{self.code:03d} <{self.addr}>... {self.resp}"


class SMTPBadRcpt(SMTPAddressError):
    """This recipient is refused."""

    resp = "5.1.1 Cannot receive for specified address"


class SMTPBadSender(SMTPAddressError):
    """This sender is refused."""

    resp = "5.7.1 Sender not acceptable"


class SMTPClientError(SMTPError):
    """A letter, or a connection, has failed.

    code: of the server's reply, or -1 without one. resp: its text, or ours, bytes. log: what was said before, bytes.
    addresses: (address, code, text) of each recipient, where it came to that. isFatal: the connection is of no use any
    more. retry: another connection may do better.
    """

    isFatal = retry = False

    def __init__(self, code: int, resp: str | bytes, log: bytes = b"", addresses: Any = None) -> None:
        self.code, self.log, self.addresses = code, log, addresses
        self.resp = resp.encode("utf-8") if isinstance(resp, str) else resp
        super().__init__(code, self.resp)

    def __str__(self) -> str:
        text = self.resp.decode("utf-8", "replace")
        return f"{self.code:03d} {text}" if self.code > 0 else text


def _kind(name: str, base: type[SMTPClientError], says: str, **attributes: bool) -> type[SMTPClientError]:
    """A kind of it, so that one can be told from another. says: its docstring."""
    return type(name, (base,), {"__doc__": says, "__module__": __name__, **attributes})


_FATAL: dict[str, bool] = {"isFatal": True, "retry": True}
SMTPDeliveryError = _kind("SMTPDeliveryError", SMTPClientError, "The letter is refused, or all its recipients are.")
SMTPConnectError = _kind("SMTPConnectError", SMTPClientError, "There is no connection, or it isn't wanted.", **_FATAL)
SMTPTimeoutError = _kind("SMTPTimeoutError", SMTPClientError, "The server takes too long.", **_FATAL)
SMTPProtocolError = _kind("SMTPProtocolError", SMTPClientError, "What the server says is no SMTP.", isFatal=True)
ESMTPClientError = _kind("ESMTPClientError", SMTPClientError, "The server lacks what we must have.")
EHLORequiredError = _kind("EHLORequiredError", ESMTPClientError, "It has no EHLO, and so no TLS and no logins.")
AUTHRequiredError = _kind("AUTHRequiredError", ESMTPClientError, "It offers no login that we can use.")
TLSRequiredError = _kind("TLSRequiredError", ESMTPClientError, "It offers no TLS.")
TLSError = _kind("TLSError", ESMTPClientError, "It offers TLS, and then refuses it.")
AuthenticationError = _kind("AuthenticationError", ESMTPClientError, "The login goes wrong.")
AUTHDeclinedError = _kind("AUTHDeclinedError", AuthenticationError, "It doesn't accept the name and the password.")
