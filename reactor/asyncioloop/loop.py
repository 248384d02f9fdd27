"""Which side starts and stops which, when a reactor and an asyncio loop are one.

Whichever side begins the run, asyncio's `run_forever` runs, and each of its turns is one of the reactor's
(`selector.py`). What differs is how a run ends; that depends on the side that began it:

    begun by                   ended by             what happens
    reactor.run()              reactor.stop()       shutdown: triggers, all connections of the reactor lost
                               loop.stop()          the same: it is the reactor's run
    loop.run_forever() or      loop.stop()          it returns, all stays open, the next run goes on from there
    run_until_complete()       reactor.stop()       shutdown, then it returns
                               loop.close()         shutdown, if there was none, and the end of the loop

A shutdown that has begun is completed, however long its triggers take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from reactor import error, log
from reactor.asyncioloop.selector import TurnSelector
from reactor.core.guests.reactor import GuestReactor
from reactor.core.loop.core import Loop, Phase


class ReactorEventLoop(asyncio.SelectorEventLoop):
    """An asyncio event loop whose turns are those of a reactor: all of asyncio's API, and protocols beside it.

    reactor: serves this one asyncio loop until `close()`. It may be running already: then the loop joins in its
        next turn. Raises RuntimeError when it has such a loop, or is itself a guest in another.
    selector: for drivers that wait in another way.
    close_within_s: how long `close()` waits for the Deferreds of shutdown triggers, in seconds.

    Where asyncio says that there is no running loop, call `create_task` on the loop itself: before the run, and in
    startup triggers. `reactor.iterate()` turns both sides; inside a run it turns the reactor alone, since
    asyncio can't run inside itself.
    """

    close_within_s = 10.0  # picked arbitrarily: long enough to say goodbye to peers, short enough to watch

    def __init__(self, reactor: Loop, selector: TurnSelector | None = None) -> None:
        self._turns = selector or TurnSelector(reactor, self.stop)
        super().__init__(self._turns)
        if obstacle := _obstacle(reactor):
            super().close()
            raise RuntimeError(obstacle)
        self.reactor = reactor
        self._was_left_open = False
        # Only this one reactor is changed: attributes in its own dictionary hide those of its class.
        vars(reactor).update(turn=self._turn_the_reactor, iterate=self._iterate)  # from its next turn on
        reactor.callFromThread(lambda: None)  # which begins now, if this one was about to wait

    def time(self) -> float:
        """Now, on the reactor's clock: the two have only one."""
        return self.reactor.seconds()

    def run_forever(self) -> None:
        """Run both sides until `loop.stop()` or `reactor.stop()`. Leaves signals to asyncio and to the program."""
        with self.whole_run():
            super().run_forever()
            while self.reactor.phase is Phase.STOPPING:
                super().run_forever()

    @contextmanager
    def whole_run(self) -> Iterator[None]:
        """For drivers: what a run needs around asyncio's own, which goes on while the reactor is STOPPING."""
        if self.is_closed() or self.is_running():
            super().run_forever()  # which says so
        with self.reactor.begin_run(install_signal_handlers=False):
            self._was_left_open = True
            yield
            self._was_left_open = self.reactor.phase is Phase.RUNNING

    def _turn_the_reactor(self) -> None:
        """All the turns of a `reactor.run()`, in place of its own."""
        super().run_forever()
        self.end_run_of_reactor()

    def end_run_of_reactor(self) -> None:
        """For drivers: asyncio's run has ended, and with it ends that of the reactor, if the reactor began it."""
        if self.reactor.phase is Phase.RUNNING:
            self.reactor.stop()  # it was loop.stop(); the shutdown takes another round

    def _iterate(self, delay: float = 0) -> None:
        """`reactor.iterate()` for both sides; inside a run, which asyncio can't nest, for the reactor alone."""
        if asyncio._get_running_loop() is not None:  # documented, for authors of loops
            Loop.iterate(self.reactor, delay)
            return
        with self.reactor.awake(), self._turns.one_turn(delay):
            super().run_forever()

    def close(self) -> None:
        """Shut the reactor down if a run of this loop has left it open, and end this loop. A second call does nothing.

        If a shutdown trigger takes longer than `close_within_s`, this is logged, and `close` goes on without it.
        Afterwards the reactor can run by itself or with another loop. Raises RuntimeError inside a run.
        """
        if not (self.is_closed() or self.is_running()):
            if self._was_left_open:
                self._shut_down()
            for name in ("turn", "iterate"):
                vars(self.reactor).pop(name, None)
        super().close()

    def _shut_down(self) -> None:
        self.call_soon(self.reactor.stop)
        patience = self.call_later(self.close_within_s, self._stop_waiting)
        self.run_forever()
        patience.cancel()

    def _stop_waiting(self) -> None:
        if given_up := self.reactor.events["shutdown"].stop_waiting():
            late = f"{given_up} Deferred(s) of shutdown triggers, still waited for after {self.close_within_s} s"
            log.err(error.TimeoutError(string=late), "while the asyncio loop closed, which goes on without them")


def _obstacle(reactor: Loop) -> str:
    """Why this reactor can't have an asyncio loop; "" if it can."""
    kind = type(reactor).__name__
    if isinstance(reactor, GuestReactor):
        return (
            f"{kind} is a guest in the loop of another, which does the waiting: make the asyncio loop on a reactor "
            "that waits by itself, such as EPollReactor; or turn it round, with asyncioreactor on an asyncio "
            "loop, which window systems have too"
        )
    if "turn" in vars(reactor):
        return f"this {kind} has an asyncio loop already: close() that one, or use it"
    return ""
