"""A client that reconnects whenever its connection is lost, to a server that goes away and returns."""

from __future__ import annotations

from reactor.protocol import Factory, ReconnectingClientFactory
from tests.faults.books import End
from tests.faults.talks import Talk
from tests.faults.watched import Watched

_LATE_S = 0.05
_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 4.0
_OPEN_AGAIN_S = 40.0  # the server is back for at least this long before the client is told to stop


class Returning(Talk):
    """One client, and a server that closes connections, and its port for a while.

    closings: seconds after which something is closed, one after the other, and whether that is the port too.
    jitter: of the client's delays. stops: whether its factory is told to stop while it is connected ("connected"),
    while the port is closed ("away"), while it tries ("attempting"), or when it tries for the first time ("at first").
    """

    def __init__(self, number, starts_s, closings, jitter, stops):
        super().__init__(number, starts_s)
        self.closings = list(closings)
        self.stops = stops
        self.jitter = jitter
        self.factory = None
        self.is_through = False
        self._is_served = False
        self.stops_at_next_attempt = stops == "at first"

    @staticmethod
    def details(random):
        """Draw the details at random."""
        closings = [(random.choice((0.01, 0.5, 3.0, 10.0)), random.random() < 0.4) for _ in range(random.randint(0, 5))]
        return {
            "closings": closings,
            "jitter": random.choice((0.0, 0.119626565582)),
            "stops": random.choice(("connected", "away", "attempting", "at first")),
        }

    # --- the server

    def serve(self, reactor):
        factory = Factory()
        factory.noisy = False
        factory.buildProtocol = lambda addr: self.remember(_Echo(self.end("server", self.server)))
        self.port = reactor.listenTCP(1000 + self.number, factory)
        self.listen(self.server, self.port)
        reactor.callLater(self.starts_s + 1.0, self._close_something)

    def end(self, side, program):
        return End(self.books, program, f"talk {self.number} {side} {len(self.protocols)}", 0)

    def _close_something(self):
        reactor = self.server.reactor
        if not self.closings:
            if self.stops == "away":
                self.port.stopListening()
                self._lose_all()
            reactor.callLater(5.0 if self.stops == "away" else _OPEN_AGAIN_S, self._tell_client_to_stop)
            return
        wait_s, closes_port = self.closings.pop(0)
        self._lose_all()
        if closes_port and self.port.connected:
            self.port.stopListening()
            reactor.callLater(wait_s, self._open_again)
        reactor.callLater(wait_s + 0.5, self._close_something)

    def _lose_all(self):
        self.note("the server closes its connections")
        for protocol in self.protocols:
            if isinstance(protocol, _Echo) and not protocol.end.is_over:
                protocol.ask("loseConnection")

    def _open_again(self):
        if not self.port.connected:
            self.port.startListening()

    def _tell_client_to_stop(self):
        self._is_served = True
        if self.stops == "attempting":
            self.stops_at_next_attempt = True
            self._lose_all()
        else:
            self.client.reactor.callFromThread(self._stop)

    # --- the client

    def call(self, reactor):
        self.factory = _Coming(self)
        address = self.books.world.host(self.server.host).addresses[0]
        reactor.callLater(self.starts_s, reactor.connectTCP, address, 1000 + self.number, self.factory, self.patience_s)

    def _stop(self):
        current = self.factory.current
        if self.stops == "connected" and current is None and not (self.harmed or self.freezes):
            self.complain("the server has been there for a while, and the client has not come back")
        if self.factory.is_stopped:
            return
        self.note("the client is told to stop")
        self.factory.is_stopped = True
        self.factory.stopTrying()
        if current is not None:
            current.ask("loseConnection")
        self.client.reactor.callLater(2 * _LONGEST_DELAY_S, self._end)

    def _end(self):
        self.is_through = True

    def _give_up(self):
        """The server is gone for good."""
        self.factory.is_stopped = True
        self.factory.stopTrying()

    # --- the end

    @property
    def is_over(self):
        if not self.server.is_running and not (self.has_begun and self.client.is_running):
            return True
        has_called = self.factory is not None and self.factory.has_called
        if not self.client.is_running:
            is_done = self._is_served or not self.server.is_running
        else:
            is_served = self._is_served and self.is_through
            is_done = is_served or (not self.server.is_running and has_called)
        if is_done and has_called and not self.factory.is_stopped and self.client.is_running:
            self.client.reactor.callFromThread(self._give_up)
            return False
        return is_done and all(protocol.end.is_over for protocol in self.protocols)

    def unfinished(self):
        return [protocol.end for protocol in self.protocols if not protocol.end.is_over]

    @property
    def may_hang(self):
        return bool(self.harmed) or self.loses_packets

    def check(self):
        """Does nothing: everything is checked when it happens."""

    def check_factories(self):
        if self.factory is not None and self.factory.numPorts and self.client.is_running:
            self.complain("the returning client's factory was not stopped")


class _Echo(Watched):
    def hear(self, data):
        if not self.end.asked:
            self.transport.write(data)


class _Coming(ReconnectingClientFactory):
    """The client. current: its connection, if there is one."""

    noisy = False
    initialDelay = delay = _FIRST_DELAY_S
    maxDelay = _LONGEST_DELAY_S

    def __init__(self, talk):
        self.talk = talk
        self.jitter = talk.jitter
        self.clock = talk.client.reactor
        self.current = None
        self.is_stopped = False
        self.is_attempting = False
        self.has_called = False
        self._due_s = None
        self._next_delay_s = _FIRST_DELAY_S

    def startedConnecting(self, connector):
        super().startedConnecting(connector)
        now = self.clock.seconds()
        self.has_called = True
        if self.is_stopped:
            self.talk.complain("an attempt begins after stopTrying")
        if self.is_attempting or self.current is not None:
            self.talk.complain("an attempt begins while there is another, or a connection")
        if self._due_s is not None and not self.talk.freezes and abs(now - self._due_s) > _LATE_S:
            self.talk.complain(f"an attempt begins at {now} that was due at {self._due_s}")
        self.is_attempting = True
        if self.talk.stops_at_next_attempt:
            self.clock.callLater(0, self.talk._stop)

    def buildProtocol(self, addr):
        self.is_attempting = False
        return self.talk.remember(_Visiting(self.talk.end("client", self.talk.client), self))

    def clientConnectionFailed(self, connector, reason):
        self.is_attempting = False
        self._expect()
        super().clientConnectionFailed(connector, reason)

    def clientConnectionLost(self, connector, reason):
        self._expect()
        super().clientConnectionLost(connector, reason)

    def _expect(self):
        """Without jitter, the time of the next attempt is known: check it."""
        if not self.jitter and not self.is_stopped:
            self._due_s = self.clock.seconds() + self._next_delay_s
        self._next_delay_s = min(self._next_delay_s * self.factor, _LONGEST_DELAY_S)
        if self.delay > _LONGEST_DELAY_S * 2:
            self.talk.complain(f"the next attempt is not before {self.delay} s")

    def is_good(self):
        """The connection has proved good: reset the delay."""
        self._next_delay_s = _FIRST_DELAY_S
        self.resetDelay()


class _Visiting(Watched):
    """Sends something, receives the echo, and then considers the connection good."""

    def __init__(self, end, coming):
        super().__init__(end)
        self.coming = coming
        self._echo = b""

    def begin(self):
        if self.coming.current is not None:
            self.end.complain("a connection is made while there is another one")
        if self.coming.is_stopped:
            self.end.complain("a connection is made after stopTrying")
        self.coming.current = self
        self.transport.write(b"anybody?")

    def hear(self, data):
        self._echo += data
        if not b"anybody?".startswith(self._echo):
            self.end.complain(f"the echo is {self._echo}")
        if self._echo == b"anybody?":
            self.coming.is_good()

    def lost(self, reason):
        self.coming.current = None
