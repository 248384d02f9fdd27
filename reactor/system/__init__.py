"""The door to the operating system. Everything that touches it from inside the loop goes through one object.

`System` says what the loop and the transports ask for; `reactor.system.real` is the one that asks the machine.
Another world (a simulated network, a browser) is another object with these methods; nothing else changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from reactor.failure import Failure


class Waker(Protocol):
    """A way to end a poll from outside: another thread, or a signal."""

    def fileno(self) -> int:
        """What the loop watches."""

    def signal_fileno(self) -> int:
        """What `signal.set_wakeup_fd` may write to."""

    def wake(self) -> None:
        """Make `fileno()` readable. Any thread may call it; never blocks."""

    def doRead(self) -> None:
        """Make it unreadable again."""

    def connectionLost(self, reason: Failure) -> None:
        """Never called: the loop doesn't end its own waker."""

    def close(self) -> None:
        """Give the descriptors back."""


class System(Protocol):
    """What the loop and its transports ask of the operating system."""

    def seconds(self) -> float:
        """A clock in seconds that never goes back."""

    def waker(self) -> Waker:
        """A new waker."""

    def tcp_socket(self, host: str) -> Any:
        """A new non-blocking TCP socket of the family of `host`, an address (no name); "" is IPv4. Raises OSError."""

    def prepare_to_listen(self, listener: Any) -> None:
        """Set what a listening socket needs before `bind`."""

    def look_up(self, name: str) -> str:
        """The IPv4 address of a host, by name. Blocks: call it in a thread. Raises OSError."""
