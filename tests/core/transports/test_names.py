"""Host names: they are looked up without holding up the loop."""

import socket
import threading

import pytest

from reactor.address import IPv4Address, IPv6Address
from reactor.defer import fail, succeed
from reactor.endpoints import HostnameEndpoint, TCP4ClientEndpoint
from reactor.error import DNSLookupError
from reactor.interfaces import IResolverSimple
from tests.support import oracle
from tests.support.loopback import Client, Server, run, run_until, turn
from tests.support.outcomes import failure_of, result_of
from tests.support.securely import client_options


def resolve(reactor, name):
    """What reactor.resolve says about a name, in a whole run of the reactor."""
    results = []

    def ask():
        reactor.resolve(name).addBoth(results.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(ask)
    run(reactor, deadline_s=20)
    return results[0]


def test_an_address_resolves_to_itself_at_once(reactor):
    results = []
    reactor.resolve("127.0.0.1").addCallback(results.append)
    assert results == ["127.0.0.1"]


def test_the_empty_name_is_every_interface(reactor):
    results = []
    reactor.resolve("").addCallback(results.append)
    assert results == ["0.0.0.0"]


def test_localhost_resolves(reactor):
    assert resolve(reactor, "localhost") == "127.0.0.1"


@pytest.mark.own_promise("its resolvers may be others")
def test_a_name_is_asked_for_anew_each_time_and_nothing_is_remembered(reactor, monkeypatch):
    asked, look_up = [], reactor.system.look_up
    monkeypatch.setattr(reactor.system, "look_up", lambda name: asked.append(name) or look_up(name))
    for _ in range(2):
        assert resolve(reactor, "localhost") == "127.0.0.1"
    assert asked == ["localhost", "localhost"]


def test_a_name_that_does_not_exist_fails(reactor):
    assert resolve(reactor, "no-such-host.invalid").check(DNSLookupError)


def test_connecting_to_a_name(reactor, listen):
    server = Server("server", made=lambda talker: talker.transport.loseConnection())
    client = Client("client", gone=lambda connector, reason: reactor.stop())
    connector = reactor.connectTCP("localhost", listen(server).getHost().port, client)
    assert connector.getDestination() == IPv4Address("TCP", "localhost", server_port(reactor, connector))
    run(reactor)
    assert client.events == [
        "client started",
        "client made",
        "client lost ConnectionDone",
        "client gone ConnectionDone",
    ]


def server_port(reactor, connector):
    return connector.getDestination().port


def test_connecting_to_a_name_that_does_not_exist_fails_the_attempt(reactor):
    client = Client("client", failed=lambda connector, reason: reactor.stop())
    reactor.connectTCP("no-such-host.invalid", 7, client, timeout=20)
    run(reactor, deadline_s=20)
    assert client.events == ["client started", "client failed DNSLookupError"]
    assert "no-such-host.invalid" in client.reason.getErrorMessage()


class Book:
    """A resolver of its own. late: whether it answers when the test says so, by `answer`."""

    def __init__(self, late=False, **addresses):
        self.addresses, self.asked, self.late, self.cancelled = addresses, [], late, []

    def resolveHostName(self, receiver, hostName, portNumber=0, addressTypes=None, transportSemantics="TCP"):
        self.asked.append(hostName)
        self.name, self.port, self.receiver, self.kinds = hostName, portNumber, receiver, addressTypes
        receiver.resolutionBegan(self)
        if not self.late:
            self.answer()
        return self

    def answer(self):
        for address in self.addresses.get(self.name, []):
            kind = IPv6Address if ":" in address else IPv4Address
            if self.kinds is None or kind in self.kinds:
                self.receiver.addressResolved(kind("TCP", address, self.port))
        self.receiver.resolutionComplete()

    def cancel(self):
        self.cancelled.append(self.name)


@pytest.fixture
def install(reactor):
    def install(*args, **addresses):
        book = Book(*args, **addresses)
        before.append(reactor.installNameResolver(book))
        return book

    before = []
    yield install
    for resolver in reversed(before):
        reactor.installNameResolver(resolver)


@oracle.implements(IResolverSimple)
class Card:
    """A resolver of the older kind, which knows one address of each host, at once or later."""

    def __init__(self, **addresses):
        self.addresses = addresses

    def getHostByName(self, name, timeout=()):
        return succeed(self.addresses[name]) if name in self.addresses else fail(DNSLookupError(name))


def test_a_resolver_that_knows_one_address_of_a_host_can_be_installed(reactor, listen):
    server, client = Server("server"), Client("client")
    port = listen(server).getHost().port
    before = reactor.installResolver(Card(house="127.0.0.1"))
    try:
        reactor.connectTCP("house", port, client)
        run_until(reactor, lambda: client.talker and client.talker.is_made)
        client.talker.transport.loseConnection()
        run_until(reactor, lambda: client.talker.reason)
        again = Client("again")
        reactor.connectTCP("castle", port, again)
        run_until(reactor, lambda: again.reason)
        assert again.reason.check(DNSLookupError)
    finally:
        card = reactor.installResolver(before)
    assert isinstance(card, Card)


def connect_tcp(reactor, factory, port):
    reactor.connectTCP("house", port, factory)


def connect_endpoint(kind):
    return lambda reactor, factory, port: kind(reactor, "house", port).connect(factory)


own_name = pytest.param(
    connect_endpoint(HostnameEndpoint), id="name", marks=pytest.mark.own_promise("there it opens the program's reactor")
)


@pytest.mark.parametrize(
    "connect",
    [pytest.param(connect_tcp, id="TCP"), pytest.param(connect_endpoint(TCP4ClientEndpoint), id="4"), own_name],
)
def test_an_installed_resolver_is_asked_wherever_a_name_is_given(reactor, listen, install, connect):
    book = install(house=["127.0.0.1"])
    server = Server("server")
    port = listen(server)
    client = Client("client")
    connect(reactor, client, port.getHost().port)
    run_until(reactor, lambda: client.talker and client.talker.is_made)
    assert book.asked == ["house"]
    client.talker.transport.abortConnection()
    run_until(reactor, lambda: client.talker.reason and server.talker and server.talker.reason)


def test_resolve_asks_an_installed_resolver_for_its_first_ipv4_address(reactor, install):
    book = install(house=["::1", "10.1.2.3", "10.1.2.4"], six=["::1"])
    assert result_of(reactor.resolve("house")) == "10.1.2.3"
    failure_of(reactor.resolve("six"), DNSLookupError)
    failure_of(reactor.resolve("unknown"), DNSLookupError)
    assert result_of(reactor.resolve("10.9.9.9")) == "10.9.9.9" and book.asked == ["house", "six", "unknown"]


def test_connectSSL_asks_an_installed_resolver_too(reactor, install):
    book = install()
    client = Client("client")
    reactor.connectSSL("house", 443, client, client_options())
    run_until(reactor, lambda: client.reason)
    assert client.reason.check(DNSLookupError) and book.asked == ["house"]


def test_the_resolver_before_can_be_put_back(reactor):
    before = reactor.nameResolver
    book = Book()
    assert reactor.installNameResolver(book) is before
    assert reactor.installNameResolver(before) is book
    assert resolve(reactor, "localhost") == "127.0.0.1" and book.asked == []


@pytest.mark.own_promise("it waits for ever")
def test_an_installed_resolver_that_is_silent_is_waited_for_no_longer_than_asked(reactor, install):
    book, results = install(late=True), []
    reactor.resolve("house", (0.01,)).addErrback(results.append)
    run_until(reactor, lambda: results)
    assert results[0].check(DNSLookupError) and book.cancelled == ["house"]
    book.answer()
    assert not reactor.getDelayedCalls()


@pytest.mark.own_promise("it lets the resolver go on")
def test_stopConnecting_while_an_installed_resolver_is_asked(reactor, install):
    book, client = install(late=True, house=["127.0.0.1"]), Client("client")
    connector = reactor.connectTCP("house", 1, client)
    run_until(reactor, lambda: book.asked)
    connector.stopConnecting()
    turn(reactor, 3)
    assert client.reason and book.cancelled == ["house"] and not reactor.getDelayedCalls()
    book.answer()
    turn(reactor, 3)


@pytest.mark.own_promise("it raises out of connectTCP")
def test_an_installed_resolver_that_raises_fails_the_attempt(reactor):
    before, client = reactor.installNameResolver(object()), Client("client")
    reactor.connectTCP("house", 1, client)
    run_until(reactor, lambda: client.reason)
    assert client.reason.check(AttributeError)
    reactor.installNameResolver(before)


def test_stopConnecting_while_the_name_is_looked_up(reactor, listen):
    server = Server("server")
    client = Client("client")
    connector = reactor.connectTCP("localhost", listen(server).getHost().port, client)

    def stop():
        connector.stopConnecting()
        reactor.callLater(0.05, reactor.stop)

    reactor.callWhenRunning(stop)
    run(reactor)
    assert client.events == ["client started", "client failed UserError"]
    assert server.events == []


def test_the_loop_goes_on_while_a_name_is_looked_up(reactor):
    calls = []
    reactor.callWhenRunning(lambda: reactor.resolve("localhost").addCallback(calls.append))
    reactor.callLater(0, calls.append, "timer")
    reactor.callLater(0, lambda: run_on(reactor, calls))
    run(reactor)
    assert sorted(calls) == ["127.0.0.1", "timer"]


def run_on(reactor, calls):
    """Stop once both have come."""
    if len(calls) == 2:
        reactor.stop()
    else:
        reactor.callLater(0.001, run_on, reactor, calls)


@pytest.mark.own_promise("it starts threads for names only in a running reactor")
def test_a_name_can_be_looked_up_before_run(reactor):
    results = []
    reactor.resolve("localhost").addCallback(results.append)
    run_until(reactor, lambda: results)
    turn(reactor)
    assert results == ["127.0.0.1"]


def test_many_names_at_once_are_all_answered(reactor):
    answers = []

    def answered(answer):
        answers.append(answer)
        if len(answers) == 40:
            reactor.stop()

    def ask():
        for _ in range(40):
            reactor.resolve("localhost").addBoth(answered)

    reactor.callWhenRunning(ask)
    run(reactor)
    assert answers == ["127.0.0.1"] * 40


@pytest.fixture
def mute_resolver(monkeypatch):
    """A system whose resolver answers only when the test is over."""
    over = threading.Event()

    def mute(*args, **kwargs):
        over.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", mute)
    monkeypatch.setattr(socket, "gethostbyname", mute)
    threads = set(threading.enumerate())
    yield
    over.set()
    for thread in set(threading.enumerate()) - threads:
        thread.join()


@pytest.mark.own_promise("it ignores the timeout of a lookup, and its thread pool keeps the program from ending")
def test_a_resolver_that_hangs_is_waited_for_no_longer_than_asked(reactor, mute_resolver):
    failures = []

    def ask():
        asked = reactor.resolve("slow.example", timeout=(0.01, 0.01))
        asked.addErrback(failures.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(ask)
    run(reactor)
    assert failures[0].check(DNSLookupError)
    assert "slow.example" in failures[0].getErrorMessage()


@pytest.mark.own_promise("its thread pool keeps the program from ending")
def test_the_timeout_of_an_attempt_includes_the_lookup(reactor, mute_resolver):
    client = Client("client", failed=lambda connector, reason: reactor.stop())
    reactor.connectTCP("slow.example", 7, client, timeout=0.02)
    run(reactor)
    assert client.events == ["client started", "client failed TimeoutError"]


@pytest.mark.own_promise("its thread pool keeps the program from ending")
def test_stopConnecting_during_a_lookup_leaves_no_timer(reactor, mute_resolver):
    client, left = Client("client"), []

    def stop(connector):
        connector.stopConnecting()
        left.extend(call for call in reactor.getDelayedCalls() if call.active())
        reactor.stop()

    reactor.callWhenRunning(lambda: reactor.callLater(0.01, stop, reactor.connectTCP("slow.example", 7, client)))
    run(reactor)
    assert len(left) == 1, "the deadline of run() itself, and no other"
    assert client.events == ["client started", "client failed UserError"]


@pytest.mark.own_promise("Twisted asks in its thread pool, which only runs with the reactor")
def test_a_name_without_a_port_has_the_port_0(reactor):
    class Answers:
        def __init__(self):
            self.found = []

        def resolutionBegan(self, resolution):
            pass

        def addressResolved(self, address):
            self.found.append((address.host, address.port))

        def resolutionComplete(self):
            self.found.append("complete")

    answers = Answers()
    reactor.nameResolver.resolveHostName(answers, "127.0.0.1")
    run_until(reactor, lambda: "complete" in answers.found)
    assert answers.found == [("127.0.0.1", 0), "complete"]
