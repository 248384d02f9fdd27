"""POP3 on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset, sleepy clients.

Some clients take letters home: they fetch, store, delete what they have stored, and say goodbye. Whatever happens: each
letter is at home or on the server, whole; no letter is deleted that wasn't fetched; in the end the mailbox is unlocked,
and the server has neither a connection nor a timer left.
"""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.defer import CancelledError, ensureDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.mail.maildrop import Mailboxes, Maildrop, MemoryStore
from reactor.mail.pop3 import POP3, AdvancedPOP3Client, POP3Factory
from reactor.protocols.basic.conversation import Conversation
from reactor.task import deferLater
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

SEEDS = 24
LONGEST_S = 7200.0


class Run(Weather):
    """One seed: a server, some clients one after the other, some misfortunes."""

    def __init__(self, seed):
        super().__init__(seed)
        self.store, self.home, self.problems = MemoryStore(), [], []
        sizes = [self.dice.choice([0, 30, 8000, 14_000, 60_000]) for _ in range(self.dice.randint(1, 20))]
        self.letters = [b"Subject: %d\r\n\r\n" % n + b".line\r\n" * (size // 7) for n, size in enumerate(sizes)]
        for letter in self.letters:
            self.store.deliver(letter)
        self.is_calm = self.dice.random() < 0.4
        self.is_over, self.has_sleeper = False, self.dice.random() < 0.5
        self.connect(
            latency_s=[0.0, 0.001, 0.2],
            jitter_s=[0.0, 0.01],
            # A reset that is lost leaves the mailbox locked until the server's time is up: that isn't calm.
            loss=[0.0, 0.0, 0.0 if self.is_calm else 0.03],
            shred=[0.0, 0.3, 1.0],
            mss=[1460, 200],
        )

    def serve(self, reactor):
        self.server = reactor
        checker = InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
        factory = POP3Factory(Portal(Mailboxes({b"alice": self.store}), [checker]), reactor=reactor)
        factory.noisy = False
        reactor.listenTCP(110, factory)

    def client(self, reactor):
        client = AdvancedPOP3Client()
        client.callLater, client.timeout = reactor.callLater, 120.0
        return client

    async def take_home(self, reactor, pipelines):
        """One session. Deletes what is stored, and nothing else."""
        client = self.client(reactor)
        await connectProtocol(HostnameEndpoint(reactor, "server", 110), client)
        waiting = []
        try:
            await client.login(b"alice", b"secret")
            count, _ = await client.stat()
            if self.dice.random() < 0.3:
                for index in range(count):
                    await client.delete(index)
                raise CancelledError("it was only a thought")
            waiting += [client.retrieve(index) for index in range(count if pipelines else 0)]
            for index in range(count):
                lines = await (waiting[index] if pipelines else client.retrieve(index))
                self.home.append(b"".join(line + b"\r\n" for line in lines))
                await client.delete(index)
            await client.quit()
        finally:
            for letter in waiting:
                letter.addErrback(lambda failure: None)
            client.transport.abortConnection()

    async def fall_asleep(self, reactor):
        """Log in, ask for everything, and neither read nor leave."""
        client = self.client(reactor)
        client.timeout = LONGEST_S * 20
        try:
            await connectProtocol(HostnameEndpoint(reactor, "server", 110), client)
            await client.login(b"alice", b"secret")
        except Exception as problem:
            self.problems.append(problem)
            return
        for index in range(len(self.letters)):
            client.retrieve(index).addErrback(lambda failure: None)
            client.delete(index).addErrback(lambda failure: None)
        client.transport.pauseProducing()

    async def sessions(self, reactor):
        if self.has_sleeper:
            await self.fall_asleep(reactor)
        for _ in range(50):
            try:
                await self.take_home(reactor, self.dice.random() < 0.5)
            except Exception as problem:
                self.problems.append(problem)
                await self.sleep(reactor, self.dice.choice([1.0, 200.0]))
            else:
                break
        self.is_over = True

    async def sleep(self, reactor, delay_s):
        await deferLater(reactor, delay_s)

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(lambda reactor: ensureDeferred(self.sessions(reactor)), host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 4)):
                world.advance(self.dice.choice([0.01, 0.3, 1.0, 5.0]))
                self.something_happens()
                self.check()
            world.run_until(lambda: self.is_over, LONGEST_S * 10)
            world.run_until(lambda: is_empty(self.server), LONGEST_S)
            self.check()
            assert self.store.letters() == [], "letters stay although somebody fetched and deleted them"
            self.store.lock()()
            if self.is_calm and not self.has_sleeper:
                assert all(isinstance(problem, CancelledError) for problem in self.problems), self.problems

    def check(self):
        there = []
        for letter in self.store.letters():
            with self.store.open(letter) as file:
                there.append(file.read())
        assert {*self.home, *there} == {*self.letters}, "a letter is lost, or isn't whole"


@in_portions(SEEDS)
def test_no_letter_is_lost_on_bad_networks(seeds, logged_errors):
    try_all(Run, seeds)


def deletes_at_once(self, index):
    self._letters[index] and self._store.remove(self._letters[index])


def syncs_when_it_is_lost(self, reason=None):
    Conversation.connectionLost(self)
    if self.mbox is not None:
        self.mbox.sync()
    self.logOut()


def never_unlocks(self):
    self._logout = None


def has_all_the_time_in_the_world(self, period):
    """No clock is set."""


def forgets_to_read_on(self, *_):
    self._is_full = False


@pytest.mark.parametrize(
    "owner, method, defect",
    [
        (Maildrop, "deleteMessage", deletes_at_once),
        (POP3, "connectionLost", syncs_when_it_is_lost),
        (POP3, "logOut", never_unlocks),
        (POP3, "setTimeout", has_all_the_time_in_the_world),
        (Conversation, "resumeProducing", forgets_to_read_on),
    ],
)
def test_a_spoiled_server_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors)
