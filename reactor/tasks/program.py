"""A whole program as one function that takes its time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, NoReturn

from reactor import log
from reactor.defer import Deferred, ensureDeferred
from reactor.error import ReactorNotRunning
from reactor.failure import Failure


def react(
    main: Callable[..., Deferred[Any] | Coroutine[Any, Any, Any]], argv: Iterable[Any] = (), _reactor: Any = None
) -> NoReturn:
    """Run the reactor while `main(reactor, *argv)` is busy, then end the program by SystemExit.

    main: an `async def` function, or one that returns a Deferred.
    argv: further arguments for it. _reactor: another one than the program's own.
    The exit status is 0 when main is through, that of a SystemExit it raised, and 1, with the failure logged, when it
    raised anything else. A reactor that is stopped before ends the program too; the end of main is then not waited for.
    """
    _Program(_reactor).run(main, argv)


class _Program:
    def __init__(self, reactor: Any) -> None:
        if reactor is None:
            from reactor import reactor as the_reactor

            reactor = the_reactor
        self._reactor = reactor
        self._status: Any = 0
        self._is_stopping = False

    def run(self, main: Callable[..., Any], argv: Iterable[Any]) -> NoReturn:
        finished = ensureDeferred(main(self._reactor, *argv))
        self._reactor.addSystemEventTrigger("before", "shutdown", self._note_shutdown)
        finished.addBoth(self._main_is_through)
        self._reactor.run()
        sys.exit(self._status)

    def _note_shutdown(self) -> None:
        self._is_stopping = True

    def _main_is_through(self, result: object) -> None:
        if isinstance(result, Failure):
            self._note_failure(result)
        if not self._is_stopping:
            self._reactor.callWhenRunning(self._stop)

    def _note_failure(self, failure: Failure) -> None:
        if isinstance(failure.value, SystemExit):
            self._status = failure.value.code
        else:
            log.err(failure, "main function encountered error")
            self._status = 1

    def _stop(self) -> None:
        try:
            self._reactor.stop()
        except ReactorNotRunning:
            pass  # main, or a signal, was faster
