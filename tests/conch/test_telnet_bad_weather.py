"""Telnet on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset, ends killed.

Somebody logs in and sends lines, which come back; meanwhile both ends ask for options, refuse some, and change their
minds. Whatever happens: what comes back is what was sent, no question stays unanswered, both ends know the same of each
option once nothing is under way, and in the end the server has neither a connection nor a timer left, and nobody in.
"""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.conch.telnet import (
    NAWS,
    SGA,
    TRANSMIT_EOR,
    TTYPE,
    AuthenticatingTelnetProtocol,
    ITelnetProtocol,
    NegotiationError,
    TelnetFactory,
    TelnetProtocol,
    TelnetTransport,
)
from reactor.conch.telnet.negotiation import Side
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.defer import Deferred, ensureDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.error import ConnectionClosed
from reactor.task import deferLater
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

SEEDS = 24
LONGEST_S = 7200.0
OPTIONS = (NAWS, SGA, TTYPE, TRANSMIT_EOR)
WORDS = ("do", "dont", "will", "wont")


class Undecided(TelnetProtocol):
    """Agrees to this and that, and asks for it. text: what came."""

    def __init__(self, run):
        self.run, self.text, self.lost = run, b"", Deferred()

    def enableLocal(self, option):
        return self.run.dice.random() < 0.7

    enableRemote = enableLocal

    def dataReceived(self, data):
        self.text += data

    def asks_for_something(self):
        ask = getattr(self.transport, self.run.dice.choice(WORDS))
        self.run.questions.append(ask(self.run.dice.choice(OPTIONS)))
        self.run.questions[-1].addErrback(lambda failure: failure.trap(NegotiationError, ConnectionClosed))

    def connectionLost(self, reason):
        self.lost.callback(None)


class Echo(Undecided):
    """The program at the server: asks, and says again what it hears."""

    def connectionMade(self):
        self.transport.write(b"in\n")

    def dataReceived(self, data):
        self.transport.write(data)
        self.asks_for_something()


class Login(AuthenticatingTelnetProtocol):
    passwordNetworks = ("0.0.0.0/0",)  # nobody else is on the simulated network


class Run(Weather):
    """One seed: a server, somebody who comes until all lines have come back, some misfortunes."""

    def __init__(self, seed):
        super().__init__(seed)
        self.questions, self.problems, self.inside, self.is_over = [], [], 0, False
        self.lines = [b"%d \xff\xfe%b\n" % (n, b"soup" * self.dice.randint(0, 300)) for n in range(20)]
        self.back = 0  # how many of them are
        self.is_calm = self.dice.random() < 0.4
        self.connect(
            latency_s=[0.0, 0.001, 0.2],
            jitter_s=[0.0, 0.01],
            loss=[0.0, 0.0, 0.0 if self.is_calm else 0.03],
            shred=[0.0, 0.3, 1.0],
            mss=[1460, 200],
        )

    def requestAvatar(self, *_):
        self.inside += 1
        self.program = Echo(self)
        return ITelnetProtocol, self.program, self.leaves

    def leaves(self):
        self.inside -= 1

    def serve(self, reactor):
        self.server = reactor
        factory = TelnetFactory(Portal(self, [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")]), reactor)
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
            for prompt, answer in ((b"name: ", b"ann\n"), (b"word: ", b"secret\n"), (b"in\n", b"")):
                await self.until(reactor, person, prompt)
                person.asks_for_something()
                telnet.write(answer)
            await self.talk(reactor, person, telnet)
        finally:
            telnet.transport.abortConnection()

    async def talk(self, reactor, person, telnet):
        first, sent = self.back, b""
        for line in self.lines[first:]:
            telnet.write(line)
            sent += line
            person.asks_for_something()
            await deferLater(reactor, self.dice.choice([0.0, 0.01, 1.0]))
            assert sent.startswith(person.text), "what comes back isn't what was sent"
            if not self.is_calm and self.dice.random() < 0.02:
                raise ConnectionError("the terminal is killed")
        await self.until(reactor, person, sent)
        self.back = len(self.lines)
        await deferLater(reactor, 60)
        if not person.lost.called:
            self.compare(telnet, self.program.transport)

    @staticmethod
    def compare(telnet, theirs):
        for option in OPTIONS:
            here, there = telnet.getOptionState(option), theirs.getOptionState(option)
            assert (here.us.q, here.him.q) == (there.him.q, there.us.q), "the two ends know different things"
            assert not here.us.negotiating and not here.him.negotiating, "a question is still open"

    async def sessions(self, reactor):
        while self.back < len(self.lines) and len(self.problems) < 100:
            try:
                await self.session(reactor)
            except AssertionError:
                raise
            except Exception as problem:
                self.problems.append(problem)
                await deferLater(reactor, self.dice.choice([1.0, 100.0]))

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(self.begin, host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 4)):
                world.advance(self.dice.choice([0.1, 0.5, 1.5, 3.0]))
                self.something_happens()
            world.run_until(lambda: self.is_over, LONGEST_S * 10)
            world.run_until(lambda: is_empty(self.server), LONGEST_S)
            assert self.failure is None, self.failure
            assert self.back == len(self.lines), self.problems
            assert self.inside == 0, "somebody is in who has gone"
            assert all(question.called for question in self.questions), "a question stays unanswered"
            assert not (self.is_calm and self.problems), self.problems

    def begin(self, reactor):
        self.failure = None

        def ended(failure):
            self.is_over, self.failure = True, failure

        ensureDeferred(self.sessions(reactor)).addBoth(ended)


@in_portions(SEEDS)
def test_lines_come_back_and_both_ends_agree_on_bad_networks(seeds, logged_errors):
    try_all(Run, seeds)


def forgets_who_waits(self, reason):
    self._waiting = []


def answers_all(self, yes):
    self._say(self.words[0] if yes else self.words[1], self.option)


@pytest.mark.parametrize("method, defect", [("lost", forgets_who_waits), ("hears", answers_all)])
def test_a_spoiled_negotiation_is_found_out(monkeypatch, logged_errors, method, defect):
    monkeypatch.setattr(Side, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors)
