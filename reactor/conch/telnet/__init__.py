"""Telnet (RFC 854): text between a person and a program, with commands in it. The names of `twisted.conch.telnet`.

`wire` finds the commands, `negotiation` agrees on options, `connection` is the transport that a program sees; upon it
stand programs that read `lines`, and the one that sets up a `terminal`.
"""

from reactor.conch.telnet.codes import *  # noqa: F403  # seventy names, a byte each: its module lists them
from reactor.conch.telnet.connection import ProtocolTransportMixin, Telnet, TelnetProtocol, TelnetTransport
from reactor.conch.telnet.interfaces import (
    AlreadyDisabled,
    AlreadyEnabled,
    AlreadyNegotiating,
    ITelnetProtocol,
    ITelnetTransport,
    NegotiationError,
    OptionRefused,
    TelnetError,
)
from reactor.conch.telnet.lines import AuthenticatingTelnetProtocol, StatefulTelnetProtocol, TelnetFactory
from reactor.conch.telnet.terminal import TelnetBootstrapProtocol

__all__ = [
    "AlreadyDisabled",
    "AlreadyEnabled",
    "AlreadyNegotiating",
    "AuthenticatingTelnetProtocol",
    "ITelnetProtocol",
    "ITelnetTransport",
    "NegotiationError",
    "OptionRefused",
    "ProtocolTransportMixin",
    "StatefulTelnetProtocol",
    "Telnet",
    "TelnetBootstrapProtocol",
    "TelnetError",
    "TelnetFactory",
    "TelnetProtocol",
    "TelnetTransport",
]
