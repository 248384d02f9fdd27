"""The reactor on an asyncio loop. `install()` makes it the program's own.

Libraries written for asyncio and protocols written for the reactor share one thread and one loop, and may call each
other. Any loop will do that keeps asyncio's promises: a standard one, uvloop's, or one that is running already, as in a
notebook. (On a loop without `add_reader`, Windows' proactor, the reactor polls its sockets every few milliseconds.)
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable

from reactor import error, main
from reactor.core.guests.host import Undo
from reactor.core.guests.reactor import GuestReactor
from reactor.core.loop.core import Phase

__all__ = ["AsyncioSelectorReactor", "install"]


class AsyncioHost:
    """An asyncio loop. It can't run inside itself."""

    nests = False

    def __init__(self, eventloop: asyncio.AbstractEventLoop) -> None:
        self._loop = eventloop
        self._is_told = False

    def watch(self, fd: int, call: Callable[[], object]) -> Undo:
        self._loop.add_reader(fd, call)
        return lambda: None if self._loop.is_closed() else self._loop.remove_reader(fd)

    def call_after(self, delay_s: float, call: Callable[[], object]) -> Undo:
        return self._loop.call_later(delay_s, call).cancel

    def run(self) -> None:
        self._is_told = False
        self._loop.run_forever()

    def wait(self, delay_s: float) -> None:
        if self._loop.is_running():
            return
        end = self._loop.call_later(delay_s, self.quit)
        self.run()
        end.cancel()

    def quit(self) -> None:
        if not self._is_told:  # a second stop() would end uvloop's next run
            self._is_told = True
            self._loop.stop()


class AsyncioSelectorReactor(GuestReactor):
    """A reactor that is driven by an asyncio loop.

    eventloop: that loop; the caller closes it. If left out, it is the one running in this thread, else a new one,
        which is closed together with the reactor.
    """

    def __init__(self, eventloop: asyncio.AbstractEventLoop | None = None) -> None:
        if eventloop is None:
            eventloop = _running_loop()
        if eventloop is None:
            eventloop = asyncio.new_event_loop()
            weakref.finalize(self, eventloop.close)
        self.eventloop = eventloop
        super().__init__(AsyncioHost(eventloop))

    def run(self, installSignalHandlers: bool = True) -> None:
        """Run the loop, and the reactor in it. If the loop is running already, call `startRunning()` instead.

        Raises ReactorAlreadyRunning there: this call could neither wait for that loop's end nor honestly return.
        """
        if self.phase is Phase.IDLE and self.eventloop.is_running():
            raise error.ReactorAlreadyRunning(
                "reactor.run() was called while the asyncio loop runs, as it does in a notebook: call "
                "reactor.startRunning() instead, which returns at once, and reactor.stop() when you are done"
            )
        super().run(installSignalHandlers)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def install(eventloop: asyncio.AbstractEventLoop | None = None) -> AsyncioSelectorReactor:
    """Make a reactor on this loop that of the program. Raises ReactorAlreadyInstalledError if it has one."""
    reactor = AsyncioSelectorReactor(eventloop)
    main.installReactor(reactor)
    return reactor
