"""The reactor of a simulated program: the loop, transports and protocols of the real one, with another way to wait.

A real loop waits in its poller, and the whole process waits with it. Here several programs share one thread. So a loop
that has nothing to do passes control to the world, which lets the others work and moves the clock. It does so in one
of two ways. The better one: `turns()` is the loop as a generator, which stops wherever the loop would wait. The other
one is for a `run()` or `iterate()` that the program calls, and that must not return before its time: the poller then
lets the world go on inside this very call.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, NoReturn

from reactor.core.loop.core import Phase
from reactor.core.reactor import Reactor
from reactor.core.system import Waker
from reactor.core.transports.checks import check_pool_size
from reactor.sim.poller import SimPoller
from reactor.sim.resolver import SimLookups
from reactor.sim.system import SimSystem, no_threads

if TYPE_CHECKING:
    from reactor.sim.asyncio_loop import SimEventLoop


class SimReactor(Reactor):
    """A reactor in a simulated world.

    poller, system: of its program. asyncio_loop: the last one that it served, if any.
    """

    system: SimSystem

    def __init__(self, poller: SimPoller, system: SimSystem) -> None:
        super().__init__(poller, system)
        self.poller = poller
        self.lookups = SimLookups(system, self.callLater)
        self.asyncio_loop: SimEventLoop | None = None

    def turns(self) -> Generator[float | None, None, None]:
        """All of `run()`, as a generator: where the loop would wait, it yields until when: a time, or None for ever."""
        with self.begin_run(True):
            self.fireSystemEvent("startup")
            while self.phase is not Phase.IDLE:
                if (loop := self.asyncio_loop) and not loop.is_closed():
                    yield from loop.turns_of_reactor()
                elif self.make_due_calls():
                    due = self.next_turn_due()
                    yield due if due is None else max(due, self.seconds())
                    self.serve(0)

    def interrupt(self) -> None:
        """Do as SIGINT or SIGTERM does: end the run, from outside it."""
        self.stop_soon()

    def handling_signals(self, waker: Waker, wanted: bool) -> AbstractContextManager[None]:
        return nullcontext()  # signals of the process are the world's, not one program's

    def getThreadPool(self) -> NoReturn:
        """Raises SimulationError: there are no threads."""
        no_threads()

    def callInThread(self, callable: Callable[..., object], *args: object, **kwargs: object) -> NoReturn:
        """Raises SimulationError: there are no threads."""
        no_threads()

    def suggestThreadPoolSize(self, size: int) -> None:
        """Does nothing: there are no threads, however many are suggested."""
        check_pool_size(size)

    def spawnProcess(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises OSError: a simulated host runs the programs that its world was told to run, no others."""
        self.system.spawn(None)  # type: ignore[arg-type]  # it doesn't even look
        raise AssertionError("spawn has raised")
