"""XML-RPC on bad networks, from seeds: links that lose, delay and cut, connections that are reset, a slow server.

Whatever happens: each call ends in time, once; it is made at most once; what comes back belongs to it; and neither
side has a connection or a timer left over.
"""

from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.defer import Deferred, ensureDeferred
from reactor.failure import Failure
from reactor.sim import World
from reactor.task import deferLater
from reactor.web.client import Agent, HTTPConnectionPool
from reactor.web.server import Site
from reactor.web.xmlrpc import XMLRPC, Proxy, addIntrospection, wire

SEEDS = 24
LONGEST_S = 3600.0


class Kitchen(XMLRPC):
    """Notes the number of each call."""

    def __init__(self, reactor, dice, made):
        super().__init__()
        self.reactor, self.dice, self.made = reactor, dice, made
        addIntrospection(self)

    async def xmlrpc_cook(self, number, size):
        self.made.append(number)
        await deferLater(self.reactor, self.dice.choice([0.0, 0.0, 0.5, 40.0]))
        return [number, "x" * size]


class Run:
    """One seed: a kitchen, a client that calls it, some misfortunes."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.world = World(seed=seed)
        self.made, self.ended, self.wrong, self.is_over = [], [], [], False
        self.keeps = self.dice.random() < 0.5
        for name in ("us", "them"):
            self.world.host(name)
        self.world.link(
            "us",
            "them",
            latency_s=self.dice.choice([0.0, 0.001, 0.2]),
            loss=self.dice.choice([0.0, 0.0, 0.03]),
            shred=self.dice.choice([0.0, 0.3, 1.0]),
        )

    def serve(self, reactor):
        self.server = reactor
        site = Site(Kitchen(reactor, self.dice, self.made), reactor=reactor)
        site.noisy = False
        reactor.listenTCP(80, site)

    def call(self, reactor):
        self.client = reactor
        self.pool = HTTPConnectionPool(reactor, persistent=self.keeps)
        self.proxy = Proxy(b"http://them/", reactor=reactor, agent=Agent(reactor, connectTimeout=20, pool=self.pool))
        self.proxy.timeout = 30.0
        ensureDeferred(self.life(reactor)).addErrback(self.wrong.append)

    async def life(self, reactor):
        waiting = []
        for number in range(self.dice.randint(1, 12)):
            size = self.dice.choice([0, 100, 100_000])
            one = self.proxy.callRemote("cook", number, size)
            one.addBoth(self.has_ended, number, size, reactor.seconds() + 30.5)
            waiting.append(one)
            if self.dice.random() < 0.1:
                one.cancel()
            await deferLater(reactor, self.dice.choice([0.0, 0.0, 0.1, 3.0]))
        for one in waiting:
            await one
        await self.pool.closeCachedConnections()
        self.is_over = True

    def has_ended(self, outcome, number, size, deadline):
        self.ended.append(number)
        if self.client.seconds() > deadline:
            self.wrong.append((number, "too late"))
        if not isinstance(outcome, Failure) and (outcome != [number, "x" * size] or number not in self.made):
            self.wrong.append((number, outcome))

    def go(self):
        with self.world as world:
            world.start(self.serve, host="them")
            world.start(self.call, host="us")
            for _ in range(self.dice.randint(0, 5)):
                world.advance(self.dice.choice([0.01, 0.3, 2.0]))
                self.something_happens()
            world.run_until(lambda: self.is_over or self.wrong, LONGEST_S)
            world.run_until(self.is_quiet, LONGEST_S)
        assert not self.wrong
        assert sorted(self.ended) == [*range(len(self.ended))] and len(self.made) == len(set(self.made))

    def is_quiet(self):
        no_calls = not self.server.getDelayedCalls() and not self.client.getDelayedCalls()
        return no_calls and len(self.server.transports) == 1 and not self.client.transports

    def something_happens(self):
        if self.dice.random() < 0.5:
            link = self.world.link("us", "them")
            link.cut()
            self.world.advance(self.dice.choice([0.1, 5.0, 60.0]))
            link.mend()
        else:
            self.world.host("us").reset(self.world.host("them"))


def try_one(seed):
    try:
        Run(seed).go()
    except BaseException as problem:
        raise AssertionError(f"seed {seed}: {problem!r}") from problem


@pytest.mark.parametrize("portion", range(4))
def test_each_call_ends_once_and_is_made_at_most_once_on_bad_networks(portion):
    for seed in range(portion, SEEDS, 4):
        try_one(seed)


def waits_for_ever(self, *ignored):
    return self


def begins_twice(self, name, arguments, request):
    Deferred.fromCoroutine(self.lookupProcedure(name)(*arguments))
    return self.lookupProcedure(name)(*arguments)


def answers_again(self, body):
    self.last = getattr(self, "last", None) or wire.loads(body, self.limits)[0][0]
    return self.last


DEFECTS = [(Deferred, "addTimeout", waits_for_ever), (XMLRPC, "_begin", begins_twice), (Proxy, "_value", answers_again)]


@pytest.mark.parametrize("owner, method, defect", DEFECTS)
def test_a_spoiled_client_is_found_out(monkeypatch, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    for seed in range(SEEDS):
        try:
            Run(seed).go()
        except BaseException:
            return
    raise AssertionError(f"{SEEDS} seeds didn't find out that {defect.__name__}")
