"""SSH on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset, sleepy clients.

Clients log in, each in one of the ways that there are, and send a command much to shout. Whatever happens: what comes
back is a beginning of what is right, and all of it when the command has ended well; in the end nobody is logged in, and
neither end has a connection or a timer left.
"""

import asyncssh
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)


from reactor.conch.ssh.channel import Channel
from reactor.conch.ssh.login import Login
from reactor.conch.ssh.loop import loop_of
from reactor.conch.ssh.session import SSHSession
from reactor.defer import ensureDeferred
from reactor.error import ConnectError, ConnectionClosed
from reactor.task import deferLater
from tests.conch.ssh_house import ANNS_KEY, House
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

SEEDS = 16
LONGEST_S = 3600.0
PROOFS = (
    {"preferred_auth": "password"},
    {"preferred_auth": "keyboard-interactive"},
    {"client_keys": [ANNS_KEY], "password": None},
    {"password": "wrong"},
)


class Run(Weather):
    """One seed: a server, some clients one after the other, some misfortunes."""

    def __init__(self, seed):
        super().__init__(seed)
        self.is_calm, self.is_over = self.dice.random() < 0.4, False
        self.well, self.problems = 0, []
        self.connect(
            latency_s=[0.0, 0.001, 0.2],
            loss=[0.0, 0.0 if self.is_calm else 0.03],
            shred=[0.0, 0.3],
            mss=[1460, 300],
        )

    def serve(self, reactor):
        self.server, self.house = reactor, House(reactor, port=22, loginTimeout=30.0, keepaliveInterval=60.0)

    async def shout(self, reactor):
        """One client: what is sent comes back louder. Some fall asleep and are woken by nobody."""
        self.home = reactor
        proof = self.dice.choice(PROOFS)
        connection = await self.house.connect_from(reactor, "server", **proof, login_timeout=60, keepalive_interval=60)
        try:
            text = b"moo" * self.dice.choice([0, 1, 10_000, 300_000])
            process = await connection.create_process("shout", encoding=None)
            is_sleepy = self.dice.random() < 0.2
            if is_sleepy:
                connection.get_extra_info("carrier").pause_reading("asleep")
            process.stdin.write(text)
            process.stdin.write_eof()
            heard = await process.stdout.read()
            assert text.upper().startswith(heard), "what comes back isn't what was sent"
            await process.wait_closed()
            assert process.exit_status == 0 or is_sleepy or not self.is_calm, "the command hasn't ended well"
            if process.exit_status == 0:
                assert len(heard) == len(text), "the command has ended well, and something is lost"
                self.well += 1
        finally:
            connection.abort()

    async def sessions(self, reactor):
        loop = loop_of(reactor)
        for _ in range(self.dice.randint(1, 4)):
            try:
                await loop.run(self.shout(reactor))
            except (asyncssh.Error, OSError, ConnectionClosed, ConnectError) as problem:
                self.problems.append(problem)
                await deferLater(reactor, self.dice.choice([1.0, 100.0]))
        self.is_over = True

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(self.begin, host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 3)):
                world.advance(self.dice.choice([0.01, 0.3, 1.0, 5.0]))
                self.something_happens()
            world.run_until(lambda: self.is_over or self.failures, LONGEST_S * 4)
            assert not self.failures, self.failures
            world.run_until(lambda: is_empty(self.server), LONGEST_S)
            world.run_until(lambda: not (self.home.transports or self.home.getDelayedCalls()), LONGEST_S)
            house = self.house
            assert len(house.left) == len(house.avatars), "somebody is logged in for ever"
            assert not house.factory.unknown and not house.factory.peerConnections

    def begin(self, reactor):
        self.failures = []
        ensureDeferred(self.sessions(reactor)).addErrback(self.failures.append)


@in_portions(SEEDS)
def test_nothing_is_lost_and_nothing_left_on_bad_networks(seeds):
    try_all(Run, seeds)


def never_logs_out(self, exc):
    self.factory.unknown.discard(self.carrier)


def throws_away_what_waits(self):
    self._is_finished = True
    self.channel.abort()


def loses_a_byte(self, dataType, data):
    self.channel.write(bytes(data)[1:], dataType)


def forgets_the_factory(self, exc):
    if self._logout:
        self._logout()


@pytest.mark.parametrize(
    ("owner", "method", "defect"),
    [
        (Login, "connection_lost", never_logs_out),
        (Login, "connection_lost", forgets_the_factory),
        (SSHSession, "finish", throws_away_what_waits),
        (Channel, "writeExtended", loses_a_byte),
    ],
)
def test_a_spoiled_server_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors)
