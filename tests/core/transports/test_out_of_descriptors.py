"""A server that has no descriptors left for those who come: it waits for some, and doesn't spin meanwhile."""

import socket

import pytest

from reactor import log
from tests.behaviour.test_odd_moments import descriptors
from tests.support.loopback import Server, run

__all__ = ["descriptors"]


@pytest.mark.own_promise("Twisted keeps a descriptor for this, and closes the connection with it")
def test_out_of_descriptors_a_port_does_not_try_again_at_every_turn(reactor, listen, descriptors):
    take_away, give_back = descriptors
    host = listen(Server("server")).getHost()
    said = []
    log.addObserver(said.append)
    with socket.create_connection((host.host, host.port)):
        reactor.callWhenRunning(take_away)
        reactor.callLater(0.02, lambda: (give_back(), reactor.stop()))
        run(reactor)
    log.removeObserver(said.append)
    assert sum("could not accept" in log.textFromEventDict(event) for event in said) <= 3


@pytest.mark.own_promise("it is kept until the connection is lost")
def test_what_waits_is_let_go_when_the_connection_is_lost(connect):
    import sys

    pair = connect()
    _, client = pair.establish()
    data = bytes(bytearray(5_000_000))
    before = sys.getrefcount(data)
    client.transport.write(data)
    transport = client.transport
    assert sys.getrefcount(data) > before
    transport.abortConnection()
    assert sys.getrefcount(data) == before
    pair.run_until_lost()
