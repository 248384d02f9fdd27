"""The fixtures of tests that have a network: see network.py.

pytest reads this file before `--oracle` has put Twisted in our place; so nothing of `reactor` is imported at its top.
"""

import pytest


@pytest.fixture
def net(reactor):
    """A network.Net, whose servers are closed after the test."""
    from tests.names.network import Net

    made = Net(reactor)
    yield made
    made.close()


@pytest.fixture
def primary(net, tmp_path):
    """A server with a zone that it hands out to this machine."""
    from tests.names.network import LOCAL
    from tests.names.zone_files import authority

    made = net.serve(authority(tmp_path), transfersFor=LOCAL)
    made.zone = made.authorities[0]
    return made
