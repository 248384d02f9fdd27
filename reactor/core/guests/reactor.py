"""The reactor as a guest in another loop.

Its turns are the ordinary ones, except that the host does the waiting: it calls for a turn when a descriptor is ready,
or at the time appointed for the next timer. Protocols, factories and transports don't notice.

Two things are new. The program's code also runs outside our turns: a button's handler may write, set a timer, or stop
the reactor. Each of these makes an appointment at once. And the host's loop may run *inside* one of our turns, when a
handler opens a dialog and waits for the answer. So every turn begins by appointing the next one; if that turns out not
to be needed, the appointment is cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from reactor.core.guests.host import LOOK_EVERY_S, GuestPoller, Host, Undo, best_poller
from reactor.core.loop.core import AT_ONCE, Phase
from reactor.core.loop.timers import LONGEST_WAIT_S, DelayedCall, Timers
from reactor.core.pollers import Poller
from reactor.core.reactor import Reactor
from reactor.core.system.real import RealSystem
from reactor.interfaces import IWriteDescriptor


class GuestReactor(Reactor):
    """A reactor that is driven by another loop.

    host: that loop. poller: ours; the best that the platform has if left out.

    `run()` runs the host's loop. It also ends when the program quits the host's loop: then the shutdown event is fired,
    as after `stop()`. To join a loop that the program runs itself, call `startRunning()`. `iterate()` serves host and
    reactor; inside a run it serves only the reactor, since not every host can run inside itself.
    """

    def __init__(self, host: Host, poller: Poller | None = None) -> None:
        self._host = host
        self._poller = GuestPoller(poller or best_poller(), host)
        super().__init__(self._poller, RealSystem())
        # As the loop has them, except that they report additions: a host must know in advance when a turn is due.
        self.timers = _NoticedTimers(lambda: self.seconds(), self._something_is_asked_for)
        self.written = _NoticedList(self._something_is_asked_for)
        self._appointment: tuple[float, Undo] | None = None
        self._in_turn = False
        self._startup_is_due = False
        self._leave: Callable[[], object] = host.quit
        self._problem: BaseException | None = None

    # --- a run

    def run(self, installSignalHandlers: bool = True) -> None:
        """Run the host's loop, with ours in it, until `stop()`, `crash()`, a signal, or its own end."""
        with self.begin_run(installSignalHandlers), self._hosted(self._host.quit):
            while self.phase is not Phase.IDLE:
                self._host.run()
                if self.phase is Phase.RUNNING:  # the program, or the user, has quit the host's loop itself
                    self.stop()
        self._raise_what_ended_it()

    def startRunning(self, installSignalHandlers: bool = True) -> None:
        """Begin a run and return: the host's loop is running already, or the program is about to run it.

        The run ends with `stop()` or `crash()`; the host's loop goes on. Raises ReactorAlreadyRunning.
        """
        with ExitStack() as beginning:
            beginning.enter_context(self.begin_run(installSignalHandlers))
            beginning.enter_context(self._hosted(self._leave_quietly))
            self._surroundings = beginning.pop_all()  # what run() has around its turns, left open until the end

    def _leave_quietly(self) -> None:
        self._surroundings.close()
        self._raise_what_ended_it()

    def _raise_what_ended_it(self) -> None:
        problem, self._problem = self._problem, None
        if problem is not None:
            raise problem

    @contextmanager
    def _hosted(self, leave: Callable[[], object]) -> Iterator[None]:
        """While the block runs, let the host call us. leave: called after the last turn."""
        self._leave = leave
        self._startup_is_due = True
        unwatch = self._poller.when_ready(self._take_turn)
        self._poller.is_hosted = True
        self._appoint(AT_ONCE)
        try:
            yield
        finally:
            self._poller.is_hosted = False
            unwatch()
            self._appoint(None)

    def stop(self) -> None:
        super().stop()
        self._something_is_asked_for()

    def crash(self) -> None:
        super().crash()
        self._something_is_asked_for()

    # --- turns

    def _take_turn(self) -> None:
        """One turn. Called by the host."""
        if self._host.nests:
            self._appoint(AT_ONCE)
        outer, self._in_turn = self._in_turn, True
        try:
            self._start_or_go_on()
        except BaseException as problem:  # raised again when the host's loop has returned: the host would only print it
            self._problem = problem
            self.crash()
        finally:
            self._in_turn = outer
        if self.phase is not Phase.IDLE:
            self._appoint(self._next_turn())
        elif not outer:
            self._leave()

    def _start_or_go_on(self) -> None:
        """The startup event is fired in the first turn, so that its triggers find the host's loop running."""
        if self._startup_is_due:
            self._startup_is_due = False
            self.fireSystemEvent("startup")
        if self.phase is not Phase.IDLE and self.make_due_calls():
            self.serve(0)  # without waiting: that is the host's job

    def _next_turn(self) -> float | None:
        """When the next turn is due, on our clock, if no descriptor becomes ready before; None for never."""
        if self.phase is Phase.IDLE:  # crash() was called outside our turns, so one more turn must leave the host
            return AT_ONCE
        due = self.next_turn_due()
        if self._poller.has_descriptor:
            return due
        look = self.seconds() + LOOK_EVERY_S
        return look if due is None else min(due, look)

    # --- appointments

    def _something_is_asked_for(self) -> None:
        """Bring the next turn forward if it is due earlier now. A turn does so at its end, unless the host may nest."""
        if not self._poller.is_hosted or (self._in_turn and not self._host.nests):
            return
        due = self._next_turn()
        if due is not None and (self._appointment is None or due < self._appointment[0]):
            self._appoint(due)

    def _appoint(self, due: float | None) -> None:
        """Have the host call for a turn at this time, in place of the earlier appointment; None for no appointment."""
        if self._appointment is not None:
            if self._appointment[0] == due:
                return
            self._appointment[1]()
            self._appointment = None
        if due is not None:
            delay_s = min(max(0.0, due - self.seconds()), LONGEST_WAIT_S)
            self._appointment = due, self._host.call_after(delay_s, self._appointed)

    def _appointed(self) -> None:
        self._appointment = None
        self._take_turn()


class _NoticedTimers(Timers):
    """Reports every call that is added or moved to an earlier time."""

    def __init__(self, seconds: Callable[[], float], notice: Callable[[], object]) -> None:
        super().__init__(seconds)
        self._notice = notice

    def _put(self, call: DelayedCall, asked: int) -> None:
        super()._put(call, asked)
        self._notice()


class _NoticedList(list[IWriteDescriptor]):
    """Reports everything that is appended to it."""

    def __init__(self, notice: Callable[[], object]) -> None:
        super().__init__()
        self._notice = notice

    def append(self, one: Any) -> None:
        super().append(one)
        self._notice()
