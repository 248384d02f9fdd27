"""Endpoints: where to listen and where to connect, as values and as strings."""

import socket

import pytest
from loopback import Client, Server, run_until, turn

from reactor import error
from reactor.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    clientFromString,
    connectProtocol,
    quoteStringArgument,
    serverFromString,
)
from reactor.protocol import Factory, Protocol

pytestmark = pytest.mark.own_promise("checked against the messages of ours")


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


@pytest.mark.parametrize(
    ("text", "complaint", "message"),
    [
        ("", ValueError, "Unknown endpoint type: ''; known are tcp"),
        ("nope:1", ValueError, "Unknown endpoint type: 'nope'"),
        ("tcp", TypeError, "port missing: add port=… \\(at character 4 of 'tcp'\\)"),
        ("tcp:x", ValueError, "port is a number from 0 to 65535, not 'x' \\(at character 5"),
        ("tcp:80:bogus=1", TypeError, "no \\(further\\) parameter 'bogus'; there are port, interface, backlog"),
    ],
)
def test_a_string_that_does_not_parse_names_the_place(text, complaint, message):
    with pytest.raises(complaint, match=message):
        serverFromString(None, text)
