"""ClientService: it connects, comes back, waits longer each time, and stops. Also true of Twisted (`--oracle`)."""

import pytest

from reactor.application.internet import ClientService, backoffPolicy
from reactor.defer import CancelledError, Deferred
from reactor.error import ConnectionDone, ConnectionLost
from reactor.error import ConnectionRefusedError as Refused
from reactor.failure import Failure
from reactor.protocol import Factory, Protocol
from reactor.task import Clock
from reactor.testing import StringTransport
from tests.support.outcomes import outcomes


class Endpoint:
    """The test decides what becomes of each attempt. attempts: a Deferred each. cancelled: how many were."""

    def __init__(self):
        self.attempts, self.factories, self.cancelled = [], [], 0

    def connect(self, factory):
        self.factories.append(factory)
        self.attempts.append(Deferred(self.cancel))
        return self.attempts[-1]

    def cancel(self, attempt):
        self.cancelled += 1

    def refuse(self):
        self.attempts[-1].errback(Refused())

    def accept(self):
        """Connect the newest attempt. Returns what is connected, as the transport sees it."""
        connected = self.factories[-1].buildProtocol(None)
        connected.transport_of_test = StringTransport()
        connected.makeConnection(connected.transport_of_test)
        self.attempts[-1].callback(connected)
        return connected


class Noting(Protocol):
    reason = None

    def __init__(self):
        self.received = []

    def dataReceived(self, data):
        self.received.append(data)

    def connectionLost(self, reason):
        self.reason = reason.value


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def endpoint():
    return Endpoint()


@pytest.fixture
def service(endpoint, clock):
    return make(endpoint, clock)


def make(endpoint, clock, **options):
    options.setdefault("retryPolicy", lambda attempt: attempt)
    return ClientService(endpoint, Factory.forProtocol(Noting), clock=clock, **options)


def lose(connected, reason=None):
    connected.connectionLost(Failure(reason or ConnectionDone()))


def test_it_connects_when_it_starts_and_gives_the_protocol(service, endpoint):
    waiting = outcomes(service.whenConnected())
    assert endpoint.attempts == []
    service.startService()
    assert len(endpoint.attempts) == 1 and waiting == []
    connected = endpoint.accept()
    [protocol] = waiting
    assert isinstance(protocol, Noting)
    connected.dataReceived(b"hello")
    assert protocol.received == [b"hello"] and protocol.transport is connected.transport_of_test
    assert outcomes(service.whenConnected()) == [protocol]


def test_to_start_it_twice_connects_once(service, endpoint):
    service.startService()
    service.startService()
    assert len(endpoint.attempts) == 1


def test_the_factory_hears_that_it_is_in_use(clock, endpoint):
    factory = Factory.forProtocol(Noting)
    factory.noisy = False
    ClientService(endpoint, factory, clock=clock).startService()
    endpoint.factories[0].doStart()
    assert factory.numPorts == 1
    endpoint.factories[0].doStop()
    assert factory.numPorts == 0


def test_a_refusal_makes_it_wait_longer_each_time(service, endpoint, clock):
    service.startService()
    for delay_s in (1, 2, 3):
        endpoint.refuse()
        attempts = len(endpoint.attempts)
        clock.advance(delay_s - 0.1)
        assert len(endpoint.attempts) == attempts
        clock.advance(0.1)
        assert len(endpoint.attempts) == attempts + 1


def test_a_connection_that_is_lost_makes_it_come_back(service, endpoint, clock):
    service.startService()
    lose(endpoint.accept(), ConnectionLost())
    waiting = outcomes(service.whenConnected())
    clock.advance(1)
    endpoint.accept()
    assert len(endpoint.attempts) == 2 and isinstance(waiting[0], Noting)


def test_a_connection_that_was_made_starts_the_counting_anew(service, endpoint, clock):
    service.startService()
    for delay_s in (1, 2):
        endpoint.refuse()
        clock.advance(delay_s)
    lose(endpoint.accept())
    clock.advance(1)
    assert len(endpoint.attempts) == 4


def test_the_protocol_hears_that_its_connection_is_lost(service, endpoint):
    service.startService()
    waiting = outcomes(service.whenConnected())
    lose(endpoint.accept(), ConnectionLost())
    [protocol] = waiting
    assert isinstance(protocol.reason, ConnectionLost)


def test_who_waits_for_a_connection_waits_through_failures(service, endpoint, clock):
    service.startService()
    waiting = outcomes(service.whenConnected())
    for delay_s in (1, 2):
        endpoint.refuse()
        clock.advance(delay_s)
    assert waiting == []
    endpoint.accept()
    assert isinstance(waiting[0], Noting)


def test_who_has_had_enough_failures_is_told_the_last(service, endpoint, clock):
    service.startService()
    impatient, patient = outcomes(service.whenConnected(1)), outcomes(service.whenConnected(failAfterFailures=2))
    endpoint.refuse()
    assert impatient[0].check(Refused) and patient == []
    clock.advance(1)
    endpoint.refuse()
    assert patient[0].check(Refused)


def test_a_lost_connection_is_no_failure_to_connect(service, endpoint, clock):
    service.startService()
    connected = endpoint.accept()
    lose(connected)
    waiting = outcomes(service.whenConnected(1))
    clock.advance(1)
    assert waiting == []
    endpoint.accept()
    assert isinstance(waiting[0], Noting)


# --- stopping


def test_stopping_closes_the_connection_and_waits_for_its_end(service, endpoint, clock):
    service.startService()
    connected = endpoint.accept()
    stopping = outcomes(service.stopService())
    assert connected.transport_of_test.disconnecting and stopping == [] and not service.running
    waiting = outcomes(service.whenConnected())
    lose(connected)
    assert stopping == [None] and waiting[0].check(CancelledError)
    clock.advance(100)
    assert len(endpoint.attempts) == 1


def test_stopping_ends_the_attempt(service, endpoint, clock):
    service.startService()
    waiting = outcomes(service.whenConnected())
    stopping = outcomes(service.stopService())
    assert endpoint.cancelled == 1 and stopping == [None] and waiting[0].check(CancelledError)
    assert clock.getDelayedCalls() == []


def test_stopping_ends_the_wait(service, endpoint, clock):
    service.startService()
    endpoint.refuse()
    waiting = outcomes(service.whenConnected())
    assert outcomes(service.stopService()) == [None]
    assert waiting[0].check(CancelledError) and clock.getDelayedCalls() == []


def test_stopping_what_never_started_is_done_at_once(service):
    assert outcomes(service.stopService()) == [None]
    assert outcomes(service.whenConnected())[0].check(CancelledError)
    assert outcomes(service.stopService()) == [None]


def test_stopping_twice_waits_twice(service, endpoint):
    service.startService()
    connected = endpoint.accept()
    first, second = outcomes(service.stopService()), outcomes(service.stopService())
    assert first == second == []
    lose(connected)
    assert first == second == [None]


def test_it_can_be_started_again(service, endpoint):
    service.startService()
    connected = endpoint.accept()
    service.stopService()
    lose(connected)
    service.startService()
    waiting = outcomes(service.whenConnected())
    endpoint.accept()
    assert len(endpoint.attempts) == 2 and isinstance(waiting[0], Noting)


def test_started_again_while_it_stops_it_connects_when_the_old_connection_is_closed(service, endpoint):
    service.startService()
    connected = endpoint.accept()
    stopping = outcomes(service.stopService())
    service.startService()
    waiting = outcomes(service.whenConnected())
    assert len(endpoint.attempts) == 1
    lose(connected)
    assert stopping == [None] and len(endpoint.attempts) == 2
    endpoint.accept()
    assert isinstance(waiting[0], Noting)


def test_started_and_stopped_again_while_it_stops_it_stops(service, endpoint):
    service.startService()
    connected = endpoint.accept()
    first = outcomes(service.stopService())
    service.startService()
    second = outcomes(service.stopService())
    lose(connected)
    assert first == second == [None] and len(endpoint.attempts) == 1


# --- preparing


def test_nobody_gets_a_connection_before_it_is_prepared(endpoint, clock):
    prepared, seen = Deferred(), []
    service = make(endpoint, clock, prepareConnection=lambda protocol: seen.append(protocol) or prepared)
    service.startService()
    waiting = outcomes(service.whenConnected())
    endpoint.accept()
    assert len(seen) == 1 and waiting == []
    prepared.callback("ignored")
    assert len(waiting) == 1 and isinstance(waiting[0], Noting)


def test_a_connection_that_cannot_be_prepared_is_a_failure(endpoint, clock):
    def refuse(protocol):
        raise ZeroDivisionError("bad password")

    service = make(endpoint, clock, prepareConnection=refuse)
    service.startService()
    waiting = outcomes(service.whenConnected(1))
    connected = endpoint.accept()
    if connected.transport_of_test.disconnecting:
        lose(connected)
    assert waiting[0].check(ZeroDivisionError)
    clock.advance(1)
    assert len(endpoint.attempts) == 2


@pytest.mark.own_promise("Twisted leaves such a connection open, and forgets it")
def test_a_connection_that_cannot_be_prepared_is_closed_before_the_next(endpoint, clock):
    prepared = Deferred()
    service = make(endpoint, clock, prepareConnection=lambda protocol: prepared)
    service.startService()
    connected = endpoint.accept()
    prepared.errback(ZeroDivisionError("bad password"))
    assert connected.transport_of_test.disconnecting
    clock.advance(100)
    assert len(endpoint.attempts) == 1
    lose(connected)
    clock.advance(1)
    assert len(endpoint.attempts) == 2


@pytest.mark.own_promise("Twisted has no way out of this state, and raises")
def test_a_connection_that_is_lost_while_it_is_prepared_is_a_failure(endpoint, clock):
    service = make(endpoint, clock, prepareConnection=lambda protocol: Deferred())
    service.startService()
    waiting = outcomes(service.whenConnected(1))
    lose(endpoint.accept(), ConnectionLost())
    assert waiting[0].check(ConnectionLost)
    clock.advance(1)
    assert len(endpoint.attempts) == 2


@pytest.mark.own_promise("Twisted forgets to close it")
def test_stopping_while_a_connection_is_prepared_closes_it(endpoint, clock):
    preparing = Deferred()
    service = make(endpoint, clock, prepareConnection=lambda protocol: preparing)
    service.startService()
    connected = endpoint.accept()
    stopping = outcomes(service.stopService())
    assert connected.transport_of_test.disconnecting and stopping == []
    lose(connected)
    assert stopping == [None] and clock.getDelayedCalls() == []


@pytest.mark.own_promise("Twisted takes it for a connection that is there")
def test_a_connection_that_is_lost_before_the_endpoint_gives_it_is_a_failure(service, endpoint, clock):
    service.startService()
    waiting = outcomes(service.whenConnected(1))
    connected = endpoint.factories[-1].buildProtocol(None)
    connected.makeConnection(StringTransport())
    lose(connected, ConnectionLost())
    endpoint.attempts[-1].callback(connected)
    assert waiting[0].check(ConnectionLost)
    clock.advance(1)
    assert len(endpoint.attempts) == 2


@pytest.mark.own_promise("Twisted's machine does not expect it")
def test_who_is_told_of_a_failure_may_stop_the_service(service, endpoint, clock):
    service.startService()
    service.whenConnected(1).addErrback(lambda failure: service.stopService())
    endpoint.refuse()
    assert clock.getDelayedCalls() == [] and not service.running
    assert outcomes(service.whenConnected())[0].check(CancelledError)


@pytest.mark.own_promise("the protocol of a connection can have more methods than IProtocol")
def test_the_transport_finds_all_of_the_protocol(clock, endpoint):
    class Secret(Noting):
        def handshakeCompleted(self):
            return "secret"

    service = ClientService(endpoint, Factory.forProtocol(Secret), clock=clock)
    service.startService()
    assert endpoint.accept().handshakeCompleted() == "secret"


# --- the delay


def test_the_delay_grows_to_a_limit():
    policy = backoffPolicy(initialDelay=1.0, maxDelay=60.0, factor=1.5, jitter=lambda: 0.25)
    assert policy(0) == 1.25 and policy(2) == 2.5
    assert policy(50) == 60.25 and policy(100_000) == 60.25


def test_the_delay_has_some_chance_in_it():
    policy = backoffPolicy()
    assert len({policy(1) for _ in range(10)}) > 1
    assert all(1.5 <= policy(1) <= 2.5 for _ in range(100))
