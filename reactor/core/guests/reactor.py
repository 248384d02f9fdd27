"""The reactor as a guest in the loop of another.

Its turns are the ordinary ones, but for the waiting: the host waits, and calls for a turn when a descriptor is ready or
the time has come that was appointed for the next timer. Protocols, factories and transports don't notice.

Two things are new. The program's code also runs outside of our turns: the handler of a button may write, set a timer,
or stop the reactor. Each of these makes an appointment at once. And the host's loop may run *inside* one of our turns,
when a handler opens a dialog and waits for the answer. So before a turn begins there is an appointment for another one;
when it isn't needed, it is taken back.
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

    host: that loop. poller: ours, the best of the platform if left out.

    `run()` runs the host's loop, and ends when the program quits that one, too: the shutdown event is fired as after
    `stop()`. A loop that the program runs by itself is joined with `startRunning()`. `iterate()` serves host and
    reactor; called from inside a run it serves our side only, since not every host can be run inside itself.
    """

    def __init__(self, host: Host, poller: Poller | None = None) -> None:
        self._host = host
        self._poller = GuestPoller(poller or best_poller(), host)
        super().__init__(self._poller, RealSystem())
        # The loop's own, but for telling us: a host must be told beforehand of all that makes a turn due.
        self.timers = _NoticedTimers(self.seconds, self._something_is_asked_for)
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
                if self.phase is Phase.RUNNING:  # the program, or the user, has ended the host itself
                    self.stop()
        self._raise_what_ended_it()

    def startRunning(self, installSignalHandlers: bool = True) -> None:
        """Begin a run, and return: the host's loop runs already, or the program is about to run it.

        The run ends with `stop()` or `crash()`; the host goes on. Raises ReactorAlreadyRunning.
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
        """Be called by the host for the time of the block. leave: what is to happen when a turn was the last one."""
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
        """One turn, because the host says so."""
        if self._host.nests:
            self._appoint(AT_ONCE)
        outer, self._in_turn = self._in_turn, True
        try:
            self._start_or_go_on()
        except BaseException as problem:  # what ends the loop must get past the host, which would only print it
            self._problem = problem
            self.crash()
        finally:
            self._in_turn = outer
        if self.phase is not Phase.IDLE:
            self._appoint(self._next_turn())
        elif not outer:
            self._leave()

    def _start_or_go_on(self) -> None:
        """The startup event comes in the first turn, so that what it calls finds the host's loop running."""
        if self._startup_is_due:
            self._startup_is_due = False
            self.fireSystemEvent("startup")
        if self.phase is not Phase.IDLE and self.make_due_calls():
            self.serve(0)  # without waiting: that is the host's part

    def _next_turn(self) -> float | None:
        """When it has to be, on our clock, though nothing happens; None for never."""
        if self.phase is Phase.IDLE:  # crash() came from outside of our turns, and the host is to be left
            return AT_ONCE
        due = self.next_turn_due()
        if self._poller.has_descriptor:
            return due
        look = self.seconds() + LOOK_EVERY_S
        return look if due is None else min(due, look)

    # --- appointments

    def _something_is_asked_for(self) -> None:
        """See that the next turn is not too late for it. In a turn that is seen to at its end, unless it may nest."""
        if not self._poller.is_hosted or (self._in_turn and not self._host.nests):
            return
        due = self._next_turn()
        if due is not None and (self._appointment is None or due < self._appointment[0]):
            self._appoint(due)

    def _appoint(self, due: float | None) -> None:
        """Have the host call for a turn at this time, instead of the time that was appointed before."""
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
    """Tells of every call that is to come, or to come earlier."""

    def __init__(self, seconds: Callable[[], float], notice: Callable[[], object]) -> None:
        super().__init__(seconds)
        self._notice = notice

    def _put(self, call: DelayedCall, asked: int) -> None:
        super()._put(call, asked)
        self._notice()


class _NoticedList(list[IWriteDescriptor]):
    """Tells of everything that is put into it."""

    def __init__(self, notice: Callable[[], object]) -> None:
        super().__init__()
        self._notice = notice

    def append(self, one: Any) -> None:
        super().append(one)
        self._notice()
