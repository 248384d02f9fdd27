"""A protocol that checks how the reactor calls it, and when."""

from __future__ import annotations

from reactor.error import ConnectionAborted
from reactor.protocol import Protocol
from tests.faults.books import Deliberate


class Watched(Protocol):
    """Keeps the books of one end, and complains about calls that must not come.

    end: its books. raises: in which handler to raise, if in any.
    Subclasses say what to do in `begin`, `hear`, `lost`.
    """

    def __init__(self, end, raises=None):
        self.end = end
        self._raises = raises
        self._is_reading = True
        self._calls = []
        self._stage = "new"

    # --- for subclasses

    def begin(self):
        """The connection is made."""

    def hear(self, data):
        """Bytes came."""

    def lost(self, reason):
        """The connection is lost."""

    def later(self, delay_s, action, *args):
        """Call later, unless the connection is lost by then."""
        self._calls = [call for call in self._calls if call.active()]
        call = self.transport.reactor.callLater(delay_s, self._on_time, delay_s and self._due(delay_s), action, *args)
        self._calls.append(call)
        return call

    def _due(self, delay_s):
        return self.transport.reactor.seconds() + delay_s

    def _on_time(self, due, action, *args):
        if self.transport.reactor.seconds() < due:
            self.end.complain(f"a timer went off {due - self.transport.reactor.seconds():g} s early")
        action(*args)

    # --- what one asks for

    def ask(self, way):
        """Call one of the transport's ways to end it."""
        self.end.note(way)
        self.end.asked.append(way)
        if self.end.promised is None:
            self.end.promised = self.end.written
        getattr(self.transport, way)()

    def pause_reading(self):
        self._is_reading = False
        self.transport.pauseProducing()

    def resume_reading(self):
        self._is_reading = True
        self.transport.resumeProducing()

    # --- what one is told

    def makeConnection(self, transport):
        self._must_be("new", "makeConnection")
        self._stage = "open"
        self.end.note("connectionMade")
        if transport.connector is not None:
            self._check_connected(transport)
        super().makeConnection(transport)

    def _check_connected(self, transport):
        try:
            transport.getHandle().getpeername()
        except OSError as problem:
            self.end.complain(f"connectionMade for a socket that is not connected: {problem}")

    def connectionMade(self):
        self.begin()
        self._may_raise("connectionMade")

    def dataReceived(self, data):
        self._must_be("open", "dataReceived")
        self.end.note(f"dataReceived {len(data)}")
        if not data:
            self.end.complain("dataReceived without data")
        if not self._is_reading:
            self.end.complain("dataReceived while reading is paused")
        if {"loseConnection", "abortConnection"} & set(self.end.asked):
            self.end.complain(f"dataReceived after {self.end.asked}")
        self.hear(data)
        self._may_raise("dataReceived")

    def connectionLost(self, reason):
        if self._stage not in ("open", "half"):
            self.end.complain(f"connectionLost when it was {self._stage}")
        self._stage = "lost"
        self.end.note(f"connectionLost {reason.type.__name__}")
        self.end.reason = reason.value
        for call in self._calls:
            if call.active():
                call.cancel()
        self.lost(reason)
        self._check_reason(reason.value)
        if self._raises == "connectionLost":
            self.end.fail("connectionLost")

    def _check_reason(self, problem):
        costs_it = self.end.raised_in is not None
        if isinstance(problem, Deliberate) and not costs_it:
            self.end.complain(f"lost because of what another one has raised: {problem}")
        if costs_it and not isinstance(problem, Deliberate):
            self.end.complain(f"it raised, and that is not the reason why it is lost: {problem!r}")
        was_aborted = "abortConnection" in self.end.asked and self.transport.reactor.running  # else that was quicker
        if was_aborted and not costs_it and not isinstance(problem, ConnectionAborted):
            self.end.complain(f"it was aborted, and told {problem!r}")

    def _must_be(self, stage, handler):
        if self._stage != stage:
            self.end.complain(f"{handler} when it was {self._stage}")

    def _may_raise(self, handler):
        if self._raises == handler:
            self.end.fail(handler)


class HalfWatched(Watched):
    """The same, for a protocol that can go on when one direction is closed."""

    def heard_all(self):
        """The peer says no more."""

    def readConnectionLost(self):
        self._must_be("open", "readConnectionLost")
        self._stage = "half"
        self.end.note("readConnectionLost")
        self.heard_all()
        self._may_raise("readConnectionLost")

    def writeConnectionLost(self):
        if self._stage not in ("open", "half"):
            self.end.complain(f"writeConnectionLost when it was {self._stage}")
        if "loseWriteConnection" not in self.end.asked:
            self.end.complain("writeConnectionLost without being asked for")
        self.end.note("writeConnectionLost")
        self._may_raise("writeConnectionLost")
