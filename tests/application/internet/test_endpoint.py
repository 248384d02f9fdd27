"""Listening at an endpoint as a service, and endpoints that are written down. Also true of Twisted (`--oracle`)."""

import pytest

from reactor.application import strports
from reactor.application.internet import StreamServerEndpointService
from reactor.defer import CancelledError, Deferred
from reactor.endpoints import TCP4ServerEndpoint
from reactor.error import CannotListenError
from reactor.testing import MemoryReactor
from tests.support.loopback import Client, Server, run_until
from tests.support.outcomes import outcomes


class LateEndpoint:
    """Listens when the test says so."""

    def __init__(self):
        self.cancelled = False
        self.asked = []

    def listen(self, factory):
        self.asked.append(Deferred(self.cancel))
        return self.asked[-1]

    def cancel(self, deferred):
        self.cancelled = True


class LatePort:
    def __init__(self):
        self.stopped = Deferred()
        self.is_asked = False

    def stopListening(self):
        self.is_asked = True
        return self.stopped


def stop(reactor, service):
    results = outcomes(service.stopService())
    run_until(reactor, lambda: results)


def test_a_service_listens_while_it_runs(reactor):
    server, client = Server("server"), Client("client")
    ports = []

    class Endpoint(TCP4ServerEndpoint):
        def listen(self, factory):
            return super().listen(factory).addCallback(lambda port: ports.append(port) or port)

    service = StreamServerEndpointService(Endpoint(reactor, 0, interface="127.0.0.1"), server)
    service.privilegedStartService()
    assert len(ports) == 1 and not service.running
    service.startService()
    assert len(ports) == 1 and service.running
    connector = reactor.connectTCP("127.0.0.1", ports[0].getHost().port, client)
    run_until(reactor, lambda: client.talker and server.talker)
    stop(reactor, service)
    assert not service.running
    connector.disconnect()
    run_until(reactor, lambda: client.talker.reason and server.talker.reason)


def test_stopping_before_it_listens_cancels():
    endpoint = LateEndpoint()
    service = StreamServerEndpointService(endpoint, object())
    service.startService()
    assert len(endpoint.asked) == 1
    results = outcomes(service.stopService())
    assert endpoint.cancelled and results == [None]


def test_stopping_waits_for_the_port():
    endpoint, port = LateEndpoint(), LatePort()
    service = StreamServerEndpointService(endpoint, object())
    service.startService()
    endpoint.asked[0].callback(port)
    results = outcomes(service.stopService())
    assert port.is_asked and not results
    port.stopped.callback(None)
    assert len(results) == 1


def test_an_endpoint_that_fails_later_is_logged(logged_errors):
    endpoint = LateEndpoint()
    service = StreamServerEndpointService(endpoint, object())
    service.startService()
    endpoint.asked[0].errback(ZeroDivisionError("no"))
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    assert outcomes(service.stopService()) == [None]


def test_an_endpoint_that_was_cancelled_is_not_logged():
    endpoint = LateEndpoint()
    service = StreamServerEndpointService(endpoint, object())
    service.startService()
    endpoint.asked[0].errback(CancelledError())
    assert outcomes(service.stopService()) == [None]


@pytest.mark.own_promise("Twisted's only logs it unless strports has made the service")
def test_a_port_that_is_taken_is_the_callers_to_hear_of(reactor, listen):
    taken = listen(Server("first")).getHost().port
    service = StreamServerEndpointService(TCP4ServerEndpoint(reactor, taken, interface="127.0.0.1"), Server("second"))
    for start in (service.privilegedStartService, service.startService):
        with pytest.raises(CannotListenError, match=str(taken)):
            start()
    assert service.stopService() is None


@pytest.mark.own_promise("Twisted's can't be started twice")
def test_a_service_can_be_started_again_and_tells_where_it_listens(reactor):
    service = StreamServerEndpointService(TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1"), Server("server"))
    for _ in range(2):
        with pytest.raises(RuntimeError, match="start it first"):
            service.getHost()
        service.startService()
        assert service.getHost().port > 0
        stop(reactor, service)


def test_a_place_that_is_written_down_becomes_a_service():
    reactor, factory = MemoryReactor(), Server("server")
    service = strports.service("tcp:8080:interface=127.0.0.1:backlog=5", factory, reactor)
    assert reactor.tcpServers == []
    service.startService()
    assert reactor.tcpServers == [(8080, factory, 5, "127.0.0.1")]


def test_a_written_place_that_is_taken_is_the_callers_to_hear_of(reactor, listen):
    taken = listen(Server("first")).getHost().port
    service = strports.service(f"tcp:{taken}:interface=127.0.0.1", Server("second"), reactor)
    with pytest.raises(CannotListenError):
        service.privilegedStartService()


@pytest.mark.own_promise("Twisted's takes no reactor")
def test_a_written_place_can_be_listened_at_now(reactor, listen):
    port = strports.listen("tcp:0:interface=127.0.0.1", Server("server"), reactor)
    with pytest.raises(CannotListenError):
        strports.listen(f"tcp:{port.getHost().port}:interface=127.0.0.1", Server("second"), reactor)
    results = outcomes(port.stopListening())
    run_until(reactor, lambda: results)


@pytest.mark.parametrize("place", ["nowhere:1", "tcp:many"])
def test_what_cannot_be_read_is_refused_at_once(place):
    with pytest.raises(ValueError):
        strports.service(place, Server("server"), MemoryReactor())
