"""Host names: they are looked up without holding up the loop."""

import socket
import threading

import pytest

from reactor.address import IPv4Address
from reactor.error import DNSLookupError
from tests.support.loopback import Client, Server, run, run_until, turn


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
