"""What a program waits for, as far as its sockets tell: for the message about a session that doesn't end.

Linux shows it in /proc; elsewhere nothing is known. See proc(5) for the tables of sockets: address and port of this end
and of the other in hexadecimal, state, bytes to send and bytes to read, and the number that /proc/PID/fd has too.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_ESTABLISHED, _CONNECTING, _HALF_CLOSED, _LISTENING = 0x01, 0x02, 0x08, 0x0A


class Socket(NamedTuple):
    """A row of the table."""

    port: int
    other_port: int
    state: int
    to_send: int
    to_read: int
    is_stream: bool


def what_it_waits_for(pid: int, shown: Mapping[int, int]) -> str:
    """What a process does that hasn't ended. shown: real ports, to ports as the session has them."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split(maxsplit=1)[0]
    except OSError:
        return "runs"
    if state == "R":
        return "is computing"
    waits = list(dict.fromkeys(filter(None, (_for(socket, shown) for socket in _sockets(pid)))))
    return f"waits {', '.join(waits)}" if waits else "waits, and for nothing that comes from a socket"


def _sockets(pid: int) -> Iterator[Socket]:
    inodes = set()
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                inodes.add(os.readlink(f"/proc/{pid}/fd/{name}").removeprefix("socket:[").removesuffix("]"))
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with contextlib.suppress(OSError):
            for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                fields = row.split()
                if fields[9] in inodes:
                    yield _socket(fields, table.startswith("tcp"))


def _socket(fields: list[str], is_stream: bool) -> Socket:
    port, other_port = (int(fields[at].rpartition(":")[2], 16) for at in (1, 2))
    to_send, to_read = (int(number, 16) for number in fields[4].split(":"))
    return Socket(port, other_port, int(fields[3], 16), to_send, to_read, is_stream)


def _for(socket: Socket, shown: Mapping[int, int]) -> str:
    here, there = shown.get(socket.port, socket.port), shown.get(socket.other_port, socket.other_port)
    if not socket.is_stream:
        return f"for datagrams to port {here}"
    if socket.state == _LISTENING:
        return f"for connections to port {here}"
    if socket.state == _CONNECTING:
        return f"for an answer from port {there}"
    if socket.state not in (_ESTABLISHED, _HALF_CLOSED):
        return ""
    peer = f"a client of port {here}" if socket.port in shown else f"port {there}"
    if socket.to_read:
        return f"with {socket.to_read} bytes unread from {peer}"
    if socket.to_send:
        return f"for {peer} to take {socket.to_send} bytes"
    return f"for {peer} to say something" if socket.state == _ESTABLISHED else f"though {peer} will say no more"
