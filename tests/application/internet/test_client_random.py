"""ClientService in whatever order things happen: what must always be true. Also true of Twisted (`--oracle`)."""

import random

import pytest

from reactor.application.internet import ClientService
from reactor.defer import Deferred
from reactor.error import ConnectionDone
from reactor.error import ConnectionRefusedError as Refused
from reactor.failure import Failure
from reactor.protocol import Factory, Protocol
from reactor.task import Clock
from reactor.testing import StringTransport

STEPS = 300


class World:
    """A server that the seed moves, and a client service beside it."""

    def __init__(self, seed):
        self.choose = random.Random(seed)
        self.clock = Clock()
        self.attempt = self.connected = None
        self.promises = {"connected": [], "stopped": []}
        factory = Factory.forProtocol(Protocol)
        self.service = ClientService(self, factory, retryPolicy=lambda failures: failures, clock=self.clock)

    def connect(self, factory):
        """The endpoint."""
        assert self.attempt is None and self.connected is None, "a second connection"
        assert self.service.running, "an attempt, though it was stopped"
        self.attempt, self.factory = Deferred(self.forget), factory
        return self.attempt

    def forget(self, attempt):
        self.attempt = None

    def note(self, name, promise):
        fired = []
        self.promises[name].append(fired)
        promise.addBoth(fired.append)

    # --- what may happen

    def start(self):
        self.service.startService()

    def stop(self):
        self.note("stopped", self.service.stopService())

    def ask(self):
        self.note("connected", self.service.whenConnected(self.choose.choice([None, 1, 2])))

    def wait(self):
        self.clock.advance(self.choose.randrange(5))

    def refuse(self):
        if self.attempt:
            attempt, self.attempt = self.attempt, None
            attempt.errback(Refused())

    def accept(self):
        if self.attempt:
            attempt, self.attempt = self.attempt, None
            self.connected = self.factory.buildProtocol(None)
            self.connected.makeConnection(StringTransport())
            attempt.callback(self.connected)

    def lose(self):
        if self.connected:
            connected, self.connected = self.connected, None
            connected.connectionLost(Failure(ConnectionDone()))

    def step(self):
        self.choose.choice(
            [self.start, self.stop, self.ask, self.wait, self.refuse, self.accept, self.accept, self.lose]
        )()


@pytest.mark.parametrize("seed", range(50))
def test_there_is_one_connection_at_most_and_every_promise_is_kept(seed):
    world = World(seed)
    for _ in range(STEPS):
        world.step()
    world.stop()
    world.lose()
    assert world.attempt is None and world.clock.getDelayedCalls() == []
    for name, promises in world.promises.items():
        assert [len(fired) for fired in promises] == [1] * len(promises), f"seed {seed}: {name}"
