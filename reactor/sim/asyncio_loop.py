"""asyncio in a simulated program: its event loop, on simulated sockets, in steps.

Nothing of asyncio is written anew. `ReactorEventLoop` lets the standard library's selector loop wait by the turns of a
reactor; here that reactor is a simulated one, and the module `socket` gives a program simulated sockets, so that
asyncio's own transports, streams and TLS run on the world's network. (The other way, asyncio's transports once more on
top of ours, would be a second truth about what asyncio does.)

What is left is the waiting. A loop that waits inside its own call keeps every program further out on the stack from
going on. So `SimEventLoop` leaves asyncio's `run_forever` where it would wait, and enters it again when the time has
come or a socket is ready; no task can tell. `asyncio.run` and its kin call `run_forever`, so a script that calls them
is split there (splitting.py). A library that calls them from inside its own functions waits inside the call.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import warnings
from collections.abc import Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from selectors import SelectorKey
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

import reactor.asyncioloop
from reactor.asyncioloop.loop import ReactorEventLoop
from reactor.asyncioloop.selector import TurnSelector
from reactor.core.loop.core import Phase
from reactor.sim.errors import NoProcessesError
from reactor.sim.resolver import ANSWER_AFTER_S

if TYPE_CHECKING:
    from reactor.sim.sim_reactor import SimReactor

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_TICK_S = 1e-9  # what asyncio takes for "at once": the resolution of the clock, as time.get_clock_info has it


class SimEventLoop(ReactorEventLoop):
    """The asyncio event loop of a simulated program. reactor: the program's."""

    reactor: SimReactor

    def __init__(self, reactor: SimReactor) -> None:
        self._leaving = _LeavingSelector(reactor, self.stop)
        super().__init__(reactor, self._leaving)
        reactor.asyncio_loop = self

    def ends(self) -> None:
        """Its program is about to end: from now on leave each run where it would wait, and complain of nothing."""
        self._leaving.leaves = True
        self.set_exception_handler(lambda loop, context: None)

    def end(self) -> None:
        """Its program has ended: cancel the tasks that are left, run them for as long as they don't wait, and close."""
        if self.is_closed():
            return
        self.ends()
        for task in asyncio.all_tasks(self):
            task.cancel()
        with self.whole_run():
            asyncio.SelectorEventLoop.run_forever(self)
        self.close()

    def turns(self) -> Generator[float | None, None, None]:
        """All of `run_forever()`, as a generator: where it would wait, it yields until when: a time, None for ever."""
        with self.whole_run():
            yield from self._until_stopped()
            while self.reactor.phase is Phase.STOPPING:
                yield from self._until_stopped()

    def turns_of_reactor(self) -> Generator[float | None, None, None]:
        """As `turn_the_reactor()`, which is all the turns of a `reactor.run()`; likewise a generator."""
        yield from self._until_stopped()
        self.end_run_of_reactor()

    def _until_stopped(self) -> Generator[float | None, None, None]:
        """asyncio's own run, until somebody stops it."""
        while True:
            with self._leaving.instead_of_waiting():
                asyncio.SelectorEventLoop.run_forever(self)
            if not self._leaving.has_left:
                return
            yield self._leaving.until

    def run_in_executor(self, executor: Any, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Run `func(*args)` in a turn of its own: as a thread would that gets all it needs at that moment.

        Where a thread would wait, so does the loop. asyncio asks for names in this way.
        executor: None, or one of threads. Raises NoProcessesError for others.
        """
        if not isinstance(executor, ThreadPoolExecutor | None):
            raise NoProcessesError(f"a simulated program has nothing but itself to run on, no {executor!r}")
        done: asyncio.Future[T] = self.create_future()
        self.call_later(ANSWER_AFTER_S, _run, done, func, args)
        return done


def _run(done: asyncio.Future[T], func: Callable[[*Ts], T], args: tuple[*Ts]) -> None:
    if done.cancelled():
        return
    try:
        done.set_result(func(*args))
    except StopIteration as problem:  # no Future takes it; concurrent.futures' would, and asyncio then never ends
        done.set_exception(RuntimeError(f"{func!r} raised {problem!r}"))
    except Exception as problem:
        done.set_exception(problem)


class _LeavingSelector(TurnSelector):
    """Instead of waiting, has the loop leave its run.

    leaves: whether it is to. has_left: whether it did. until: when the wait would have ended: a time of the reactor's
    clock, None for never.
    """

    _reactor: SimReactor

    def __init__(self, reactor: SimReactor, stop: Any) -> None:
        super().__init__(reactor, stop)
        self.has_left = self.leaves = False
        self.until: float | None = None
        self._stop = stop

    @contextlib.contextmanager
    def instead_of_waiting(self) -> Iterator[None]:
        """While the block runs, `select` doesn't wait."""
        self.has_left, self.leaves = False, True
        try:
            yield
        finally:
            self.leaves = False

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """As `TurnSelector.select`, except that where that would wait the loop is told to stop."""
        if not self.leaves or (timeout is not None and timeout <= _TICK_S) or self._has_work():
            return super().select(timeout)
        times = [] if timeout is None else [self._reactor.seconds() + timeout]
        if (due := self._reactor.next_turn_due()) is not None:
            times.append(due)
        self.until = min(times, default=None)
        self.has_left = True
        self._stop()  # asyncio has nothing to run in this turn, so it ends here
        return []

    def _has_work(self) -> bool:
        reactor = self._reactor
        return reactor.phase is Phase.IDLE or reactor.longest_wait() == 0 or reactor.poller.is_anybody_ready()


def run(main: Coroutine[Any, Any, T], *, debug: bool | None = None, loop_factory: Any = None) -> T:
    """`asyncio.run`. The page's Python puts another there, which hands the coroutine to the page's loop."""
    with asyncio.Runner(debug=debug, loop_factory=loop_factory) as runner:
        return runner.run(main)


class OwnLoops:
    """asyncio's policy for one simulated program: which loop is current, and how to make one.

    asyncio has one policy in each process; programs that share it would find each other's loops.
    """

    def __init__(self, reactor: SimReactor) -> None:
        self._reactor = reactor
        self._current: asyncio.AbstractEventLoop | None = None

    def new_event_loop(self) -> SimEventLoop:
        """As `asyncio.new_event_loop`. Raises RuntimeError when the program has an open one: its reactor serves one."""
        return SimEventLoop(self._reactor)

    def set_event_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """As `asyncio.set_event_loop`."""
        self._current = loop

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        """As `asyncio.get_event_loop` outside a run: the current loop, which it makes when there was none yet."""
        if self._current is None:
            self._current = self.new_event_loop()
        return self._current

    def surroundings(self) -> list[tuple[Any, str, Any]]:
        """What a program has for its own; see interpreter.py."""
        return [
            (asyncio, "run", run),
            (asyncio.events, "_event_loop_policy", self),
            (reactor.asyncioloop, "ReactorEventLoop", lambda reactor: self.new_event_loop()),
        ]


@contextlib.contextmanager
def last_breath() -> Iterator[None]:
    """At the end of the block free, unheard, what a program has left: open transports, coroutines that never ended."""
    hook, sys.unraisablehook = sys.unraisablehook, lambda unraisable: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
            gc.collect()
    finally:
        sys.unraisablehook = hook


@contextlib.contextmanager
def no_loop_around() -> Iterator[None]:
    """While the block runs, asyncio knows of no running loop: neither a page's, nor that of a program that waits."""
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(outer)
