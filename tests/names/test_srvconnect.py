"""Connecting to a service wherever its records say that it is. These tests ask Twisted too."""

import random

import pytest

from reactor.defer import fail, succeed
from reactor.error import DNSLookupError, ServiceNameUnknownError
from reactor.names import client, dns, error
from reactor.names.common import ResolverBase
from reactor.names.srvconnect import SRVConnector
from reactor.protocol import ClientFactory
from reactor.testing import MemoryReactor


class Records(ResolverBase):
    """A resolver that knows these records, or fails with this."""

    def __init__(self, *records):
        super().__init__()
        self.records = records
        self.asked = []

    def _lookup(self, name, cls, type, timeout):
        self.asked.append((name, type))
        if self.records and isinstance(self.records[0], Exception):
            return fail(self.records[0])
        found = [dns.RRHeader(name, one.TYPE, ttl=60, payload=one) for one in self.records]
        return succeed((found, [], []))


class Told(ClientFactory):
    noisy = False

    def __init__(self):
        self.failed = []
        self.lost = []

    def clientConnectionFailed(self, connector, reason):
        self.failed.append((connector, reason.value))

    def clientConnectionLost(self, connector, reason):
        self.lost.append((connector, reason.value))


@pytest.fixture
def services(monkeypatch):
    """A function that makes the program's resolver know these records."""

    def know(*records):
        made = Records(*records)
        monkeypatch.setattr(client, "theResolver", made)
        return made

    return know


@pytest.fixture
def reactor():
    return MemoryReactor()


@pytest.fixture
def factory():
    return Told()


def places(reactor):
    return [(host, port) for host, port, *_ in reactor.tcpClients]


def test_it_connects_to_where_the_record_says(services, reactor, factory):
    asked = services(dns.Record_SRV(10, 0, 6269, "host.example.org"))
    SRVConnector(reactor, "xmpp-server", "example.org", factory).connect()
    assert places(reactor) == [("host.example.org", 6269)]
    assert asked.asked == [(b"_xmpp-server._tcp.example.org", dns.SRV)]


def test_without_records_it_connects_to_the_domain_by_the_name_of_the_service(services, reactor, factory):
    services(error.DNSNameError())
    SRVConnector(reactor, "xmpp-server", "example.org", factory).connect()
    assert places(reactor) == [("example.org", "xmpp-server")]


def test_a_service_that_the_machine_does_not_know_has_its_default_port(services, reactor, factory):
    services(ServiceNameUnknownError())
    SRVConnector(reactor, "nothing", "example.org", factory, defaultPort=5222).connect()
    assert places(reactor) == [("example.org", 5222)]


def test_a_service_that_nobody_knows_fails(services, reactor, factory):
    services(ServiceNameUnknownError())
    SRVConnector(reactor, "nothing", "example.org", factory).connect()
    assert isinstance(factory.failed[0][1], ServiceNameUnknownError)


@pytest.mark.own_promise("a dot for the root is no text that it takes")
def test_a_domain_that_says_that_it_has_no_such_service_fails(services, reactor, factory):
    services(dns.Record_SRV(0, 0, 0, "."))
    SRVConnector(reactor, "xmpp-server", "example.org", factory).connect()
    assert isinstance(factory.failed[0][1], DNSLookupError) and places(reactor) == []


def test_a_lookup_that_fails_in_another_way_fails_the_connection(services, reactor, factory):
    services(error.DNSServerError())
    connector = SRVConnector(reactor, "xmpp-server", "example.org", factory)
    connector.connect()
    assert factory.failed[0][0] is connector and isinstance(factory.failed[0][1], error.DNSServerError)


@pytest.mark.own_promise("the factory gets the error itself there, and no Failure")
def test_without_a_domain_it_fails(services, reactor, factory):
    SRVConnector(reactor, "xmpp-server", None, factory).connect()
    assert isinstance(factory.failed[0][1], DNSLookupError)


def test_the_arguments_go_to_the_method_that_connects(services, reactor, factory):
    services(dns.Record_SRV(10, 0, 6269, "host.example.org"))
    SRVConnector(reactor, "x", "example.org", factory, "udp", "connectTCP", (7,), {"bindAddress": ("", 1)}).connect()
    assert reactor.tcpClients[0][3:] == (7, ("", 1))


def test_a_domain_in_any_language_is_encoded(reactor, factory):
    assert SRVConnector(reactor, "x", "\u00e9chec.example.org", factory).domain == b"xn--chec-9oa.example.org"


def pick(reactor, monkeypatch, throws, *records):
    """The hosts that are picked, and between which numbers the dice were thrown."""
    connector, thrown = SRVConnector(reactor, "x", "example.org", Told()), []
    connector.servers, connector.orderedServers = [], list(records)
    left = iter(throws)
    monkeypatch.setattr(random, "randint", lambda low, high: thrown.append((low, high)) or next(left))
    return [connector.pickServer()[0] for _ in throws], thrown


ONE, TWO = dns.Record_SRV(10, 10, 1, "one"), dns.Record_SRV(10, 20, 1, "two")


def test_the_lowest_priority_comes_first(reactor, monkeypatch):
    last = dns.Record_SRV(20, 0, 1, "last")
    assert pick(reactor, monkeypatch, [0, 0], last, dns.Record_SRV(10, 0, 1, "first"))[0] == ["first", "last"]


def test_among_equals_chance_decides_by_weight_and_then_all_are_tried_again(reactor, monkeypatch):
    picked, thrown = pick(reactor, monkeypatch, [11, 0, 10, 0], TWO, ONE)
    assert picked == ["two", "one", "one", "two"]
    assert thrown == [(0, 30), (0, 10), (0, 30), (0, 20)]


def test_the_smallest_weight_comes_first_when_the_dice_say_zero(reactor, monkeypatch):
    assert pick(reactor, monkeypatch, [0, 0], TWO, ONE)[0] == ["one", "two"]


def test_the_factory_hears_of_this_connector_and_not_of_the_inner_one(services, reactor, factory):
    services(dns.Record_SRV(10, 0, 6269, "host.example.org"))
    started = []
    factory.startedConnecting = started.append
    connector = SRVConnector(reactor, "xmpp-server", "example.org", factory)
    connector.connect()
    inner = reactor.tcpClients[0][2]
    from reactor.failure import Failure

    inner.clientConnectionLost(None, Failure(ZeroDivisionError()))
    assert factory.lost[0][0] is connector and set(started) == {connector}


def test_it_can_be_stopped_while_it_looks_up(monkeypatch, reactor, factory):
    from reactor.defer import Deferred

    coming = Deferred()
    monkeypatch.setattr(client, "theResolver", type("Slow", (), {"lookupService": lambda self, *_: coming})())
    connector = SRVConnector(reactor, "xmpp-server", "example.org", factory)
    connector.connect()
    connector.disconnect()
    coming.callback(([], [], []))
    assert places(reactor) == []


@pytest.mark.own_promise("it connects to the same server again")
def test_who_connects_again_gets_to_the_next_server(services, reactor, factory):
    asked = services(dns.Record_SRV(10, 0, 1, "one"), dns.Record_SRV(20, 0, 2, "two"))
    connector = SRVConnector(reactor, "x", "example.org", factory)
    for _ in range(3):
        connector.connect()
    assert places(reactor) == [("one", 1), ("two", 2), ("one", 1)] and len(asked.asked) == 1
