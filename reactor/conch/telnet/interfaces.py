"""What a telnet connection and the program upon it promise each other; what goes wrong between them."""

from __future__ import annotations

from typing import Protocol

from reactor.defer import Deferred
from reactor.interfaces import IProtocol, ITransport


class TelnetError(Exception):
    """Something is wrong with telnet."""


class NegotiationError(TelnetError):
    """An option can't be had so. Its argument is the option."""


class OptionRefused(NegotiationError):
    """The peer says no; or somebody here has wanted the opposite meanwhile, and got it."""


class AlreadyEnabled(NegotiationError):
    """It is on."""


class AlreadyDisabled(NegotiationError):
    """It is off."""


class AlreadyNegotiating(NegotiationError):
    """The same is being asked for. (Twisted raises it for the opposite, too; here that waits its turn.)"""


class ITelnetProtocol(IProtocol, Protocol):
    """A program at a telnet connection. Options and commands are bytes, one each. Local is our side."""

    def unhandledCommand(self, command: bytes, argument: bytes | None) -> None:
        """A command came that isn't in the connection's `commandMap`."""

    def unhandledSubnegotiation(self, command: bytes, data: list[bytes]) -> None:
        """Something was said about an option that isn't in `negotiationMap`: a list of bytes, one each."""

    def enableLocal(self, option: bytes) -> bool | None:
        """The peer asks us to turn this on: may it? When we asked and it agrees, it is on whatever this returns."""

    def enableRemote(self, option: bytes) -> bool | None:
        """The peer asks to turn this on. Like `enableLocal`."""

    def disableLocal(self, option: bytes) -> None:
        """It is off now."""

    def disableRemote(self, option: bytes) -> None:
        """It is off now."""


class ITelnetTransport(ITransport, Protocol):
    """A telnet connection, for its program."""

    def do(self, option: bytes) -> Deferred[bool]:
        """Ask the peer to turn an option on.

        Returns a Deferred of True, when it is. It fails with OptionRefused, AlreadyEnabled or AlreadyNegotiating; or as
        the connection does, if that is lost. A peer who says nothing lets it wait.
        """

    def dont(self, option: bytes) -> Deferred[bool]:
        """Ask it to turn one off, which nobody can refuse. Like `do`, with AlreadyDisabled."""

    def will(self, option: bytes) -> Deferred[bool]:
        """Offer to turn one on here. Like `do`."""

    def wont(self, option: bytes) -> Deferred[bool]:
        """Turn one off here. Like `dont`."""

    def requestNegotiation(self, about: bytes, data: bytes) -> None:
        """Say something about an option that is on; `data` may hold any byte."""
