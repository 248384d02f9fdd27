"""Streams through a proxy: what one side can't take in time, the other one is not allowed to send."""

from __future__ import annotations

from reactor.protocols.portforward import ProxyClient, ProxyClientFactory, ProxyFactory, ProxyServer
from tests.faults.streams import Streams

_PORT = 3000


class Forwarded(Streams):
    """As Streams over TCP, with `reactor.protocols.portforward` in between. through: in which program it is."""

    def __init__(self, number, starts_s, parts, clients, through):
        super().__init__(number, starts_s, "tcp", parts, clients)
        self._through = through
        self.forwarded = 0  # connections that the proxy has, or wants to have, with the server

    def begin(self, books, server, client, others):
        self.proxy = others[self._through % len(others)]
        super().begin(books, server, client, others)
        self.programs.append(self.proxy)

    def serve(self, reactor):
        super().serve(reactor)
        self.proxy.reactor.callFromThread(self._forward)

    def _forward(self):
        reactor = self.proxy.reactor
        factory = ProxyFactory(self.books.world.host(self.server.host).addresses[0], self.server_port)
        factory.noisy = False
        factory.protocol = lambda: _Near(self, reactor)
        self.listen(self.proxy, reactor.listenTCP(self.port, factory))

    @property
    def port(self):
        """Where clients call: the proxy's."""
        return _PORT + self.number

    @property
    def called(self):
        return self.proxy

    @property
    def is_over(self):
        return super().is_over and not (self.proxy.is_running and self.forwarded)

    def _must_part_well(self):
        """A proxy closes both sides when one is closed: only who has heard everything may close."""
        return super()._must_part_well() and all(part.ending in ("polite", "wait") for part in self.parts)

    def _must_hear_all(self, sender, receiver):
        return super()._must_hear_all(sender, receiver) and self._must_part_well()

    def _check_direction(self, sender, receiver):
        if self._is_calm and self._must_part_well():
            super()._check_direction(sender, receiver)


class _Bounded:
    """Looks at what waits at the other side after each write."""

    def dataReceived(self, data):
        super().dataReceived(data)
        transport = self.peer.transport
        if transport.pending_bytes > transport.bufferSize + len(data):
            self.talk.complain(f"the proxy holds {transport.pending_bytes} bytes for one side")


class _Near(_Bounded, ProxyServer):
    def __init__(self, talk, reactor):
        self.talk = talk
        self.reactor = reactor

    def clientProtocolFactory(self):
        factory = _Going()
        factory.talk = self.talk
        return factory


class _Going(ProxyClientFactory):
    noisy = False

    def startedConnecting(self, connector):
        self.talk.forwarded += 1
        self.protocol = lambda: _Far(self.talk)

    def clientConnectionFailed(self, connector, reason):
        self.talk.forwarded -= 1
        super().clientConnectionFailed(connector, reason)

    def clientConnectionLost(self, connector, reason):
        self.talk.forwarded -= 1
        super().clientConnectionLost(connector, reason)


class _Far(_Bounded, ProxyClient):
    def __init__(self, talk):
        self.talk = talk
