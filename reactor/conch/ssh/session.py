"""One channel of a client's at the server: a shell, a command or a subsystem (RFC 4254, 6).

What the peer asks goes to the avatar's ISession, and what that raises is a "no". The channel is the process protocol of
a child that the session starts, and the transport of a protocol that it connects. Of a terminal's size nothing above
`largestSide` is believed; variables are refused unless the session takes them.
"""

from __future__ import annotations

import signal
from typing import Any

import asyncssh

from reactor import log
from reactor.conch.error import ConchError
from reactor.conch.interfaces import EnvironmentVariableNotPermitted
from reactor.conch.ssh.channel import STDERR, Channel
from reactor.error import ProcessDone, ProcessExitedAlready
from reactor.failure import Failure
from reactor.protocol import ProcessProtocol, Protocol, connectionDone

REFUSALS = (ConchError, EnvironmentVariableNotPermitted, NotImplementedError, OSError, ProcessExitedAlready)


def wrapProtocol(proto: Any) -> Any:
    """For `proto.makeConnection(wrapProtocol(yours))`: what the peer writes goes to `yours`."""
    return proto


class SSHSession(Channel, ProcessProtocol, asyncssh.SSHServerSession[bytes]):
    """avatar: whose it is. session: its ISession, made when it is first needed."""

    largestSide = 1000
    session: Any = None
    _process: Any = None
    _is_started = _is_finished = False
    _ending: Any = ProcessDone(0)

    def __init__(self, avatar: Any) -> None:
        super().__init__()
        self.avatar = avatar

    # what the peer asks

    def connection_made(self, chan: Any) -> None:
        super().connection_made(chan)
        chan._process_env_request = self._variable  # asyncssh keeps every variable, without end, and asks nobody

    def _variable(self, packet: Any) -> bool:
        return self._ask("setEnv", packet.get_string(), packet.get_string())

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        return self._ask("getPty", term_type.encode(), self._size(*term_size), [*term_modes.items()])

    def shell_requested(self) -> bool:
        return self._ask("openShell", self)

    def exec_requested(self, command: str) -> bool:
        return "\0" not in command and self._ask("execCommand", self, command.encode())

    def subsystem_requested(self, subsystem: str) -> bool:
        try:
            found = self.avatar.lookupSubsystem(subsystem.encode(), b"")
        except Exception:
            log.err(None, f"the subsystem {subsystem!r}")
            return False
        self.protocol = found or self.protocol
        return found is not None

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        self._ask("windowChanged", self._size(width, height, pixwidth, pixheight))

    def signal_received(self, signal: str) -> None:
        self._ask("signalReceived", signal)

    def _size(self, width: int, height: int, *pixels: int) -> tuple[int, ...]:
        return tuple(min(side, self.largestSide) for side in (height, width, *pixels))

    def _ask(self, method: str, *args: Any) -> bool:
        """Whether the session has this method, and it raises nothing."""
        try:
            if self.session is None and self.avatar.sessionFactory is not None:
                self.session = self.avatar.sessionFactory(self.avatar)
            if not hasattr(self.session, method):
                return False
            getattr(self.session, method)(*args)
        except REFUSALS as problem:
            log.msg(f"refused to {self.avatar!r}: {method}: {problem!r}")
            return False
        except Exception:
            log.err(None, f"{method} of {self.session!r}")
            return False
        return True

    # what happens

    def makeConnection(self, transport: Any) -> None:
        """What the peer writes goes there: to a child process, or to a protocol in `wrapProtocol`."""
        if hasattr(transport, "dataReceived"):
            self.protocol = transport
            return
        self._process, self.protocol = transport, _Input(transport)
        self.registerProducer(transport, True)
        transport.registerProducer(self, True)

    def session_started(self) -> None:
        self._is_started = True
        if self.protocol.transport is None:
            super().session_started()
        if self._is_finished:
            self.finish()

    def eof_received(self) -> bool:
        if self._process is not None:
            self._process.unregisterProducer()
        if self.session is not None:
            self._call(self.session.eofReceived)
        elif not hasattr(self.protocol, "readConnectionLost"):
            self.loseConnection()  # as TCP does
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.session is not None:
            self._call(self.session.closed)

    # the child's half

    def outReceived(self, data: bytes) -> None:
        """The child says this."""
        self.write(data)

    def errReceived(self, data: bytes) -> None:
        """The child says this on its standard error."""
        self.writeExtended(STDERR, data)

    def processEnded(self, reason: Failure) -> None:
        """It has ended, and the peer is told how. A protocol may call this, too, in place of `loseConnection`."""
        self._ending = reason.value
        self.producer = None
        self.loseConnection()

    def finish(self) -> None:
        self._is_finished = True
        if not self._is_started or self.channel.is_closing():
            return
        number = getattr(self._ending, "signal", None)
        if number is None:
            self.channel.exit(getattr(self._ending, "exitCode", 1) or 0)
        else:
            self.channel.exit_with_signal(signal.Signals(number).name[3:])


class _Input(Protocol):
    """What the peer writes, for a child process."""

    def __init__(self, process: Any) -> None:
        self._process = process

    def dataReceived(self, data: bytes) -> None:
        self._process.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._process.unregisterProducer()
        self._process.loseConnection()
