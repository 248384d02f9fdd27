"""A whole program as one asynchronous function."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, NoReturn

from reactor import log
from reactor.default import the_reactor
from reactor.defer import Deferred, ensureDeferred
from reactor.error import ReactorNotRunning
from reactor.failure import Failure


def react(
    main: Callable[..., Deferred[Any] | Coroutine[Any, Any, Any]], argv: Iterable[Any] = (), _reactor: Any = None
) -> NoReturn:
    """Run the reactor until `main(reactor, *argv)` has finished, then end the program by SystemExit.

    main: an `async def` function, or one that returns a Deferred.
    argv: further arguments for it. _reactor: use this one instead of the program's own.
    The exit status is 0 when main has finished, that of a SystemExit it raised, and 1, with the failure logged, when it
    raised anything else. If the reactor is stopped before, the program ends without waiting for main.
    """
    whole = MainFunction(_reactor)
    whole.begin(main, argv)
    whole.reactor.run()
    whole.end()


class MainFunction:
    """The parts of `react` before and after its reactor runs.

    reactor: the one to run; None for the program's own.
    """

    def __init__(self, reactor: Any) -> None:
        self.reactor: Any = the_reactor(reactor)
        self._status: Any = 0
        self._is_stopping = False

    def begin(self, main: Callable[..., Any], argv: Iterable[Any] = ()) -> None:
        """Call `main`, and have the reactor stop when it has finished."""
        finished = ensureDeferred(main(self.reactor, *argv))
        self.reactor.addSystemEventTrigger("before", "shutdown", self._note_shutdown)
        finished.addBoth(self._main_is_through)

    def end(self) -> NoReturn:
        """Raises SystemExit with the status of `main`."""
        sys.exit(self._status)

    def _note_shutdown(self) -> None:
        self._is_stopping = True

    def _main_is_through(self, result: object) -> None:
        if isinstance(result, Failure):
            self._note_failure(result)
        if not self._is_stopping:
            self.reactor.callWhenRunning(self._stop)

    def _note_failure(self, failure: Failure) -> None:
        if isinstance(failure.value, SystemExit):
            self._status = failure.value.code
        else:
            log.err(failure, "main function encountered error")
            self._status = 1

    def _stop(self) -> None:
        try:
            self.reactor.stop()
        except ReactorNotRunning:
            pass  # main, or a signal, was faster
