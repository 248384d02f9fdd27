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
from reactor.mail.smtp.client import ESMTPClient, SMTPClient
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
from reactor.mail.smtp.extended import ESMTP, LMTP
from reactor.mail.smtp.factory import SMTPFactory
from reactor.mail.smtp.sender import (
    ESMTPSender,
    ESMTPSenderFactory,
    SenderMixin,
    SMTPSender,
    SMTPSenderFactory,
    sendmail,
)
from reactor.mail.smtp.server import SMTP
from reactor.sasl import (
    CramMD5ClientAuthenticator,
    IClientAuthentication,
    LOGINAuthenticator,
    LOGINCredentials,
    PLAINAuthenticator,
)

__all__ = [
    "ESMTP",
    "LMTP",
    "SMTP",
    "AUTHDeclinedError",
    "AUTHRequiredError",
    "Address",
    "AddressError",
    "AuthenticationError",
    "CramMD5ClientAuthenticator",
    "EHLORequiredError",
    "ESMTPClient",
    "ESMTPClientError",
    "ESMTPSender",
    "ESMTPSenderFactory",
    "IClientAuthentication",
    "IMessageDelivery",
    "IMessageDeliveryFactory",
    "IMessageSMTP",
    "LOGINAuthenticator",
    "LOGINCredentials",
    "PLAINAuthenticator",
    "SMTPAddressError",
    "SMTPBadRcpt",
    "SMTPBadSender",
    "SMTPClient",
    "SMTPClientError",
    "SMTPConnectError",
    "SMTPDeliveryError",
    "SMTPError",
    "SMTPFactory",
    "SMTPProtocolError",
    "SMTPSender",
    "SMTPSenderFactory",
    "SMTPServerError",
    "SMTPTimeoutError",
    "SenderMixin",
    "TLSError",
    "TLSRequiredError",
    "User",
    "messageid",
    "quoteaddr",
    "rfc822date",
    "sendmail",
    "xtext_codec",
    "xtext_decode",
    "xtext_encode",
]
