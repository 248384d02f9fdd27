"""Sockets that another program has opened: systemd, an inetd, a parent, or a library. We are told their number only.

Of each we make a copy. The number itself stays its giver's, to close when it likes.
"""

from __future__ import annotations

import os
import socket

from reactor import error

_STREAMS = (socket.AF_INET, socket.AF_INET6, getattr(socket, "AF_UNIX", None))
_LISTENS = getattr(socket, "SO_ACCEPTCONN", None)  # not everywhere


def adopted_stream(descriptor: int, family: int) -> socket.socket:
    """A copy of a stream socket, non-blocking.

    Raises UnsupportedAddressFamily or UnsupportedSocketType when it isn't what it was said to be, or nothing of ours;
    OSError for a number that is no open socket.
    """
    return _adopted(descriptor, family, _STREAMS, socket.SOCK_STREAM)


def adopted_listener(descriptor: int, family: int) -> socket.socket:
    """The same for a socket that listens. Raises ValueError too, for one that doesn't."""
    skt = adopted_stream(descriptor, family)
    if _LISTENS is not None and not skt.getsockopt(socket.SOL_SOCKET, _LISTENS):
        skt.close()
        raise ValueError(f"descriptor {descriptor} doesn't listen: call listen() on it first, or adoptStreamConnection")
    return skt


def adopted_datagrams(descriptor: int, family: int) -> socket.socket:
    """The same for a UDP socket that is bound."""
    return _adopted(descriptor, family, (socket.AF_INET, socket.AF_INET6), socket.SOCK_DGRAM)


def _adopted(descriptor: int, family: int, families: tuple[int | None, ...], kind: int) -> socket.socket:
    if family not in families:
        raise error.UnsupportedAddressFamily(f"{_name(family)}: no reactor of ours can adopt that kind of socket")
    copy = os.dup(descriptor)
    try:
        skt = socket.socket(fileno=copy)  # which asks the kernel what it is; socket.fromfd believes what it is told
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
