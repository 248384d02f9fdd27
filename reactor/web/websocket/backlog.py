"""What the peer of a WebSocket has not taken yet: how to keep it from growing, and whether it shrinks.

A peer that reads slowly is alive as long as it reads. Its answer to a ping or to a goodbye waits behind all that it has
to read before; so no timeout may count while the backlog shrinks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_BACKLOG_BYTES = 64 * 1024  # fewer than this are as good as sent: the kernel takes them at once


class Backlog:
    """Counts what is sent, and what waits. transport: whose `pending_bytes` wait; without them nothing seems to."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._written = self._taken_before = 0

    def write(self, data: bytes) -> None:
        """Send these bytes, and count them."""
        self._written += len(data)
        self._transport.write(data)

    def unsent(self) -> int:
        """How many bytes wait in the transport."""
        return int(getattr(self._transport, "pending_bytes", 0))

    def watch(self) -> None:
        """Look now, so that `has_shrunk` tells from here on."""
        self._taken_before = self._written if self.unsent() < _BACKLOG_BYTES else self._taken()

    def has_shrunk(self) -> bool:
        """Whether the peer, or at least the kernel, has taken anything since the last look."""
        before, self._taken_before = self._taken_before, self._taken()
        return self._taken_before != before

    def _taken(self) -> int:
        return self._written - self.unsent()


class Brake:
    """The producer while the protocol has none: when the peer doesn't read our answers, stop reading its messages."""

    def __init__(self, hold: Callable[[bool], object]) -> None:
        self._hold = hold

    def pauseProducing(self) -> None:
        self._hold(True)

    def resumeProducing(self) -> None:
        self._hold(False)

    def stopProducing(self) -> None:
        pass
