"""Handing articles on to another server, while a service runs, until it has them or doesn't want them.

What waits for a feed is written down with each article, so nothing is forgotten when we end, or they do. An article is
struck off when the other server has said what became of it: taken, there already, or refused. "Not now", a connection
that breaks and a server that is away leave it where it is, and later it is offered again.
"""

from __future__ import annotations

from typing import Any

from reactor import log
from reactor.application.internet import backoffPolicy
from reactor.application.service import Service
from reactor.default import the_reactor
from reactor.defer import Deferred, ensureDeferred, gatherResults
from reactor.endpoints import connectProtocol
from reactor.failure import Failure
from reactor.interfaces import IStreamClientEndpoint
from reactor.news.database import NewsDatabase
from reactor.news.interfaces import NoSuchArticle
from reactor.news.nntp.client import NNTPClient
from reactor.news.wire import NNTPError

_AT_A_TIME = 50  # articles that are on their way to a server that streams
_LATER, _UNWANTED = (431, 436), (435, 437)


class NewsFeed(Service):
    """Sends what waits in the store for one other server.

    store, name: `store.feeds[name]` says which groups it gets; name is that server's, as it stands in Path. endpoint:
    where it is. interval_s: how often to offer again what it didn't want at that time; what is new is offered at once.
    After failures it is later each time, up to `longest_s`.
    """

    longest_s = 3600.0

    def __init__(
        self,
        store: NewsDatabase,
        name: str,
        endpoint: IStreamClientEndpoint,
        interval_s: float = 10.0,
        reactor: Any = None,
    ) -> None:
        self.store, self.endpoint, self.interval_s = store, endpoint, interval_s
        self.setName(name)
        self.feed = name
        self._reactor = reactor
        self._failures = 0
        self._is_woken = False
        self._sending: Deferred[Any] | None = None
        self._next: Any = None

    def startService(self) -> None:
        super().startService()
        self.store.listeners.append(self._wake)
        self._send_some()

    def stopService(self) -> Any:
        super().stopService()
        self.store.listeners.remove(self._wake)
        if self._next is not None and self._next.active():
            self._next.cancel()
        if self._sending is not None:
            self._sending.cancel()
        return self._sending

    def _wake(self) -> None:
        self._is_woken = True
        if self._sending is None and not self._failures and self._next is not None:
            self._next.reset(0)

    def _send_some(self) -> None:
        self._is_woken = False
        self._sending = ensureDeferred(self._send(self.store.waiting(self.feed, 1000)))
        self._sending.addBoth(self._sent)

    def _sent(self, outcome: Any) -> None:
        self._sending = None
        if isinstance(outcome, Failure) and self.running:
            log.msg(f"news for {self.feed} waits: {outcome.getErrorMessage()}")
        self._failures = self._failures + 1 if isinstance(outcome, Failure) else 0
        if self.running:
            is_urgent = self._is_woken and not self._failures
            delay_s = 0 if is_urgent else backoffPolicy(self.interval_s, self.longest_s)(self._failures)
            self._next = the_reactor(self._reactor).callLater(delay_s, self._send_some)

    async def _send(self, ids: list[str]) -> None:
        if not ids:
            return
        client = NNTPClient()
        client.callLater = the_reactor(self._reactor).callLater
        await connectProtocol(self.endpoint, client)
        try:
            streams = await client.setStream().addCallbacks(lambda _: True, lambda failure: not failure.trap(NNTPError))
            some = _AT_A_TIME if streams else 1
            for begin in range(0, len(ids), some):
                sending = [ensureDeferred(self._hand_over(client, id)) for id in ids[begin : begin + some]]
                await gatherResults(sending, consumeErrors=True)
            await client.quit()
        finally:
            client.transport.abortConnection()

    async def _hand_over(self, client: NNTPClient, id: str) -> None:
        try:
            text = self.store.articleRequest("", 0, id)
            if not client.pipelined:
                await client.offerArticle(id, text)
            elif await client.check(id):
                await client.takeThis(id, text)
        except NoSuchArticle:
            return  # it has expired meanwhile
        except NNTPError as problem:
            if problem.code in _LATER:
                return
            if problem.code not in _UNWANTED:
                raise
        await self.store.sent(self.feed, id)
