"""A proxy on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset.

Whatever happens: bytes arrive in order and unchanged, or not at all; when nothing went wrong, all of them, and both
ends; the proxy holds a bounded number; and in the end nothing is left at the proxy, and one line tells of each visit.
"""

from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.endpoints import HostnameEndpoint, SOCKSClientEndpoint
from reactor.protocol import Factory, Protocol
from reactor.protocols.socks import ProxyRealm, Rules, SOCKSFactory, SOCKSProtocol
from reactor.protocols.socks.joining import Half
from reactor.sim import World

SEEDS = 32
LONGEST_S = 3600.0


def letters(size, key):
    """Numbered bytes: nobody takes one place for another."""
    return b"".join(b"%d:%d;" % (key, number) for number in range(size // 6))


class Kitchen(Protocol):
    """Reads to the end, then answers and closes."""

    def __init__(self, answer):
        self.answer, self.heard, self.is_whole = answer, b"", False

    def dataReceived(self, data):
        self.heard += data

    def readConnectionLost(self):
        self.is_whole = True
        self.transport.write(self.answer)
        self.transport.loseConnection()


class Guest(Protocol):
    """Asks, ends its half, reads to the end."""

    def __init__(self, question):
        self.question, self.heard, self.reason = question, b"", None

    def connectionMade(self):
        self.transport.write(self.question)
        self.transport.loseWriteConnection()

    def dataReceived(self, data):
        self.heard += data

    def readConnectionLost(self):
        self.transport.loseConnection()

    def connectionLost(self, reason):
        self.reason = reason


class Watched(SOCKSProtocol):
    """A proxy's side that notes its accounts, and what waits at the other side."""

    def dataReceived(self, data):
        super().dataReceived(data)
        for side in (self, self.otherConn):
            if side is not None and side.transport.connected:
                held = side.transport.pending_bytes - side.transport.bufferSize - len(data)
                self.factory.most_held = max(self.factory.most_held, held)

    def account(self, reason):
        self.factory.accounts.append(super().account(reason))
        return self.factory.accounts[-1]


class Run:
    """One seed: three hosts, some visits, some misfortunes."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.world = World(seed=seed)
        self.kitchens, self.outcomes, self.guests = [], [], []
        self.visits = self.dice.randint(1, 4)
        self.is_calm = self.dice.random() < 0.5
        for name in ("home", "proxy", "kitchen"):
            self.world.host(name)
        for one, other in (("home", "proxy"), ("proxy", "kitchen")):
            self.world.link(one, other, **self.weather())

    def weather(self):
        dice = self.dice
        return {
            "latency_s": dice.choice([0.0, 0.001, 0.1]),
            "jitter_s": dice.choice([0.0, 0.01]),
            "loss": dice.choice([0.0, 0.0, 0.03]),
            "shred": dice.choice([0.0, 0.3, 1.0]),
            "mss": dice.choice([1460, 536]),
        }

    def serve(self, reactor):
        answer = letters(self.dice.choice([0, 100, 200_000]), 2)

        def build(addr):
            self.kitchens.append(Kitchen(answer))
            return self.kitchens[-1]

        self.answer = answer
        self.listen(reactor, 1000, Factory(), build)

    def stand_between(self, reactor):
        checkers = [InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret"), AllowAnonymousAccess()]
        self.proxy = SOCKSFactory(portal=Portal(ProxyRealm(Rules()), checkers), reactor=reactor)
        self.proxy.protocol, self.proxy.accounts, self.proxy.most_held = Watched, [], 0
        self.between = reactor
        self.listen(reactor, 1080, self.proxy)

    def listen(self, reactor, port, factory, build=None):
        factory.noisy = False
        if build is not None:
            factory.buildProtocol = build
        reactor.listenTCP(port, factory)

    def call(self, reactor):
        for number in range(self.visits):
            reactor.callLater(self.dice.choice([0.0, 0.5]), self.visit, reactor, number)

    def visit(self, reactor, number):
        question = letters(self.dice.choice([0, 100, 200_000]), 10 + number)
        options = self.dice.choice([{"version": 5}, {"version": "4a"}, {"username": "alice", "password": "secret"}])
        guest = Guest(question)
        factory = Factory()
        factory.noisy = False
        factory.buildProtocol = lambda addr: guest
        way = HostnameEndpoint(reactor, "proxy", 1080)
        connecting = SOCKSClientEndpoint(reactor, way, "kitchen", 1000, timeout=60, **options).connect(factory)
        connecting.addCallbacks(self.guests.append, lambda failure: self.outcomes.append(failure))

    def go(self):
        with self.world as world:
            world.start(self.serve, host="kitchen")
            world.start(self.stand_between, host="proxy")
            world.start(self.call, host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 3)):
                world.advance(self.dice.choice([0.01, 0.3, 1.0]))
                self.something_happens()
            world.run_until(self.is_over, LONGEST_S)
            self.check()

    def something_happens(self):
        one, other = self.dice.choice([("home", "proxy"), ("proxy", "kitchen")])
        if self.dice.random() < 0.5:
            link = self.world.link(one, other)
            link.cut()
            self.world.advance(self.dice.choice([0.1, 5.0]))
            link.mend()
        else:
            self.world.host(one).reset(self.world.host(other))

    def is_over(self):
        ended = sum(guest.reason is not None for guest in self.guests) + len(self.outcomes)
        return ended == self.visits and len(self.between.transports) == 1 and not self.between.getDelayedCalls()

    def check(self):
        questions = [guest.question for guest in self.guests]
        for kitchen in self.kitchens:
            assert any(question.startswith(kitchen.heard) for question in questions) or self.outcomes
        for guest in self.guests:
            assert self.answer.startswith(guest.heard)
        assert self.proxy.most_held <= 0, f"the proxy holds {self.proxy.most_held} bytes too many"
        assert len(self.guests) <= len(self.proxy.accounts) <= self.visits
        if self.is_calm:
            assert self.outcomes == []
            assert sorted(kitchen.heard for kitchen in self.kitchens) == sorted(questions)
            assert [guest.heard for guest in self.guests] == [self.answer] * self.visits
            assert all(account.endswith("done") for account in self.proxy.accounts)


@pytest.mark.parametrize("portion", range(4))
def test_a_proxy_keeps_its_promises_on_bad_networks(portion, logged_errors):
    for seed in range(portion, SEEDS, 4):
        try:
            Run(seed).go()
        except BaseException as problem:
            raise AssertionError(f"seed {seed}: {problem}") from problem


def ends_at_once(self):
    self.hasEnded = True
    if self.peer is not None:
        self.peer.end()


def holds_nobody_back(self):
    """No side is the other one's producer."""


def loses_a_byte(self, data):
    self.carried += len(data)
    if self.peer is not None:
        self.peer.transport.write(data[:-1] if self.carried > 50_000 else data)


@pytest.mark.parametrize(
    "method, defect",
    [("readConnectionLost", ends_at_once), ("pump", holds_nobody_back), ("dataReceived", loses_a_byte)],
)
def test_a_spoiled_proxy_is_found_out(monkeypatch, logged_errors, method, defect):
    monkeypatch.setattr(Half, method, defect)
    for seed in range(12):
        try:
            Run(seed).go()
        except BaseException:
            return
    raise AssertionError(f"twelve seeds didn't find out that {defect.__name__}")
