"""A TCP socket: it listens, or it has, or will have, a connection. It behaves as tcp(7) and connect(2) say."""

from __future__ import annotations

import errno
import socket
import struct
from collections import deque
from collections.abc import Iterable
from typing import Any

from reactor.sim.addresses import ANY, check_family, failure, shown
from reactor.sim.descriptors import POLLERR, POLLHUP, POLLIN, POLLOUT, Descriptors
from reactor.sim.host import Host
from reactor.sim.packets import Place, Segment
from reactor.sim.ports import Claim
from reactor.sim.resolver import Names
from reactor.sim.sockets import SHARES, SHARES_ALL, SimSocket
from reactor.sim.tcp import OPENING, OVER, Endpoint, State

_LONGEST_BACKLOG = 4096  # net.core.somaxconn


class TCPSocket(SimSocket):
    """A socket of SOCK_STREAM. Made by `SimSystem.tcp_socket`, and by `accept`."""

    type = socket.SOCK_STREAM

    def __init__(
        self, host: Host, descriptors: Descriptors, names: Names, family: int, endpoint: Endpoint | None = None
    ) -> None:
        super().__init__(host, descriptors, names, family)
        self._claim: Claim | None = None  # ours until there is a connection, which takes it over
        self._endpoint = endpoint
        self._is_connecting = False  # connect() was called, and the outcome was not reported yet
        self._waiting: deque[Endpoint] | None = None  # if it listens: the connections that wait for `accept`
        self._backlog = 0
        if endpoint is not None:
            endpoint.on_change = self._changed

    # --- names

    def bind(self, address: Any) -> None:
        """Bind to an address and a port. Raises OSError: taken, not this host's, or bound already."""
        place = self._place(address)
        if self._claim is not None or self._endpoint is not None:
            raise failure(errno.EINVAL)
        self.host.check_own(place[0])
        self._claim = self.host.tcp_ports.take(self._new_claim(place))

    def _new_claim(self, place: Place) -> Claim:
        return Claim(
            place,
            shares=bool(self._option(*SHARES)),
            shares_all=bool(self._option(*SHARES_ALL)),
            only_ipv6=bool(self._option(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)),
        )

    def getsockname(self) -> tuple[Any, ...]:
        """The address of this end."""
        self._require_open()
        if self._endpoint is not None:
            return shown(self.family, self._endpoint.local)
        if self._claim is not None:
            return shown(self.family, self._claim.place)
        return shown(self.family, (ANY[self.family == socket.AF_INET6], 0))

    def getpeername(self) -> tuple[Any, ...]:
        """The address of the other end. Raises ENOTCONN."""
        return shown(self.family, self._connected().remote)

    def _connected(self) -> Endpoint:
        self._require_open()
        endpoint = self._endpoint
        if endpoint is None or endpoint.state in OPENING or endpoint.state in OVER:
            raise failure(errno.ENOTCONN)
        return endpoint

    # --- listening

    def listen(self, backlog: int = 128) -> None:
        """Listen; at most `backlog` + 1 connections wait for `accept`. Raises OSError."""
        self._require_open()
        if self._endpoint is not None:
            raise failure(errno.EINVAL)
        if self._claim is None:
            self.bind(("", 0))
        assert self._claim is not None
        if self._waiting is None:
            self.host.tcp_ports.listen(self._claim)
            self._waiting = deque()
            self.host.listening[self._claim] = self
        self._backlog = max(0, min(backlog, _LONGEST_BACKLOG))

    def accept(self) -> tuple[TCPSocket, tuple[Any, ...]]:
        """The connection that waits longest, and its peer's address. Raises OSError: BlockingIOError if none waits."""
        self._require_open()
        if self._waiting is None:
            raise failure(errno.EINVAL)
        if not self._waiting:
            raise failure(errno.EAGAIN)
        new = TCPSocket(self.host, self._descriptors, self._names, self.family, self._waiting[0])
        endpoint = self._waiting.popleft()
        new._options = {key: value for key, value in self._options.items() if key[1] != socket.SO_LINGER}
        return new, shown(self.family, endpoint.remote)

    def invite(self, call: Segment) -> None:
        """A client calls: answer, unless too many wait already. Called by the host."""
        assert self._waiting is not None and self._claim is not None
        if len(self._waiting) > self._backlog:
            return  # no answer at all: the client will call again
        newcomer = self._new_endpoint(call.target, call.source)
        claim = Claim(call.target, self._claim.shares, self._claim.shares_all)
        self.host.tcp_ports.join(claim)
        newcomer.on_end = lambda: self.host.tcp_ports.give_back(claim)
        newcomer.invite(self, call.window)

    def admit(self, newcomer: Endpoint) -> bool:
        """Queue a complete connection for `accept`, if there is room. Called by the connection."""
        if self._waiting is None or len(self._waiting) > self._backlog:
            return False
        self._waiting.append(newcomer)
        self._changed()
        return True

    def _new_endpoint(self, local: Place, remote: Place) -> Endpoint:
        way = self.host.network.way(self.host, remote[0])
        link = way[1] if way is not None else self.host.network.link(self.host, self.host)
        return Endpoint(self.host, local, remote, self._buffers(), link)

    # --- connecting

    def connect(self, address: Any) -> None:
        """Begin to connect, or report the outcome. Raises OSError: BlockingIOError (EINPROGRESS) when it begins."""
        error = self.connect_ex(address)
        if error:
            raise failure(error)

    def connect_ex(self, address: Any) -> int:
        """Begin to connect, or report the outcome, as an errno: 0 when the connection is made."""
        place = self._place(address)
        if self._waiting is not None:
            return errno.EISCONN
        try:
            return self._progress() if self._endpoint is not None else self._begin(place)
        except OSError as problem:
            return problem.errno or errno.EINVAL

    def _begin(self, place: Place) -> int:
        remote = self._real_target(place)
        check_family(self.family, remote[0])
        if self._claim is None:
            self._claim = self._new_claim((self.host.address_towards(remote[0]), self.host.tcp_ports.free_port()))
            self.host.tcp_ports.join(self._claim)
        local_host, port = self._claim.place
        local = (self.host.address_towards(remote[0]) if local_host in ANY else local_host, port)
        if (local, remote) in self.host.connections:
            return errno.EADDRNOTAVAIL
        self._endpoint = self._new_endpoint(local, remote)
        self._endpoint.on_change = self._changed
        self._is_connecting = True
        self._endpoint.connect()
        return errno.EINPROGRESS

    def _real_target(self, place: Place) -> Place:
        """No host has the address "every address"; Linux takes it for the machine itself."""
        if place[0] in ANY:
            return ("::1" if ":" in place[0] else "127.0.0.1"), place[1]
        return place

    def _progress(self) -> int:
        endpoint = self._endpoint
        assert endpoint is not None
        if not self._is_connecting:
            return errno.EISCONN if endpoint.state not in OVER else errno.ECONNABORTED
        if endpoint.state in OPENING:
            return errno.EALREADY
        self._is_connecting = False
        if endpoint.state is not State.CLOSED:
            return 0
        self._endpoint = None  # the attempt failed: the socket may try again
        error, endpoint.error = endpoint.error, 0
        return error or errno.ECONNABORTED

    # --- moving bytes

    def send(self, data: bytes | memoryview, flags: int = 0) -> int:
        """Send as many bytes as there is room for. Returns how many. Raises OSError."""
        self._require_open()
        endpoint = self._endpoint
        if endpoint is None:
            raise failure(errno.EPIPE)
        if endpoint.error:
            raise failure(self._take_error())
        if endpoint.write_is_shut:
            raise failure(errno.EPIPE)
        if endpoint.state in OPENING or (not endpoint.outgoing.room and len(data)):
            raise failure(errno.EAGAIN)
        return endpoint.write(data)

    def sendmsg(self, buffers: Iterable[bytes | memoryview]) -> int:
        """As `send`, of several pieces."""
        return self.send(b"".join(buffers))

    def recv(self, size: int, flags: int = 0) -> bytes:
        """What has come, at most `size` bytes; b"" at the end. flags: MSG_PEEK leaves it there. Raises OSError."""
        self._require_open()
        endpoint = self._endpoint
        if endpoint is None:
            raise failure(errno.ENOTCONN)
        if len(endpoint.incoming) or size == 0:
            return endpoint.read(size, bool(flags & socket.MSG_PEEK))
        if endpoint.incoming.is_ended:
            return b""
        if endpoint.error:
            raise failure(self._take_error())
        if endpoint.read_is_shut:
            return b""
        raise failure(errno.EAGAIN)

    def shutdown(self, how: int) -> None:
        """End one direction, or both. Raises ENOTCONN."""
        endpoint = self._connected()
        if how in (socket.SHUT_RD, socket.SHUT_RDWR):
            endpoint.read_is_shut = True
        if how in (socket.SHUT_WR, socket.SHUT_RDWR) and not endpoint.write_is_shut:
            endpoint.shut_write()
        self._changed()

    # --- the rest

    def _take_error(self) -> int:
        if self._endpoint is None:
            return 0
        error, self._endpoint.error = self._endpoint.error, 0
        return error

    @property
    def listens(self) -> bool:
        return self._waiting is not None

    def ready(self) -> int:
        if self._waiting is not None:
            return POLLIN if self._waiting else 0
        endpoint = self._endpoint
        if endpoint is None:
            return POLLOUT | POLLHUP
        if endpoint.state in OPENING:
            return 0
        mask = POLLERR if endpoint.error else 0
        if endpoint.state in OVER or (endpoint.read_is_shut and endpoint.write_is_shut):
            mask |= POLLHUP
        if endpoint.read_is_shut or len(endpoint.incoming):
            mask |= POLLIN
        if endpoint.write_is_shut or endpoint.outgoing.is_roomy:
            mask |= POLLOUT
        return mask

    def _release(self) -> None:
        if self._waiting is not None:
            self._close_door()
        claim, self._claim = self._claim, None
        endpoint = self._endpoint
        if claim is not None:
            if endpoint is not None and endpoint.state is not State.CLOSED:
                endpoint.on_end = lambda: self.host.tcp_ports.give_back(claim)
            else:
                self.host.tcp_ports.give_back(claim)
        if endpoint is not None:
            endpoint.on_change = _nothing
            endpoint.close(self._wants_reset())

    def _close_door(self) -> None:
        assert self._waiting is not None and self._claim is not None
        del self.host.listening[self._claim]
        waiting, self._waiting = self._waiting, None
        called = [
            one for one in self.host.connections.values() if one.doorman is self and one.state is State.SYN_RECEIVED
        ]
        for endpoint in [*waiting, *called]:
            endpoint.close(reset=True)

    def _wants_reset(self) -> bool:
        """SO_LINGER with no time to linger: socket(7)."""
        value = self._options.get((socket.SOL_SOCKET, socket.SO_LINGER))
        return isinstance(value, bytes) and struct.unpack("ii", value) == (1, 0)


def _nothing() -> None:
    """Does nothing: the callback of a socket that is closed."""
