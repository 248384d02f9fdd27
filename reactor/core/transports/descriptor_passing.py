"""Passing file descriptors over a UNIX socket: a process hands another one an open file, or a connection.

A descriptor travels with a byte of the stream, sendmsg(2), SCM_RIGHTS in unix(7): there must be at least as many bytes
as descriptors. With which of the bytes a descriptor arrives is not defined; the order of the descriptors is. At any
time each has one owner, who closes it: we own a copy until it is sent, the kernel owns it on the way, and at the other
end the protocol that takes it does, or, if none does, the transport there.
"""

from __future__ import annotations

import os
import socket
from array import array
from collections import deque
from typing import Any

from reactor import log

_ROOM = 4096  # bytes for what comes beside the stream; the 253 descriptors that fit into a message, unix(7), take 1,028
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


class PassingSocket:
    """A connected UNIX socket that sends descriptors along. To the buffering core it is a socket like any other.

    to_send: copies of descriptors, each to go with one of the next bytes.
    """

    def __init__(self, skt: Any) -> None:
        self._socket = skt
        self.to_send: deque[int] = deque()
        self._fetched: bytes | OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def fetch(self, size: int) -> list[int]:
        """Receive what is there. Returns the descriptors, and keeps the bytes for the `recv` that follows."""
        try:
            self._fetched, messages, flags, _ = self._socket.recvmsg(size, _ROOM, _CLOSE_ON_EXEC)
        except OSError as problem:
            self._fetched = problem
            return []
        received = array("i")
        for level, kind, data in messages:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                received.frombytes(data[: len(data) - len(data) % received.itemsize])
        if flags & socket.MSG_CTRUNC:
            log.msg(f"out of file descriptors: some that were sent to us are lost, after {len(received)} that came")
        return received.tolist()

    def recv(self, size: int) -> bytes:
        """Return the bytes that `fetch` received, or raise its OSError; once."""
        fetched, self._fetched = self._fetched, None
        if fetched is None:
            raise BlockingIOError
        if isinstance(fetched, OSError):
            raise fetched
        return fetched

    def send(self, data: bytes | memoryview) -> int:
        """Send bytes, each of the first ones with a descriptor. Returns how many bytes the kernel took."""
        sent = 0
        try:
            while self.to_send and sent < len(data):
                rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [self.to_send[0]]))]
                sent += self._socket.sendmsg([data[sent : sent + 1]], rights)
                os.close(self.to_send.popleft())
            if sent < len(data):
                sent += self._socket.send(data[sent:] if sent else data)
        except (BlockingIOError, InterruptedError):
            if not sent:
                raise
        return sent

    def close(self) -> None:
        """Close the socket, and the descriptors that were not sent."""
        close_all(self.to_send)
        self.to_send.clear()
        self._socket.close()


def close_all(descriptors: Any) -> None:
    """Close every one of these."""
    for descriptor in descriptors:
        os.close(descriptor)
