"""A room on bad networks, from seeds: links that lose, delay and cut, connections that are reset, readers that stop.

Everybody says numbered lines. Whatever happens: what two people have both heard, they have heard in the same order,
each line once; and from when somebody is in until they go, nothing is left out. In the end nothing is left over.
"""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.defer import Deferred, ensureDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.task import deferLater
from reactor.words.protocols import irc
from reactor.words.service import InMemoryWordsRealm, IRCFactory
from reactor.words.service.irc_session import IRCSession
from reactor.words.service.rooms import Group
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

NICKS = ("ann", "bob", "eve")
SEEDS = 12
LONGEST_S = 2000.0


class Talker(irc.IRCClient):
    """Says lines in the room while it is connected, and keeps what it hears: its own lines too, by echo-message."""

    capabilities = ("echo-message",)

    def __init__(self, run, nickname, reactor):
        self.run, self.nickname, self.reactor = run, nickname, reactor
        self.heard, self.isIn, self.gone = [], False, Deferred()

    def signedOn(self):
        self.join("doom")

    def joined(self, channel):
        self.isIn = True

    def privmsg(self, user, channel, message):
        self.heard.append(message.split(" ")[0])

    def connectionLost(self, reason=None):
        super().connectionLost(reason)
        self.isIn = False
        self.gone.callback(None)


class Run(Weather):
    """One seed."""

    links = tuple((nick, "server") for nick in NICKS)

    def __init__(self, seed):
        super().__init__(seed)
        self.count, self.living, self.talkers, self.said = 0, len(NICKS), [], []
        self.connect(latency_s=[0.0, 0.001, 0.2], loss=[0.0, 0.0, 0.03], shred=[0.0, 0.3, 1.0])

    def serve(self, reactor):
        self.server, self.realm = reactor, InMemoryWordsRealm("us.example")
        self.realm.createGroupOnRequest = True
        tell = self.realm.tell

        def note(event, minds):
            if event.kind == "said":
                self.said.append(event.about["text"].split(" ")[0])
            tell(event, minds)

        self.realm.tell = note
        factory = IRCFactory(self.realm, None, reactor)
        factory.noisy = False
        factory.buildSession = self.session(factory.buildSession)
        reactor.listenTCP(6667, factory)

    def session(self, build):
        def bounded(address):
            session = build(address)
            session.burst, session.mostQueued, session.pingAfter = 1000.0, self.dice.choice([3_000, 2**19]), 30.0
            return session

        return bounded

    def visit(self, nick):
        return lambda reactor: ensureDeferred(self.life(nick, reactor)) and None

    async def life(self, nick, reactor):
        for turn in range(self.dice.randint(1, 3)):
            talker = Talker(self, f"{nick}{turn}", reactor)
            try:
                await connectProtocol(HostnameEndpoint(reactor, "server", 6667), talker)
            except Exception:
                continue
            self.talkers.append(talker)
            await self.talk(talker, reactor)
        self.living -= 1

    async def talk(self, talker, reactor):
        for _ in range(self.dice.randint(1, 15)):
            await deferLater(reactor, self.dice.choice([0.0, 0.1, 2.0]))
            for _ in range(self.dice.choice([1, 1, 30]) if talker.isIn else 0):
                self.count += 1
                talker.say("doom", f"{self.count} " + "x" * self.dice.choice([0, 50, 300]))
            if self.dice.random() < 0.1 and talker.transport is not None and talker.isIn:
                talker.transport.pauseProducing()
                await deferLater(reactor, self.dice.choice([0.1, 5.0]))
                if talker.isIn:
                    talker.transport.resumeProducing()
        await deferLater(reactor, 5.0)
        if not talker.gone.called:
            talker.transport.abortConnection() if self.dice.random() < 0.3 else talker.quit("bye")
        reactor.callLater(120.0, lambda: talker.gone.called or talker.transport.abortConnection())
        await talker.gone

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            for nick in NICKS:
                world.start(self.visit(nick), host=nick)
            for _ in range(self.dice.randint(0, 4)):
                world.advance(self.dice.choice([0.01, 0.3, 2.0]))
                self.something_happens()
            world.run_until(lambda: not self.living and is_empty(self.server), LONGEST_S)
        assert not self.realm.users and not self.realm.groups
        places = {word: place for place, word in enumerate(self.said)}
        assert len(places) == len(self.said), "a line was said twice"
        for talker in self.talkers:
            found = [places[word] for word in talker.heard]
            whole = [*range(found[0], found[0] + len(found))] if found else []
            assert found == whole, f"{talker.nickname} heard {talker.heard} of {self.said}"


@in_portions(SEEDS)
def test_everybody_hears_each_line_once_in_one_order_or_is_dropped(seeds):
    try_all(Run, seeds)


def forgets_what_waits(self, anyhow=False):
    if self._queue and len(self._queue) > 3:
        del self._queue[1]
    self.transport.write(b"".join(self._queue))
    self._queue.clear()
    self._queued = 0


def tells_in_another_order(self, event):
    users = [*self.users.values()]
    self.realm.tell(event, users[:1])
    self.realm.tell(event, users[:0:-1] + users[:1])


@pytest.mark.parametrize(
    "owner, method, defect",
    [(IRCSession, "flush", forgets_what_waits), (Group, "tell", tells_in_another_order)],
)
def test_a_spoiled_room_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors, 12)
