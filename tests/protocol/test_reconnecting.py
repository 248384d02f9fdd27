"""ReconnectingClientFactory: each attempt waits longer than the one before, up to a limit."""

import random

import pytest

from reactor.protocol import Protocol, ReconnectingClientFactory
from reactor.task import Clock


class Connector:
    """Counts how often it was told to connect."""

    def __init__(self):
        self.attempts = 0
        self.stopped = 0
        self.state = "disconnected"

    def connect(self):
        self.attempts += 1

    def stopConnecting(self):
        self.stopped += 1


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def connector():
    return Connector()


@pytest.fixture
def factory(clock):
    """One whose delays are exact: without jitter."""
    factory = ReconnectingClientFactory()
    factory.clock, factory.jitter, factory.noisy = clock, 0, False
    return factory


def next_delay(clock):
    [call] = clock.getDelayedCalls()
    return call.getTime() - clock.seconds()


def test_the_stated_defaults():
    factory = ReconnectingClientFactory()
    assert (factory.initialDelay, factory.maxDelay, factory.maxRetries) == (1.0, 3600, None)
    assert factory.factor == pytest.approx(2.718281828459045)
    assert factory.jitter == pytest.approx(0.119626565582)


def test_a_lost_connection_is_tried_again_after_the_delay(factory, connector, clock):
    factory.clientConnectionLost(connector, None)
    assert connector.attempts == 0
    clock.advance(next_delay(clock))
    assert connector.attempts == 1


def test_a_failed_attempt_is_tried_again(factory, connector, clock):
    factory.clientConnectionFailed(connector, None)
    clock.advance(next_delay(clock))
    assert connector.attempts == 1


def test_each_delay_is_longer_by_the_factor(factory, connector, clock):
    factory.factor = 2
    delays = []
    for _ in range(4):
        factory.clientConnectionFailed(connector, None)
        delays.append(next_delay(clock))
        clock.advance(delays[-1])
    assert delays == [1, 2, 4, 8]
    assert connector.attempts == 4


def test_the_first_delay_is_initialDelay(factory, connector, clock):
    factory.clientConnectionFailed(connector, None)
    assert next_delay(clock) == factory.initialDelay
    assert factory.delay == pytest.approx(factory.initialDelay * factory.factor)


def test_no_delay_is_longer_than_maxDelay(factory, connector, clock):
    factory.maxDelay = 5
    for _ in range(10):
        factory.clientConnectionFailed(connector, None)
        assert next_delay(clock) <= 5
        clock.advance(5)
    assert factory.delay == 5


def test_it_gives_up_after_maxRetries(factory, connector, clock):
    factory.maxRetries = 2
    for _ in range(5):
        factory.clientConnectionFailed(connector, None)
        clock.advance(10_000)
    assert connector.attempts == 2


def test_jitter_scatters_the_delays_around_their_mean(factory, connector, clock):
    factory.jitter, factory.factor = 0.1, 1.0
    random.seed(2003)
    delays = []
    for _ in range(200):
        factory.delay = 100
        factory.clientConnectionFailed(connector, None)
        delays.append(next_delay(clock))
        clock.advance(delays[-1])
    assert len(set(delays)) == 200
    assert 95 < sum(delays) / 200 < 105
    assert min(delays) < 95 and max(delays) > 105


def test_resetDelay_starts_from_the_beginning(factory, connector, clock):
    for _ in range(3):
        factory.clientConnectionFailed(connector, None)
        clock.advance(next_delay(clock))
    factory.resetDelay()
    assert (factory.delay, factory.retries) == (factory.initialDelay, 0)
    factory.clientConnectionFailed(connector, None)
    assert next_delay(clock) == factory.initialDelay


def test_stopTrying_cancels_the_attempt_that_waits(factory, connector, clock):
    factory.clientConnectionFailed(connector, None)
    factory.stopTrying()
    assert list(clock.getDelayedCalls()) == []
    clock.advance(10_000)
    assert connector.attempts == 0


def test_stopTrying_stops_an_attempt_that_is_under_way(factory, connector, clock):
    factory.clientConnectionFailed(connector, None)
    clock.advance(next_delay(clock))
    connector.state = "connecting"
    factory.stopTrying()
    factory.clientConnectionFailed(connector, None)
    assert list(clock.getDelayedCalls()) == []


@pytest.mark.own_promise("AttributeError, in Twisted: it has not heard of its connector yet")
def test_stopTrying_stops_the_very_first_attempt(factory, connector, clock):
    factory.startedConnecting(connector)
    factory.stopTrying()
    assert connector.stopped == 1
    factory.clientConnectionFailed(connector, None)
    assert list(clock.getDelayedCalls()) == []


def test_after_stopTrying_nothing_is_tried(factory, connector, clock):
    factory.stopTrying()
    factory.clientConnectionLost(connector, None)
    factory.clientConnectionFailed(connector, None)
    assert list(clock.getDelayedCalls()) == []


def test_stopTrying_before_anything_happened_is_fine(factory):
    factory.stopTrying()


def test_retry_can_be_called_with_a_connector(factory, connector, clock):
    factory.retry(connector)
    clock.advance(next_delay(clock))
    assert connector.attempts == 1


def test_retry_without_a_connector_is_an_error(factory):
    with pytest.raises(ValueError):
        factory.retry()


def test_it_builds_protocols_as_every_factory(factory):
    factory.protocol = Protocol
    assert factory.buildProtocol(None).factory is factory


def test_it_reconnects_over_real_sockets(reactor, connect):
    """The server hangs up twice; the third connection stays."""
    from reactor.protocol import ServerFactory
    from tests.support.loopback import run_until

    accepted = []

    class HangUpTwice(Protocol):
        def connectionMade(self):
            accepted.append(self)
            if len(accepted) < 3:
                self.transport.loseConnection()

    class Persistent(ReconnectingClientFactory):
        noisy, initialDelay, factor, protocol = False, 0.001, 1.0, Protocol

    client = Persistent()
    client.delay, client.clock = 0.001, reactor
    port = reactor.listenTCP(0, ServerFactory.forProtocol(HangUpTwice), interface="127.0.0.1")
    connector = reactor.connectTCP("127.0.0.1", port.getHost().port, client)
    run_until(reactor, lambda: len(accepted) == 3)
    client.stopTrying()
    connector.disconnect()
    port.stopListening()
    run_until(reactor, lambda: not client.numPorts and len(reactor.getDelayedCalls()) == 1)
    run_until(reactor, lambda: not accepted[2].transport.connected)


@pytest.mark.own_promise("its first delay is of the base class's initialDelay")
@pytest.mark.parametrize("where", ["class", "instance"])
def test_the_first_delay_is_a_subclass_s_own_initialDelay(clock, connector, where):
    class Quick(ReconnectingClientFactory):
        initialDelay = 0.2 if where == "class" else ReconnectingClientFactory.initialDelay
        jitter, noisy, factor = 0, False, 2

    factory = Quick()
    factory.clock, factory.initialDelay = clock, 0.2
    delays = []
    for _ in range(3):
        factory.clientConnectionFailed(connector, None)
        delays.append(next_delay(clock))
        clock.advance(delays[-1])
    factory.resetDelay()
    assert delays == pytest.approx([0.2, 0.4, 0.8]) and factory.delay == 0.2


def test_a_delay_of_a_subclass_is_the_first_one(clock, connector):
    class Late(ReconnectingClientFactory):
        delay, jitter, noisy = 7, 0, False

    factory = Late()
    factory.clock = clock
    factory.clientConnectionFailed(connector, None)
    assert next_delay(clock) >= 7
