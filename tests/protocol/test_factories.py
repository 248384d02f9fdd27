"""Factories: when they are started and stopped, and what they build."""

from reactor.protocol import ClientFactory, Factory, Protocol, ServerFactory
from tests.support.loopback import run_until, stop_listening


class Noting(ServerFactory):
    """Notes when its resources are wanted and when they are not wanted any more."""

    noisy = False
    protocol = Protocol

    def __init__(self):
        self.seen = []

    def startFactory(self):
        self.seen.append("start")

    def stopFactory(self):
        self.seen.append("stop")


def test_it_is_started_once_for_two_ports_and_stopped_with_the_last(reactor, listen):
    factory = Noting()
    first, second = listen(factory), listen(factory)
    assert factory.seen == ["start"] and factory.numPorts == 2
    stop_listening(reactor, first)
    assert factory.seen == ["start"] and factory.numPorts == 1
    stop_listening(reactor, second)
    assert factory.seen == ["start", "stop"] and factory.numPorts == 0


def test_it_can_be_started_again(reactor, listen):
    factory = Noting()
    port = listen(factory)
    stop_listening(reactor, port)
    port.startListening()
    assert factory.seen == ["start", "stop", "start"]


def test_it_is_started_before_listenTCP_returns(listen):
    factory = Noting()
    listen(factory)
    assert factory.seen == ["start"]


def test_doStart_and_doStop_count():
    factory = Noting()
    for _ in range(3):
        factory.doStart()
    factory.doStop()
    factory.doStop()
    assert factory.seen == ["start"]
    factory.doStop()
    assert factory.seen == ["start", "stop"]


def test_doStop_without_doStart_does_nothing():
    factory = Noting()
    factory.doStop()
    assert factory.seen == [] and factory.numPorts == 0


def log_of(action):
    from reactor import log

    messages = []

    def observer(event):
        messages.append(log.textFromEventDict(event) or "")

    log.addObserver(observer)
    action()
    log.removeObserver(observer)
    return messages


def test_a_noisy_factory_logs_its_start_and_stop_and_a_quiet_one_does_not():
    class Quiet(Factory):
        noisy = False

    class Noisy(Factory):
        pass

    for factory, expected in ((Noisy(), True), (Quiet(), False)):
        started = log_of(factory.doStart)
        stopped = log_of(factory.doStop)
        assert any("Starting factory" in message for message in started) is expected
        assert any("Stopping factory" in message for message in stopped) is expected


def test_forProtocol_makes_a_factory_of_that_protocol():
    class Mine(Protocol):
        pass

    factory = Factory.forProtocol(Mine)
    assert isinstance(factory, Factory) and factory.protocol is Mine
    assert isinstance(factory.buildProtocol(None), Mine)


def test_forProtocol_passes_arguments_to_the_factory():
    class Configured(Factory):
        def __init__(self, name, size=1):
            self.name, self.size = name, size

    factory = Configured.forProtocol(Protocol, "x", size=2)
    assert isinstance(factory, Configured)
    assert (factory.name, factory.size) == ("x", 2)


def test_buildProtocol_makes_a_new_protocol_and_gives_it_the_factory():
    factory = ServerFactory.forProtocol(Protocol)
    first, second = factory.buildProtocol(None), factory.buildProtocol(None)
    assert first is not second
    assert first.factory is factory and second.factory is factory


def test_a_protocol_may_be_any_callable():
    made = Protocol()
    factory = Factory()
    factory.protocol = lambda: made
    assert factory.buildProtocol(None) is made and made.factory is factory


def test_a_client_factory_does_nothing_when_told():
    factory = ClientFactory()
    factory.startedConnecting(None)
    factory.clientConnectionFailed(None, None)
    factory.clientConnectionLost(None, None)


def test_a_fresh_protocol_is_not_connected():
    protocol = Protocol()
    assert not protocol.connected and protocol.transport is None and protocol.factory is None


def test_makeConnection_connects_a_protocol():
    made = []

    class Mine(Protocol):
        def connectionMade(self):
            made.append(self.transport)

    protocol, transport = Mine(), object()
    protocol.makeConnection(transport)
    assert made == [transport] and protocol.connected


def test_the_methods_of_a_protocol_do_nothing_by_themselves():
    protocol = Protocol()
    protocol.connectionMade()
    protocol.dataReceived(b"x")
    protocol.connectionLost(None)
    protocol.connectionLost()


def test_logPrefix_is_the_name_of_the_class():
    assert Protocol().logPrefix() == "Protocol"
    assert Noting().logPrefix() == "Noting"


def test_a_client_factory_is_stopped_after_its_connection_is_lost(reactor, listen):
    class NotingClient(Noting, ClientFactory):
        def clientConnectionLost(self, connector, reason):
            self.seen.append("lost")

    class HangUp(Protocol):
        def connectionMade(self):
            self.transport.loseConnection()

    client = NotingClient()
    port = listen(ServerFactory.forProtocol(HangUp))
    reactor.connectTCP("127.0.0.1", port.getHost().port, client)
    run_until(reactor, lambda: "stop" in client.seen)
    assert client.seen == ["start", "lost", "stop"]


def test_one_client_factory_with_two_connectors_is_started_once(reactor, listen):
    class NotingClient(Noting, ClientFactory):
        pass

    client = NotingClient()
    port = listen(ServerFactory.forProtocol(Protocol))
    connectors = [reactor.connectTCP("127.0.0.1", port.getHost().port, client) for _ in range(2)]
    run_until(reactor, lambda: all(connector.state == "connected" for connector in connectors))
    assert client.seen == ["start"]
    for connector in connectors:
        connector.disconnect()
    run_until(reactor, lambda: "stop" in client.seen)
    assert client.seen == ["start", "stop"]


def test_state_is_shared_through_the_factory(reactor, connect):
    pair = connect(server={"made": lambda talker: talker.factory.events.append(f"{len(talker.factory.talkers)} here")})
    pair.establish()
    pair.connect()
    pair.run_until(lambda: "2 here" in pair.events)
    pair.run_until(lambda: len(pair.client.talkers) == 2 and pair.client.talker.is_made)
