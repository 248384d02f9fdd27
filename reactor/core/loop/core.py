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
"""

from __future__ import annotations

import enum
from _thread import get_ident
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from reactor import error, log
from reactor.core.loop.descriptors import Descriptors
from reactor.core.loop.lookups import Lookups
from reactor.core.loop.signals import stopping_on_signals
from reactor.core.loop.threads import Threads
from reactor.core.loop.timers import DelayedCall, Timers, check_seconds
from reactor.core.loop.triggers import SystemEvent, Trigger
from reactor.core.pollers import READABLE, WRITABLE, ClosedDescriptors, Poller
from reactor.core.system import System, Waker
from reactor.failure import Failure
from reactor.interfaces import IReadDescriptor, IWriteDescriptor

# What a handler may raise without ending the loop. SystemExit is among them, as in Twisted: the way to end a program
# is reactor.stop(), which lets connections say goodbye. KeyboardInterrupt is not: it comes from the person.
HANDLER_ERRORS = (Exception, SystemExit)


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
    thread: the number of the thread that turns the loop, None while nobody does.
    """

    def __init__(self, poller: Poller, system: System) -> None:
        self.system = system
        self.running = False
        self.written: list[IWriteDescriptor] = []
        self.transports: dict[Any, None] = {}  # a set that keeps its order, so that a shutdown is the same each time
        self._phase = Phase.IDLE
        self._shutdown_is_due = False
        self._serving = False
        self._descriptors = Descriptors(poller)
        self._timers = Timers(system.seconds)
        self._from_threads: deque[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = deque()
        self._waker: Waker | None = None
        self.thread: int | None = None
        self.threads = Threads(self.callFromThread)
        self.lookups = Lookups(system, self.callLater, self.callFromThread)
        self._events = {"startup": SystemEvent(self._begin), "shutdown": SystemEvent(self._end)}

    # --- starting and stopping

    def run(self, installSignalHandlers: bool = True) -> None:
        """Run until `stop()`, `crash()`, SIGINT or SIGTERM. It may be called again afterwards.

        installSignalHandlers: whether the two signals end the run cleanly; only the main thread can have that.
        Raises ReactorAlreadyRunning from inside a run.
        """
        with self._begun(installSignalHandlers):
            self._events["startup"].fire()
            while self._phase is not Phase.IDLE:
                self._turn()

    @contextmanager
    def _begun(self, install_signal_handlers: bool) -> Iterator[None]:
        """All that a run needs around its turns."""
        if self._phase is not Phase.IDLE:
            raise error.ReactorAlreadyRunning("run() was called while the reactor runs")
        self._phase = Phase.RUNNING
        try:
            with self._awake() as waker, self._signals(waker, install_signal_handlers):
                yield
        finally:
            self.running = False
            self._phase = Phase.IDLE
            self._shutdown_is_due = False
            self._serving = False

    def _signals(self, waker: Waker, wanted: bool) -> AbstractContextManager[None]:
        return stopping_on_signals(self._stop_soon, waker) if wanted else nullcontext()

    def _begin(self) -> None:
        self.running = True
        self.threads.start()

    def stop(self) -> None:
        """End the run: fire the shutdown event in the next turn, close what is open, return from `run()`.

        Raises ReactorNotRunning when it doesn't run, or has been told already.
        """
        if self._phase is not Phase.RUNNING:
            raise error.ReactorNotRunning("Can't stop reactor that isn't running.")
        self._phase = Phase.STOPPING
        self._shutdown_is_due = True

    def _stop_soon(self) -> None:
        """Stop, asked for in the middle of anything: a signal came."""
        self.callFromThread(lambda: self.stop() if self._phase is Phase.RUNNING else None)

    def _end(self) -> None:
        """The shutdown itself: leave the loop, and tell everybody that their connection is lost."""
        self.crash()
        for one in dict.fromkeys([*self.transports, *self.removeAll()]):
            self._lose(one, error.ConnectionLost())
        with self._awake():
            self.threads.stop(self._wait_for_threads)

    def _wait_for_threads(self) -> None:
        self._serve(0 if self._from_threads else None)
        self._make_calls_from_threads()

    def crash(self) -> None:
        """Leave `run()` at the end of this turn. No event is fired, nothing is closed; `run()` may go on from there."""
        self.running = False
        self._phase = Phase.IDLE

    def iterate(self, delay: float = 0) -> None:
        """One turn, by hand: make the calls that are due, then wait at most `delay` seconds for one round of events.

        Raises ValueError for a delay below 0, which a poller would take for ever.
        """
        check_seconds("a delay", delay)
        with self._awake():
            self._make_calls()
            self._serve(delay)

    @contextmanager
    def _awake(self) -> Iterator[Waker]:
        """Have a waker for the time of the block: what a thread or a signal does ends the loop's wait."""
        if self._waker is not None:  # iterate() inside of run()
            yield self._waker
            return
        self.thread = get_ident()
        self._waker = waker = self.system.waker()
        self._descriptors.add_reader(waker)
        try:
            yield waker
        finally:
            self._descriptors.remove_reader(waker)
            self._waker = None
            self.thread = None
            waker.close()

    # --- one turn

    def _turn(self) -> None:
        self._make_calls()
        if self._phase is not Phase.IDLE:
            self._serve(self._patience())

    def _make_calls(self) -> None:
        if self._from_threads:
            self._make_calls_from_threads()
        for call in self._timers.due():
            try:
                call.run()
            except HANDLER_ERRORS:
                log.err(None, "in a delayed call")
        if self._shutdown_is_due:
            self._shutdown_is_due = False
            self._events["shutdown"].fire()

    def _make_calls_from_threads(self) -> None:
        for _ in range(len(self._from_threads)):  # those that are there now; what they add comes next turn
            function, args, kw = self._from_threads.popleft()
            try:
                function(*args, **kw)
            except HANDLER_ERRORS:
                log.err(None, "in a call from a thread")

    def _patience(self) -> float | None:
        """How long nothing is going to happen by itself, in seconds; None if for ever."""
        if self.written or self._from_threads or self._shutdown_is_due:
            return 0
        return self._timers.delay_until_next()

    def _serve(self, timeout: float | None) -> None:
        """Send what was written, then let everybody who is ready read or write once."""
        if self._serving:  # a handler runs the loop inside the loop, as a dialog does: don't wait for it to return
            self.written.extend(one for one in self.transports if getattr(one, "pending_bytes", 0))
        outer, self._serving = self._serving, True
        if self.written:
            written = self.written[:]
            self.written.clear()
            for transport in written:
                self._let_write(transport)
            if self.written:  # producers have written more
                timeout = 0
        readers, writers = self._descriptors.readers, self._descriptors.writers
        try:
            ready = self._descriptors.poller.poll(timeout)
        except ClosedDescriptors as closed:
            ready = []
            self._lose_closed(closed.fds)
        for fd, mask in ready:
            if mask != WRITABLE and (reader := readers.get(fd)) is not None:
                try:
                    ending = reader.doRead()
                except HANDLER_ERRORS as problem:
                    ending = self._logged(problem, reader)
                if ending is not None:
                    self._lose(reader, ending, reading=True)
            if mask != READABLE and (writer := writers.get(fd)) is not None:
                self._let_write(writer)
        self._serving = outer

    def _let_write(self, writer: IWriteDescriptor) -> None:
        """As for reading, above, which stands in the loop itself because it happens most."""
        try:
            ending = writer.doWrite()
        except HANDLER_ERRORS as problem:
            ending = self._logged(problem, writer)
        if ending is not None:
            self._lose(writer, ending)

    def _lose_closed(self, fds: list[int]) -> None:
        """Somebody closed these while they were watched. Their owners must hear of it, or the loop would spin."""
        for owner in self._descriptors.remove_closed(fds):
            self._lose(owner, error.ConnectionFdescWentAway("it was closed while the reactor watched it"))

    def _logged(self, problem: BaseException, descriptor: object) -> BaseException:
        log.err(problem, f"in a handler of {descriptor!r}")
        return problem

    def _lose(self, descriptor: Any, ending: BaseException, reading: bool = False) -> None:
        """Take a descriptor out of the loop and tell it why; half of it, if the peer has only stopped sending."""
        if not isinstance(ending, BaseException):  # a descriptor of somebody else's, and what it returned means nothing
            return
        self._descriptors.remove_reader(descriptor)
        reason = Failure(ending)
        try:
            half_close = getattr(descriptor, "readConnectionLost", None)
            if reading and half_close is not None and isinstance(ending, error.ConnectionDone):
                half_close(reason)
            else:
                self._descriptors.remove_writer(descriptor)
                descriptor.connectionLost(reason)
        except HANDLER_ERRORS:
            log.err(None, f"while {descriptor!r} was told that its connection is lost")

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
        return self._timers.call_later(delay, callable, args, kw)

    def getDelayedCalls(self) -> list[DelayedCall]:
        """Every delayed call that is still to come, in no order."""
        return self._timers.pending()

    def callFromThread(self, callable: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Run the call in the loop's thread, in its next turn. The one method that any thread may call.

        Calls from one thread keep their order. The queue has no bound: a thread that asks faster than the loop works
        must be slowed by its own means. Before `run()` the calls wait for it.
        """
        if not _is_callable(callable):
            raise TypeError(f"callFromThread needs something to call, not {callable!r}")
        self._from_threads.append((callable, args, kw))
        if (waker := self._waker) is not None:
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
        event = self._events.setdefault(eventType, SystemEvent())
        return event.add(phase, callable, args, kw)

    def removeSystemEventTrigger(self, triggerID: Trigger) -> None:
        """Take back what `addSystemEventTrigger` returned. Raises ValueError when it has run or was removed."""
        for event in self._events.values():
            if event.has(triggerID):
                return event.remove(triggerID)
        raise ValueError(f"{triggerID!r} is no trigger that is still to come")

    def fireSystemEvent(self, eventType: str) -> None:
        """Fire an event; one that nobody has a trigger for is no error."""
        if (event := self._events.get(eventType)) is not None:
            event.fire()

    # --- file descriptors of others

    def addReader(self, reader: IReadDescriptor) -> None:
        """Call `reader.doRead()` whenever its descriptor is readable. Raises ValueError for one that is closed."""
        self._descriptors.add_reader(reader)

    def addWriter(self, writer: IWriteDescriptor) -> None:
        """Call `writer.doWrite()` whenever its descriptor is writable. Raises ValueError for one that is closed."""
        self._descriptors.add_writer(writer)

    def removeReader(self, reader: IReadDescriptor) -> None:
        """Stop calling `doRead`. One that isn't there is no error."""
        self._descriptors.remove_reader(reader)

    def removeWriter(self, writer: IWriteDescriptor) -> None:
        """Stop calling `doWrite`. One that isn't there is no error."""
        self._descriptors.remove_writer(writer)

    def removeAll(self) -> list[Any]:
        """Stop calling anybody; returns them, each once. (The reactor's own waker stays.)"""
        return self._descriptors.remove_all(but=self._waker)

    def getReaders(self) -> list[Any]:
        """Who is called when they can read."""
        return [one for one in self._descriptors.readers.values() if one is not self._waker]

    def getWriters(self) -> list[Any]:
        """Who is called when they can write."""
        return list(self._descriptors.writers.values())


_is_callable = callable
