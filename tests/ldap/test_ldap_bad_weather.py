"""LDAP on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset.

A client adds entries, changes them and reads all of them, in pages, until it has done so. Whatever happens: what it was
told is done is in the tree, all of it; nothing hangs, and in the end neither side has a connection or a timer left.
"""

from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.cred.portal import Portal
from reactor.defer import ensureDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.ldap import (
    Change,
    Directory,
    DistinguishedName,
    LDAPClient,
    LDAPError,
    LDAPServerFactory,
    ResultCode,
    TreeChecker,
)
from reactor.sim import World
from reactor.task import deferLater
from tests.ldap.ldap_doubles import ADMIN, PEOPLE, book, person

SEEDS = 12
LONGEST_S = 7200.0


class Run:
    """One seed: a server, a client that tries again, some misfortunes."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.world = World(seed=seed)
        self.count = self.dice.randint(1, 30)
        self.added, self.changed, self.is_over = set(), set(), False
        for name in ("home", "server"):
            self.world.host(name)
        self.world.link(
            "home",
            "server",
            latency_s=self.dice.choice([0.0, 0.001, 0.2]),
            loss=self.dice.choice([0.0, 0.0, 0.03]),
            shred=self.dice.choice([0.0, 0.3, 1.0]),
        )

    def serve(self, reactor):
        self.server, self.tree = reactor, book()
        portal = Portal(Directory([ADMIN]), [TreeChecker(self.tree, "cn={},o=Doom")])
        factory = LDAPServerFactory(self.tree, portal, reactor=reactor)
        factory.noisy = False
        reactor.listenTCP(389, factory)

    async def session(self, reactor):
        client = LDAPClient()
        client.callLater = reactor.callLater
        await connectProtocol(HostnameEndpoint(reactor, "server", 389), client)
        try:
            await client.login("admin", b"secret")
            for number in range(self.count):
                await self.add(client, number)
            found = await client.search(PEOPLE, "(title=*)", pageSize=self.dice.choice([0, 3]))
            assert {str(entry.dn) for entry in found.entries} == self.changed
        finally:
            client.transport.abortConnection()

    async def add(self, client, number):
        name = f"cn=p{number},{PEOPLE}"
        try:
            await client.add(person(f"p{number}"))
        except LDAPError as problem:
            assert problem.code == ResultCode.entryAlreadyExists  # it was done, and the answer was lost
        self.added.add(name)
        if name not in self.changed:
            await client.modify(name, [(Change.replace, "title", [b"x" * self.dice.choice([1, 9000])])])
            self.changed.add(name)

    async def live(self, reactor):
        for _ in range(200):
            try:
                await self.session(reactor)
            except AssertionError:
                raise
            except Exception:
                await deferLater(reactor, self.dice.choice([1.0, 30.0]))
            else:
                self.is_over = True
                return

    def start(self, reactor):
        self.client = reactor
        ensureDeferred(self.live(reactor))

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(self.start, host="home")
            for _ in range(self.dice.randint(0, 5)):
                world.advance(self.dice.choice([0.01, 0.3, 2.0]))
                self.something_happens()
            world.run_until(lambda: self.is_over, LONGEST_S * 10)
            world.run_until(self.is_quiet, LONGEST_S)
            for name in self.added:
                assert self.tree.get(DistinguishedName(name)) is not None, f"{name} is lost"
            assert len(self.tree) == 6 + self.count and self.added == self.changed

    def something_happens(self):
        if self.dice.random() < 0.5:
            link = self.world.link("home", "server")
            link.cut()
            self.world.advance(self.dice.choice([0.1, 5.0]))
            link.mend()
        else:
            self.world.host("home").reset(self.world.host("server"))

    def is_quiet(self):
        no_calls = not self.server.getDelayedCalls() and not self.client.getDelayedCalls()
        return no_calls and len(self.server.transports) == 1 and not self.client.transports


def try_one(seed):
    """Raises AssertionError that names the seed."""
    try:
        Run(seed).go()
    except Exception as problem:
        raise AssertionError(f"seed {seed}: {problem!r}") from problem


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_was_said_to_be_done_is_done(seed, logged_errors):
    try_one(seed)
    logged_errors.flush(Exception)
