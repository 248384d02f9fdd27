"""Ports and connections on sockets that another program has opened. See reactor.core.system.adopted.

Such a port stops like any other, but what it has in the file system stays: it isn't ours.
"""

from __future__ import annotations

import os
from typing import Any

from reactor.core.loop.core import Loop
from reactor.core.system.adopted import adopted_datagrams, adopted_listener, adopted_stream
from reactor.core.transports import tcp, udp
from reactor.core.transports.listening import ListeningPort
from reactor.interfaces import IProtocolFactory

_BACKLOG = 50  # for a port that is stopped and started again; `listenTCP` has the same default


def adopt_port(reactor: Loop, descriptor: int, family: int, factory: IProtocolFactory) -> ListeningPort:
    """What `reactor.adoptStreamPort` promises."""
    listener = adopted_listener(descriptor, family)
    port = _port(reactor, listener.getsockname(), factory)
    port.adopt(listener)
    return port


def adopt_connection(reactor: Loop, descriptor: int, family: int, factory: IProtocolFactory) -> None:
    """What `reactor.adoptStreamConnection` promises: a port that never listens welcomes one connection."""
    skt = adopted_stream(descriptor, family)
    try:
        peer = skt.getpeername()
    except OSError:
        skt.close()
        raise
    _port(reactor, skt.getsockname(), factory).welcome(skt, peer)


def adopt_datagram_port(reactor: Loop, descriptor: int, family: int, protocol: Any, max_packet_size: int) -> udp.Port:
    """What `reactor.adoptDatagramPort` promises."""
    skt = adopted_datagrams(descriptor, family)
    host, number = skt.getsockname()[:2]
    port = udp.Port(number, protocol, host, max_packet_size, reactor)
    port.adopt(skt)
    return port


def _port(reactor: Loop, name: Any, factory: IProtocolFactory) -> ListeningPort:
    """A port for the socket with this name, over TCP or UNIX sockets as the name shows."""
    if isinstance(name, tuple):
        host, number = name[:2]
        return tcp.Port(number, factory, _BACKLOG, host, reactor)
    from reactor.core.transports import unix

    return unix.Port(os.fsencode(name), factory, _BACKLOG, 0o666, reactor, False)
