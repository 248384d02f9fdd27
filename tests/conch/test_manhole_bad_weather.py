"""The manhole on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset.

Somebody types commands at a prompt, and comes again until all have run. Whatever happens: a command that was cut never
runs in part, each runs after the one before it, what waits for a Deferred is told to nobody who has gone, and in the
end the server has neither a connection nor a timer left, nor is anybody in.
"""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.conch.manhole import Manhole
from reactor.conch.manhole_tap import ManholeRealm
from reactor.conch.recvline import RecvLine
from reactor.conch.telnet import AuthenticatingTelnetProtocol, TelnetFactory, TelnetTransport
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.defer import Deferred, ensureDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.task import deferLater
from tests.conch.test_telnet_bad_weather import Undecided
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

SEEDS = 12
LONGEST_S = 7200.0
COMMANDS = 8


class Login(AuthenticatingTelnetProtocol):
    passwordNetworks = ("0.0.0.0/0",)  # nobody else is on the simulated network


class Run(Weather):
    """One seed: a server with a prompt, somebody who comes until all commands have run, some misfortunes."""

    def __init__(self, seed):
        super().__init__(seed)
        self.ran, self.orders, self.problems, self.questions, self.is_over = [], [], [], [], False
        self.is_calm = self.dice.random() < 0.3
        self.connect(
            latency_s=[0.0, 0.001, 0.2],
            jitter_s=[0.0, 0.01],
            loss=[0.0, 0.0, 0.0 if self.is_calm else 0.03],
            shred=[0.0, 0.3, 1.0],
            mss=[1460, 200],
        )

    def serve(self, reactor):
        self.server, self.dinner = reactor, Deferred()
        names = {"cook": self.ran.append, "dinner": self.dinner}
        checkers = [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")]
        factory = TelnetFactory(Portal(ManholeRealm(names), checkers), reactor)
        factory.noisy, factory.login = False, Login
        reactor.listenTCP(23, factory)

    async def until(self, reactor, person, text):
        """Wait until this has come; what is behind it is left."""
        for _ in range(1200):
            if text in person.text:
                person.text = person.text.partition(text)[2]
                return
            if person.lost.called:
                break
            await deferLater(reactor, 0.1)
        raise ConnectionError(f"{text!r} doesn't come")

    async def session(self, reactor):
        person = Undecided(self)
        telnet = TelnetTransport(lambda: person)
        await connectProtocol(HostnameEndpoint(reactor, "server", 23), telnet)
        try:
            for prompt, answer in ((b"name: ", b"ann\n"), (b"word: ", b"secret\n"), (b">>> ", b"")):
                await self.until(reactor, person, prompt)
                telnet.write(answer)
            while self.orders[-1:] != [COMMANDS * 1_000_001]:
                await self.order(reactor, person, telnet, len(self.orders) + 1)
            telnet.write(b"\x04")
            await person.lost
        finally:
            telnet.transport.abortConnection()

    async def order(self, reactor, person, telnet, number):
        """A command, of which a part that runs would be another number; and perhaps another that waits."""
        if self.dice.random() < 0.5:
            telnet.write(b"dinner\n")
            await self.until(reactor, person, b"<Deferred #0>\n")
        telnet.write(b"cook(%d), 'is' + 'done'\n" % (number * 1_000_001))
        await self.until(reactor, person, b"'isdone')\n")
        self.orders.append(number * 1_000_001)

    async def sessions(self, reactor):
        for _ in range(60):
            try:
                await self.session(reactor)
            except Exception as problem:
                self.problems.append(problem)
                await deferLater(reactor, self.dice.choice([1.0, 100.0]))
            else:
                break
        self.is_over = True

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(lambda reactor: ensureDeferred(self.sessions(reactor)), host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 4)):
                world.advance(self.dice.choice([0.1, 0.5, 1.5, 3.0]))
                self.something_happens()
            world.run_until(lambda: self.is_over, LONGEST_S * 10)
            world.run_until(lambda: is_empty(self.server), LONGEST_S)
            self.dinner.callback("soup")
            orders = [number * 1_000_001 for number in range(1, COMMANDS + 1)]
            assert self.orders == orders, self.problems
            assert self.ran == sorted(self.ran) and set(self.ran) == set(orders), self.ran
            assert not self.is_calm or (self.ran == orders and not self.problems), self.problems


@in_portions(SEEDS)
def test_commands_run_whole_and_in_order_on_bad_networks(seeds, logged_errors):
    try_all(Run, seeds)


def runs_the_last_line_again(self, reason):
    for line in self.historyLines[-1:]:
        self.interpreter.push(line.replace(b"cook(", b"cook(-"))


def hands_over_every_key(self, ch, moreCharactersComing):
    self.lineBuffer.append(ch)
    if ch == b")":
        self.handle_RETURN()


@pytest.mark.parametrize(
    "owner, method, defect",
    [(Manhole, "connectionLost", runs_the_last_line_again), (RecvLine, "characterReceived", hands_over_every_key)],
)
def test_a_spoiled_prompt_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors)
