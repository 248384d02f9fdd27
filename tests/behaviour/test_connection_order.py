"""Which callback comes when, on both sides, from connecting to the end."""

from reactor.error import ConnectionDone
from reactor.protocol import Protocol
from tests.support.loopback import Client, Server, Talker, run, turn


def of(name, pair):
    return [event.removeprefix(name + " ") for event in pair.events if event.startswith(name)]


def test_a_conversation_that_the_client_ends(connect):
    def answer(talker, data):
        talker.transport.write(b"answer")

    pair = connect(
        server={"data": answer},
        client={
            "made": lambda talker: talker.transport.write(b"question"),
            "data": lambda talker, data: talker.transport.loseConnection(),
        },
    )
    pair.run_until_lost()
    assert of("client", pair) == ["started", "made", "data", "lost ConnectionDone", "gone ConnectionDone"]
    assert of("server", pair) == ["made", "data", "lost ConnectionDone"]
    assert bytes(pair.server.talker.received) == b"question"
    assert bytes(pair.client.talker.received) == b"answer"
    assert pair.events.index("server data") < pair.events.index("client data")
    assert pair.events.index("client lost ConnectionDone") < pair.events.index("server lost ConnectionDone")


def test_a_conversation_that_the_server_ends(connect):
    pair = connect(server={"made": lambda talker: talker.transport.loseConnection()})
    pair.run_until_lost()
    assert of("client", pair) == ["started", "made", "lost ConnectionDone", "gone ConnectionDone"]
    assert of("server", pair) == ["made", "lost ConnectionDone"]


def test_data_comes_before_the_loss_that_was_sent_right_behind_it(connect):
    def talk(talker):
        talker.transport.write(b"last words")
        talker.transport.loseConnection()

    pair = connect(server={"made": talk}, client={"data": lambda talker, data: None})
    pair.run_until_lost()
    assert of("client", pair) == ["started", "made", "data", "lost ConnectionDone", "gone ConnectionDone"]
    assert pair.client.talker.received == b"last words"


def test_a_write_calls_nobody_before_it_returns(connect):
    pair = connect(server={"data": lambda talker, data: None})
    _, client = pair.establish()
    before = list(pair.events)
    client.transport.write(b"x")
    assert pair.events == before
    pair.run_until(lambda: pair.events[-1] == "server data")


def test_loseConnection_calls_nobody_before_it_returns(connect):
    pair = connect()
    _, client = pair.establish()
    before = list(pair.events)
    client.transport.loseConnection()
    assert pair.events == before
    pair.run_until_lost()


def test_abortConnection_calls_nobody_before_it_returns(connect):
    pair = connect()
    _, client = pair.establish()
    before = list(pair.events)
    client.transport.abortConnection()
    assert pair.events == before
    pair.run_until_lost()


def test_loseConnection_in_connectionMade_still_delivers_connectionLost_later(connect):
    seen = []

    def made(talker):
        talker.transport.loseConnection()
        seen.append(list(pair.events))

    pair = connect(client={"made": made})
    pair.run_until_lost()
    assert "client lost ConnectionDone" not in seen[0]


def test_makeConnection_sets_transport_and_connected_before_connectionMade(connect):
    seen = []
    pair = connect(client={"made": lambda talker: seen.append((talker.transport is not None, talker.connected))})
    pair.establish()
    assert seen == [(True, 1)]


def test_a_protocol_keeps_its_transport_after_the_loss(connect):
    pair = connect()
    _, client = pair.establish()
    transport = client.transport
    transport.loseConnection()
    pair.run_until_lost()
    assert client.transport is transport


def test_transport_flags_follow_the_life_of_a_connection(connect):
    def flags(transport):
        return bool(transport.connected), bool(transport.disconnecting), bool(transport.disconnected)

    pair = connect()
    _, client = pair.establish()
    transport = client.transport
    assert flags(transport) == (True, False, False)
    transport.loseConnection()
    assert flags(transport) == (True, True, False)
    pair.run_until_lost()
    assert flags(transport) == (False, True, True)


def test_the_factory_is_reachable_from_the_protocol_it_built(reactor, connect):
    pair = connect()
    server, client = pair.establish()
    assert server.factory is pair.server and client.factory is pair.client


def test_no_data_arrives_after_loseConnection(connect):
    """The peer goes on sending; what it sends is not delivered any more."""
    pair = connect()
    server, client = pair.establish()
    server.hooks["data"] = lambda talker, data: talker.transport.loseConnection()
    client.transport.write(b"first")
    pair.run_until(lambda: server.received)
    client.transport.write(b"second")
    pair.run_until_lost()
    assert server.received == b"first"


def test_connectionLost_is_not_called_for_a_protocol_that_was_never_connected(reactor, listen):
    """stopConnecting right after the kernel has connected, before the loop heard of it."""
    server, client = Server("server"), Client("client")
    port = listen(server)
    reactor.connectTCP("127.0.0.1", port.getHost().port, client).stopConnecting()
    turn(reactor, 5)
    assert client.events == ["client started", "client failed UserError"]
    assert client.talkers == []


def test_a_reason_is_a_Failure_with_the_exception_as_its_value(connect):
    pair = connect(server={"made": lambda talker: talker.transport.loseConnection()})
    pair.run_until_lost()
    reason = pair.client.talker.reason
    assert reason.type is ConnectionDone and isinstance(reason.value, ConnectionDone)
    assert reason.check(ConnectionDone) is ConnectionDone
    assert reason.getErrorMessage() == "Connection was closed cleanly."


def test_clientConnectionLost_gets_the_reason_of_connectionLost(connect):
    pair = connect(server={"made": lambda talker: talker.transport.loseConnection()})
    pair.run_until_lost()
    assert pair.client.reason is pair.client.talker.reason


def test_a_whole_conversation_inside_run(reactor, listen):
    """The same through reactor.run(), with a plain Protocol, as a program would."""
    seen = []

    class Echo(Protocol):
        def dataReceived(self, data):
            self.transport.write(data)

    class Caller(Protocol):
        def connectionMade(self):
            self.transport.write(b"hello")

        def dataReceived(self, data):
            seen.append(data)
            self.transport.loseConnection()

    class Factory(Client):
        def buildProtocol(self, addr):
            return Caller()

        def clientConnectionLost(self, connector, reason):
            reactor.stop()

    from reactor.protocol import ServerFactory

    port = listen(ServerFactory.forProtocol(Echo))
    reactor.connectTCP("127.0.0.1", port.getHost().port, Factory("client"))
    run(reactor)
    assert seen == [b"hello"]


def test_two_clients_of_one_server_do_not_mix(reactor, connect):
    pair = connect(server={"data": lambda talker, data: talker.transport.write(data.upper())})
    pair.establish()
    first = pair.client.talker
    first_connector = pair.connector
    pair.connect()
    pair.run_until(lambda: len(pair.client.talkers) == 2 and pair.client.talker.is_made)
    second = pair.client.talker
    first.transport.write(b"one")
    second.transport.write(b"two")
    pair.run_until(lambda: first.received == b"ONE" and second.received == b"TWO")
    first_connector.disconnect()
    pair.run_until(lambda: first.reason)
    assert second.reason is None and isinstance(second, Talker)
