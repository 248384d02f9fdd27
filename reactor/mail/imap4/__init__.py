"""IMAP (RFC 3501), both sides. The names of `twisted.mail.imap4`.

tokens, sequence_sets   bytes ↔ values, for both sides
responses               what a client reads
commands, pipeline      which answer is whose; when a command may be sent
session, client         logging in; each command; queries are what to search for
"""

from reactor.mail.imap4.client import IMAP4Client
from reactor.mail.imap4.commands import Answer, Command
from reactor.mail.imap4.queries import IllegalQueryError, Not, Or, Query
from reactor.mail.imap4.responses import IllegalServerResponse, NegativeResponse
from reactor.mail.imap4.sequence_sets import IllegalIdentifierError, MessageSet, parseIdList
from reactor.mail.imap4.session import NoSupportedAuthentication
from reactor.mail.imap4.tokens import IMAP4Exception
from reactor.sasl import CramMD5ClientAuthenticator, IClientAuthentication, LOGINAuthenticator, PLAINAuthenticator

__all__ = [
    "Answer",
    "Command",
    "CramMD5ClientAuthenticator",
    "IClientAuthentication",
    "IMAP4Client",
    "IMAP4Exception",
    "IllegalIdentifierError",
    "IllegalQueryError",
    "IllegalServerResponse",
    "LOGINAuthenticator",
    "MessageSet",
    "NegativeResponse",
    "NoSupportedAuthentication",
    "Not",
    "Or",
    "PLAINAuthenticator",
    "Query",
    "parseIdList",
]
