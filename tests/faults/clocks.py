"""No conversation at all: timers that are set, moved, cancelled, and must go off in time."""

from __future__ import annotations

from random import Random

from reactor.error import AlreadyCalled, AlreadyCancelled
from reactor.task import LoopingCall
from tests.faults.talks import Talk

_LATE_S = 0.01


class Clocks(Talk):
    """Many calls in one program. The expected fate of each is kept here, and compared with its real one.

    calls: how many. dice: the seed of what is done with them.
    """

    def __init__(self, number, starts_s, calls, dice):
        super().__init__(number, starts_s)
        self._count = calls
        self._random = Random(dice)
        self._pending = {}  # the calls, and when each is due
        self._is_through = False

    @staticmethod
    def details(random):
        """Draw the details at random."""
        return {"calls": random.choice((5, 30, 200)), "dice": random.randrange(10**6)}

    def serve(self, reactor):
        """Does nothing: there are no clients."""

    def call(self, reactor):
        self._reactor = reactor
        for _ in range(self._count // 2):
            self._new()
        self._ticks = 0
        self._began_s = reactor.seconds()
        self._ticking = LoopingCall(self._tick)
        self._ticking.clock = reactor
        self._ticking.start(0.25).addErrback(lambda reason: self.complain(f"the looping call failed: {reason}"))

    def _tick(self):
        """Every now and then, move or cancel some of the calls."""
        self._ticks += 1
        due_s = self._began_s + 0.25 * (self._ticks - 1)
        if not self.freezes and abs(self._reactor.seconds() - due_s) > _LATE_S:
            self.complain(f"tick {self._ticks} of a looping call came at {self._reactor.seconds()}, not {due_s}")
        for _ in range(self._count // 8 + 1):
            self._change_something()
        if self._ticks == 10:
            self._ticking.stop()
            self._is_through = True

    def _new(self):
        delay_s = self._random.choice((0.0, 0.1, 1.0, self._random.uniform(0, 5)))
        call = self._reactor.callLater(delay_s, self._go_off, box := [])
        box.append(call)
        self._pending[call] = self._reactor.seconds() + delay_s

    def _change_something(self):
        call = self._random.choice([*self._pending]) if self._pending else None
        what = self._random.choice(("new", "new", "cancel", "cancel", "earlier", "later", "reset"))
        if call is None or what == "new":
            self._new()
        elif what == "cancel":
            call.cancel()
            del self._pending[call]
            self._must_be_over(call, AlreadyCancelled)
        else:
            self._move(call, what)

    def _move(self, call, what):
        now = self._reactor.seconds()
        span_s = self._random.uniform(0, 2)
        if what == "reset":
            call.reset(span_s)
            self._pending[call] = now + span_s
        else:
            change_s = span_s if what == "later" else -min(span_s, self._pending[call] - now)
            call.delay(change_s)
            self._pending[call] += change_s
        if abs(call.getTime() - self._pending[call]) > 1e-6:
            self.complain(f"a call that was moved is due at {call.getTime()}, not {self._pending[call]}")

    def _go_off(self, box):
        (call,) = box
        now = self._reactor.seconds()
        due_s = self._pending.pop(call, None)
        if due_s is None:
            self.complain("a call was made that was cancelled, or had been made")
        elif now < due_s - 1e-9 or (not self.freezes and now > due_s + _LATE_S):
            self.complain(f"a call was made at {now} that was due at {due_s}")
        self._must_be_over(call, AlreadyCalled)
        if self._random.random() < 0.05:
            self.books.fail(f"talk {self.number}", "a delayed call")

    def _must_be_over(self, call, kind):
        try:
            call.cancel()
        except kind:
            return
        self.complain(f"a call that is over could be cancelled: {call}")

    @property
    def is_over(self):
        if not self.server.is_running and not self.has_begun:
            return True
        return not self.client.is_running or (self._is_through and not self._pending)

    def unfinished(self):
        return self._pending

    def abort(self):
        """Does nothing: there is no connection to break off."""

    def check(self):
        """Does nothing: every call is checked when it is made."""
