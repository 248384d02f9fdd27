"""UDP ASSOCIATE: datagrams of one client, and the answers to them.

    client  <- header, contents ->  port towards the client | ports towards the world  <- contents ->  peers

It lasts as long as the client's TCP connection. Datagrams are taken from that client's address and one port of it;
answers only from peers that it has written to, as otherwise the proxy would be a hole in its own firewall. A datagram
in fragments is dropped, which RFC 1928 allows, and so is everything that can't be sent: datagrams get lost.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from reactor.endpoints.hostname import addresses_of
from reactor.endpoints.socks import wire
from reactor.endpoints.socks.wire import SocksError
from reactor.protocol import DatagramProtocol

if TYPE_CHECKING:
    from reactor.protocols.socks.errands import SOCKSProtocol

MOST_LOOKUPS = 20  # names that are looked up at a time; datagrams to further ones are dropped


class Association(DatagramProtocol):
    """The port towards one client.

    MOST_PEERS: to whom it may talk at a time; the one that was longest without a datagram goes.
    sent, received: bytes of contents. dropped: datagrams that weren't passed on.
    """

    MOST_PEERS = 100
    noisy = False

    def __init__(self, socks: SOCKSProtocol, request: wire.Request) -> None:
        self._socks = socks
        self._source = (socks.transport.getPeer().host, request.port)
        self._peers: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._outer: dict[str, Any] = {}  # the transport for each family
        self._lookups = 0
        self._is_over = False
        self.sent = self.received = self.dropped = 0

    def listen(self) -> Any:
        """Open the port, at the address to which the client came. Returns where it is."""
        here = self._socks.transport.getHost().host
        return self._socks.reactor.listenUDP(0, self, interface=here).getHost()

    def stop(self) -> None:
        """Close all ports."""
        self._is_over = True
        for transport in (self.transport, *self._outer.values()):
            if transport is not None:  # its port could not be opened
                transport.stopListening()

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        """A datagram from the client, or from somebody who would like to be it."""
        host, port = addr[:2]
        expected_host, expected_port = self._source
        if host != expected_host or port != (expected_port or port):
            self.dropped += 1
            return
        self._source = (host, port)
        try:
            fragment, name, to_port, contents = wire.read_datagram(datagram)
        except SocksError:
            self.dropped += 1
            return
        if fragment:
            self.dropped += 1
        elif wire.is_address(name):
            self._send(name, name, to_port, contents)
        else:
            self._look_up(name, to_port, contents)

    def _look_up(self, name: str, port: int, contents: bytes) -> None:
        if self._lookups >= MOST_LOOKUPS or not self._permits(name, None, port):
            self.dropped += 1
            return
        self._lookups += 1
        answer = addresses_of(self._socks.reactor.nameResolver, name, port)

        def done(found: Any) -> None:
            self._lookups -= 1
            hosts = [one.host for one in found] if isinstance(found, list) and not self._is_over else []
            allowed = [host for host in hosts if self._permits(name, host, port)]
            if allowed:
                self._send(name, allowed[0], port, contents)
            else:
                self.dropped += 1

        answer.addBoth(done)

    def _permits(self, name: str, address: str | None, port: int) -> bool:
        socks = self._socks
        return socks.user.permits(wire.UDP_ASSOCIATE, name, address, port, socks.name, socks.transport.getPeer())

    def _send(self, name: str, address: str, port: int, contents: bytes) -> None:
        if not self._permits(name, address, port) or not port:
            self.dropped += 1
            return
        family = "::" if ":" in address else ""
        if family not in self._outer:
            self._outer[family] = self._socks.reactor.listenUDP(0, _Answers(self), interface=family)
        self._peers[address, port] = None
        self._peers.move_to_end((address, port))
        if len(self._peers) > self.MOST_PEERS:
            self._peers.popitem(last=False)
        try:
            self._outer[family].write(contents, (address, port))
        except OSError:  # no route, too long: it is lost, as datagrams are
            self.dropped += 1
            return
        self.sent += len(contents)

    def answer(self, contents: bytes, host: str, port: int) -> None:
        """A datagram from the world: the client's, if it wrote there."""
        if (host, port) not in self._peers:
            self.dropped += 1
            return
        self.received += len(contents)
        try:
            self.transport.write(wire.datagram(host, port, contents), self._source)
        except OSError:
            self.dropped += 1


class _Answers(DatagramProtocol):
    """A port towards the world."""

    noisy = False

    def __init__(self, association: Association) -> None:
        self._association = association

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        self._association.answer(datagram, addr[0], addr[1])
