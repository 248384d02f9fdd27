"""Sockets that another program has opened: systemd, an inetd, a parent, or a library. All we are told is a number.

We copy the descriptor. The original remains the caller's, to close at any time.
"""

from __future__ import annotations

import os
import socket

from reactor import error

_STREAMS = (socket.AF_INET, socket.AF_INET6, getattr(socket, "AF_UNIX", None))
_LISTENS = getattr(socket, "SO_ACCEPTCONN", None)  # not everywhere


def adopted_stream(descriptor: int, family: int) -> socket.socket:
    """A copy of a stream socket, non-blocking.

    Raises UnsupportedAddressFamily or UnsupportedSocketType when the socket is not of the kind that the caller says, or
    of a kind that we don't support; OSError for a number that is no open socket.
    """
    return _adopted(descriptor, family, _STREAMS, socket.SOCK_STREAM)


def adopted_listener(descriptor: int, family: int) -> socket.socket:
    """A copy of a listening socket. Raises as `adopted_stream` does, and ValueError if the socket doesn't listen."""
    skt = adopted_stream(descriptor, family)
    if _LISTENS is not None and not skt.getsockopt(socket.SOL_SOCKET, _LISTENS):
        skt.close()
        raise ValueError(f"descriptor {descriptor} doesn't listen: call listen() on it first, or adoptStreamConnection")
    return skt


def adopted_datagrams(descriptor: int, family: int) -> socket.socket:
    """A copy of a UDP socket that is bound. Raises as `adopted_stream` does."""
    return _adopted(descriptor, family, (socket.AF_INET, socket.AF_INET6), socket.SOCK_DGRAM)


def _adopted(descriptor: int, family: int, families: tuple[int | None, ...], kind: int) -> socket.socket:
    if family not in families:
        raise error.UnsupportedAddressFamily(f"{_name(family)}: no reactor of ours can adopt that kind of socket")
    copy = os.dup(descriptor)
    try:
        skt = socket.socket(fileno=copy)  # asks the kernel for family and type; socket.fromfd believes its arguments
    except OSError:
        os.close(copy)
        raise
    problem: Exception | None = None
    if skt.type != kind:
        wanted = socket.SocketKind(kind).name
        problem = error.UnsupportedSocketType(f"descriptor {descriptor} is {_kind(skt.type)}, not {wanted}")
    elif skt.family != family:
        problem = error.UnsupportedAddressFamily(f"descriptor {descriptor} is {_name(skt.family)}, not {_name(family)}")
    if problem is not None:
        skt.close()
        raise problem
    skt.setblocking(False)
    os.set_inheritable(copy, False)
    return skt


def _name(family: int) -> str:
    try:
        return socket.AddressFamily(family).name
    except ValueError:
        return f"address family {family}"


def _kind(kind: int) -> str:
    try:
        return socket.SocketKind(kind).name
    except ValueError:
        return f"socket type {kind}"
