"""Finger on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset, idle guests.

Whatever happens: an answer is the right one or the beginning of it; when nothing went wrong, all of it; who asks
nothing is shown the door; and in the end the server has neither a connection nor a timer left.
"""

from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.defer import Deferred
from reactor.endpoints import HostnameEndpoint
from reactor.protocol import Factory, Protocol
from reactor.protocols.finger import Finger, FingerFactory, query
from reactor.sim import World

SEEDS = 40
LONGEST_S = 3600.0
PLANS = {b"alice": b"cooks until ten\n", b"bob": b"".join(b"%d\n" % n for n in range(2000)), b"carol": b"\n"}
USERS = [*PLANS, b"dave"]


def right_answer(user):
    return PLANS.get(user, b"No such user\n")


class Hesitant(Protocol):
    """Sends a part of a query, and no more; it need not notice when the server resets it, as a reset may be lost."""

    def connectionMade(self):
        self.transport.write(b"/W ali")


class Run:
    """One seed: a server, some guests, some misfortunes."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.world = World(seed=seed)
        self.outcomes = []
        self.guests = self.dice.randint(1, 5)
        self.is_calm = self.dice.random() < 0.5
        for name in ("home", "server"):
            self.world.host(name)
        self.world.link(
            "home",
            "server",
            latency_s=self.dice.choice([0.0, 0.001, 0.2]),
            jitter_s=self.dice.choice([0.0, 0.01]),
            loss=self.dice.choice([0.0, 0.0, 0.03]),
            shred=self.dice.choice([0.0, 0.3, 1.0]),
            mss=self.dice.choice([1460, 100]),
        )

    def find(self, user, more):
        if self.dice.random() < 0.5:
            return PLANS.get(user)
        later = Deferred()
        self.server.callLater(self.dice.choice([0.0, 0.2, 5.0]), later.callback, PLANS.get(user))
        return later

    def serve(self, reactor):
        self.server = reactor
        factory = FingerFactory(self.find, reactor=reactor)
        factory.noisy = False
        reactor.listenTCP(79, factory)

    def call(self, reactor):
        factory = Factory.forProtocol(Hesitant)
        factory.noisy = False
        server = HostnameEndpoint(reactor, "server", 79)
        for number in range(self.guests):
            user = self.dice.choice(USERS)
            asking = query(server, user, more=self.dice.random() < 0.5)
            asking.addBoth(lambda outcome, user=user: self.outcomes.append((user, outcome)))
            if number % 2:
                server.connect(factory).addErrback(lambda failure: None)

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(self.call, host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 3)):
                world.advance(self.dice.choice([0.01, 0.3, 1.0]))
                self.something_happens()
            world.run_until(lambda: len(self.outcomes) == self.guests, LONGEST_S)
            world.run_until(self.is_empty, LONGEST_S)
            self.check()

    def something_happens(self):
        if self.dice.random() < 0.5:
            link = self.world.link("home", "server")
            link.cut()
            self.world.advance(self.dice.choice([0.1, 5.0]))
            link.mend()
        else:
            self.world.host("home").reset(self.world.host("server"))

    def is_empty(self):
        return len(self.server.transports) == 1 and not self.server.getDelayedCalls()

    def check(self):
        for user, outcome in self.outcomes:
            if self.is_calm:
                assert outcome == right_answer(user), f"{user!r} is answered by {outcome!r:.100}"
            elif isinstance(outcome, bytes):
                assert right_answer(user).startswith(outcome), f"{user!r} is answered by {outcome!r:.100}"


@pytest.mark.parametrize("portion", range(4))
def test_finger_keeps_its_promises_on_bad_networks(portion, logged_errors):
    for seed in range(portion, SEEDS, 4):
        try:
            Run(seed).go()
        except BaseException as problem:
            raise AssertionError(f"seed {seed}: {problem}") from problem


def leaves_the_line_open(self, text):
    self.transport.write(right_answer(b"dave") if text is None else text)


def waits_for_ever(self):
    """No clock is set."""


def takes_a_piece_for_the_query(self, data):
    self.lineReceived(data)


def forgets_who_asks(self, slash_w, user):
    self._answer(lambda: self.factory.find(b"alice", False))


@pytest.mark.parametrize(
    "owner, method, defect",
    [
        (FingerFactory.protocol, "_send", leaves_the_line_open),
        (FingerFactory.protocol, "connectionMade", waits_for_ever),
        (Finger, "dataReceived", takes_a_piece_for_the_query),
        (FingerFactory.protocol, "getUser", forgets_who_asks),
    ],
)
def test_a_spoiled_server_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    for seed in range(12):
        try:
            Run(seed).go()
        except BaseException:
            return
    raise AssertionError(f"twelve seeds didn't find out that {defect.__name__}")
