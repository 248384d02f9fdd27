"""Host names: they are looked up without holding up the loop."""

import pytest
from loopback import Client, Server, run, run_until, turn

from reactor.address import IPv4Address
from reactor.error import DNSLookupError


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
