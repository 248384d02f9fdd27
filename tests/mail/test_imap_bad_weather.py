"""IMAP on bad networks, from seeds: our client takes mail home from our server, and puts mail there.

Links lose, delay, cut and shred, connections are reset. Whatever happens: each command is answered once, or fails; what
was answered for has happened; no letter is lost, or there twice after an answer; nothing is left of a connection.
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
from reactor.mail.imap4 import Accounts, IMAP4Client, IMAP4Factory, MemoryAccount, NegativeResponse
from reactor.mail.imap4.client.pipeline import Pipeline
from reactor.task import deferLater
from reactor.testing import StringTransport
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

SEEDS = 24
LONGEST_S = 7200.0


class Run(Weather):
    """One seed: a server, one client that begins anew whenever its connection is lost, some misfortunes."""

    def __init__(self, seed):
        super().__init__(seed)
        self.account = MemoryAccount(b"alice")
        sizes = [self.dice.choice([0, 30, 8000, 60_000]) for _ in range(self.dice.randint(1, 8))]
        self.letters = [b"Subject: %d\r\n\r\n" % n + b"{5}(\r\n" * (size // 6) for n, size in enumerate(sizes)]
        for letter in self.letters:
            self.account.select("INBOX").deliver(letter)
        self.home, self.problems, self.told, self.asked = {}, [], 0, 0
        self.is_calm, self.is_over = self.dice.random() < 0.4, False
        self.connect(
            latency_s=[0.001, 0.05, 0.2],
            loss=[0.0, 0.0, 0.03],
            shred=[0.0, 0.3, 1.0],
            mss=[1460, 200],
        )

    def serve(self, reactor):
        self.server = reactor
        checker = InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
        factory = IMAP4Factory(Portal(Accounts({b"alice": self.account}.__getitem__), [checker]), reactor=reactor)
        factory.noisy = False
        reactor.listenTCP(143, factory)

    def ask(self, deferred):
        """Count a command, and what it is told."""
        self.asked += 1

        def tell(result):
            self.told += 1
            return result

        return deferred.addBoth(tell)

    async def session(self, reactor):
        client, ask = IMAP4Client(), self.ask
        client.callLater, client.timeout = reactor.callLater, 120.0
        client.allowInsecureLogin = True
        await connectProtocol(HostnameEndpoint(reactor, "server", 143), client)
        waiting = []
        try:
            await ask(client.login(b"alice", b"secret"))
            found = await ask(client.select("INBOX"))
            uids = sorted(int(items["UID"]) for items in (await ask(client.fetchUID("1:*"))).values())
            assert len(uids) == found["EXISTS"]
            waiting = [(uid, ask(client.fetchMessage(uid, uid=True))) for uid in uids]
            for uid, message in waiting:
                [items] = (await message).values()
                self.home[uid] = items["RFC822"].encode("latin-1")
            consumer = StringTransport()
            await ask(client.fetchSpecific(uids[-1], uid=True, peek=True, consumer=consumer))
            assert consumer.value() == self.home[uids[-1]] and consumer.producer is None
            await self.send(client)
            await ask(client.logout())
        finally:
            for _, message in waiting:
                message.addErrback(lambda failure: None)
            client.transport.abortConnection()

    async def send(self, client):
        """Put a letter there, unless it is there already: an answer that got lost doesn't tell."""
        try:
            await self.ask(client.create("sent"))
        except NegativeResponse:
            pass  # since the time before
        await self.ask(client.select("sent"))
        if not await self.ask(client.search("ALL")):
            await self.ask(client.append("sent", io.BytesIO(self.letters[0]), [r"\Seen"]))

    async def sessions(self, reactor):
        for _ in range(50):
            try:
                await self.session(reactor)
            except AssertionError:
                raise
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
                world.advance(self.dice.choice([0.003, 0.1, 0.5, 1.0]))
                self.something_happens()
            world.run_until(lambda: self.is_over, LONGEST_S * 10)
            world.run_until(lambda: is_empty(self.server), LONGEST_S)
            assert sorted(self.home.values()) == sorted(self.letters), "a letter is lost, or isn't whole"
            assert self.account.select("sent").getMessageCount() == 1
            assert self.told == self.asked, f"{self.asked} commands, {self.told} outcomes"
            assert not self.is_calm or not self.problems, self.problems


@in_portions(SEEDS)
def test_each_command_is_answered_once_and_no_letter_is_lost_on_bad_networks(seeds, logged_errors):
    try_all(Run, seeds)


def tells_nobody(self, reason=None):
    self.setTimeout(None)


def takes_a_piece_for_the_whole(self, data, original=Pipeline.rawDataReceived):
    self._missing = min(self._missing, len(data))
    original(self, data)


@pytest.mark.parametrize(
    "owner, method, defect",
    [
        (Pipeline, "connectionLost", tells_nobody),
        (Pipeline, "rawDataReceived", takes_a_piece_for_the_whole),
    ],
)
def test_a_spoiled_client_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors, 12)
