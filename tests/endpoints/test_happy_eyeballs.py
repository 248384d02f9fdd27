"""HostnameEndpoint: the addresses of a host race each other, on a clock that the test moves."""

import pytest

from reactor import error
from reactor.address import IPv4Address, IPv6Address
from reactor.endpoints import HostnameEndpoint
from reactor.failure import Failure
from reactor.protocol import Factory, Protocol
from reactor.testing import MemoryReactorClock, StringTransport


class Names:
    """A resolver that knows the addresses of every host: these."""

    def __init__(self, *hosts):
        self.hosts = hosts

    def resolveHostName(self, receiver, hostName, portNumber=0, addressTypes=None, transportSemantics="TCP"):
        self.asked = hostName
        receiver.resolutionBegan(None)
        for host in self.hosts:
            receiver.addressResolved((IPv6Address if ":" in host else IPv4Address)("TCP", host, portNumber))
        receiver.resolutionComplete()


class Race:
    """A HostnameEndpoint that begins to connect to a host with these addresses."""

    def __init__(self, *hosts, name="example.com", **options):
        self.reactor = MemoryReactorClock()
        self.reactor.nameResolver = Names(*hosts)
        self.endpoint = HostnameEndpoint(self.reactor, name, 80, **options)
        self.connecting = self.endpoint.connect(Factory.forProtocol(Protocol))
        self.results = []
        self.connecting.addBoth(self.results.append)

    @property
    def started(self):
        return [call[0] for call in self.reactor.tcpClients]

    def factory(self, host):
        return self.reactor.tcpClients[self.started.index(host)][2]

    def succeed(self, host):
        self.factory(host).buildProtocol(None).makeConnection(StringTransport())

    def fail(self, host, reason=None):
        connector = self.reactor.connectors[self.started.index(host)]
        self.factory(host).clientConnectionFailed(connector, Failure(reason or error.ConnectionRefusedError()))

    def stopped(self):
        return [host for host, one in zip(self.started, self.reactor.connectors, strict=True) if one.stoppedConnecting]


def test_the_first_address_has_a_head_start():
    race = Race("::1", "10.0.0.1")
    assert race.started == ["::1"]
    race.reactor.advance(0.29)
    assert race.started == ["::1"]
    race.reactor.advance(0.02)
    assert race.started == ["::1", "10.0.0.1"]


def test_the_head_start_can_be_chosen():
    race = Race("::1", "10.0.0.1", attemptDelay=2)
    race.reactor.advance(1.9)
    assert race.started == ["::1"]
    race.reactor.advance(0.2)
    assert race.started == ["::1", "10.0.0.1"]


@pytest.mark.parametrize("winner", ["::1", "10.0.0.1"])
def test_the_first_connection_wins_and_the_other_attempts_are_stopped(winner):
    race = Race("::1", "10.0.0.1", "::2")
    race.reactor.advance(0.31)
    race.succeed(winner)
    assert [type(result) for result in race.results] == [Protocol]
    assert race.stopped() == [host for host in ("::1", "10.0.0.1") if host != winner]
    race.reactor.advance(100)
    assert len(race.started) == 2 and race.reactor.getDelayedCalls() == []


def test_when_all_fail_the_last_reason_is_told():
    race = Race("::1", "10.0.0.1")
    race.reactor.advance(0.31)
    race.reactor.advance(0.31)
    race.fail("::1", error.NoRouteError())
    assert race.results == []
    race.fail("10.0.0.1", error.ConnectionRefusedError())
    assert [failure.type for failure in race.results] == [error.ConnectionRefusedError]
    assert race.reactor.getDelayedCalls() == []


def test_a_host_without_addresses_is_a_failed_lookup():
    race = Race()
    assert [failure.type for failure in race.results] == [error.DNSLookupError]
    assert "example.com" in str(race.results[0].value)


def test_cancelling_stops_all_attempts_and_starts_no_more():
    race = Race("::1", "10.0.0.1", "::2")
    race.reactor.advance(0.31)
    race.connecting.cancel()
    assert race.stopped() == ["::1", "10.0.0.1"]
    assert [failure.type for failure in race.results] == [error.ConnectingCancelledError]
    assert race.results[0].value.address.hostname == b"example.com"
    race.reactor.advance(100)
    assert len(race.started) == 2 and race.reactor.getDelayedCalls() == []


def test_each_attempt_has_the_time_out_and_comes_from_the_address_asked_for():
    race = Race("10.0.0.1", timeout=7, bindAddress="10.0.0.9")
    assert race.reactor.tcpClients[0][3:] == (7, ("10.0.0.9", 0))


@pytest.mark.own_promise("Twisted waits for the head start to be over")
def test_an_attempt_that_fails_lets_the_next_start_at_once():
    race = Race("::1", "::2", "::3")
    race.fail("::1")
    assert race.started == ["::1", "::2"]
    race.reactor.advance(0.29)
    assert race.started == ["::1", "::2"], "the second has a head start of its own"
    race.reactor.advance(0.02)
    assert race.started == ["::1", "::2", "::3"]


@pytest.mark.own_promise("Twisted takes the resolver's order")
@pytest.mark.parametrize(
    ("found", "tried"),
    [
        (["::1", "::2", "10.0.0.1"], ["::1", "10.0.0.1", "::2"]),
        (["10.0.0.1", "10.0.0.2", "::1", "::2"], ["10.0.0.1", "::1", "10.0.0.2", "::2"]),
        (["10.0.0.1", "10.0.0.2"], ["10.0.0.1", "10.0.0.2"]),
    ],
)
def test_the_families_take_turns(found, tried):
    race = Race(*found)
    for _ in found:
        race.reactor.advance(0.31)
    assert race.started == tried


@pytest.mark.parametrize(
    ("name", "asked"),
    [("example.com", "example.com"), (b"example.com", "example.com"), ("::1", "::1"), ("127.0.0.1", "127.0.0.1")],
)
def test_a_name_may_be_text_or_bytes_or_an_address(name, asked):
    assert Race("10.0.0.1", name=name).reactor.nameResolver.asked == asked


@pytest.mark.own_promise("Twisted asks by the name's letters, when it has a library for IDNA")
def test_a_name_in_any_script_is_asked_for_as_DNS_has_it():
    race = Race("10.0.0.1", name="bücher.example")
    assert race.reactor.nameResolver.asked == "xn--bcher-kva.example"
    assert repr(race.endpoint) == "<HostnameEndpoint xn--bcher-kva.example:80>"


@pytest.mark.parametrize("name", ["x" * 70 + ".example", "a..b"])
@pytest.mark.own_promise("what no name can be differs between libraries for IDNA")
def test_what_can_be_no_name_fails_without_asking(name):
    race = Race("10.0.0.1", name=name)
    assert [failure.type for failure in race.results] == [ValueError] and race.started == []
    assert name in str(race.results[0].value)


def test_it_shows_where_it_goes():
    assert repr(Race("10.0.0.1").endpoint) == "<HostnameEndpoint example.com:80>"
    assert repr(Race("::1", name="::1").endpoint) == "<HostnameEndpoint [::1]:80>"


@pytest.mark.parametrize("name", [b"\xff.example", b"b\xc3\xbccher.example"])
def test_bytes_that_are_no_name_fail_when_one_connects(name):
    race = Race("10.0.0.1", name=name)
    assert [failure.type for failure in race.results] == [ValueError] and race.started == []
    assert "\\x" in str(race.results[0].value) and "\\x" in repr(race.endpoint)
