"""One publisher, many subscribers that come and go, some of them too slow."""

from __future__ import annotations

from reactor.protocol import ClientFactory, Factory
from reactor.protocols.basic import LineReceiver
from reactor.task import LoopingCall
from tests.faults.books import End
from tests.faults.talks import Talk

_TOO_MUCH = 20_000  # bytes that may wait for one subscriber before it is thrown out


class Publishing(Talk):
    """A server sends numbered lines to all clients.

    every_s: how often. size: of a line. subscribers: of each after how many seconds it comes, after how many lines it
    leaves, and whether it stops reading in the middle.
    """

    def __init__(self, number, starts_s, every_s, size, subscribers):
        super().__init__(number, starts_s)
        self.every_s = every_s
        self.size = size
        self.subscribers = subscribers
        self.connected = {}
        self.outcomes = {}
        self.throws_out = False
        self._published = 0

    @staticmethod
    def details(random):
        """Draw the details at random."""
        return {
            "every_s": random.choice((0.05, 0.3)),
            "size": random.choice((10, 1000)),
            "subscribers": [
                (random.uniform(0, 3), random.randint(1, 30), random.random() < 0.2)
                for _ in range(random.randint(1, 6))
            ],
        }

    # --- the publisher

    def serve(self, reactor):
        factory = Factory()
        factory.noisy = False
        factory.buildProtocol = lambda addr: self.remember(_Served(self, self.end("server", self.server)))
        self.listen(self.server, reactor.listenTCP(1000 + self.number, factory))
        self._publishing = LoopingCall(self._publish)
        self._publishing.clock = reactor
        self._publishing.start(self.every_s).addErrback(lambda reason: self.complain(f"publishing failed: {reason}"))

    def _publish(self):
        if self.is_served:
            self._publishing.stop()
            return
        line = b"%d:" % self._published + b"x" * self.size
        self._published += 1
        for subscriber in list(self.connected):
            if subscriber.transport.pending_bytes > _TOO_MUCH:
                subscriber.throw_out()
            else:
                subscriber.sendLine(line)

    def end(self, side, program):
        return End(self.books, program, f"talk {self.number} {side} {len(self.protocols)}", 0)

    # --- the subscribers

    def call(self, reactor):
        address = self.books.world.host(self.server.host).addresses[0]
        for index, (comes_s, *rest) in enumerate(self.subscribers):
            factory = _Subscribing(self, index, *rest)
            where = (address, 1000 + self.number, factory, self.patience_s)
            reactor.callLater(self.starts_s + comes_s, reactor.connectTCP, *where)

    @property
    def is_served(self):
        """Whether all subscribers have come and gone."""
        return len(self.outcomes) == len(self.subscribers) or not self.client.is_running

    @property
    def is_over(self):
        if not self.server.is_running and not (self.has_begun and self.client.is_running):
            return True
        has_stopped = self.has_begun and (not self.server.is_running or not self._publishing.running)
        return self.is_served and has_stopped and all(protocol.end.is_over for protocol in self.protocols)

    @property
    def may_hang(self):
        return bool(self.harmed) or self.loses_packets

    def unfinished(self):
        return self.outcomes, self.connected

    def abort(self):
        super().abort()
        self.server.reactor.callFromThread(lambda: self._publishing.running and self._publishing.stop())

    def check(self):
        for subscriber in self.connected if self.server.is_running else ():
            self.complain(f"a subscriber is still among the connected: {subscriber.end}")
        for index, (_, lines, stalls) in enumerate(self.subscribers):
            if not (self.harmed or self.throws_out or stalls) and self.outcomes.get(index) != lines:
                self.complain(f"subscriber {index} heard {self.outcomes.get(index)} of {lines} lines")


class _Served(LineReceiver):
    def __init__(self, talk, end):
        self.talk = talk
        self.end = end

    def connectionMade(self):
        self.talk.connected[self] = None

    def throw_out(self):
        """Throw out a subscriber that is too slow: all others would pay for it."""
        self.end.note("is thrown out")
        self.talk.throws_out = True
        self.transport.abortConnection()
        del self.talk.connected[self]

    def connectionLost(self, reason):
        self.end.reason = reason.value
        self.talk.connected.pop(self, None)


class _Subscribing(ClientFactory):
    noisy = False

    def __init__(self, talk, index, lines, stalls):
        self.talk = talk
        self.index = index
        self.lines = lines
        self.stalls = stalls

    def buildProtocol(self, addr):
        return self.talk.remember(_Subscriber(self, self.talk.end("client", self.talk.client)))

    def clientConnectionFailed(self, connector, reason):
        self.talk.outcomes[self.index] = repr(reason.value)

    def clientConnectionLost(self, connector, reason):
        self.talk.outcomes.setdefault(self.index, f"lost: {reason.value!r}")


class _Subscriber(LineReceiver):
    MAX_LENGTH = 2000

    def __init__(self, factory, end):
        self.factory = factory
        self.end = end
        self._next = None
        self._heard = 0

    def lineReceived(self, line):
        number = int(line.partition(b":")[0])
        if self._next not in (None, number) or len(line.partition(b":")[2]) != self.factory.talk.size:
            self.end.complain(f"line {number} comes instead of {self._next}: {line[:20]}")
        self._next = number + 1
        self._heard += 1
        if self._heard >= self.factory.lines:
            self.factory.talk.outcomes.setdefault(self.factory.index, self._heard)
            self.transport.loseConnection()
            self.clearLineBuffer()
        elif self.factory.stalls and self._heard == 2:
            self.pauseProducing()
            self._waking = self.transport.reactor.callLater(30, self.resumeProducing)

    def connectionLost(self, reason):
        self.end.reason = reason.value
        if self.factory.stalls and getattr(self, "_waking", None) is not None and self._waking.active():
            self._waking.cancel()
