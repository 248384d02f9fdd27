"""A network of name servers on loopback: on the best poller of this platform, and in the simulated world."""

from ipaddress import ip_network

import pytest

from reactor.names import client, dns, server
from tests.support import loops, simulated
from tests.support.loopback import run_until, stop_listening, turn

# For `pytestmark`, in files whose tests have a network.
IN_BOTH_WORLDS = pytest.mark.parametrize("make_reactor", [loops.here()[0], *simulated.here()], indirect=True)
ON_THE_BEST_POLLER = pytest.mark.parametrize("make_reactor", [loops.here()[0]], indirect=True)
LOCAL = [ip_network("127.0.0.0/8")]


class Net:
    """Servers and clients on one reactor.

    ports: of the servers, to be closed.
    """

    def __init__(self, reactor):
        self.reactor = reactor
        self.ports = []

    def serve(self, *authorities, caches=(), clients=(), factory=server.DNSServerFactory, **settings):
        """Start a server of these over UDP and TCP. settings: attributes of its factory. Returns its factory."""
        made = factory(list(authorities), list(caches), list(clients))
        made.noisy = False
        vars(made).update(settings)
        tcp = self.reactor.listenTCP(0, made, interface="127.0.0.1")
        made.address = ("127.0.0.1", tcp.getHost().port)
        self.listen_udp(made, made.address[1])
        self.ports.append(tcp)
        return made

    def listen_udp(self, controller, number=0):
        """A port for datagrams of DNS. Returns its protocol."""
        protocol = dns.DNSDatagramProtocol(controller, reactor=self.reactor)
        protocol.noisy = False
        port = self.reactor.listenUDP(number, protocol, interface="127.0.0.1", maxPacketSize=4096)
        self.ports.append(port)
        return protocol

    def resolver(self, *servers, timeout=(0.2, 0.4), **settings):
        """A stub resolver for these, factories or addresses."""
        addresses = [getattr(one, "address", one) for one in servers]
        made = client.Resolver(servers=addresses, timeout=timeout, reactor=self.reactor)
        vars(made).update(settings)
        return made

    def result(self, deferred):
        """Its result, when it comes. Raises what it fails with."""
        results = []
        deferred.addBoth(results.append)
        run_until(self.reactor, lambda: results, 30)
        if hasattr(results[0], "raiseException"):
            results[0].raiseException()
        return results[0]

    def error(self, deferred):
        """The exception that it fails with, when it does."""
        try:
            result = self.result(deferred)
        except Exception as problem:
            return problem
        raise AssertionError(f"it came to {result!r}")

    def close(self):
        """Close all servers, and wait until connections and the ports of questions are gone."""
        for port in self.ports:
            stop_listening(self.reactor, port)
        run_until(self.reactor, lambda: not any(getattr(one, "connected", False) for one in self.reactor.getReaders()))
        turn(self.reactor, 3)
