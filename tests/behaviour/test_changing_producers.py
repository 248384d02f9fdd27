"""One producer after another on the same connection: each hears only what is meant for it, and none keeps it open."""

import pytest

from tests.behaviour.test_producers import FULL, Push, connection
from tests.support.loopback import turn

__all__ = ["connection"]


class Idle:
    """A pull producer that has nothing to write, for now."""

    def __init__(self):
        self.asked = 0

    def resumeProducing(self):
        self.asked += 1

    def stopProducing(self):
        pass


@pytest.mark.own_promise("in Twisted it is resumed, though nothing has paused it")
def test_a_producer_is_not_resumed_for_the_pause_of_the_one_before(connection):
    connection.fill()
    first, second = Push(), Push()
    connection.transport.registerProducer(first, True)
    connection.transport.write(bytes(4 * FULL))
    assert first.told == ["pause"]
    connection.transport.unregisterProducer()
    connection.transport.registerProducer(second, True)
    connection.drain(lambda: connection.transport not in connection.reactor.getWriters())
    assert (first.told, second.told) == (["pause"], [])
    connection.transport.unregisterProducer()


def test_a_connection_that_waited_for_its_producer_closes_when_that_is_unregistered(connection):
    """It has nothing to send then, and no turn of its own to notice."""
    producer = Idle()
    connection.transport.registerProducer(producer, False)
    turn(connection.reactor, 2)
    connection.transport.loseConnection()
    turn(connection.reactor, 5)
    assert connection.talker.reason is None
    connection.transport.unregisterProducer()
    connection.drain(lambda: connection.talker.reason)
