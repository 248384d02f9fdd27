"""The door to the operating system. Everything that touches it from inside the loop goes through one object.

`System` says what the loop and the transports ask for; `reactor.core.system.real` is the one that asks the machine.
Another world (a simulated network, a browser) is another object with these methods; nothing else changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from reactor.core.system.children import Child, Command
    from reactor.failure import Failure


class Waker(Protocol):
    """A way to end a poll from outside: another thread, or a signal."""

    def fileno(self) -> int:
        """The descriptor that the loop watches: readable once it was woken."""

    def signal_fileno(self) -> int:
        """What `signal.set_wakeup_fd` may write to."""

    def wake(self) -> None:
        """Make `fileno()` readable. Any thread may call it; never blocks."""

    def doRead(self) -> None:
        """Take out what woke it, so that the descriptor is unreadable again."""

    def connectionLost(self, reason: Failure) -> None:
        """Never called: the loop doesn't end its own waker."""

    def close(self) -> None:
        """Close its descriptors. The loop has removed it before."""


class SocketFile(Protocol):
    """What a UNIX socket leaves in the file system."""

    def remove(self) -> None:
        """Remove it, unless it is gone or another's by now."""


class LockFile(Protocol):
    """A lock that names the process which holds it."""

    def acquire(self, stale_file: bytes) -> None:
        """Take it; from a process that has died, along with the socket it left at `stale_file`. Raises OSError."""

    def release(self) -> None:
        """Give it back. Again, or before it was taken, does nothing."""

    def is_held(self) -> bool:
        """Whether a process that lives has it."""


class System(Protocol):
    """What the loop and its transports ask of the operating system."""

    def seconds(self) -> float:
        """A clock in seconds that never goes back."""

    def waker(self) -> Waker:
        """A new waker, for the time of one run; the loop closes it."""

    def tcp_socket(self, host: str) -> Any:
        """A new non-blocking TCP socket of the family of `host`, an address (no name); "" is IPv4. Raises OSError."""

    def prepare_to_listen(self, listener: Any) -> None:
        """Set what a listening socket needs before `bind`."""

    def udp_socket(self, host: str) -> Any:
        """A new non-blocking UDP socket of the family of `host`, an address; "" is IPv4. Raises OSError."""

    def share_port(self, skt: Any) -> None:
        """Let several sockets have the port that this one will be bound to, if all of them say so."""

    def unix_socket(self, datagrams: bool = False) -> Any:
        """A new non-blocking UNIX socket, for a stream or for datagrams. Raises OSError."""

    def socket_file(self, path: bytes, mode: int) -> SocketFile:
        """The file that binding a UNIX socket to `path` has just made, with these permissions. Raises OSError."""

    def lock_file(self, path: bytes) -> LockFile:
        """A lock at `path`, for `acquire` to take. Nothing is in the file system yet."""

    def incoming_channel(self, fd: int) -> Any:
        """A descriptor of the program to read from, borrowed, with the methods of a socket. Raises OSError."""

    def outgoing_channel(self, fd: int) -> Any:
        """A descriptor of the program to write to, likewise. Raises OSError."""

    def look_up(self, name: str) -> str:
        """The IPv4 address of a host, by name. Blocks: call it in a thread. Raises OSError."""

    def look_up_all(self, name: str) -> list[str]:
        """Its addresses of both families, the best first (RFC 6724). Blocks as well. Raises OSError."""

    def service(self, name: str) -> int:
        """The TCP port of a service, by name. Raises OSError."""

    def spawn(self, command: Command) -> Child:
        """Start a child process. Raises OSError, which names the file that is missing or may not be used."""
