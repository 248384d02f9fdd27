"""The tests of `reactor.web` are about `reactor.web`: with `--oracle` there is none. Fixtures for its clients."""

import oracle
import pytest

if oracle.installed():
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def network():
    from client_doubles import Network

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
