"""Ports that belong to one session and to no other program on the machine.

A program says 7771; the kernel is told another number, and that number must be free whenever the program asks: before
it listens (a client is really refused), while it listens, and after it closed (it may listen again). Ports that the
kernel picks itself can't promise that: between two uses it may give the number to any outgoing connection. So the
numbers come from below the range the kernel picks from, in blocks; the process that holds the first port of a block,
bound but never listening, owns the block. The kernel is the lock: it works between users and containers that share a
network, and a crash releases it.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

BLOCK = 16
_USUAL_START = 32768


def _region() -> range:
    """The first ports of all blocks."""
    try:
        low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        low = _USUAL_START
    top = low if low > 16384 else _USUAL_START
    return range(top - 12288, top - BLOCK, BLOCK)


class PortLease:
    """Holds a block of ports from its creation until `close()`.

    real: the ports that programs may use, all free when the lease began.
    """

    def __init__(self) -> None:
        blocks = _region()
        start = int.from_bytes(os.urandom(4), "big")
        for step in range(len(blocks)):
            first = blocks[(start + step) % len(blocks)]
            guard = _hold(first, socket.SOCK_STREAM)
            if guard is not None:
                self._guard = guard
                self.real = tuple(port for port in range(first + 1, first + BLOCK) if _is_free(port))
                return
        raise OSError(f"all {len(blocks)} blocks of ports below {blocks.stop} are in use")

    def close(self) -> None:
        self._guard.close()


def _hold(port: int, kind: int) -> socket.socket | None:
    """A socket bound to the port on every address, IPv6 too where there is any; None if the port is in use."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    holder = socket.socket(family, kind)
    try:
        if family == socket.AF_INET6:
            holder.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        holder.bind(("", port))
    except OSError:
        holder.close()
        return None
    return holder


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        holder = _hold(port, kind)
        if holder is None:
            return False
        holder.close()
    return True


def is_listening(port: int) -> bool:
    """Whether anything on this machine accepts connections on the port."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if probe.connect_ex((host, port)) == 0:
                    return True
        except OSError:  # no IPv6 here
            continue
    return False
