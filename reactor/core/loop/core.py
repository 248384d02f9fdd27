"""The event loop.

    while it runs:
        make the calls that other threads asked for, then those whose time has come
        send what has been written
        ask the poller who is ready, waiting no longer than until the next call is due
        let each that is ready read or write, once

Everything a program does happens inside one of those calls, one at a time, so nothing needs a lock. Nothing may wait
there either. A handler that raises is logged and costs its own connection, never the loop.

Nothing is sent from inside `write`: a header and a body written one after the other leave as one piece, and no `write`
can fail in its caller's face. An answer leaves when the handler that wrote it returns; what was written from elsewhere
leaves in the coming turn, before the loop waits. (Sending inside `write` would save a few percent on answers of one
piece and cost a system call for each piece of the others. Keeping all answers until the turn is over costs twice as
much at 16 KiB: they are all in memory at once. See benchmarks/echo.py.)

Some loops don't wait by themselves: that of a simulated program lets the rest of its world go on, a guest waits in Qt's
or asyncio's. Such a *driver* takes `run` and `turn` apart and puts its own wait between the parts. These are methods
whose docstrings begin with "For drivers"; `run`, `turn` and `iterate` are the examples of their order. Programs and
transports call none of them.
"""

from __future__ import annotations

import builtins
import enum
from _thread import get_ident
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from reactor import error, log
from reactor.core.loop.descriptors import HANDLER_ERRORS, Descriptors
from reactor.core.loop.lookups import Lookups
from reactor.core.loop.signals import stopping_on_signals
from reactor.core.loop.threads import Threads
from reactor.core.loop.timers import DelayedCall, Timers, check_seconds
from reactor.core.loop.triggers import SystemEvent, Trigger
from reactor.core.pollers import READABLE, WRITABLE, ClosedDescriptors, Poller
from reactor.core.system import System, Waker
from reactor.interfaces import IReadDescriptor, IWriteDescriptor

AT_ONCE = float("-inf")  # as a time on a reactor's clock: earlier than every timer, so that min() and < just work


class Phase(enum.Enum):
    """Where a reactor is between `run()` and the end of it."""

    IDLE = "not running"
    RUNNING = "running"
    STOPPING = "told to stop"  # until every trigger before shutdown is through


class Loop:
    """The reactor without the network: turns, timers, threads, startup and shutdown.

    poller: asks the operating system who is ready. system: the door to everything else of it.
    running: from the startup event to the shutdown event.
    written: transports that have something to send in the coming turn; they put themselves here, once each.
    transports: everything that must be told when the loop ends, put here and removed by its owner.
    lookups: names to addresses. threads: those that work for this loop.
    thread: the number of the thread that turns the loop, None while none does.

    For drivers and watchers, to look at: `phase` of the run; `descriptors`, `timers` and `events` (by name) that the
    loop serves; the `waker` that ends its wait, None outside of runs.
    """

    def __init__(self, poller: Poller, system: System) -> None:
        self.system = system
        self.running = False
        self.written: list[IWriteDescriptor] = []
        self.transports: dict[Any, None] = {}  # a set that keeps its order, so that a shutdown is the same each time
        self.phase = Phase.IDLE
        self._shutdown_is_due = False
        self._serving = False
        self.descriptors = Descriptors(poller)
        self.timers = Timers(system.seconds)
        # No lock around it: append and popleft of a deque are safe between threads, says the library reference.
        self._from_threads: deque[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = deque()
        self.waker: Waker | None = None
        self.thread: int | None = None
        self.threads = Threads(self.callFromThread)
        self.lookups = Lookups(system, self.callLater, self.callFromThread)
        self.events = {"startup": SystemEvent(self.become_running), "shutdown": SystemEvent(self._end)}

    # --- a run, and its end

    def run(self, installSignalHandlers: bool = True) -> None:
        """Run until `stop()`, `crash()`, SIGINT or SIGTERM. It may be called again afterwards.

        installSignalHandlers: whether the two signals end the run cleanly; only the main thread can have that.
        Raises ReactorAlreadyRunning from inside a run.
        """
        with self.begin_run(installSignalHandlers):
            self.fireSystemEvent("startup")
            while self.phase is not Phase.IDLE:
                self.turn()

    @contextmanager
    def begin_run(self, install_signal_handlers: bool) -> Iterator[None]:
        """For drivers: what a run needs around its turns, for the time of the block. The run is over when that ends.

        The driver fires the startup event inside. Raises ReactorAlreadyRunning from inside a run, ValueError for
        signals outside of the main thread.
        """
        if self.phase is not Phase.IDLE:
            raise error.ReactorAlreadyRunning("run() was called while the reactor runs")
        self.phase = Phase.RUNNING
        try:
            with self.awake() as waker, self.handling_signals(waker, install_signal_handlers):
                yield
        finally:
            self.running = False
            self.phase = Phase.IDLE
            self._shutdown_is_due = False
            self._serving = False

    def handling_signals(self, waker: Waker, wanted: bool) -> AbstractContextManager[None]:
        """Have SIGINT and SIGTERM end the run, if wanted. A driver whose signals are not the process's overrides it."""
        return stopping_on_signals(self.stop_soon, waker) if wanted else nullcontext()

    def become_running(self) -> None:
        """The startup event itself, between its triggers. Drivers fire the event; they may watch this, not call it."""
        self.running = True
        self.threads.start()

    def stop(self) -> None:
        """End the run: fire the shutdown event in the next turn, close what is open, return from `run()`.

        Raises ReactorNotRunning when it doesn't run, or has been told already.
        """
        if self.phase is not Phase.RUNNING:
            raise error.ReactorNotRunning("Can't stop reactor that isn't running.")
        self.phase = Phase.STOPPING
        self._shutdown_is_due = True

    def stop_soon(self) -> None:
        """For drivers: stop in the next turn, if the loop still runs then. A signal, or any thread, may ask for it."""
        self.callFromThread(lambda: self.stop() if self.phase is Phase.RUNNING else None)

    def _end(self) -> None:
        """The shutdown itself: leave the loop, and tell every transport and descriptor that its connection is lost."""
        self.crash()
        for one in dict.fromkeys([*self.transports, *self.removeAll()]):
            self.descriptors.lose(one, error.ConnectionLost())
        with self.awake():  # there is no waker when the program fires the shutdown event outside of a run
            self.threads.stop(self._wait_for_threads)

    def _wait_for_threads(self) -> None:
        self.serve(0 if self._from_threads else None)
        self._make_calls_from_threads()

    def crash(self) -> None:
        """Leave `run()` at the end of this turn. No event is fired, nothing is closed; `run()` may go on from there."""
        self.running = False
        self.phase = Phase.IDLE

    # --- one turn

    def iterate(self, delay: float = 0) -> None:
        """One turn, by hand: make the calls that are due, then wait at most `delay` seconds for one round of events.

        Raises ValueError for a delay below 0, which a poller would take for ever.
        """
        check_seconds("a delay", delay)
        with self.awake():
            self.make_due_calls()
            self.serve(delay)

    @contextmanager
    def awake(self) -> Iterator[Waker]:
        """Have a waker for the time of the block: what a thread or a signal does ends the loop's wait.

        `begin_run` does this; a driver needs it only for a turn outside of a run, as `iterate` is.
        """
        if self.waker is not None:  # iterate() inside of run()
            yield self.waker
            return
        self.thread = get_ident()
        self.waker = waker = self.system.waker()
        self.descriptors.add_reader(waker)
        try:
            yield waker
        finally:
            self.descriptors.remove_reader(waker)
            self.waker = None
            self.thread = None
            waker.close()

    def turn(self) -> None:
        """One turn of `run()`. A driver may put its own into a reactor's dictionary, as asyncioloop does."""
        if self.make_due_calls():
            self.serve(self.longest_wait())

    def make_due_calls(self) -> bool:
        """For drivers: the first half of a turn. Make the calls from threads, those whose time has come, and shut down.

        Returns whether the run goes on. What the calls raise is logged; the shutdown, when `stop()` was called, is
        here and not in `stop()`, so that no handler finds its connection lost in the middle of its own work.
        """
        if self._from_threads:
            self._make_calls_from_threads()
        for call in self.timers.due():
            try:
                call.run()
            except HANDLER_ERRORS:
                log.err(None, "in a delayed call")
        if self._shutdown_is_due:
            self._shutdown_is_due = False
            self.fireSystemEvent("shutdown")
        return self.phase is not Phase.IDLE

    def _make_calls_from_threads(self) -> None:
        for _ in range(len(self._from_threads)):  # those that are there now; what they add comes next turn
            function, args, kw = self._from_threads.popleft()
            try:
                function(*args, **kw)
            except HANDLER_ERRORS:
                log.err(None, "in a call from a thread")

    def longest_wait(self) -> float | None:
        """For drivers: how many seconds `serve` may wait for events; 0 when there is work, None for ever."""
        if self.written or self._from_threads or self._shutdown_is_due:
            return 0
        return self.timers.delay_until_next()

    def next_turn_due(self) -> float | None:
        """For drivers that wait elsewhere: the same as a point on this reactor's clock, AT_ONCE or None for never.

        It is the timer's own time. `seconds() + longest_wait()` may be rounded to just before it, and a simulated
        clock, which moves no further than it is told, would never get there.
        """
        return AT_ONCE if self.longest_wait() == 0 else self.timers.next_time()

    def serve(self, timeout: float | None) -> None:
        """For drivers: the second half of a turn. Send what was written, then wait for events and handle each once.

        timeout: seconds, None for ever. A handler may call this again, as one does that runs a dialog's loop.
        """
        if self._serving:  # such a handler's answer can't wait for it to return
            self.written.extend(one for one in self.transports if getattr(one, "pending_bytes", 0))
        outer, self._serving = self._serving, True
        if self.written:
            written = self.written[:]  # and not another list in its place: a guest's list tells the host of additions
            self.written.clear()
            for transport in written:
                self.let_write(transport)
            if self.written:  # producers have written more
                timeout = 0
        readers, writers = self.descriptors.readers, self.descriptors.writers
        try:
            ready = self.descriptors.poller.poll(timeout)
        except ClosedDescriptors as closed:
            ready = []
            self.descriptors.lose_closed(closed.fds)
        # Called from here: an object for each event, on a queue, cost 7 % of an echo of 64 bytes. Looked up when its
        # turn comes: a handler before it may have removed it. A mask of neither bit is an error, and concerns both.
        for fd, mask in ready:
            if mask != WRITABLE and (reader := readers.get(fd)) is not None:
                try:
                    ending = reader.doRead()
                except HANDLER_ERRORS as problem:
                    ending = self._logged(problem, reader)
                if ending is not None:
                    self.descriptors.lose(reader, ending, reading=True)
            if mask != READABLE and (writer := writers.get(fd)) is not None:
                self.let_write(writer)
        self._serving = outer

    def let_write(self, writer: IWriteDescriptor) -> None:
        """Have one write, as above one reads; reading stands in `serve` itself because it happens most."""
        try:
            ending = writer.doWrite()
        except HANDLER_ERRORS as problem:
            ending = self._logged(problem, writer)
        if ending is not None:
            self.descriptors.lose(writer, ending)

    def _logged(self, problem: BaseException, descriptor: object) -> BaseException:
        log.err(problem, f"in a handler of {descriptor!r}")
        return problem

    # --- time and threads

    def seconds(self) -> float:
        """Now, in seconds, on a clock that never goes back; only differences mean something."""
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
        """Every delayed call that is still to come, in no order."""
        return self.timers.pending()

    def callFromThread(self, callable: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Run the call in the loop's thread, in its next turn. The one method that any thread may call.

        Calls from one thread keep their order. The queue has no bound: a thread that asks faster than the loop works
        must be slowed by its own means. Before `run()` the calls wait for it.
        """
        if not builtins.callable(callable):  # the parameter, which has Twisted's name, hides it
            raise TypeError(f"callFromThread needs something to call, not {callable!r}")
        self._from_threads.append((callable, args, kw))
        if (waker := self.waker) is not None:
            waker.wake()

    # --- events

    def callWhenRunning(self, callable: Callable[..., object], *args: Any, **kw: Any) -> Trigger | None:
        """Make the call once the reactor runs: after startup, or at once if it does.

        Returns a handle for `removeSystemEventTrigger`, None if it was made at once.
        """
        if self.running:
            callable(*args, **kw)
            return None
        return self.addSystemEventTrigger("after", "startup", callable, *args, **kw)

    def addSystemEventTrigger(
        self, phase: str, eventType: str, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> Trigger:
        """Make the call when the event is fired.

        phase: "before" (may return a Deferred; the event waits for it), "during" or "after". Else raises KeyError.
        callable: TypeError for what can't be called.
        eventType: "startup" and "shutdown" are fired by the reactor, others by `fireSystemEvent`.
        """
        event = self.events.setdefault(eventType, SystemEvent())
        return event.add(phase, callable, args, kw)

    def removeSystemEventTrigger(self, triggerID: Trigger) -> None:
        """Take back what `addSystemEventTrigger` returned. Raises ValueError when it has run or was removed."""
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
        """Call `reader.doRead()` whenever its descriptor is readable. Raises ValueError for one that is closed."""
        self.descriptors.add_reader(reader)

    def addWriter(self, writer: IWriteDescriptor) -> None:
        """Call `writer.doWrite()` whenever its descriptor is writable. Raises ValueError for one that is closed."""
        self.descriptors.add_writer(writer)

    def removeReader(self, reader: IReadDescriptor) -> None:
        """Stop calling `doRead`. One that isn't there is no error."""
        self.descriptors.remove_reader(reader)

    def removeWriter(self, writer: IWriteDescriptor) -> None:
        """Stop calling `doWrite`. One that isn't there is no error."""
        self.descriptors.remove_writer(writer)

    def removeAll(self) -> list[Any]:
        """Remove every reader and writer; returns them, each once. (The reactor's own waker stays.)"""
        return self.descriptors.remove_all(but=self.waker)

    def getReaders(self) -> list[Any]:
        """All that `addReader` has put here, ports and connections of the reactor's own among them."""
        return [one for one in self.descriptors.readers.values() if one is not self.waker]

    def getWriters(self) -> list[Any]:
        """All that `addWriter` has put here, and connections whose peer is slow to take what they wrote."""
        return list(self.descriptors.writers.values())
