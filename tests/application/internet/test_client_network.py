"""ClientService on a real network, plain and with TLS. The first is also true of Twisted (`--oracle`)."""

import pytest

from reactor.application.internet import ClientService
from reactor.endpoints import TCP4ClientEndpoint
from reactor.error import ConnectionRefusedError as Refused
from reactor.protocol import Factory, Protocol
from tests.support.loopback import Server, run_until, stop_listening
from tests.support.outcomes import is_waiting, outcomes


class Noting(Protocol):
    reason = None

    def __init__(self):
        self.received = []

    def dataReceived(self, data):
        self.received.append(data)

    def connectionLost(self, reason):
        self.reason = reason.value


def test_a_server_that_comes_back_is_found_again(reactor, listen):
    first = Server("first")
    port = listen(first)
    number = port.getHost().port
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", number)
    service = ClientService(endpoint, Factory.forProtocol(Noting), retryPolicy=lambda _: 0.01, clock=reactor)
    service.startService()
    waiting = outcomes(service.whenConnected())
    run_until(reactor, lambda: waiting and first.talker)
    stop_listening(reactor, port)
    first.talker.transport.loseConnection()
    run_until(reactor, lambda: waiting[0].reason)
    failures = outcomes(service.whenConnected(1))
    run_until(reactor, lambda: failures)
    assert failures[0].check(Refused)

    second = Server("second")
    listen(second, port=number)
    again = outcomes(service.whenConnected())
    run_until(reactor, lambda: again and second.talker)
    assert again[0] is not waiting[0] and not is_waiting(service.whenConnected())
    stopping = outcomes(service.stopService())
    run_until(reactor, lambda: stopping and second.talker.reason)


@pytest.mark.own_promise("Twisted's certificates are pyOpenSSL's")
def test_it_stays_connected_over_TLS_too(reactor, listen, tmp_path):
    from reactor import endpoints, ssl

    class Secret(Noting):
        handshakes = 0

        def handshakeCompleted(self):
            self.handshakes += 1

    certificate = ssl.developmentCertificate(directory=tmp_path)
    server = Server("server", data=lambda talker, data: talker.transport.write(data))
    port = reactor.listenSSL(0, server, certificate.options(), interface="127.0.0.1")
    secured = endpoints.wrapClientTLS(
        ssl.optionsForClientTLS("localhost", trustRoot=certificate),
        TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port),
    )
    service = ClientService(secured, Factory.forProtocol(Secret), lambda _: 0.01, reactor)
    service.startService()
    for _ in range(2):
        waiting = outcomes(service.whenConnected())
        run_until(reactor, lambda waiting=waiting: waiting)
        [protocol] = waiting
        protocol.transport.write(b"hush")
        run_until(reactor, lambda protocol=protocol: b"".join(protocol.received) == b"hush")
        assert protocol.handshakes == 1
        server.talker.transport.abortConnection()
        run_until(reactor, lambda protocol=protocol: protocol.reason)
    stopping = outcomes(service.stopService())
    run_until(reactor, lambda: stopping)
    stop_listening(reactor, port)
    run_until(reactor, lambda: all(talker.reason for talker in server.talkers))
