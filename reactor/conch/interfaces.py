"""What somebody at the other end of an SSH connection may do. The names of `twisted.conch.interfaces`."""

from __future__ import annotations

from typing import Any, Protocol


class IConchUser(Protocol):
    """Who has logged in: the avatar that a portal gives to SSH. See avatar.ConchUser, which is one."""

    conn: Any
    """asyncssh's connection, set when the login is complete."""

    def lookupChannel(self, channelType: bytes, windowSize: int, maxPacket: int, data: Any) -> Any:
        """A channel for what is asked: b"session", or b"direct-tcpip" with (host, port) for `data`. See ConchUser."""

    def lookupSubsystem(self, subsystem: bytes, data: bytes) -> Any:
        """The protocol that is a subsystem, such as b"sftp"; None: there is none."""


class ISession(Protocol):
    """What runs in one channel. `setEnv(name, value)` and `signalReceived(name)` may be missing.

    A method that raises refuses what the peer asks. `proto` is the channel: a process protocol for `spawnProcess`; and
    a transport, for a protocol of yours: `yours.makeConnection(proto)`, `proto.makeConnection(wrapProtocol(yours))`.
    """

    def getPty(self, term: bytes, windowSize: tuple[int, int, int, int], modes: list[tuple[int, int]]) -> None:
        """The peer has a terminal of this kind. windowSize: rows, columns, both in pixels. modes: see RFC 4254, 8."""

    def openShell(self, proto: Any) -> None:
        """Begin what one has who names no command."""

    def execCommand(self, proto: Any, command: bytes) -> None:
        """Begin what this command, the peer's words, stands for."""

    def windowChanged(self, newWindowSize: tuple[int, int, int, int]) -> None:
        """The terminal has another size."""

    def eofReceived(self) -> None:
        """The peer will send no more."""

    def closed(self) -> None:
        """The channel is closed."""


class ISessionSetEnv(Protocol):
    """A session that takes variables, by a list of its own: they are the peer's words."""

    def setEnv(self, name: bytes, value: bytes) -> None:
        """Before the shell or command. Raises EnvironmentVariableNotPermitted."""


class EnvironmentVariableNotPermitted(ValueError):
    """This variable isn't on the list."""
