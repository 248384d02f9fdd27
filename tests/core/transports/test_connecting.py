"""connectTCP and the connector that it returns: what can become of an attempt to connect."""

import os
import socket

import pytest

from reactor.address import IPv4Address
from reactor.error import (
    ConnectBindError,
    ConnectError,
    ConnectionRefusedError,
    NotConnectingError,
    TimeoutError,
    UserError,
)
from tests.support.loopback import Client, Server, run_until, stop_listening, turn


@pytest.fixture
def refusing():
    """The number of a port that is bound, so that nobody else gets it, but not listening."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture
def deaf():
    """The number of a port that doesn't answer any more: its backlog is full, so the kernel drops every SYN."""
    with socket.socket() as listener, socket.socket() as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        yield listener.getsockname()[1]


def connect(reactor, port, client, host="127.0.0.1", **options):
    return reactor.connectTCP(host, port, client, **options)


def test_startedConnecting_is_called_inside_connectTCP(reactor, refusing):
    seen = []
    client = Client("client", started=lambda connector: seen.append(connector.state))
    connector = connect(reactor, refusing, client)
    assert seen == ["connecting"] and connector.state == "connecting"
    run_until(reactor, lambda: client.reason)


@pytest.mark.only_linux
@pytest.mark.own_promise("Twisted makes the socket inside connectTCP")
def test_connectTCP_makes_its_socket_in_the_coming_turn(reactor, refusing):
    client = Client("client")
    before = os.listdir("/proc/self/fd")
    connect(reactor, refusing, client)
    assert os.listdir("/proc/self/fd") == before
    run_until(reactor, lambda: client.reason)


def test_a_refused_connection_fails_in_a_later_turn(reactor, refusing):
    client = Client("client")
    connector = connect(reactor, refusing, client)
    assert client.events == ["client started"]
    run_until(reactor, lambda: client.reason)
    assert client.events == ["client started", "client failed ConnectionRefusedError"]
    assert client.reason.check(ConnectionRefusedError)
    assert connector.state == "disconnected"


def test_an_attempt_without_answer_times_out(reactor, deaf):
    client = Client("client")
    connector = connect(reactor, deaf, client, timeout=0.02)
    run_until(reactor, lambda: client.reason)
    assert client.reason.check(TimeoutError)
    assert client.events == ["client started", "client failed TimeoutError"]
    assert connector.state == "disconnected"


def test_the_timeout_is_forgotten_once_connected(reactor, connect):
    pair = connect()
    pair.establish()
    assert list(reactor.getDelayedCalls()) == []


def test_the_timeout_is_thirty_seconds_unless_stated(reactor, deaf):
    client = Client("client")
    connector = connect(reactor, deaf, client)
    dues = [call.getTime() - reactor.seconds() for call in reactor.getDelayedCalls()]
    assert max(dues) == pytest.approx(30, abs=0.5)
    connector.stopConnecting()
    turn(reactor)


def test_without_a_timeout_no_timer_waits(reactor, deaf):
    client = Client("client")
    connector = connect(reactor, deaf, client, timeout=None)
    turn(reactor, 2)
    assert list(reactor.getDelayedCalls()) == []
    connector.stopConnecting()


def test_stopConnecting_fails_the_attempt_with_UserError_at_once(reactor, deaf):
    client = Client("client")
    connector = connect(reactor, deaf, client)
    connector.stopConnecting()
    assert client.reason.check(UserError)
    assert client.events == ["client started", "client failed UserError"]
    assert connector.state == "disconnected"
    turn(reactor, 2)


def test_stopConnecting_inside_startedConnecting(reactor, deaf):
    client = Client("client", started=lambda connector: connector.stopConnecting())
    connect(reactor, deaf, client)
    assert client.events == ["client started", "client failed UserError"]
    turn(reactor, 2)
    assert len(client.events) == 2


def test_stopConnecting_when_not_connecting_is_an_error(reactor, deaf):
    connector = connect(reactor, deaf, Client("client"))
    connector.stopConnecting()
    with pytest.raises(NotConnectingError):
        connector.stopConnecting()
    turn(reactor, 2)


def test_stopConnecting_when_connected_is_an_error(connect):
    pair = connect()
    pair.establish()
    with pytest.raises(NotConnectingError):
        pair.connector.stopConnecting()


def test_disconnect_while_connecting_stops_the_attempt(reactor, deaf):
    client = Client("client")
    connect(reactor, deaf, client).disconnect()
    assert client.events == ["client started", "client failed UserError"]
    turn(reactor, 2)


def test_disconnect_while_connected_loses_the_connection(connect):
    pair = connect()
    pair.establish()
    pair.connector.disconnect()
    pair.run_until(lambda: pair.client.reason)
    assert [event for event in pair.events if event.startswith("client")][-1] == "client gone ConnectionDone"


def test_disconnect_when_disconnected_does_nothing(reactor, refusing):
    client = Client("client")
    connector = connect(reactor, refusing, client)
    run_until(reactor, lambda: client.reason)
    connector.disconnect()
    turn(reactor)
    assert len(client.events) == 2


def test_connect_while_connecting_is_an_error(reactor, deaf):
    connector = connect(reactor, deaf, Client("client"))
    with pytest.raises(RuntimeError):
        connector.connect()
    connector.stopConnecting()
    turn(reactor, 2)


def test_connect_while_connected_is_an_error(connect):
    pair = connect()
    pair.establish()
    with pytest.raises(RuntimeError):
        pair.connector.connect()


def test_states_of_a_connector(reactor, connect):
    seen = []
    states = {
        "started": lambda connector: seen.append(("started", connector.state)),
        "gone": lambda connector, reason: seen.append(("gone", connector.state)),
        "made": lambda talker: seen.append(("made", pair.connector.state)),
        "lost": lambda talker, reason: seen.append(("lost", pair.connector.state)),
    }
    pair = connect(client=states)
    pair.establish()
    pair.connector.disconnect()
    pair.run_until(lambda: pair.client.reason)
    assert seen == [
        ("started", "connecting"),
        ("made", "connected"),
        ("lost", "connected"),
        ("gone", "disconnected"),
    ]


def test_connect_in_clientConnectionFailed_tries_again(reactor, refusing):
    def try_again(connector, reason):
        if client.events.count("client started") < 3:
            connector.connect()

    client = Client("client", failed=try_again)
    connect(reactor, refusing, client)
    run_until(reactor, lambda: len(client.events) == 6)
    assert client.events == ["client started", "client failed ConnectionRefusedError"] * 3
    assert client.numPorts == 0


def test_connect_in_clientConnectionLost_connects_again(reactor, connect):
    def reconnect(connector, reason):
        if len(pair.client.talkers) < 3:
            connector.connect()

    pair = connect(server={"made": lambda talker: talker.transport.loseConnection()}, client={"gone": reconnect})
    pair.run_until(lambda: pair.client.events.count("client gone ConnectionDone") == 3)
    assert [event for event in pair.events if event.startswith("client")] == [
        "client started",
        "client made",
        "client lost ConnectionDone",
        "client gone ConnectionDone",
    ] * 3
    assert len(pair.client.talkers) == 3
    assert pair.client.numPorts == 0


def test_getDestination_is_what_was_asked_for(reactor, refusing):
    client = Client("client")
    connector = connect(reactor, refusing, client)
    assert connector.getDestination() == IPv4Address("TCP", "127.0.0.1", refusing)
    run_until(reactor, lambda: client.reason)


def test_bindAddress_chooses_the_local_end(reactor, connect):
    pair = connect(connect=False)
    pair.connect(bindAddress=("127.0.0.2", 0))
    server, client = pair.establish()
    assert client.transport.getHost().host == "127.0.0.2"
    assert server.transport.getPeer().host == "127.0.0.2"


@pytest.mark.leaks_in_twisted("the socket that could not be bound")
def test_a_bindAddress_in_use_fails_the_attempt(reactor, refusing, listen):
    port, client = listen(Server("server")), Client("client")
    connect(reactor, port.getHost().port, client, bindAddress=("127.0.0.1", refusing))
    assert client.events == ["client started"]
    run_until(reactor, lambda: client.reason)
    assert client.reason.check(ConnectBindError)
    turn(reactor)


@pytest.mark.own_promise("Twisted raises TypeError in one direction, and names neither address in the other")
@pytest.mark.parametrize("host, local", [("::1", "127.0.0.1"), ("127.0.0.1", "::1")])
def test_a_bindAddress_of_the_other_family_fails_the_attempt_and_names_both(reactor, host, local):
    client = Client("client")
    connect(reactor, 9, client, host=host, bindAddress=(local, 0))
    run_until(reactor, lambda: client.reason)
    assert client.reason.type is ConnectError
    assert f"{host} can't be reached from {local}: one is IPv4, the other IPv6" in str(client.reason.value)


def test_buildProtocol_answering_None_disconnects_the_client(reactor, listen):
    class Undecided(Client):
        def buildProtocol(self, addr):
            self.events.append("built nothing")

    server, client = Server("server"), Undecided("client")
    connect(reactor, listen(server).getHost().port, client)
    run_until(reactor, lambda: client.reason and server.talker and server.talker.reason)
    assert client.events == ["client started", "built nothing", "client gone ConnectionDone"]
    assert server.talker.reason.type.__name__ == "ConnectionDone"


def test_a_client_is_given_the_address_of_its_peer(reactor, listen):
    seen = []

    class Curious(Client):
        def buildProtocol(self, addr):
            seen.append(addr)
            return super().buildProtocol(addr)

    server, client = Server("server"), Curious("client")
    port = listen(server)
    connector = connect(reactor, port.getHost().port, client)
    run_until(reactor, lambda: server.talker and client.talker)
    assert seen == [port.getHost()]
    connector.disconnect()
    run_until(reactor, lambda: server.talker.reason and client.reason)


def test_a_client_can_reach_a_port_that_was_stopped_and_started(reactor, connect):
    pair = connect(connect=False)
    stop_listening(reactor, pair.port)
    pair.port.startListening()
    pair.connect()
    pair.establish()


def test_the_factory_of_a_client_is_started_and_stopped_with_each_connector(reactor, refusing):
    seen = []

    class Noting(Client):
        def startFactory(self):
            seen.append("start")

        def stopFactory(self):
            seen.append("stop")

        def clientConnectionFailed(self, connector, reason):
            seen.append("failed")

    client = Noting("client")
    connect(reactor, refusing, client)
    assert seen == ["start"]
    run_until(reactor, lambda: "stop" in seen)
    assert seen == ["start", "failed", "stop"]


def test_port_zero_which_nobody_can_listen_on_refuses(reactor):
    client = Client("client")
    connect(reactor, 0, client)
    run_until(reactor, lambda: client.reason)
    assert client.reason.check(ConnectionRefusedError)


def test_a_connector_that_failed_can_connect_later(reactor, connect):
    pair = connect(connect=False)
    stop_listening(reactor, pair.port)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        connector = reactor.connectTCP(*bound.getsockname(), pair.client)
        pair.run_until(lambda: pair.client.reason)
        bound.listen()
        connector.connect()
        pair.run_until(lambda: pair.is_made(pair.client))
