"""Signals while the application runs: SIGTERM and SIGINT stop it, SIGHUP reloads it; and how long stopping may take.

The reactor has handlers for the first two, which stop it. Ours run before them: they log the signal, and start a clock.
The clock runs in a thread, because what keeps a program from stopping may well keep its loop from turning. A signal's
handler starts it, and may interrupt any code: so it is a bare thread, without the locks of `threading`.
"""

from __future__ import annotations

import os
import signal
import time
from _thread import start_new_thread
from collections.abc import Callable
from typing import Any

from reactor import log
from reactor.application.runner.errors import FAILED


class Deadline:
    """Ends the process when stopping takes too long.

    delay_s: how long it may take, from the first `begin`. last_words: called in a thread before the end; it has one
    second. has_begun: whether the clock runs.
    """

    def __init__(self, delay_s: float, last_words: Callable[[], object]) -> None:
        self._delay_s = delay_s
        self._last_words = last_words
        self.has_begun = False

    def begin(self) -> None:
        """Start the clock, unless it runs already. Nothing stops it: Python's own shutdown may be what hangs."""
        if not self.has_begun:
            self.has_begun = True
            _after(self._delay_s, self.end)

    def end(self, why: str = "") -> None:
        """End the process now."""
        _after(1, os._exit, FAILED)  # whatever the last words hang on
        log.err(f"{why or f'it has not stopped within {self._delay_s:g} s'}, and is forced to")
        self._last_words()
        os._exit(FAILED)


def _after(delay_s: float, action: Callable[..., object], *args: Any) -> None:
    """Call the action in a thread, for which the program's end does not wait."""

    def wait() -> None:
        time.sleep(delay_s)
        action(*args)

    start_new_thread(wait, ())


def handle_signals(reactor: Any, deadline: Deadline, reload: Callable[[], object] | None, interrupts: bool) -> None:
    """Install our handlers. To be called when the reactor runs: it has installed its own, and restores all at its end.

    reload: the loop calls it after SIGHUP; None if SIGHUP stops the reactor, too. interrupts: whether SIGINT is ours.
    """
    hangup = getattr(signal, "SIGHUP", None)  # not on Windows
    stopping = [signal.SIGTERM, *([signal.SIGINT] if interrupts else []), *([hangup] if hangup and not reload else [])]
    stop = signal.getsignal(signal.SIGTERM)
    for number in stopping:
        _stop_on(number, stop, reactor, deadline)
    if hangup and reload:
        signal.signal(hangup, lambda *_: reactor.callFromThread(reload))


def _stop_on(number: signal.Signals, stop: Any, reactor: Any, deadline: Deadline) -> None:
    def handle(received: int, frame: Any) -> None:
        if number == signal.SIGINT and deadline.has_begun:  # a second Ctrl-C: the person has no more patience
            _after(0, deadline.end, "it was interrupted again")
        deadline.begin()
        reactor.callFromThread(log.msg, f"received {number.name}, stopping")
        stop(received, frame)

    signal.signal(number, handle)
