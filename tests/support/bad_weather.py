"""Runs in the simulated world, from seeds, on networks to which something happens; and tests that try many of them."""

from random import Random

import pytest

from reactor.sim import World


class Weather:
    """One seed: its dice, its world, and the misfortunes of the links in it. A test's Run inherits it, and has `go`.

    links: pairs of hosts, which `connect` makes.
    """

    links = (("home", "server"),)

    def __init__(self, seed):
        self.dice, self.world = Random(seed), World(seed=seed)

    def connect(self, **kinds):
        """Make hosts and links. kinds: of each argument of World.link, the values that it may have."""
        for name in dict.fromkeys(host for link in self.links for host in link):
            self.world.host(name)
        for link in self.links:
            self.world.link(*link, **{name: self.dice.choice(values) for name, values in kinds.items()})

    def something_happens(self):
        """A link is cut for a while, or all its connections are reset."""
        one, other = self.dice.choice(self.links) if len(self.links) > 1 else self.links[0]
        if self.dice.random() < 0.5:
            link = self.world.link(one, other)
            link.cut()
            self.world.advance(self.dice.choice([0.1, 5.0]))
            link.mend()
        else:
            self.world.host(one).reset(self.world.host(other))


def is_empty(reactor):
    """Whether a server has nothing but the port at which it listens."""
    return len(reactor.transports) == 1 and not reactor.getDelayedCalls()


def in_portions(count):
    """Have a test called with `seeds` four times, each time with another quarter of so many."""
    return pytest.mark.parametrize("seeds", [range(first, count, 4) for first in range(4)], ids=str)


def try_all(run, seeds):
    """Raises AssertionError, with the seed in it, for the first run that ends otherwise than it should."""
    for seed in seeds:
        try:
            run(seed).go()
        except BaseException as problem:
            raise AssertionError(f"seed {seed}: {problem!r}") from problem


def assert_found_out(run, defect, logged_errors, count=20):
    """One of so many seeds ends otherwise than it should, now that something is spoiled."""
    for seed in range(count):
        try:
            run(seed).go()
        except BaseException:
            logged_errors.flush(Exception)
            return
    raise AssertionError(f"{count} seeds didn't find out that {defect}")
