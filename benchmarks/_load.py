"""native/load.c in Python, for machines without a C compiler: same arguments, same output, about half the load.

A server on the other core then waits more between requests, so that its figures rise by what waking up costs. They
stay comparable with each other, not with those taken under the load written in C; reports say which one it was.
"""

from __future__ import annotations

import ctypes
import json
import select
import socket
import sys
import time
from dataclasses import dataclass

SERVER = "127.0.0.1"
IP_BIND_ADDRESS_NO_PORT = 24  # <linux/in.h>; Python names it only from 3.12 on
READ_BYTES = 1 << 20


@dataclass
class Asking:
    """A connection, and how many bytes of the reply it still waits for."""

    socket: socket.socket
    missing: int


class Load:
    """Many connections that each ask, wait for the whole reply, and ask again."""

    def __init__(self, port: int, connections: int, request: int, reply: int, keep: bool) -> None:
        self._port, self._request, self._reply, self._keep = port, b"x" * request, reply, keep
        self._poller = select.epoll()
        self._asking: dict[int, Asking] = {}
        for number in range(connections):
            self._connect(f"127.0.0.{2 + number}")

    def _connect(self, own_address: str) -> None:
        connection = socket.socket()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, True)
        connection.bind((own_address, 0))
        connection.connect((SERVER, self._port))
        self._asking[connection.fileno()] = Asking(connection, 0)
        self._poller.register(connection, select.EPOLLIN)
        self._ask(self._asking[connection.fileno()])

    def _ask(self, asking: Asking) -> None:
        asking.missing = self._reply
        asking.socket.sendall(self._request)

    def run(self, seconds: float) -> int:
        """Keep every connection busy for that long. Returns how many replies were complete."""
        done, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            for fd, _ in self._poller.poll(1):
                done += self._take(self._asking[fd])
        return done

    def _take(self, asking: Asking) -> bool:
        data = asking.socket.recv(READ_BYTES)
        asking.missing -= len(data)
        if not data or asking.missing < 0:
            sys.exit("load: the server closed the connection, or sent more than was asked for")
        if asking.missing:
            return False
        if self._keep:
            self._ask(asking)
        else:
            own_address = asking.socket.getsockname()[0]
            del self._asking[asking.socket.fileno()]
            asking.socket.close()
            self._connect(own_address)
        return True

    def finish(self) -> None:
        """Let every reply that is under way arrive, or a server in the middle of one complains; then close."""
        for asking in self._asking.values():
            while asking.missing > 0:
                asking.missing -= len(asking.socket.recv(READ_BYTES)) or sys.exit("load: a reply was cut short")
            asking.socket.close()
        self._poller.close()


def cpu_clock(pid: int) -> int:
    """The number of the clock that counts the CPU time of another process: clock_getcpuclockid(3)."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
        sys.exit(f"load: there is no CPU clock for process {pid}")
    return clock.value


def main(port: str, pid: str, connections: str, request: str, reply: str, seconds: str, mode: str) -> None:
    server = cpu_clock(int(pid))
    load = Load(int(port), int(connections), int(request), int(reply), mode == "keep")
    load.run(float(seconds) / 5)
    wall, cpu = time.monotonic_ns(), time.clock_gettime_ns(server)
    done = load.run(float(seconds))
    cpu, wall = time.clock_gettime_ns(server) - cpu, time.monotonic_ns() - wall
    load.finish()
    print(json.dumps({"round_trips": done, "server_cpu_ns": cpu, "wall_ns": wall}))


if __name__ == "__main__":
    main(*sys.argv[1:])
