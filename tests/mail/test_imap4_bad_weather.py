"""IMAP on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset, sleepy clients.

A client fetches letters, moves what it has to another mailbox, and appends a note; whenever the network ends it, it
comes again. Whatever happens: each letter is in one mailbox, whole; in the end the server has neither a connection nor
a timer.
"""

import io

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.defer import ensureDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.mail.imap4 import (
    Accounts,
    IMAP4Client,
    IMAP4Factory,
    IMAP4Server,
    MemoryAccount,
    MemoryMailbox,
    MessageSet,
)
from reactor.mail.imap4.server.conversation import Conversation
from reactor.task import deferLater
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

SEEDS = 20
LONGEST_S = 7200.0
NOTE = b"Subject: note\r\n\r\nall done\r\n"


class Run(Weather):
    """One seed: a server, a client that comes again and again, some misfortunes."""

    def __init__(self, seed):
        super().__init__(seed)
        self.account, self.problems, self.is_over = MemoryAccount(b"alice"), [], False
        self.account.create("Done")
        sizes = [self.dice.choice([0, 30, 8000, 14_000, 200_000]) for _ in range(self.dice.randint(1, 10))]
        self.letters = [b"Subject: %d\r\n\r\n" % n + b"line\r\n" * (size // 6) for n, size in enumerate(sizes)]
        for letter in self.letters:
            self.account.select("INBOX").deliver(letter)
        self.is_calm, self.has_sleeper = self.dice.random() < 0.3, self.dice.random() < 0.5
        self.connect(
            latency_s=[0.0, 0.001, 0.2],
            jitter_s=[0.0, 0.01],
            loss=[0.0, 0.0, 0.03],
            shred=[0.0, 0.3, 1.0],
            mss=[1460, 200],
        )

    def serve(self, reactor):
        self.server = reactor
        checker = InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
        portal = Portal(Accounts({b"alice": self.account}.__getitem__), [checker])
        factory = IMAP4Factory(portal, reactor=reactor)
        factory.noisy = False
        reactor.listenTCP(143, factory)

    async def connected(self, reactor, timeout_s=120.0):
        client = IMAP4Client()
        client.callLater, client.timeout = reactor.callLater, timeout_s
        await connectProtocol(HostnameEndpoint(reactor, "server", 143), client)
        await client.login(b"alice", b"secret")
        return client

    async def work(self, reactor):
        """One session: fetch, move what is whole, and say so."""
        client = await self.connected(reactor)
        try:
            found = await client.select("INBOX")
            while found["EXISTS"]:
                text = (await client.fetchMessage(MessageSet(1)))[1]["RFC822"]
                assert text.encode() in self.letters, "a letter isn't whole"
                await client.move(MessageSet(1), "Done", False)
                self.check()
                found = await client.select("INBOX")
            await client.append("Done", io.BytesIO(NOTE))
            await client.logout()
        finally:
            client.transport.abortConnection()

    async def fall_asleep(self, reactor):
        """Log in, ask for everything, and neither read nor leave."""
        try:
            client = await self.connected(reactor, LONGEST_S * 20)
            await client.select("INBOX")
        except Exception as problem:
            self.problems.append(problem)
            return
        client.fetchMessage(MessageSet(1, None)).addErrback(lambda failure: None)
        client.transport.pauseProducing()

    async def sessions(self, reactor):
        if self.has_sleeper:
            await self.fall_asleep(reactor)
        for _ in range(50):
            try:
                await self.work(reactor)
            except AssertionError as problem:
                self.is_over = problem
                return
            except Exception as problem:
                self.problems.append(problem)
                await deferLater(reactor, self.dice.choice([1.0, 200.0]))
            else:
                break
        self.is_over = True

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(lambda reactor: ensureDeferred(self.sessions(reactor)), host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 4)):
                world.advance(self.dice.choice([0.01, 0.3, 1.0, 5.0]))
                self.something_happens()
                self.check()
            world.run_until(lambda: self.is_over, LONGEST_S * 10)
            if isinstance(self.is_over, AssertionError):
                raise self.is_over
            world.run_until(lambda: is_empty(self.server), LONGEST_S)
            self.check()
            assert self.texts("INBOX") == [], "letters stay although somebody moved them"
            assert NOTE in self.texts("Done")
            assert self.account.select("INBOX")._listeners == []
            assert not (self.is_calm and self.problems), self.problems

    def texts(self, name):
        return [one.place for one in self.account.select(name)._messages.values()]

    def check(self):
        there = [text for text in self.texts("INBOX") + self.texts("Done") if text != NOTE]
        assert sorted(there) == sorted(self.letters), "a letter is lost, or is there twice"


@in_portions(SEEDS)
def test_no_letter_is_lost_or_doubled_on_bad_networks(seeds, logged_errors):
    try_all(Run, seeds)


def copies_and_forgets_to_remove(self, uids, mailbox, move=False):
    return real_copy(self, uids, mailbox)


def stays_in_the_mailbox(self):
    """It is never left."""


def has_all_the_time_in_the_world(self, period):
    """No clock is set."""


def forgets_to_read_on(self):
    self._is_full = False


real_copy = MemoryMailbox.copyTo


@pytest.mark.parametrize(
    "owner, method, defect",
    [
        (MemoryMailbox, "copyTo", copies_and_forgets_to_remove),
        (IMAP4Server, "unselect", stays_in_the_mailbox),
        (IMAP4Server, "setTimeout", has_all_the_time_in_the_world),
        (Conversation, "resumeProducing", forgets_to_read_on),
    ],
)
def test_a_spoiled_server_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors, 12)
