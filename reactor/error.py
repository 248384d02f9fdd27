"""What can go wrong on a network, by name.

Three families, so that a handler can tell whose fault it was:

- *the connection ended*: `ConnectionClosed` and below. Delivered to `connectionLost` in a Failure, never raised.
- *the operating system said no*: `ConnectError`, `CannotListenError` and below. They carry the kernel's `errno`.
- *the program asked for something impossible*: `AlreadyCalled`, `ReactorNotRunning`, … Raised at the call.

An error's text is its first docstring line, followed by the details of this one case; so the text a user reads and
the documentation of the class cannot drift apart.
"""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssl import SSLError

__all__ = [
    "AlreadyCalled",
    "AlreadyCancelled",
    "AlreadyListened",
    "BadFileError",
    "BindError",
    "CannotListenError",
    "CertificateError",
    "ConnectBindError",
    "ConnectError",
    "ConnectInProgressError",
    "ConnectingCancelledError",
    "ConnectionAborted",
    "ConnectionClosed",
    "ConnectionDone",
    "ConnectionFdescWentAway",
    "ConnectionLost",
    "ConnectionRefusedError",
    "DNSLookupError",
    "FileDescriptorOverrun",
    "InvalidAddressError",
    "MessageLengthError",
    "MulticastJoinError",
    "NoProtocol",
    "NoRouteError",
    "NotConnectingError",
    "NotListeningError",
    "ProcessDone",
    "ProcessExitedAlready",
    "ProcessTerminated",
    "ReactorAlreadyInstalledError",
    "ReactorAlreadyRunning",
    "ReactorNotRestartable",
    "ReactorNotRunning",
    "SSLError",
    "ServiceNameUnknownError",
    "TCPTimedOutError",
    "TimeoutError",
    "UnknownHostError",
    "UnsupportedAddressFamily",
    "UnsupportedSocketType",
    "UserError",
    "getConnectError",
]


class _Described(Exception):
    """An exception whose text begins with the first line of its class's docstring."""

    def __str__(self) -> str:
        headline = (self.__doc__ or type(self).__name__).strip().splitlines()[0].rstrip(".")
        details = " ".join(str(part) for part in self.args)
        return f"{headline}: {details}." if details else f"{headline}."


# --- the connection ended -------------------------------------------------------------------------------------------


class ConnectionClosed(Exception):
    """A connection ended, one way or another. Catch this when the way doesn't matter."""


class ConnectionLost(ConnectionClosed, _Described):
    """Connection to the other side was lost in a non-clean fashion

    The peer reset it, the network failed, or the reactor stopped under it. Bytes may be missing.
    """


class ConnectionAborted(ConnectionLost):
    """Connection was aborted locally using ITCPTransport.abortConnection

    What was still buffered has been thrown away; the peer sees a reset.
    """


class ConnectionFdescWentAway(ConnectionLost):
    """File descriptor went away

    The program closed the descriptor while the reactor watched it.
    """


class FileDescriptorOverrun(ConnectionLost):
    """More file descriptors were to be sent than bytes to send them with

    Each `sendFileDescriptor` needs at least one byte that was given to `write`.
    """


class ConnectionDone(ConnectionClosed, _Described):
    """Connection was closed cleanly

    By `loseConnection` here, or by the peer's end of stream: every byte that was sent has arrived.
    """


class ProcessDone(ConnectionDone):
    """A process has ended without apparent errors

    exitCode: 0. signal: None. status: as wait(2) gives it.
    """

    def __init__(self, status: int) -> None:
        super().__init__("process finished with exit code 0")
        self.exitCode = 0
        self.signal = None
        self.status = status


class ProcessTerminated(ConnectionLost):
    """A process has ended with a probable error condition

    exitCode: what it ended with; None when a signal ended it. signal: the number of that signal; None when none did.
    status: as wait(2) gives it. All three are None when another part of the program has collected the status.
    """

    def __init__(self, exitCode: int | None = None, signal: int | None = None, status: int | None = None) -> None:
        code = "" if exitCode is None else f" with exit code {exitCode}"
        by = "" if signal is None else f" by signal {signal}"
        super().__init__(f"process ended{code}{by}")
        self.exitCode = exitCode
        self.signal = signal
        self.status = status


# --- the operating system said no -----------------------------------------------------------------------------------


class BindError(_Described):
    """An error occurred binding to an interface"""


class CannotListenError(BindError):
    """A port could not be listened on.

    interface: the address that was asked for, "" for any, None for a UNIX socket.
    port: the number that was asked for, or the path.
    socketError: the operating system's error.
    """

    def __init__(self, interface: str | None, port: int | str | bytes, socketError: Exception) -> None:
        super().__init__(interface, port, socketError)
        self.interface = interface
        self.port = port
        self.socketError = socketError

    def __str__(self) -> str:
        place = repr(self.port) if self.interface is None else f"{self.interface or 'any'}:{self.port!s}"
        return f"Couldn't listen on {place}: {self.socketError}."


class ConnectError(_Described):
    """An error occurred while connecting

    osError: the errno, or None when the operating system was not asked.
    """

    def __init__(self, osError: int | None = None, string: str = "") -> None:
        super().__init__(osError, string)
        self.osError = osError

    def __str__(self) -> str:
        headline = (self.__doc__ or type(self).__name__).strip().splitlines()[0].rstrip(".")
        details = [str(part) for part in self.args if part not in (None, "")]
        return ": ".join([headline, *details]) + "."


class BadFileError(ConnectError):
    """File used for UNIX socket is no good"""


class ConnectBindError(ConnectError):
    """Couldn't bind

    The `bindAddress` of a client could not be had.
    """


class ConnectInProgressError(Exception):
    """A connect operation was started and isn't done yet."""


class ConnectionRefusedError(ConnectError):
    """Connection was refused by other side"""


class NoRouteError(ConnectError):
    """No route to host"""


class ServiceNameUnknownError(ConnectError):
    """Service name given as port is unknown"""


class TCPTimedOutError(ConnectError):
    """TCP connection timed out

    The kernel gave up, after minutes; compare `TimeoutError`, which is ours.
    """


class UnknownHostError(ConnectError):
    """Hostname couldn't be looked up"""


class UserError(ConnectError):
    """User aborted connection

    `stopConnecting` or `disconnect` was called before the connection was there.
    """


class TimeoutError(UserError):
    """User timeout caused connection failure

    The `timeout` of `connectTCP` passed first.
    """


class MessageLengthError(_Described):
    """Message is too long to send

    A datagram leaves whole or not at all, and this one is larger than the kernel, or the network, takes.
    """


class MulticastJoinError(Exception):
    """A multicast group could not be joined or left, or the interface for it isn't there."""


class DNSLookupError(OSError):
    """DNS lookup failed"""

    def __str__(self) -> str:
        details = " ".join(str(part) for part in self.args)
        return f"DNS lookup failed: {details}." if details else "DNS lookup failed."


# --- the program asked for something impossible ---------------------------------------------------------------------


class AlreadyCalled(ValueError, _Described):
    """Tried to cancel an already-called event"""


class AlreadyCancelled(ValueError, _Described):
    """Tried to cancel an already-cancelled event"""


class ConnectingCancelledError(Exception):
    """A connection attempt was cancelled through its Deferred.

    address: where it was going to.
    """

    def __init__(self, address: object) -> None:
        super().__init__(address)
        self.address = address


class InvalidAddressError(ValueError):
    """An address of the wrong kind was given.

    address: the address. message: why it can't be used.
    """

    def __init__(self, address: object, message: str) -> None:
        super().__init__(address, message)
        self.address = address
        self.message = message


class NoProtocol(Exception):
    """The factory didn't return a protocol."""


class NotConnectingError(RuntimeError):
    """There is no connection attempt to stop."""


class NotListeningError(RuntimeError):
    """The port isn't listening."""


class ProcessExitedAlready(Exception):
    """The process has ended: it can't be signalled any more."""


class ReactorAlreadyInstalledError(AssertionError):
    """A reactor was chosen when the program had one. Choose first, before `from reactor import reactor`."""


class ReactorAlreadyRunning(RuntimeError):
    """`run()` was called while the reactor runs."""


class ReactorNotRestartable(RuntimeError):
    """For programs that catch it: Twisted's reactors run once only. Ours never raise this; they run again."""


class ReactorNotRunning(RuntimeError):
    """`stop()` was called while the reactor doesn't run, or was told to stop before."""


class UnsupportedAddressFamily(Exception):
    """A socket's address family is none that this reactor can use."""


class CertificateError(ValueError):
    """There is no certificate where one was expected."""


class AlreadyListened(Exception):
    """This endpoint can be listened at only once, and has been."""


class UnsupportedSocketType(Exception):
    """A socket is for datagrams where it should be for a stream, or the other way round."""


def __getattr__(name: str) -> Any:
    """`SSLError`, TLS's complaint about the peer: the standard library's, imported when it is first asked for."""
    if name == "SSLError":
        from ssl import SSLError

        return SSLError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_CONNECT_ERRORS: dict[int, type[ConnectError]] = {
    errno.ENETUNREACH: NoRouteError,
    errno.EHOSTUNREACH: NoRouteError,
    errno.ECONNREFUSED: ConnectionRefusedError,
    errno.ETIMEDOUT: TCPTimedOutError,
}


def getConnectError(error: Exception | tuple[int, str]) -> ConnectError:
    """The exception that stands for the way in which the operating system refused to connect.

    error: what `connect` raised, or its errno and text. A failed look-up of a name gives UnknownHostError, and what
        has no errno a plain ConnectError.
    """
    if isinstance(error, tuple):
        number, text = error
    elif isinstance(error, OSError) and error.errno is not None:
        number, text = error.errno, error.strerror or ""
    else:
        return ConnectError(string=str(error))
    kind = UnknownHostError if isinstance(error, socket.gaierror) else _CONNECT_ERRORS.get(number, ConnectError)
    return kind(number, text)
