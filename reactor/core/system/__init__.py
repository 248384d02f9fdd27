"""The door to the operating system. The loop and its transports reach it through one object only.

`System` lists what they ask for; `reactor.core.system.real` answers with the machine itself. Another world (a simulated
network, a browser) is another object with these methods; nothing else changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from reactor.core.system.children import Child, Command
    from reactor.failure import Failure


class Waker(Protocol):
    """Ends a poll from outside: for other threads, and for signals."""

    def fileno(self) -> int:
        """The descriptor that the loop watches: readable after `wake`."""

    def signal_fileno(self) -> int:
        """The descriptor for `signal.set_wakeup_fd`."""

    def wake(self) -> None:
        """Make `fileno()` readable. Any thread may call it; never blocks."""

    def doRead(self) -> None:
        """Read what woke it, so that the descriptor is no longer readable."""

    def connectionLost(self, reason: Failure) -> None:
        """Never called: the loop doesn't end its own waker."""

    def close(self) -> None:
        """Close its descriptors. The loop has removed it before."""


class SocketFile(Protocol):
    """What a UNIX socket leaves in the file system."""

    def remove(self) -> None:
        """Remove the file, unless it is gone or belongs to another socket by now."""


class LockFile(Protocol):
    """A lock that names the process which holds it."""

    def acquire(self, stale_file: bytes) -> None:
        """Take the lock. If its holder has died, remove the socket left at `stale_file` too. Raises OSError."""

    def release(self) -> None:
        """Give the lock back. Does nothing if it isn't held."""

    def is_held(self) -> bool:
        """Whether a living process holds the lock."""


class System(Protocol):
    """What the loop and its transports ask of the operating system."""

    def seconds(self) -> float:
        """Now, in seconds, on a clock that never goes back."""

    def waker(self) -> Waker:
        """A new waker for one run; the loop closes it."""

    def tcp_socket(self, host: str) -> Any:
        """A new non-blocking TCP socket of the family of `host`, an address (no name); "" is IPv4. Raises OSError."""

    def prepare_to_listen(self, listener: Any) -> None:
        """Set the options that a listening socket needs before `bind`."""

    def udp_socket(self, host: str) -> Any:
        """A new non-blocking UDP socket of the family of `host`, an address; "" is IPv4. Raises OSError."""

    def share_port(self, skt: Any) -> None:
        """Let several sockets share the port that this one will be bound to; each of them must call this."""

    def unix_socket(self, datagrams: bool = False) -> Any:
        """A new non-blocking UNIX socket, for a stream or for datagrams. Raises OSError."""

    def socket_file(self, path: bytes, mode: int) -> SocketFile:
        """The file that binding a UNIX socket to `path` has just made; gets the permissions `mode`. Raises OSError."""

    def lock_file(self, path: bytes) -> LockFile:
        """A lock at `path`, not taken yet: nothing is in the file system until `acquire`."""

    def incoming_channel(self, fd: int) -> Any:
        """One of the program's descriptors, borrowed to read from, with the methods of a socket. Raises OSError."""

    def outgoing_channel(self, fd: int) -> Any:
        """One of the program's descriptors, borrowed to write to, with the methods of a socket. Raises OSError."""

    def look_up(self, name: str) -> str:
        """The IPv4 address of the host with this name. Blocks: call it in a thread. Raises OSError."""

    def look_up_all(self, name: str) -> list[str]:
        """The host's addresses of both families, the best first (RFC 6724). Blocks as well. Raises OSError."""

    def service(self, name: str) -> int:
        """The TCP port of the service with this name. Raises OSError."""

    def spawn(self, command: Command) -> Child:
        """Start a child process. Raises OSError, naming the file that is missing or may not be used."""
