"""IMAP (RFC 3501), both sides: mailboxes that stay on the server. The names of `twisted.mail.imap4`.

both        tokens, sequence_sets: bytes ↔ values
server      a session, and what its commands do; `server.states` has the table of them
mailboxes   mailbox, account: in memory; `reactor.mail.folders` has them in Maildirs
client      a command a method, and which answer is whose
"""

from reactor.mail.imap4.account import Accounts, MemoryAccount
from reactor.mail.imap4.client.commands import Answer, Command
from reactor.mail.imap4.client.protocol import IMAP4Client
from reactor.mail.imap4.client.queries import IllegalQueryError, Not, Or, Query
from reactor.mail.imap4.client.responses import IllegalServerResponse, NegativeResponse
from reactor.mail.imap4.client.session import NoSupportedAuthentication
from reactor.mail.imap4.mailbox import (
    MailboxCollision,
    MailboxException,
    MemoryMailbox,
    NoSuchMailbox,
    ReadOnlyMailbox,
    parseTime,
)
from reactor.mail.imap4.sequence_sets import IllegalIdentifierError, MessageSet, parseIdList
from reactor.mail.imap4.server.protocol import IMAP4Factory, IMAP4Server
from reactor.mail.imap4.tokens import IMAP4Exception
from reactor.mail.interfaces import IAccountIMAP as IAccount
from reactor.mail.interfaces import ICloseableMailboxIMAP as ICloseableMailbox
from reactor.mail.interfaces import IMailboxIMAP as IMailbox
from reactor.mail.interfaces import IMailboxIMAPInfo as IMailboxInfo
from reactor.mail.interfaces import IMailboxIMAPListener as IMailboxListener
from reactor.mail.interfaces import IMessageIMAP as IMessage
from reactor.mail.interfaces import IMessageIMAPCopier as IMessageCopier
from reactor.mail.interfaces import IMessageIMAPFile as IMessageFile
from reactor.mail.interfaces import IMessageIMAPPart as IMessagePart
from reactor.mail.interfaces import INamespacePresenter
from reactor.sasl import CramMD5ClientAuthenticator, IClientAuthentication, LOGINAuthenticator, PLAINAuthenticator

__all__ = [
    "Accounts",
    "Answer",
    "Command",
    "CramMD5ClientAuthenticator",
    "IAccount",
    "IClientAuthentication",
    "ICloseableMailbox",
    "IMAP4Client",
    "IMAP4Exception",
    "IMAP4Factory",
    "IMAP4Server",
    "IMailbox",
    "IMailboxInfo",
    "IMailboxListener",
    "IMessage",
    "IMessageCopier",
    "IMessageFile",
    "IMessagePart",
    "INamespacePresenter",
    "IllegalIdentifierError",
    "IllegalQueryError",
    "IllegalServerResponse",
    "LOGINAuthenticator",
    "MailboxCollision",
    "MailboxException",
    "MemoryAccount",
    "MemoryMailbox",
    "MessageSet",
    "NegativeResponse",
    "NoSuchMailbox",
    "NoSupportedAuthentication",
    "Not",
    "Or",
    "PLAINAuthenticator",
    "Query",
    "ReadOnlyMailbox",
    "parseIdList",
    "parseTime",
]
