"""Addresses as the socket module has them, and as packets carry them.

A packet carries an address and a port. The socket module has four fields for IPv6, and shows IPv4 to a socket of IPv6
as "::ffff:1.2.3.4" (RFC 4291, section 2.5.5.2). Inside the simulation only the plain form is used.
"""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

from reactor.sim.packets import Place

_MAPPED = "::ffff:"

ANY = ("0.0.0.0", "::")
BROADCAST = "255.255.255.255"


def failure(number: int) -> OSError:
    """The exception that the socket module would raise for an error of the kernel."""
    return OSError(number, os.strerror(number))


def is_address(text: str) -> bool:
    """Whether this is an address, of either family, and not a name."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text)
        except OSError:
            continue
        return True
    return False


def plain(host: str) -> str:
    """An address in its canonical form, IPv4 as IPv4. Raises OSError for anything but an address."""
    if ":" not in host:
        socket.inet_pton(socket.AF_INET, host)
        return host
    host = socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, host))
    return host[len(_MAPPED) :] if host.startswith(_MAPPED) and "." in host else host


def shown(family: int, place: Place) -> tuple[Any, ...]:
    """The form of an address that the socket module uses for a socket of this family."""
    host, port = place
    if family == socket.AF_INET:
        return host, port
    return (host if ":" in host else _MAPPED + host), port, 0, 0


def family_of(host: str) -> int:
    """AF_INET6 for a host with a colon, else AF_INET."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def is_loopback(host: str) -> bool:
    """Whether this is a loopback address, which means the host itself."""
    return host == "::1" or host.startswith("127.")


def is_group(host: str) -> bool:
    """Whether this is a multicast address."""
    if ":" in host:
        return host.startswith("ff")
    return 224 <= int(host.split(".")[0]) < 240


def check_family(family: int, host: str) -> None:
    """Raises OSError for an address that a socket of this family can't reach."""
    if family == socket.AF_INET and ":" in host:
        raise failure(errno.EAFNOSUPPORT)
