"""Logging in by SASL (RFC 4422): one table of mechanisms, for the servers and clients of all protocols that have it.

A mechanism is a sequence of challenges and responses, bytes, which each protocol wraps in its own way: SMTP in base64
behind 334, IMAP behind `+`, LDAP in BER. So a protocol needs `offered` (what to announce), `ServerLogin` (feed it the
responses; it ends with an avatar of the portal), `choose` and the authenticators of `client`.

    mechanism            what the server learns      what its file must have        protects against
    PLAIN, LOGIN         the password                anything that can check it     nobody: over TLS only
    CRAM-MD5             that the client knows it    the password                   listeners
    SCRAM-SHA-1, -256    that the client knows it    a line that isn't it           listeners, thieves of the file
    SCRAM-…-PLUS         the same, over this TLS     the same                       and somebody in the middle
    EXTERNAL             nothing: TLS said it        a name                         whom TLS protects against
    ANONYMOUS            nothing                     nothing                        -

SCRAM is scramp's (the extra `sasl`); without it, it isn't offered. The names are Twisted's where it has them, in
`twisted.mail`: IChallengeResponse, IClientAuthentication, LOGINCredentials, PLAINAuthenticator …
"""

from reactor.sasl.client import (
    ANONYMOUSAuthenticator,
    CramMD5ClientAuthenticator,
    EXTERNALAuthenticator,
    LOGINAuthenticator,
    PLAINAuthenticator,
    choose,
)
from reactor.sasl.interfaces import IChallengeResponse, IClientAuthentication, IllegalClientResponse
from reactor.sasl.lines import LineAuthentication, LineLogin
from reactor.sasl.mechanisms import MECHANISMS, Mechanism, offered
from reactor.sasl.scram import SCRAMAuthenticator, ScramCredentials
from reactor.sasl.server import ServerLogin, Success
from reactor.sasl.simple import ANONYMOUSCredentials, EXTERNALCredentials, LOGINCredentials, PLAINCredentials

__all__ = [
    "MECHANISMS",
    "ANONYMOUSAuthenticator",
    "ANONYMOUSCredentials",
    "CramMD5ClientAuthenticator",
    "EXTERNALAuthenticator",
    "EXTERNALCredentials",
    "IChallengeResponse",
    "IClientAuthentication",
    "IllegalClientResponse",
    "LOGINAuthenticator",
    "LOGINCredentials",
    "LineAuthentication",
    "LineLogin",
    "Mechanism",
    "PLAINAuthenticator",
    "PLAINCredentials",
    "SCRAMAuthenticator",
    "ScramCredentials",
    "ServerLogin",
    "Success",
    "choose",
    "offered",
]
