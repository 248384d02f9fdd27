"""A receiver behind a bad network, from seeds: links that lose, delay and shred, connections that are reset.

Whatever happens: each fix has the place and the height of its own moment, no moment comes twice, their order is that of
time, and neither side has a connection or a timer left over.
"""

from datetime import datetime, timedelta
from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.application.internet.client import ClientService
from reactor.endpoints import HostnameEndpoint
from reactor.positioning.fixes import FixReceiver
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol, coordinate, line
from reactor.positioning.plugin import Sentences
from reactor.protocol import Factory
from reactor.sim import World
from reactor.task import LoopingCall

SEEDS = 16
NOON = datetime(2026, 11, 30, 12, 0)


class Run:
    """One seed: a receiver that drives north by a hundredth of a degree and a metre a second, and a reader."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.world = World(seed=seed)
        self.fixes, self.second = [], 0  # how long it has driven
        for name in ("boat", "shore"):
            self.world.host(name)
        self.world.link(
            "boat",
            "shore",
            latency_s=self.dice.choice([0.0, 0.05, 0.4]),
            loss=self.dice.choice([0.0, 0.0, 0.05]),
            shred=self.dice.choice([0.0, 0.5, 1.0]),
        )

    def drive(self, reactor):
        self.boat, self.sentences = reactor, Sentences()
        self.sentences.noisy = False
        reactor.listenTCP(10110, self.sentences)
        self.driving = LoopingCall(self.say, self.sentences)
        self.driving.clock = reactor
        self.driving.start(1.0)

    def say(self, sentences):
        self.second += 1
        now, place = NOON + timedelta(seconds=self.second), (*coordinate(self.second / 100, "NS"), "00000.0000", "E")
        sentences.tell(line("GPRMC", f"{now:%H%M%S}", "A", *place, "1.0", "0.0", "301126", "", ""))
        height = f"{self.second}.0", "M", "0", "M", "", ""
        sentences.tell(line("GPGGA", f"{now:%H%M%S}", *place, "1", "08", "1.0", *height))

    def read(self, reactor):
        self.shore = reactor
        self.receiver = FixReceiver(self.fixes.append, reactor)
        factory = Factory()
        factory.noisy = False
        factory.buildProtocol = lambda addr: NMEAProtocol(NMEAAdapter(self.receiver))
        endpoint = HostnameEndpoint(reactor, "boat", 10110, timeout=5)
        self.service = ClientService(endpoint, factory, lambda failures: 1.0, clock=reactor)
        self.service.startService()

    def go(self):
        with self.world as world:
            world.start(self.drive, host="boat")
            world.start(self.read, host="shore")
            for _ in range(self.dice.randint(1, 5)):
                world.advance(self.dice.uniform(0.1, 20))
                if self.dice.random() < 0.5:
                    world.host("boat").reset(world.host("shore"))
                else:
                    world.link("boat", "shore").cut()
                    world.advance(self.dice.choice([0.1, 5.0]))
                    world.link("boat", "shore").mend()
            world.advance(120)
            self.shore.callFromThread(self.service.stopService)
            self.receiver.flush()
            world.run_until(lambda: not self.sentences.listeners, 3600)
            self.boat.callFromThread(self.driving.stop)
            world.run_until(self.is_quiet, 3600)
        numbers = [round((fix.time - NOON).total_seconds()) for fix in self.fixes]
        assert numbers == sorted(set(numbers)) and len(numbers) > 20
        for number, fix in zip(numbers, self.fixes, strict=True):
            assert abs(float(fix.latitude) - number / 100) < 2e-6
            assert fix.altitude is None or float(fix.altitude) == number
        assert sum(fix.altitude is None for fix in self.fixes) < len(self.fixes) / 2

    def is_quiet(self):
        no_calls = not self.boat.getDelayedCalls() and not self.shore.getDelayedCalls()
        return no_calls and len(self.boat.transports) == 1 and not self.shore.transports


def try_one(seed):
    try:
        Run(seed).go()
    except BaseException as problem:
        raise AssertionError(f"seed {seed}: {problem!r}") from problem


@pytest.mark.parametrize("portion", range(4))
def test_each_fix_is_of_one_moment_on_bad_networks(portion):
    for seed in range(portion, SEEDS, 4):
        try_one(seed)


def mixes_moments(self, time):
    if self._fix is None:
        FixReceiver.first_time(self, time)


def test_a_reader_that_mixes_moments_is_found_out(monkeypatch):
    monkeypatch.setattr(FixReceiver, "first_time", FixReceiver.timeReceived, raising=False)
    monkeypatch.setattr(FixReceiver, "timeReceived", mixes_moments)
    with pytest.raises(AssertionError):
        for seed in range(SEEDS):
            try_one(seed)
