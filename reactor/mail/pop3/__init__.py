"""POP3 (RFC 1939), both sides: fetch letters, delete them, say goodbye. The names of `twisted.mail.pop3`.

wire           bytes ↔ commands and responses
conversation   a session as lines: when to read on, what an error says
server         what each command does; it asks a portal for a mailbox, and that for everything else
client         the other side
"""

from reactor.mail.interfaces import IMailboxPOP3
from reactor.mail.interfaces import IMailboxPOP3 as IMailbox
from reactor.mail.pop3.client import (
    AdvancedPOP3Client,
    InsecureAuthenticationDisallowed,
    POP3ClientError,
    ServerErrorResponse,
    TLSNotSupportedError,
)
from reactor.mail.pop3.server import POP3, APOPCredentials, POP3Factory
from reactor.mail.pop3.wire import POP3Error

__all__ = [
    "POP3",
    "APOPCredentials",
    "AdvancedPOP3Client",
    "IMailbox",
    "IMailboxPOP3",
    "InsecureAuthenticationDisallowed",
    "POP3ClientError",
    "POP3Error",
    "POP3Factory",
    "ServerErrorResponse",
    "TLSNotSupportedError",
]
