"""Fixtures for clients, and for programs that others wrote.

With `--oracle` none of these tests is collected: they reach into `reactor.web`, and can't run against twisted.web.
"""

import pytest

from tests.support import oracle

if oracle.installed():
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def network():
    from tests.support.web_client_doubles import Network

    return Network()


@pytest.fixture
def clock():
    from reactor.testing import Clock

    return Clock()


@pytest.fixture
def agent(network, clock):
    """Asks over that network, on a new connection for each request."""
    from reactor.web.client import Agent

    return Agent.usingEndpointFactory(clock, network)


@pytest.fixture
def keeping(network, clock):
    """The same, with a pool."""
    from reactor.web.client import Agent, HTTPConnectionPool

    return Agent.usingEndpointFactory(clock, network, HTTPConnectionPool(clock))


@pytest.fixture
def served(one_reactor):
    """Serves a resource on that reactor; gives "127.0.0.1:PORT"."""
    from reactor.web.server import Site
    from tests.support import securely
    from tests.support.loopback import run_until, stop_listening

    ports = []

    def serve(resource, secure=False):
        if secure:
            options = securely.server_options()
            ports.append(one_reactor.listenSSL(0, Site(resource), options, interface="127.0.0.1"))
        else:
            ports.append(one_reactor.listenTCP(0, Site(resource), interface="127.0.0.1"))
        return f"127.0.0.1:{ports[-1].getHost().port}"

    yield serve
    for port in ports:
        stop_listening(one_reactor, port)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)
