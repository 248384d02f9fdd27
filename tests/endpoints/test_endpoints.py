"""Endpoints on a real network: where to listen and where to connect, as values and as strings."""

import socket

import pytest

from reactor import error
from reactor.address import IPv4Address, IPv6Address
from reactor.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    clientFromString,
    connectProtocol,
    quoteStringArgument,
    serverFromString,
)
from reactor.interfaces import IHalfCloseableProtocol
from reactor.protocol import Factory, Protocol
from tests.support.loopback import Client, Server, run_until, turn
from tests.support.oracle import implements


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)


class Asker(Protocol):
    answer = b""
    lost = False

    def connectionMade(self):
        self.transport.write(b"question")

    def dataReceived(self, data):
        self.answer += data

    def connectionLost(self, reason):
        self.lost = True


def outcome(reactor, deferred):
    """What the Deferred comes to: a result, or a Failure."""
    found = []
    deferred.addBoth(found.append)
    run_until(reactor, lambda: found)
    return found[0]


def converse(reactor, server_endpoint, client_endpoint):
    """Listen at one, connect by the other (made from the port), and ask; the answer."""
    port = outcome(reactor, server_endpoint.listen(Factory.forProtocol(Echo)))
    asker = outcome(reactor, client_endpoint(port).connect(Factory.forProtocol(Asker)))
    run_until(reactor, lambda: asker.answer == b"question")
    asker.transport.loseConnection()
    run_until(reactor, lambda: asker.lost)
    outcome(reactor, port.stopListening())
    turn(reactor, 3)


def test_a_server_and_a_client_over_tcp(reactor):
    server = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
    converse(reactor, server, lambda port: TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port))


def test_the_same_by_strings(reactor):
    server = serverFromString(reactor, "tcp:0:interface=127.0.0.1")
    converse(reactor, server, lambda port: clientFromString(reactor, f"tcp:127.0.0.1:{port.getHost().port}"))


@pytest.mark.own_promise("Twisted asks in its thread pool, which only runs with the reactor")
def test_a_name_is_tried_in_both_families_until_one_answers(reactor):
    server = serverFromString(reactor, "tcp:0:interface=127.0.0.1")
    converse(reactor, server, lambda port: HostnameEndpoint(reactor, "localhost", port.getHost().port))


def test_over_a_unix_socket_whose_path_has_a_colon(reactor, tmp_path):
    path = quoteStringArgument(str(tmp_path / "a:b"))
    server = serverFromString(reactor, f"unix:{path}")
    converse(reactor, server, lambda port: clientFromString(reactor, f"unix:{path}"))


def test_a_refusal_arrives_in_the_deferred(reactor):
    with socket.socket() as silent:  # bound, so that nobody else gets the port, but not listening
        silent.bind(("127.0.0.1", 0))
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", silent.getsockname()[1])
        failure = outcome(reactor, endpoint.connect(Client("client")))
    assert failure.check(error.ConnectionRefusedError)


def test_a_port_in_use_arrives_in_the_deferred(reactor, listen):
    taken = listen(Server("server")).getHost()
    failure = outcome(reactor, TCP4ServerEndpoint(reactor, taken.port, interface="127.0.0.1").listen(Server("other")))
    assert failure.check(error.CannotListenError)


def test_connectProtocol_needs_no_factory(reactor, listen):
    address = listen(Factory.forProtocol(Echo)).getHost()
    asker = Asker()
    connecting = connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", address.port), asker)
    assert outcome(reactor, connecting) is asker
    run_until(reactor, lambda: asker.answer == b"question")
    asker.transport.loseConnection()
    run_until(reactor, lambda: asker.lost)
    turn(reactor, 3)


@pytest.mark.own_promise("Twisted asks in its thread pool, which only runs with the reactor")
def test_the_systems_resolver_tells_all_addresses_and_an_address_is_its_own(reactor):
    class Answers:
        def __init__(self):
            self.addresses, self.is_complete = [], False

        def resolutionBegan(self, resolution):
            self.resolution = resolution

        def addressResolved(self, address):
            self.addresses.append(address)

        def resolutionComplete(self):
            self.is_complete = True

    asked = {"localhost": Answers(), "127.0.0.1": Answers(), "::1": Answers(), "no.such.host.invalid": Answers()}
    for name, answers in asked.items():
        reactor.nameResolver.resolveHostName(answers, name, 80)
    run_until(reactor, lambda: all(answers.is_complete for answers in asked.values()))
    assert IPv4Address("TCP", "127.0.0.1", 80) in asked["localhost"].addresses
    assert asked["127.0.0.1"].addresses == [IPv4Address("TCP", "127.0.0.1", 80)]
    assert asked["::1"].addresses == [IPv6Address("TCP", "::1", 80)]
    assert asked["no.such.host.invalid"].addresses == []
    only_six = Answers()
    reactor.nameResolver.resolveHostName(only_six, "127.0.0.1", 80, [IPv6Address], "UDP")
    assert only_six.is_complete and only_six.addresses == []


@pytest.mark.own_promise("Twisted asks in its thread pool, which only runs with the reactor")
def test_a_question_that_is_taken_back_is_answered_with_nothing(reactor):
    told = []

    class Answers:
        def resolutionBegan(self, resolution):
            self.resolution = resolution

        def addressResolved(self, address):
            told.append(address)

        def resolutionComplete(self):
            told.append("complete")

    answers = Answers()
    reactor.nameResolver.resolveHostName(answers, "localhost")
    answers.resolution.cancel()
    assert told == ["complete"] and answers.resolution.name == "localhost"


def test_another_resolver_can_be_installed(reactor):
    before, other = reactor.nameResolver, object()
    reactor.installNameResolver(other)
    assert reactor.nameResolver is other
    assert before is not other


def test_a_half_closed_connection_is_told_to_a_protocol_that_wants_to_know(reactor, listen):
    @implements(IHalfCloseableProtocol)
    class Half(Asker):
        ended = False

        def readConnectionLost(self):
            self.ended = True

        def writeConnectionLost(self):
            pass

    class Ending(Protocol):
        def connectionMade(self):
            self.transport.loseWriteConnection()

    address = listen(Factory.forProtocol(Ending)).getHost()
    half = Half()
    outcome(reactor, connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", address.port), half))
    run_until(reactor, lambda: half.ended)
    assert not half.lost
    half.transport.loseConnection()
    run_until(reactor, lambda: half.lost)
    turn(reactor, 3)
