"""The program's reactor as a guest of the loop in which a notebook's kernel waits for cells.

It differs from an asyncio reactor in three ways. It runs already, so `run()` has nothing to do but to say so. A port
that is asked for a second time is taken over from the first: whoever changes a server's cell, and runs it again, wants
the new server, not `Address already in use`; connections of the old one go on until they end. And Interrupt ends a
handler that takes too long: a kernel by itself hears of Interrupt only while a cell runs.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.error import UsageError

from reactor import error, main
from reactor.asyncioreactor import AsyncioSelectorReactor
from reactor.core.loop.core import Phase
from reactor.core.transports.datagrams import DatagramPort
from reactor.core.transports.listening import ListeningPort
from reactor.failure import Failure
from reactor.notebook import watching
from reactor.notebook.watching import Watcher

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

T = TypeVar("T")


class Interrupted(Exception):
    """Raised in a handler that held the loop when the notebook was interrupted. It is logged as any other exception.

    KeyboardInterrupt would end the loop, and with it the kernel.
    """


class NotebookReactor(AsyncioSelectorReactor):
    """The reactor of a notebook. eventloop: the kernel's, which runs."""

    def run(self, installSignalHandlers: bool = True) -> None:
        """Raise ReactorAlreadyRunning: in a notebook the reactor runs already, and a cell can't wait for its end."""
        if self.phase is Phase.IDLE:
            raise error.ReactorAlreadyRunning(
                "reactor.run() can't run inside the notebook's loop; the reactor, which was stopped, runs again after "
                "`%reload_ext reactor.notebook`"
            )
        raise error.ReactorAlreadyRunning(
            "the reactor runs already, in the notebook's own loop: leave reactor.run() out; what this cell has set up "
            "works between the cells, too"
        )

    def _take_turn(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            super()._take_turn()  # no signals there
            return
        began = self.seconds()

        def interrupted(number: int, frame: FrameType | None) -> None:
            if self.seconds() - began > watching.PATIENCE_S:
                raise Interrupted("the notebook's Interrupt has ended this handler; the loop goes on")
            if callable(before):
                before(number, frame)

        before = signal.signal(signal.SIGINT, interrupted)
        try:
            super()._take_turn()
        finally:
            signal.signal(signal.SIGINT, before)

    def listenTCP(self, *args: Any, **kw: Any) -> Any:
        return self._taking_over(ListeningPort, super().listenTCP, *args, **kw)

    def listenUNIX(self, *args: Any, **kw: Any) -> Any:
        return self._taking_over(ListeningPort, super().listenUNIX, *args, **kw)

    def listenUDP(self, *args: Any, **kw: Any) -> Any:
        return self._taking_over(DatagramPort, super().listenUDP, *args, **kw)

    def listenMulticast(self, *args: Any, **kw: Any) -> Any:
        return self._taking_over(DatagramPort, super().listenMulticast, *args, **kw)

    def listenUNIXDatagram(self, *args: Any, **kw: Any) -> Any:
        return self._taking_over(DatagramPort, super().listenUNIXDatagram, *args, **kw)

    def _taking_over(self, kind: type[Any], listen: Callable[..., T], *args: Any, **kw: Any) -> T:
        """Listen. If the address is taken, and by a port of ours, close that one first."""
        try:
            return listen(*args, **kw)
        except error.CannotListenError as problem:
            ours = [one for one in self.transports if isinstance(one, kind) and _place(one) == problem.port]
            if not ours:
                raise
            for one in ours:
                one.stopListening()
                one.connectionLost(Failure(error.ConnectionDone()))  # now; stopListening waits for the next turn
        return listen(*args, **kw)


def _place(port: Any) -> object:
    """The number, or the path, at which a port listens."""
    return getattr(port.getHost(), "port", port.port)


_watcher: Watcher | None = None


def join(shell: InteractiveShell) -> None:
    """Let the program's reactor run in the loop that runs now, if there is one. A second call changes nothing.

    Raises UsageError when the program's reactor is another one.
    """
    global _watcher
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    reactor = vars(sys.modules["reactor"]).get("reactor")
    if reactor is None:
        reactor = NotebookReactor(loop)
        main.installReactor(reactor)
    if not isinstance(reactor, NotebookReactor) or reactor.eventloop is not loop:
        raise UsageError(
            f"this program has a reactor already, {type(reactor).__name__}, which earlier cells may hold: "
            "restart the kernel, and load the extension in the first cell"
        )
    if reactor.phase is Phase.IDLE:
        reactor.startRunning(installSignalHandlers=False)  # Interrupt is the kernel's business
    leave()
    _watcher = Watcher(loop, shell)


def leave() -> None:
    """Stop watching."""
    global _watcher
    if _watcher is not None:
        _watcher.stop()
        _watcher = None
