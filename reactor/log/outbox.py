"""Datagrams for a daemon on this machine or another, sent without ever waiting for it.

The daemon may be slow, or be restarting. A message that can't be sent now waits here, in order. It is sent before the
next message, or when the program ends, which waits for it for two seconds at most. The number of messages that wait
is bounded: those above the bound are lost, and a note says how many.
"""

from __future__ import annotations

import atexit
import errno
import select
import socket
import time
from _thread import RLock
from collections import deque
from collections.abc import Callable
from typing import Any

AT_MOST = 1000  # messages that wait
AT_EXIT_S = 2.0  # how long the program's end waits for them

Send = Callable[[socket.socket, Any], object]
_DAEMON_IS_AWAY = (errno.ECONNREFUSED, errno.ENOENT, errno.ENOTCONN, errno.ECONNRESET, errno.EBADF)


class Outbox:
    """A datagram socket that is connected to a daemon, and what waits to be sent to it.

    address: a path, or a host and a port. send: sends one message over a socket; raises OSError as `socket.send` does.
    lost_note: makes the message that says how many were lost.
    Raises OSError, naming the address, when no daemon is there now. One that restarts later is waited for.
    """

    def __init__(
        self, address: str | tuple[str, int], send: Send, lost_note: Callable[[int], Any], at_most: int = AT_MOST
    ) -> None:
        self.address = address
        self._send = send
        self._lost_note = lost_note
        self._at_most = at_most
        self._waiting: deque[Any] = deque()
        self._lost = 0
        self._one_at_a_time = RLock()  # any thread may log
        self._family, self._name = _found(address)
        self._socket: socket.socket | None = self._connected()
        atexit.register(self.close)

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._waiting)

    def post(self, message: Any) -> None:
        """Send a message, after those that wait; if it can't leave, it waits too. Never blocks, raises no OSError."""
        with self._one_at_a_time:
            if len(self._waiting) < self._at_most:
                self._waiting.append(message)
            else:
                self._lost += 1
            self._send_what_can()

    def flush(self, within_s: float = AT_EXIT_S) -> bool:
        """Wait until all is sent, `within_s` seconds at most. Returns whether it is."""
        deadline = time.monotonic() + within_s
        with self._one_at_a_time:
            while not self._send_what_can() and self._socket is not None:
                left_s = deadline - time.monotonic()
                if left_s <= 0 or not select.select([], [self._socket], [], left_s)[1]:
                    break
            return not self._waiting

    def close(self) -> None:
        """Flush, and close the socket."""
        atexit.unregister(self.close)
        self.flush()
        self._disconnect()

    def _connected(self) -> socket.socket:
        new = socket.socket(self._family, socket.SOCK_DGRAM)
        try:
            new.setblocking(False)
            new.connect(self._name)
        except OSError as problem:
            new.close()
            raise OSError(problem.errno, problem.strerror, str(self.address)) from None
        return new

    def _disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _send_what_can(self) -> bool:
        """Send until the daemon takes no more. Returns whether all is sent."""
        while self._waiting:
            if not self._sent(self._waiting[0]):
                return False
            self._waiting.popleft()
            if self._lost:
                self._waiting.appendleft(self._lost_note(self._lost))
                self._lost = 0
        return True

    def _sent(self, message: Any) -> bool:
        """Try a message; on a new socket too, as the daemon may have restarted. One that can never be sent is dropped.

        Returns whether the message is done with.
        """
        for _ in range(2):
            try:
                if self._socket is None:
                    self._socket = self._connected()
                self._send(self._socket, message)
            except OSError as problem:
                if problem.errno in (errno.EAGAIN, errno.ENOBUFS):
                    return False
                if problem.errno not in _DAEMON_IS_AWAY:
                    return True
                self._disconnect()
            else:
                return True
        return False


def _found(address: str | tuple[str, int]) -> tuple[int, Any]:
    """An address's family and its form for `connect`. A host's name is looked up now, not while the loop runs."""
    if isinstance(address, str):
        return socket.AF_UNIX, address
    host, port = address
    return socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][::4]
