"""MemoryReactor and MemoryReactorClock: what a program asked of its reactor."""

import socket

import pytest

from reactor.address import IPv4Address, IPv6Address, UNIXAddress
from reactor.error import UnsupportedAddressFamily
from reactor.protocol import ClientFactory, ServerFactory
from reactor.testing import MemoryReactor, MemoryReactorClock


class Client(ClientFactory):
    connector = None

    def startedConnecting(self, connector):
        self.connector = connector


@pytest.fixture
def memory():
    return MemoryReactor()


def test_listening_is_remembered_and_has_an_address(memory):
    factory = ServerFactory()
    port = memory.listenTCP(80, factory, interface="::1")
    assert memory.tcpServers == [(80, factory, 50, "::1")]
    assert port.getHost() == IPv6Address("TCP", "::1", 80)
    assert memory.listenTCP(81, factory).getHost() == IPv4Address("TCP", "0.0.0.0", 81)
    port.startListening()
    port.stopListening()


def test_connecting_is_remembered_and_its_factory_has_a_connector(memory):
    factory = Client()
    connector = memory.connectTCP("127.0.0.1", 80, factory, timeout=5)
    assert memory.tcpClients == [("127.0.0.1", 80, factory, 5, None)]
    assert memory.connectors == [connector] == [factory.connector]
    assert connector.getDestination() == IPv4Address("TCP", "127.0.0.1", 80)
    assert not connector.stoppedConnecting
    connector.stopConnecting()
    assert connector.stoppedConnecting
    connector.disconnect()
    connector.connect()


def test_the_address_of_a_connector_is_of_its_family(memory):
    assert memory.connectTCP("::1", 80, Client()).getDestination() == IPv6Address("TCP", "::1", 80)


def test_TLS_and_UNIX_are_remembered_too(memory):
    factory, client = ServerFactory(), Client()
    assert memory.listenSSL(443, factory, "context").getHost().port == 443
    memory.connectSSL("127.0.0.1", 443, client, "context", timeout=1)
    assert memory.listenUNIX("/s", factory, mode=0o600).getHost() == UNIXAddress("/s")
    memory.connectUNIX("/s", client)
    assert memory.sslServers == [(443, factory, "context", 50, "")]
    assert memory.sslClients == [("127.0.0.1", 443, client, "context", 1, None)]
    assert memory.unixServers == [("/s", factory, 50, 0o600, 0)]
    assert memory.unixClients == [("/s", client, 30, 0)]


def test_run_makes_the_calls_that_waited_and_stops(memory):
    calls = []
    memory.callWhenRunning(calls.append, "waited")
    assert calls == []
    memory.run()
    memory.callWhenRunning(calls.append, "at once")
    assert calls == ["waited", "at once"]
    assert (memory.hasRun, memory.hasStopped, memory.hasCrashed, memory.running) == (True, True, False, False)


def test_crash_install_and_triggers_are_remembered(memory):
    memory.install()
    memory.crash()
    memory.addSystemEventTrigger("before", "shutdown", print, 1, end="")
    assert memory.hasInstalled and memory.hasCrashed and memory.running is None
    assert memory.triggers == {"before": {"shutdown": [(print, (1,), {"end": ""})]}}


def test_descriptors_are_remembered(memory):
    memory.addReader("r")
    memory.addReader("r")
    memory.addWriter("w")
    assert memory.getReaders() == ["r"] and memory.getWriters() == ["w"]
    memory.removeReader("r")
    memory.removeReader("never there")
    memory.removeWriter("w")
    assert memory.getReaders() == [] == memory.getWriters()


class Answers:
    def __init__(self):
        self.addresses = []
        self.done = False

    def resolutionBegan(self, resolution):
        pass

    def addressResolved(self, address):
        self.addresses.append(address)

    def resolutionComplete(self):
        self.done = True


def test_every_name_is_the_local_host_and_another_resolver_may_know_better(memory):
    answers = Answers()
    memory.nameResolver.resolveHostName(answers, "example.com", 80)
    assert answers.addresses == [IPv4Address("TCP", "127.0.0.1", 80)] and answers.done
    before, better = memory.nameResolver, object()
    assert memory.installNameResolver(better) is before
    assert memory.nameResolver is better


def test_the_one_with_a_clock_has_time():
    memory, calls = MemoryReactorClock(), []
    memory.callLater(5, calls.append, "called")
    memory.advance(5)
    assert calls == ["called"] and memory.seconds() == 5 and memory.tcpClients == []


def test_adopting_is_remembered_and_has_an_address(memory):
    factory = ServerFactory()
    assert memory.adoptStreamPort(3, socket.AF_INET, factory).getHost() == IPv4Address("TCP", "0.0.0.0", 1234)
    assert memory.adoptDatagramPort(4, socket.AF_INET6, factory).getHost() == IPv6Address("UDP", "::", 1234)
    memory.adoptStreamConnection(5, socket.AF_INET, factory)
    assert memory.adoptedPorts == [(3, socket.AF_INET, factory), (4, socket.AF_INET6, factory, 8192)]
    assert memory.adoptedStreamConnections == [(5, socket.AF_INET, factory)]
    with pytest.raises(UnsupportedAddressFamily):
        memory.adoptStreamPort(3, 99, factory)


def test_removeAll_forgets_readers_and_writers_and_returns_each_once(memory):
    reader, writer, both = object(), object(), object()
    for one in (reader, both):
        memory.addReader(one)
    for one in (writer, both):
        memory.addWriter(one)
    removed = memory.removeAll()
    assert set(removed) == {reader, writer, both} and len(removed) == 3
    assert list(memory.getReaders()) == list(memory.getWriters()) == []
