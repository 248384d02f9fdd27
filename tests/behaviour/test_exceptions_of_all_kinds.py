"""A handler may raise what is no Exception: asyncio's CancelledError, a test's Failed. It is logged like any other.

Only KeyboardInterrupt ends the loop: it comes from the person at the keyboard, when there is no handler for SIGINT.
"""

import asyncio
from types import SimpleNamespace

import pytest

from reactor.defer import Deferred, inlineCallbacks, returnValue
from reactor.endpoints import TCP4ClientEndpoint
from reactor.error import ConnectionDone, ConnectionLost
from reactor.protocol import DatagramProtocol, Factory
from tests.support.loopback import Client, run, run_until, stop_listening, turn


class NoException(BaseException):
    """As test frameworks and other loops have them."""


def cancelled():
    future = asyncio.Future(loop=SimpleNamespace(get_debug=lambda: False))
    future.cancel()
    return future.result()


def stray_return():
    returnValue("there is no generator to end")


def raising(problem):
    def handler(*_):
        raise problem

    return handler


KINDS = [NoException, SystemExit, GeneratorExit, asyncio.CancelledError]
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
@pytest.mark.parametrize("place", ["made", "data"])
@pytest.mark.parametrize("side", ["server", "client"])
@pytest.mark.own_promise("Twisted leaves a server's connection open whose connectionMade raises")
def test_in_a_protocol_it_ends_the_connection(connect, logged_errors, kind, place, side):
    pair = connect(**{side: {place: raising(kind("on purpose"))}})
    pair.establish()
    for one in (pair.server, pair.client):
        if one.talker.reason is None:
            one.talker.transport.write(b"x")
    pair.run_until_lost()
    assert getattr(pair, side).talker.reason.type is kind
    other = pair.client if side == "server" else pair.server
    assert other.talker.reason.check(ConnectionDone, ConnectionLost)
    assert len(logged_errors.flush(kind)) == 1


@every_kind
@pytest.mark.parametrize("place", ["lost", "gone"])
def test_at_the_end_of_a_connection_it_is_logged(connect, logged_errors, kind, place):
    pair = connect(client={place: raising(kind("on purpose"))})
    _, client = pair.establish()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert len(logged_errors.flush(kind)) == 1


@every_kind
def test_in_clientConnectionFailed_it_is_logged(reactor, logged_errors, kind):
    client = Client("client", failed=raising(kind("on purpose")))
    reactor.connectTCP("127.0.0.1", 0, client)
    run_until(reactor, lambda: client.reason)
    turn(reactor, 2)
    assert logged_errors.flush(kind)


@every_kind
@pytest.mark.own_promise("it logs that twice, or tells nobody")
def test_in_buildProtocol_it_costs_the_connection(reactor, listen, logged_errors, kind):
    factory = Factory()
    factory.buildProtocol = raising(kind("on purpose"))
    port = listen(factory)
    client = Client("client")
    reactor.connectTCP("127.0.0.1", port.getHost().port, client)
    run_until(reactor, lambda: client.talker and client.talker.reason)
    assert len(logged_errors.flush(kind)) == 1


@every_kind
def test_in_the_buildProtocol_of_an_endpoints_factory_it_is_the_result(reactor, listen, logged_errors, kind):
    port = listen(Factory.forProtocol(DatagramProtocol))
    factory, results = Factory(), []
    factory.buildProtocol = raising(kind("on purpose"))
    TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port).connect(factory).addErrback(results.append)
    run_until(reactor, lambda: results)
    assert results[0].type is kind
    turn(reactor, 3)
    logged_errors.flush(Exception)


@every_kind
def test_in_datagramReceived_it_is_logged_and_the_port_goes_on(reactor, logged_errors, kind):
    received = []

    class Receiver(DatagramProtocol):
        def datagramReceived(self, datagram, addr):
            received.append(datagram)
            raise kind("on purpose")

    port = reactor.listenUDP(0, Receiver(), interface="127.0.0.1")
    sender = reactor.listenUDP(0, DatagramProtocol(), interface="127.0.0.1")
    for number in (b"1", b"2"):
        sender.write(number, ("127.0.0.1", port.getHost().port))
    run_until(reactor, lambda: len(received) == 2)
    assert len(logged_errors.flush(kind)) == 2
    stop_listening(reactor, port)
    stop_listening(reactor, sender)


@every_kind
@pytest.mark.parametrize("phase", ["before", "during", "after"])
def test_in_a_trigger_it_is_logged_and_the_others_run(reactor, logged_errors, kind, phase):
    ran = []
    reactor.addSystemEventTrigger(phase, "own", raising(kind("on purpose")))
    reactor.addSystemEventTrigger("after", "own", ran.append, "after")
    reactor.fireSystemEvent("own")
    assert ran == ["after"] and len(logged_errors.flush(kind)) == 1


@every_kind
def test_in_a_call_it_is_logged_and_the_loop_goes_on(reactor, logged_errors, kind):
    reactor.callLater(0, raising(kind("on purpose")))
    reactor.callFromThread(raising(kind("on purpose")))
    reactor.callLater(0.001, reactor.stop)
    run(reactor)
    assert len(logged_errors.flush(kind)) == 2


@pytest.mark.parametrize("call", [cancelled, stray_return])
@pytest.mark.own_promise("it calls returnValue deprecated")
def test_what_python_and_we_raise_ourselves_is_logged(reactor, logged_errors, call):
    reactor.callLater(0, call)
    reactor.callLater(0.001, reactor.stop)
    run(reactor)
    assert len(logged_errors.flush(BaseException)) == 1


@pytest.mark.own_promise("it logs this too")
def test_KeyboardInterrupt_ends_the_loop(reactor):
    reactor.callLater(0, raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        reactor.run(installSignalHandlers=False)
    assert not reactor.running


@pytest.mark.own_promise("it calls returnValue deprecated")
def test_returnValue_without_a_yield_says_what_is_missing():
    @inlineCallbacks
    def work():
        returnValue(1)

    with pytest.raises(TypeError, match="inlineCallbacks requires"):
        work()


def test_a_Deferred_takes_it_as_its_failure():
    results = []
    deferred = Deferred().addCallback(raising(NoException())).addErrback(results.append)
    deferred.callback(None)
    assert results[0].type is NoException
