"""Listening and connecting as services. Also true of Twisted (`--oracle`)."""

import pytest

from reactor.application.internet import MulticastServer, SSLClient, SSLServer, TCPClient, TCPServer, UDPServer
from reactor.defer import maybeDeferred
from reactor.error import CannotListenError
from reactor.protocol import DatagramProtocol
from reactor.testing import MemoryReactor
from tests.support.loopback import Client, Server, run_until


def stop(reactor, service):
    stopped = []
    maybeDeferred(service.stopService).addBoth(stopped.append)
    run_until(reactor, lambda: stopped)
    assert stopped == [None]


def port_of(service):
    return service._port.getHost().port


def test_a_server_listens_while_it_runs(reactor):
    factory = Server("server")
    service = TCPServer(0, factory, interface="127.0.0.1", reactor=reactor)
    service.startService()
    number = port_of(service)
    client = Client("client", lost=lambda talker, reason: None)
    connector = reactor.connectTCP("127.0.0.1", number, client)
    run_until(reactor, lambda: client.talker and client.talker.is_made and factory.talker)
    stop(reactor, service)
    connector.disconnect()
    run_until(reactor, lambda: client.talker.reason and factory.talker.reason)
    again = reactor.listenTCP(number, Server("again"), interface="127.0.0.1")
    stop(reactor, type("", (), {"stopService": again.stopListening}))


def test_a_server_can_be_started_again(reactor):
    service = TCPServer(0, Server("server"), interface="127.0.0.1", reactor=reactor)
    for _ in range(2):
        service.privilegedStartService()
        service.startService()
        assert port_of(service) > 0
        stop(reactor, service)


def test_the_port_is_bound_in_the_privileged_step(reactor):
    service = TCPServer(0, Server("server"), interface="127.0.0.1", reactor=reactor)
    service.privilegedStartService()
    number = port_of(service)
    assert not service.running
    service.startService()
    assert port_of(service) == number and service.running
    stop(reactor, service)


def test_a_port_that_is_taken_is_the_callers_to_hear_of(reactor, listen):
    taken = listen(Server("first")).getHost().port
    service = TCPServer(taken, Server("second"), interface="127.0.0.1", reactor=reactor)
    with pytest.raises(CannotListenError, match=str(taken)):
        service.privilegedStartService()
    stop(reactor, service)


def test_a_server_that_never_started_can_be_stopped(reactor):
    stop(reactor, TCPServer(0, Server("server"), reactor=reactor))


def test_a_client_connects_when_it_starts_and_disconnects_when_it_stops(reactor, listen):
    server, client = Server("server"), Client("client")
    service = TCPClient("127.0.0.1", listen(server).getHost().port, client, reactor=reactor)
    assert client.talker is None
    service.startService()
    run_until(reactor, lambda: client.talker and client.talker.is_made and server.talker)
    stop(reactor, service)
    run_until(reactor, lambda: client.talker.reason and server.talker.reason)


def test_a_client_that_is_still_connecting_stops_doing_so(reactor, listen):
    client = Client("client")
    service = TCPClient("127.0.0.1", listen(Server("server")).getHost().port, client, reactor=reactor)
    service.startService()
    stop(reactor, service)
    run_until(reactor, lambda: client.events)
    assert client.talker is None


def test_what_a_service_is_given_is_what_the_reactor_gets():
    reactor, factory, context = MemoryReactor(), Client("any"), object()
    TCPServer(80, factory, 5, reactor=reactor).startService()
    TCPClient("host", 80, factory, timeout=3, reactor=reactor).startService()
    SSLServer(443, factory, context, interface="127.0.0.1", reactor=reactor).startService()
    SSLClient("host", 443, factory, context, reactor=reactor).startService()
    assert reactor.tcpServers == [(80, factory, 5, "")]
    assert reactor.tcpClients == [("host", 80, factory, 3, None)]
    assert reactor.sslServers == [(443, factory, context, 50, "127.0.0.1")]
    assert reactor.sslClients == [("host", 443, factory, context, 30, None)]


class Hearing(DatagramProtocol):
    noisy = False

    def __init__(self):
        self.heard = []

    def datagramReceived(self, datagram, address):
        self.heard.append(datagram)


@pytest.mark.parametrize("kind", [UDPServer, MulticastServer])
def test_datagrams_are_served_too(reactor, kind):
    ears, mouth = Hearing(), Hearing()
    serving = kind(0, ears, interface="127.0.0.1", reactor=reactor)
    sending = UDPServer(0, mouth, interface="127.0.0.1", reactor=reactor)
    serving.startService()
    sending.startService()
    mouth.transport.write(b"psst", ("127.0.0.1", port_of(serving)))
    run_until(reactor, lambda: ears.heard == [b"psst"])
    stop(reactor, serving)
    stop(reactor, sending)


@pytest.mark.own_promise("Twisted has only the private _port")
def test_a_server_tells_where_it_listens(reactor):
    service = TCPServer(0, Server("server"), interface="127.0.0.1", reactor=reactor)
    with pytest.raises(RuntimeError, match="start it first"):
        service.getHost()
    service.startService()
    assert service.getHost().port > 0
    stop(reactor, service)
