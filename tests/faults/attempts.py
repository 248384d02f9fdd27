"""Conversations that hardly begin: attempts to connect that succeed, fail, take too long, or are stopped."""

from __future__ import annotations

from reactor import error
from reactor.protocol import ClientFactory, Factory
from tests.faults.books import End
from tests.faults.talks import Talk
from tests.faults.watched import Watched

_LATE_S = 0.01  # a loop that is busy is a little late

KINDS = {  # where to connect, and the expected outcome
    "there": None,
    "refused": error.ConnectionRefusedError,
    "nobody": error.TimeoutError,
    "unknown": error.DNSLookupError,
    "no path": error.ConnectError,
    "a path": None,
}


class Attempts(Talk):
    """One client after the other tries to connect.

    attempts: for each its kind, its time-out, and after how many seconds the program stops it; None for never.
    """

    def __init__(self, number, starts_s, attempts):
        super().__init__(number, starts_s)
        self.attempts = attempts
        self.calls = []

    @staticmethod
    def details(random):
        """Draw the details at random."""
        attempts = [
            (
                random.choice([*KINDS]),
                random.choice((0.0, 0.05, 3.0, 120.0)),
                random.choice((None, None, 0.0, 0.1, 1.0)),
            )
            for _ in range(random.randint(1, 6))
        ]
        return {"attempts": attempts}

    def serve(self, reactor):
        factory = _Serving(self)
        self.listen(self.server, reactor.listenTCP(1000 + self.number, factory))
        self.listen(self.server, reactor.listenUNIX(f"/attempt{self.number}", factory))

    def call(self, reactor):
        for index, attempt in enumerate(self.attempts):
            self.calls.append(_Calling(self, index, *attempt))
            reactor.callLater(self.starts_s + 0.01 * index, self.calls[-1].begin, reactor)

    def end(self, side, program):
        return End(self.books, program, f"talk {self.number} {side} {len(self.protocols)}", 0)

    @property
    def is_over(self):
        if not self.server.is_running and not (self.has_begun and self.client.is_running):
            return True
        callers_are_done = not self.client.is_running or (self.calls and all(call.outcome for call in self.calls))
        return bool(callers_are_done) and all(protocol.end.is_over for protocol in self.protocols)

    @property
    def may_hang(self):
        return bool(self.harmed) or self.loses_packets

    def unfinished(self):
        return [call for call in self.calls if not call.outcome]

    def check(self):
        for call in self.calls:
            call.check(self)

    def check_factories(self):
        for call in self.calls:
            if call.numPorts and self.client.is_running:
                self.complain(f"the factory of {call} was not stopped")


class _Brief(Watched):
    """Sends one message and closes; or waits for the other end to do so."""

    def begin(self):
        if self.transport.connector is not None:
            self.transport.write(b"hello")
            self.ask("loseConnection")


class _Serving(Factory):
    noisy = False

    def __init__(self, talk):
        self.talk = talk

    def buildProtocol(self, addr):
        return self.talk.remember(_Brief(self.talk.end("server", self.talk.server)))


class _Calling(ClientFactory):
    """One attempt, and its outcome: "lost" after it was connected, or the error that it failed with."""

    noisy = False

    def __init__(self, talk, index, kind, timeout_s, stop_after_s):
        self.talk = talk
        self.index = index
        self.kind = kind
        self.timeout_s = timeout_s
        self.stop_after_s = stop_after_s
        self.outcome = None
        self.protocol_made = None
        self.began_s = self.took_s = 0.0
        self._is_calling = False
        self._stopping = None
        self._was_stopped = False

    def begin(self, reactor):
        self.reactor = reactor
        self.began_s = reactor.seconds()
        self.talk.note(f"{self} begins")
        self._is_calling = True
        connector = self._connect()
        self._is_calling = False
        if self.stop_after_s is not None:
            self._stopping = reactor.callLater(self.stop_after_s, self._stop, connector)

    def _connect(self):
        server = self.talk.books.world.host(self.talk.server.host)
        port = 1000 + self.talk.number
        if self.kind in ("a path", "no path"):
            path = f"/attempt{self.talk.number}" if self.kind == "a path" else "/nothing/here"
            return self.reactor.connectUNIX(path, self, self.timeout_s)
        host = {"nobody": "10.0.0.249", "unknown": "nowhere.invalid"}.get(self.kind, server.addresses[0])
        return self.reactor.connectTCP(host, 1 if self.kind == "refused" else port, self, self.timeout_s)

    def _stop(self, connector):
        self._stopping = None
        if connector.state == "connecting":
            self._was_stopped = True
            self.talk.note(f"{self} is stopped")
            connector.stopConnecting()
            if not isinstance(self.outcome, error.UserError):
                self.talk.complain(f"{self} was stopped, and told {self.outcome!r}")
            return
        try:
            connector.stopConnecting()
        except error.NotConnectingError:
            return
        self.talk.complain(f"{self} could be stopped in state {connector.state}")

    def buildProtocol(self, addr):
        self._must_be_new("buildProtocol")
        self.protocol_made = self.talk.remember(_Brief(self.talk.end("client", self.talk.client)))
        return self.protocol_made

    def clientConnectionFailed(self, connector, reason):
        self._must_be_new("clientConnectionFailed")
        self._end(reason.value)

    def clientConnectionLost(self, connector, reason):
        if self.protocol_made is None or self.protocol_made.end.reason is not reason.value:
            self.talk.complain(f"{self} is told of a loss before its protocol is")
        self._end("lost")

    def _must_be_new(self, what):
        if self._is_calling:
            self.talk.complain(f"{what} before connectTCP has returned: {self}")
        if self.outcome is not None or self.protocol_made is not None:
            self.talk.complain(f"{what} for an attempt that is over: {self}")

    def _end(self, outcome):
        self.talk.note(f"{self}: {outcome!r}")
        self.outcome = outcome
        self.took_s = self.reactor.seconds() - self.began_s
        if self._stopping is not None:
            self._stopping.cancel()
            self._stopping = None

    def check(self, talk):
        """Check the outcome against the expected one."""
        if talk.harmed or talk.loses_packets or talk.freezes or self.outcome is None:
            return
        if isinstance(self.outcome, error.TimeoutError):
            if not self.timeout_s - 1e-6 <= self.took_s <= self.timeout_s + _LATE_S:
                talk.complain(f"{self} timed out after {self.took_s} s")
        elif isinstance(self.outcome, error.UserError):
            if not self._was_stopped:
                talk.complain(f"{self} was never stopped, and told so")
        elif KINDS[self.kind] is None and self.outcome != "lost":
            talk.complain(f"{self} failed with {self.outcome!r}")
        elif KINDS[self.kind] is not None and not isinstance(self.outcome, KINDS[self.kind]):
            talk.complain(f"{self} ended with {self.outcome!r}")

    def __repr__(self):
        return f"attempt {self.index} ({self.kind}, {self.timeout_s} s, stopped after {self.stop_after_s})"
