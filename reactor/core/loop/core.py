"""The event loop.

    while it runs:
        make the calls that other threads asked for, then those whose time has come
        send what has been written
        ask the poller which descriptors are ready, waiting at most until the next call is due
        let the owner of each ready descriptor read or write, once

Everything a program does happens inside one of those calls, one at a time, so nothing needs a lock. For the same reason
no call may wait. A handler that raises is logged and costs its own connection, never the loop.

Nothing is sent from inside `write`: a header and a body written one after the other leave as one piece, and no `write`
can fail in its caller's face. An answer leaves when the handler that wrote it returns; what was written from elsewhere
leaves in the next turn, before the loop waits. (Sending inside `write` would save a few percent on answers of one
piece and cost a system call for each piece of the others. Keeping all answers until the turn is over costs twice as
much at 16 KiB: they are all in memory at once. See benchmarks/echo.py.)

Some loops don't wait by themselves: that of a simulated program lets the rest of its world go on, a guest waits in Qt's
or asyncio's. Such a *driver* takes `run` and `turn` apart and puts its own wait between the parts. The parts are the
methods whose docstrings begin with "For drivers"; `run`, `turn` and `iterate` show in which order to call them.
Programs and transports call none of them.
"""

from __future__ import annotations

import builtins
import enum
from _thread import get_ident
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from reactor import error
from reactor.core.loop.descriptors import Descriptors, log_raised
from reactor.core.loop.lookups import Lookups
from reactor.core.loop.signals import stopping_on_signals
from reactor.core.loop.threads import Threads
from reactor.core.loop.timers import DelayedCall, Timers, check_seconds
from reactor.core.loop.triggers import SystemEvent, Trigger
from reactor.core.pollers import READABLE, WRITABLE, ClosedDescriptors, Poller
from reactor.core.system import System, Waker
from reactor.interfaces import IReadDescriptor, IWriteDescriptor
from reactor.log.speaker import turning

AT_ONCE = float("-inf")  # as a time on a reactor's clock: earlier than every timer, so that min() and < just work


class Phase(enum.Enum):
    """Where a reactor is between `run()` and the end of it."""

    IDLE = "not running"
    RUNNING = "running"
    STOPPING = "told to stop"  # until every trigger before shutdown has finished


class Loop:
    """The reactor without the network: turns, timers, threads, startup and shutdown.

    poller: asks the operating system which descriptors are ready. system: the door to everything else in it.
    running: True from the startup event to the shutdown event. has_ended: from then until the next run begins.
    written: transports that have something to send in the next turn; each adds itself, once.
    transports: everything that must be told when the loop ends; each adds and removes itself.
    served: the reader or writer whose handler runs: the log asks it for its name. lookups: names to addresses.
    threads: the pool that works for this loop. thread: the number of the thread that turns it; None while none does.

    For drivers and watchers, read-only: the `phase` of the run; the `descriptors`, `timers` and `events` (by name) that
    the loop serves; the `waker` that ends its wait, None outside a run.
    """

    def __init__(self, poller: Poller, system: System) -> None:
        self.system = system
        self.running = self.has_ended = False
        self.served: Any = None
        self.written: list[IWriteDescriptor] = []
        self.transports: dict[Any, None] = {}  # a set that keeps its order, so that a shutdown is the same each time
        self.phase = Phase.IDLE
        self._shutdown_is_due = False
        self._serving = False
        self._is_in_run = False  # also when the run is over and has not returned yet: a trigger after shutdown runs
        self.descriptors = Descriptors(poller)
        self.timers = Timers(lambda: self.seconds())  # looked up each time: a test may put its own clock there
        # No lock around it: append and popleft of a deque are safe between threads, says the library reference.
        self._from_threads: deque[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = deque()
        self.waker: Waker | None = None
        self.thread: int | None = None
        self.threads = Threads(self.callFromThread)
        self.lookups = Lookups(system, self.callLater, self.callFromThread)
        shutdown = SystemEvent(self._end, self._end_threads)
        self.events = {"startup": SystemEvent(self.become_running), "shutdown": shutdown}

    # --- a run, and its end

    def run(self, installSignalHandlers: bool = True) -> None:
        """Run until `stop()`, `crash()`, SIGINT or SIGTERM. It may be called again afterwards.

        installSignalHandlers: whether the two signals end the run cleanly; possible only in the main thread.
        Raises ReactorAlreadyRunning inside a run.
        """
        with self.begin_run(installSignalHandlers):
            self.fireSystemEvent("startup")
            while self.phase is not Phase.IDLE:
                self.turn()

    @contextmanager
    def begin_run(self, install_signal_handlers: bool) -> Iterator[None]:
        """For drivers: set up what a run needs around its turns. The run lasts as long as the block.

        The driver fires the startup event inside it. Raises ReactorAlreadyRunning inside a run, ValueError for signals
        outside the main thread.
        """
        if self.phase is not Phase.IDLE or self._is_in_run:
            raise error.ReactorAlreadyRunning("run() was called while the reactor runs: call it when that has returned")
        self.phase = Phase.RUNNING
        self._is_in_run = True
        self.has_ended = False
        try:
            with self.awake() as waker, self.handling_signals(waker, install_signal_handlers):
                yield
        finally:
            self.threads.abandon()
            self.running = self._is_in_run = False
            self.phase = Phase.IDLE
            self._shutdown_is_due = False
            self._serving = False
            self.served = None

    def handling_signals(self, waker: Waker, wanted: bool) -> AbstractContextManager[None]:
        """Let SIGINT and SIGTERM end the run, if wanted. A driver overrides it if its signals aren't the process's."""
        return stopping_on_signals(self.stop_soon, waker) if wanted else nullcontext()

    def become_running(self) -> None:
        """The startup event itself, between its triggers. Drivers fire the event and never call this directly."""
        self.running = True
        self.threads.start()

    def stop(self) -> None:
        """End the run: fire the shutdown event in the next turn, close what is open, return from `run()`.

        Raises ReactorNotRunning if it isn't running, or was told to stop already.
        """
        if self.phase is not Phase.RUNNING:
            raise error.ReactorNotRunning("Can't stop reactor that isn't running.")
        self.phase = Phase.STOPPING
        self._shutdown_is_due = True

    def stop_soon(self) -> bool:
        """For drivers: stop in the next turn, if the loop still runs then. Threads may ask. Returns whether it runs."""
        self.callFromThread(lambda: self.stop() if self.phase is Phase.RUNNING else None)
        return self.phase is not Phase.IDLE

    def _end(self) -> None:
        """The shutdown itself: leave the loop, and tell every transport and descriptor that its connection is lost."""
        self.crash()  # first, as in Twisted: a `connectionLost` that asks `reactor.running` hears that this is the end
        # Both, for a paused connection is no reader, and a descriptor of the program's own no transport; each once.
        for one in dict.fromkeys([*self.transports, *self.removeAll()]):
            self.descriptors.lose(one, error.ConnectionLost())

    def _end_threads(self) -> None:
        """The shutdown's last part, when threads that wait for the loop have been told to expect no more."""
        with self.awake():  # there is no waker when the program fires the shutdown event outside of a run
            self.threads.stop(self._serve_threads)
            self.has_ended = True
            self._serve_threads()  # for the last time: a thread that asks later sees `has_ended`

    def _serve_threads(self) -> None:
        if not self.has_ended:
            self.serve(0 if self._from_threads else None)
        # Last: one of these calls says that all threads have ended, and no wait may follow it.
        self._make_calls_from_threads()
        self.events["shutdown"].run_phase("during")

    def crash(self) -> None:
        """Leave `run()` at the end of this turn. No event is fired, nothing is closed; another `run()` goes on."""
        self.running = False
        self.phase = Phase.IDLE

    # --- one turn

    def iterate(self, delay: float = 0) -> None:
        """One turn, by hand: make the calls that are due, then wait at most `delay` seconds for one round of events.

        Raises ValueError for a delay below 0, which a poller would take to mean "for ever".
        """
        check_seconds("a delay", delay)
        with self.awake():
            self.make_due_calls()
            self.serve(delay)

    @contextmanager
    def awake(self) -> Iterator[Waker]:
        """While the block runs, let other threads and signals end the loop's wait.

        `begin_run` does this; a driver needs it only for a turn outside a run, such as `iterate`.
        """
        if self.waker is not None:  # iterate() inside run()
            yield self.waker
            return
        self.thread = get_ident()
        # One for each run, not one for each reactor: a reactor that isn't running holds no descriptors.
        self.waker = waker = self.system.waker()
        self.descriptors.add_reader(waker)
        try:
            yield waker
        finally:
            self.descriptors.remove_reader(waker)
            self.waker = None
            turning.pop(self.thread, None)
            self.thread = None
            waker.close()

    def turn(self) -> None:
        """One turn of `run()`. A driver may replace it in one reactor's `__dict__`, as asyncioloop does."""
        if self.make_due_calls():
            self.serve(self.longest_wait())

    def make_due_calls(self) -> bool:
        """For drivers: the first half of a turn. Make the calls from threads, those whose time has come, and shut down.

        Returns whether the run goes on. What the calls raise is logged. The shutdown happens here and not in `stop()`,
        so that no handler finds its connection lost in the middle of its own work.
        """
        if self._from_threads:
            self._make_calls_from_threads()
        for call in self.timers.due():
            try:
                call.run()
            except BaseException as problem:
                log_raised(problem, "in a delayed call")
        if self._shutdown_is_due:
            self._shutdown_is_due = False
            self.fireSystemEvent("shutdown")
        return self.phase is not Phase.IDLE

    def _make_calls_from_threads(self) -> None:
        for _ in range(len(self._from_threads)):  # those queued now; calls that these add are made in the next turn
            function, args, kw = self._from_threads.popleft()
            try:
                function(*args, **kw)
            except BaseException as problem:
                log_raised(problem, "in a call from a thread")

    def longest_wait(self) -> float | None:
        """For drivers: how many seconds `serve` may wait for events; 0 when work is pending, None for ever."""
        if self.written or self._from_threads or self._shutdown_is_due:
            return 0
        return self.timers.delay_until_next()

    def next_turn_due(self) -> float | None:
        """For drivers that wait elsewhere: the same as a time on this reactor's clock; AT_ONCE, or None for never.

        It is the timer's own time: `seconds() + longest_wait()` may be rounded to just before it, and a simulated
        clock, which moves no further than it is told, would never reach the timer.
        """
        return AT_ONCE if self.longest_wait() == 0 else self.timers.next_time()

    def serve(self, timeout: float | None) -> None:
        """For drivers: the second half of a turn. Send what was written, then wait for events and handle each once.

        timeout: seconds, None for ever. A handler may call this again: one that runs a dialog's loop does.
        """
        if self._serving:  # what such a handler wrote can't wait until it returns
            self.written.extend(one for one in self.transports if getattr(one, "pending_bytes", 0))
        outer, self._serving = (self._serving, self.served), True
        if self.written:
            written = self.written[:]  # a copy, and the list stays the same: a guest's tells its host of additions
            self.written.clear()
            for transport in written:
                self.let_write(transport)
            timeout = 0 if self.written else timeout  # producers wrote more meanwhile
        try:
            ready = self.descriptors.poller.poll(timeout)
        except ClosedDescriptors as closed:
            ready = []
            self.descriptors.lose_closed(closed.fds)
        turning[self.thread], readers, writers = self, self.descriptors.readers, self.descriptors.writers
        # Handlers are called right here: a queue of event objects cost 7 % of an echo of 64 bytes. Each is looked up
        # just before: an earlier one may have removed it. A mask with neither bit is an error, and concerns both.
        for fd, mask in ready:
            if mask != WRITABLE and (reader := readers.get(fd)) is not None:
                self.served = reader
                try:
                    ending = reader.doRead()
                except BaseException as problem:
                    ending = log_raised(problem, f"in a handler of {reader!r}")
                if ending is not None or reader not in self.transports:
                    self.descriptors.settle(reader, ending, reading=True)
            if mask != READABLE and (writer := writers.get(fd)) is not None:
                self.let_write(writer)
        self._serving, self.served = outer

    def let_write(self, writer: IWriteDescriptor) -> None:
        """Call one writer, as `serve` calls readers; reading is written out there because it happens most."""
        self.served = writer
        try:
            ending = writer.doWrite()
        except BaseException as problem:
            ending = log_raised(problem, f"in a handler of {writer!r}")
        if ending is not None or writer not in self.transports:
            self.descriptors.settle(writer, ending)

    # --- time and threads

    def seconds(self) -> float:
        """Now, in seconds, on a clock that never goes back (Twisted's, `time.time()`, may): only differences count."""
        return self.system.seconds()

    def callLater(self, delay: float, callable: Callable[..., object], *args: Any, **kw: Any) -> DelayedCall:
        """Run `callable(*args, **kw)` once, in a later turn of the loop.

        delay: seconds on this reactor's clock, >= 0. Zero means the next turn, never this one, so that an action which
            asks again for itself cannot starve the sockets.
        Returns a DelayedCall; it can be cancelled, delayed or reset until it has run.
        Raises ValueError for a negative or NaN delay.
        Calls due at the same instant run in the order in which they were asked for.
        """
        return self.timers.call_later(delay, callable, args, kw)

    def getDelayedCalls(self) -> list[DelayedCall]:
        """Every delayed call that is still to come, in no particular order."""
        return self.timers.pending()

    def callFromThread(self, callable: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Run the call in the loop's thread, in its next turn. The one method that any thread may call.

        Calls from one thread keep their order. The queue has no bound: a thread that asks faster than the loop works
        must slow itself down. Calls made before `run()` wait for it.
        """
        if not builtins.callable(callable):  # the parameter, which has Twisted's name, hides the built-in function
            raise TypeError(f"callFromThread needs something to call, not {callable!r}")
        # In this order: a loop that is woken first may look, find nothing, and go back to sleep.
        self._from_threads.append((callable, args, kw))
        if (waker := self.waker) is not None:  # one look only: the run may end, and clear it, between two
            waker.wake()

    # --- events

    def callWhenRunning(self, callable: Callable[..., object], *args: Any, **kw: Any) -> Trigger | None:
        """Make the call after startup, or at once if the reactor is running already.

        Returns a handle for `removeSystemEventTrigger`; None if the call was made at once.
        """
        if self.running:
            callable(*args, **kw)
            return None
        return self.addSystemEventTrigger("after", "startup", callable, *args, **kw)

    def addSystemEventTrigger(
        self, phase: str, eventType: str, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> Trigger:
        """Make the call when the event is fired.

        phase: "before" (may return a Deferred; the event waits for it), "during" or "after".
        eventType: "startup" and "shutdown" are fired by the reactor, others by `fireSystemEvent`.
        Raises KeyError for another phase, TypeError if `callable` can't be called.
        """
        event = self.events.setdefault(eventType, SystemEvent())
        return event.add(phase, callable, args, kw)

    def removeSystemEventTrigger(self, triggerID: Trigger) -> None:
        """Remove the trigger that `addSystemEventTrigger` returned. Raises ValueError if it ran or was removed."""
        for event in self.events.values():
            if event.has(triggerID):
                return event.remove(triggerID)
        raise ValueError(f"{triggerID!r} is no trigger that is still to come")

    def fireSystemEvent(self, eventType: str) -> None:
        """Fire an event; one without any trigger is no error."""
        if (event := self.events.get(eventType)) is not None:
            event.fire()

    # --- file descriptors of others

    def addReader(self, reader: IReadDescriptor) -> None:
        """Call `reader.doRead()` whenever its descriptor is readable. Raises ValueError if that is closed."""
        self.descriptors.add_reader(reader)

    def addWriter(self, writer: IWriteDescriptor) -> None:
        """Call `writer.doWrite()` whenever its descriptor is writable. Raises ValueError if that is closed."""
        self.descriptors.add_writer(writer)

    def removeReader(self, reader: IReadDescriptor) -> None:
        """Stop calling `doRead`. Does nothing if the reader was never added."""
        self.descriptors.remove_reader(reader)

    def removeWriter(self, writer: IWriteDescriptor) -> None:
        """Stop calling `doWrite`. Does nothing if the writer was never added."""
        self.descriptors.remove_writer(writer)

    def removeAll(self) -> list[Any]:
        """Remove every reader and writer, except the reactor's own waker. Returns them, each once."""
        return self.descriptors.remove_all(but=self.waker)

    def getReaders(self) -> list[Any]:
        """All readers, the reactor's own ports and connections among them."""
        return [one for one in self.descriptors.readers.values() if one is not self.waker]

    def getWriters(self) -> list[Any]:
        """All writers, among them connections whose peer is slow to take what they wrote."""
        return list(self.descriptors.writers.values())
