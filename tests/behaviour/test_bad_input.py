"""What can't be right is refused at the call, where the traceback helps, by an error that names the value."""

import math
import re

import pytest

from reactor.protocol import DatagramProtocol
from tests.support.loopback import Client, Server
from tests.support.securely import client_options, server_options

pytestmark = pytest.mark.own_promise("it asserts, or says so later, or not at all")

HERE = "127.0.0.1"
NO_NUMBERS = ["80", b"80", 1.5, True, [80]]
NO_PORTS = [(each, TypeError) for each in [None, *NO_NUMBERS]] + [(each, ValueError) for each in (-1, 65536, 10**10)]
NO_SPANS = [("1", TypeError), (b"", TypeError), ([], TypeError)]
NO_SPANS += [(each, ValueError) for each in (-1, -0.001, math.nan, -math.inf)]
NO_FACTORIES = [None, "echo", Server, DatagramProtocol()]

by_port = pytest.mark.parametrize(("port", "raised"), NO_PORTS, ids=repr)
by_span = pytest.mark.parametrize(("span", "raised"), NO_SPANS, ids=repr)
by_factory = pytest.mark.parametrize("factory", NO_FACTORIES, ids=["None", "text", "class", "protocol"])


@pytest.fixture(autouse=True)
def nothing_is_begun(reactor):
    """Who was refused has left nothing: no socket, no timer, nothing to be told at the end."""
    yield
    assert not reactor.transports and not reactor.getDelayedCalls()


def refused(raised, value, call, *args, **options):
    with pytest.raises(raised, match=re.escape(repr(value))):
        call(*args, **options)


@by_port
def test_listening_at_a_port_that_is_none(reactor, port, raised):
    refused(raised, port, reactor.listenTCP, port, Server("server"))
    refused(raised, port, reactor.listenSSL, port, Server("server"), server_options())
    refused(raised, port, reactor.listenUDP, port, DatagramProtocol())
    refused(raised, port, reactor.listenMulticast, port, DatagramProtocol())


@pytest.mark.parametrize(("port", "raised"), [each for each in NO_PORTS if each[0] != "80"], ids=repr)
def test_connecting_to_a_port_that_is_none(reactor, port, raised):
    refused(raised, port, reactor.connectTCP, HERE, port, Client("client"))
    refused(raised, port, reactor.connectSSL, HERE, port, Client("client"), client_options())


@by_port
def test_connecting_from_a_port_that_is_none(reactor, port, raised):
    refused(raised, port, reactor.connectTCP, HERE, 1, Client("client"), bindAddress=(HERE, port))


@pytest.mark.parametrize("address", [HERE, 5, (HERE,), (None, 1), (HERE, 1, 2)], ids=repr)
def test_connecting_from_what_is_no_address(reactor, address):
    refused(TypeError, address, reactor.connectTCP, HERE, 1, Client("client"), bindAddress=address)


@pytest.mark.parametrize("host", [None, 5, b"127.0.0.1", ("127.0.0.1", 80)], ids=repr)
def test_a_host_that_is_not_text(reactor, host):
    refused(TypeError, host, reactor.connectTCP, host, 80, Client("client"))
    refused(TypeError, host, reactor.connectSSL, host, 80, Client("client"), client_options())
    refused(TypeError, host, reactor.listenTCP, 0, Server("server"), interface=host)
    refused(TypeError, host, reactor.listenSSL, 0, Server("server"), server_options(), interface=host)
    refused(TypeError, host, reactor.listenUDP, 0, DatagramProtocol(), interface=host)
    refused(TypeError, host, reactor.listenMulticast, 0, DatagramProtocol(), interface=host)


@by_factory
def test_what_builds_no_protocols(reactor, factory):
    refused(TypeError, factory, reactor.listenTCP, 0, factory)
    refused(TypeError, factory, reactor.connectTCP, HERE, 80, factory)
    refused(TypeError, factory, reactor.listenSSL, 0, factory, server_options())
    refused(TypeError, factory, reactor.connectSSL, HERE, 80, factory, client_options())


@pytest.mark.parametrize("backlog", [None, *NO_NUMBERS], ids=repr)
def test_a_backlog_that_is_no_number(reactor, backlog):
    refused(TypeError, backlog, reactor.listenTCP, 0, Server("server"), backlog=backlog)


@by_span
def test_a_timeout_that_is_no_span_of_time(reactor, span, raised):
    refused(raised, span, reactor.connectTCP, HERE, 80, Client("client"), timeout=span)
    refused(raised, span, reactor.connectSSL, HERE, 80, Client("client"), client_options(), timeout=span)


@by_span
def test_a_delay_that_is_no_span_of_time(reactor, span, raised):
    refused(raised, span, reactor.callLater, span, list)
    refused(raised, span, reactor.iterate, span)


@pytest.mark.parametrize(("span", "raised"), [*NO_SPANS[:3], (None, TypeError), (math.nan, ValueError)], ids=repr)
def test_a_call_cannot_be_moved_by_what_is_no_number(reactor, span, raised):
    call = reactor.callLater(1000, list)
    before = call.getTime()
    refused(raised, span, call.reset, span)
    refused(raised, span, call.delay, span)
    assert call.getTime() == before
    call.cancel()


@pytest.mark.parametrize("action", [None, "print", 5], ids=repr)
def test_what_cannot_be_called(reactor, action):
    refused(TypeError, action, reactor.callLater, 0, action)
    refused(TypeError, action, reactor.callFromThread, action)
    refused(TypeError, action, reactor.callWhenRunning, action)
    refused(TypeError, action, reactor.addSystemEventTrigger, "before", "shutdown", action)


@pytest.mark.parametrize(("size", "raised"), [*((each, TypeError) for each in [None, *NO_NUMBERS]), (-1, ValueError)])
def test_a_number_of_threads_that_is_none(reactor, size, raised):
    refused(raised, size, reactor.suggestThreadPoolSize, size)
