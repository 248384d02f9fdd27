"""SMTP (RFC 5321), both sides. The names of `twisted.mail.smtp`.

`addresses` and `commands` are the grammar, and touch no transport. `server` and `client` are the conversations; what
becomes of a letter is decided behind `reactor.mail.interfaces`.
"""

from reactor.mail.interfaces import IMessageDelivery, IMessageDeliveryFactory, IMessageSMTP
from reactor.mail.smtp.addresses import (
    Address,
    User,
    messageid,
    quoteaddr,
    rfc822date,
    xtext_codec,
    xtext_decode,
    xtext_encode,
)
from reactor.mail.smtp.errors import (
    AddressError,
    AUTHDeclinedError,
    AuthenticationError,
    AUTHRequiredError,
    EHLORequiredError,
    ESMTPClientError,
    SMTPAddressError,
    SMTPBadRcpt,
    SMTPBadSender,
    SMTPClientError,
    SMTPConnectError,
    SMTPDeliveryError,
    SMTPError,
    SMTPProtocolError,
    SMTPServerError,
    SMTPTimeoutError,
    TLSError,
    TLSRequiredError,
)

__all__ = [
    "AUTHDeclinedError",
    "AUTHRequiredError",
    "Address",
    "AddressError",
    "AuthenticationError",
    "EHLORequiredError",
    "ESMTPClientError",
    "IMessageDelivery",
    "IMessageDeliveryFactory",
    "IMessageSMTP",
    "SMTPAddressError",
    "SMTPBadRcpt",
    "SMTPBadSender",
    "SMTPClientError",
    "SMTPConnectError",
    "SMTPDeliveryError",
    "SMTPError",
    "SMTPProtocolError",
    "SMTPServerError",
    "SMTPTimeoutError",
    "TLSError",
    "TLSRequiredError",
    "User",
    "messageid",
    "quoteaddr",
    "rfc822date",
    "xtext_codec",
    "xtext_decode",
    "xtext_encode",
]
