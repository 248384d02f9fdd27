"""Protocols for datagrams that keep what they hear, and ports that are closed after the test."""

import pytest

from reactor.protocol import ConnectedDatagramProtocol, DatagramProtocol
from tests.support.loopback import stop_listening


class Hearer(DatagramProtocol):
    """Keeps datagrams in `heard` as pairs with their senders, and everything that happens in `events`.

    Hooks: started(hearer), data(hearer, datagram, sender), refused(hearer), stopped(hearer).
    """

    noisy = False

    def __init__(self, **hooks):
        self.hooks, self.heard, self.events = hooks, [], []

    def call_hook(self, name, *args):
        self.events.append(name)
        if name in self.hooks:
            self.hooks[name](self, *args)

    def startProtocol(self):
        self.call_hook("started")

    def stopProtocol(self):
        self.call_hook("stopped")

    def datagramReceived(self, datagram, addr):
        self.heard.append((datagram, addr))
        self.call_hook("data", datagram, addr)

    def connectionRefused(self):
        self.call_hook("refused")

    @property
    def datagrams(self):
        return [datagram for datagram, _ in self.heard]


class ConnectedHearer(Hearer, ConnectedDatagramProtocol):
    """The same, with one peer; keeps the Failure when there is none."""

    failure = None

    def datagramReceived(self, datagram):
        super().datagramReceived(datagram, None)

    def connectionFailed(self, failure):
        self.failure = failure
        self.call_hook("failed")


def echo(hearer, datagram, sender):
    """A hook: send it back."""
    hearer.transport.write(datagram, sender)


@pytest.fixture(name="opened")
def opened_ports(reactor):
    """A list for the ports that the test opens; they are closed after it."""
    ports = []
    yield ports
    for port in ports:
        stop_listening(reactor, port)


@pytest.fixture(name="listen")
def listen_udp(reactor, opened):
    """Like reactor.listenUDP on a free port of the loopback interface."""

    def start(protocol, port=0, **options):
        options.setdefault("interface", "127.0.0.1")
        opened.append(reactor.listenUDP(port, protocol, **options))
        return opened[-1]

    return start


def where(port):
    """The address of a port, as `write` wants it."""
    host = port.getHost()
    return host.host, host.port
