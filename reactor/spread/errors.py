"""What goes wrong between two brokers. `reactor.spread.pb` has these names."""

from __future__ import annotations


class ProtocolError(Exception):
    """The peer, or the program, broke a rule of the protocol."""


class DeadReferenceError(ProtocolError):
    """A method was called on a reference whose connection is gone. Get a new one."""


class Error(Exception):
    """An error that is meant for the peer: its text is sent. Raise it, or a subclass, in methods that peers call."""


class NoSuchMethod(AttributeError):
    """The peer called a method that isn't there, or whose name doesn't begin as it should."""


class PBConnectionLost(Exception):
    """The connection was lost before the answer came: nobody knows whether the method was run."""


class RemoteError(Exception):
    """What a call failed with on the other side.

    remoteType: the name of the exception's class there, with its module. remoteTraceback: as text; mostly not told.
    """

    def __init__(self, remoteType: str, value: object, remoteTraceback: str) -> None:
        super().__init__(value)
        self.remoteType, self.remoteTraceback = remoteType, remoteTraceback
