"""Feeds on bad networks, from seeds: links that lose, delay and cut, connections that are reset, servers that restart.

One server has articles for another, and gets more meanwhile. Whatever happens: in the end each article is there once,
at numbers without a gap, nothing waits any more, and neither side has a connection or a timer left over.
"""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.defer import ensureDeferred
from reactor.endpoints import HostnameEndpoint
from reactor.news.database import NewsDatabase
from reactor.news.feeds import NewsFeed
from reactor.news.group_commit import GroupCommit
from reactor.news.interfaces import Rights
from reactor.news.news import NNTPFactory
from reactor.news.nntp import NNTPServer
from reactor.task import deferLater
from tests.news.news_doubles import NOW, article
from tests.support.bad_weather import Weather, assert_found_out, in_portions, try_all

SEEDS = 24
LONGEST_S = 7200.0


class NoStreaming(NNTPServer):
    def do_MODE(self, mode):
        self.reply(500, "what?") if mode == "STREAM" else super().do_MODE(mode)


class Run(Weather):
    """One seed: a server that feeds, one that is fed, some misfortunes."""

    links = (("us", "them"),)

    def __init__(self, seed):
        super().__init__(seed)
        self.count, self.posts, self.is_over, self.refusals = 0, 0, False, self.dice.choice([0, 0, 3])
        self.streams = self.dice.random() < 0.7
        self.connect(
            latency_s=[0.0, 0.001, 0.2],
            loss=[0.0, 0.0, 0.03],
            shred=[0.0, 0.3, 1.0],
        )

    def store(self, name, reactor):
        store = NewsDatabase(host=f"{name}.example", now=lambda: NOW, reactor=reactor)
        store.addGroup("doom.kitchen")
        return store

    def post(self, group="doom.kitchen"):
        self.count += group == "doom.kitchen"
        self.posts += 1
        id, size = f"<{self.posts}@a.example>", self.dice.choice([0, 100, 30_000])
        self.us.takeRequest(article(id, group, b".x\r\n" * (size // 4)), id)

    def is_full(self):
        """Whether the disk of theirs is full at this moment."""
        is_full = self.refusals and self.dice.random() < 0.2
        self.refusals -= bool(is_full)
        return is_full

    def take(self, message, id):
        """The store of theirs, which is full now and then when an article comes."""
        if self.is_full():
            raise OSError("no space left")
        return NewsDatabase.takeRequest(self.them, message, id)

    def commit(self):
        """The same, when it has come."""
        if self.is_full():
            self.them._db._take_back(OSError("no space left"))
        GroupCommit.commit(self.them._db)

    def serve(self, reactor):
        self.server, self.them = reactor, self.store("them", reactor)
        self.them._db.commit()
        self.them.takeRequest, self.them._db.commit = self.take, self.commit
        factory = NNTPFactory(self.them, anonymous=Rights(feed=True), reactor=reactor)
        factory.noisy, factory.protocol = False, NNTPServer if self.streams else NoStreaming
        reactor.listenTCP(119, factory)

    def feed(self, reactor):
        self.feeder, self.us = reactor, self.store("us", reactor)
        self.us.feeds["them.example"] = lambda group: group.startswith("doom.")
        self.us.addGroup("local.gossip")
        self.service = NewsFeed(
            self.us, "them.example", HostnameEndpoint(reactor, "them", 119), interval_s=5.0, reactor=reactor
        )
        self.service.longest_s = 60.0
        self.service.startService()
        ensureDeferred(self.life(reactor))

    async def life(self, reactor):
        for _ in range(self.dice.randint(1, 20)):
            await deferLater(reactor, self.dice.choice([0.0, 0.1, 3.0]))
            for _ in range(self.dice.choice([1, 1, 40])):
                self.post(self.dice.choice(["doom.kitchen", "doom.kitchen", "local.gossip"]))
            if self.dice.random() < 0.2:
                self.service.stopService()
                self.service.startService()
        self.is_over = True

    def go(self):
        with self.world as world:
            world.start(self.serve, host="them")
            world.start(self.feed, host="us")
            for _ in range(self.dice.randint(0, 5)):
                world.advance(self.dice.choice([0.01, 0.3, 2.0]))
                self.something_happens()
            world.run_until(lambda: self.is_over and not self.us.waiting("them.example", 1), LONGEST_S)
            self.service.stopService()
            world.run_until(self.is_quiet, LONGEST_S)
        numbers = [*self.them.listGroupRequest("doom.kitchen", 1, 10**9)]
        ids = [id for _, id in self.them.xhdrRequest("doom.kitchen", 1, 10**9, "Message-ID")]
        assert sorted(ids) == sorted(id for _, id in self.us.xhdrRequest("doom.kitchen", 1, 10**9, "Message-ID"))
        assert len(ids) == self.count and numbers == [*range(1, self.count + 1)]
        for id in ids:
            ours, theirs = (store.articleRequest("", 0, id.decode()) for store in (self.us, self.them))
            assert ours.partition(b"\r\n\r\n")[2] == theirs.partition(b"\r\n\r\n")[2]

    def is_quiet(self):
        no_calls = not self.server.getDelayedCalls() and not self.feeder.getDelayedCalls()
        return no_calls and len(self.server.transports) == 1 and not self.feeder.transports


@in_portions(SEEDS)
def test_no_article_is_lost_or_doubled_on_bad_networks(seeds, logged_errors):
    try_all(Run, seeds)
    assert all("no space left" in str(problem) for problem in logged_errors.flush(OSError))


def strikes_off_before_the_answer(self, client, id):
    self.store.sent(self.feed, id)
    return ensureDeferred(client.takeThis(id, self.store.articleRequest("", 0, id)))


def gives_up(self, outcome):
    self._sending = None


@pytest.mark.parametrize(
    "owner, method, defect",
    [
        (NewsFeed, "_hand_over", strikes_off_before_the_answer),
        (NewsFeed, "_sent", gives_up),
    ],
)
def test_a_spoiled_feed_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors, 12)
