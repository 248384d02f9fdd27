"""SIGINT and SIGTERM end the run, as `stop()` does.

Python runs a signal's handler between two instructions of the main thread, in the middle of whatever goes on there. So
the handler only asks the loop to stop, as another thread would. `set_wakeup_fd` makes sure that the poll wakes even if
the signal arrives in the instant before it begins to wait.

When the loop has ended and only waits for its threads, a signal does what it would do without us: a second Ctrl-C is a
KeyboardInterrupt, and a second SIGTERM ends the process.

A process has one such descriptor. If another part of the program has set its own, that one stays: asyncio's loop learns
of its own signals by it, before, during and after our run. It wakes when ours wakes, because the two share one poll or
one host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reactor.core.system import Waker


@contextmanager
def stopping_on_signals(stop_soon: Callable[[], bool], waker: Waker) -> Iterator[None]:
    """While the block runs, call `stop_soon` on SIGINT and SIGTERM; afterwards restore the handlers.

    stop_soon: returns whether there is a loop to be stopped.
    If the program has installed its own handler for SIGINT, that one stays.
    Raises ValueError outside the main thread: Python handles signals only there.
    """
    import signal

    def handle(number: int, frame: object) -> None:
        if not stop_soon():
            signal.signal(number, previous[signal.Signals(number)])  # type: ignore[arg-type]  # see below
            signal.raise_signal(number)

    previous: dict[signal.Signals, object] = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            if number != signal.SIGINT or signal.getsignal(number) is signal.default_int_handler:
                previous[number] = signal.signal(number, handle)
        with _woken_by_signals(waker.signal_fileno()):
            yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal returned


@contextmanager
def _woken_by_signals(fd: int) -> Iterator[None]:
    """While the block runs, have signals write to this descriptor, unless the program has set or sets another."""
    import signal

    # Python can't be asked which one is set; it says so only when ours is set, and then theirs is put back. No warning
    # about a full buffer, because a waker that is full of bytes wakes the loop just as well.
    theirs = signal.set_wakeup_fd(fd, warn_on_full_buffer=False)
    if theirs != -1:
        signal.set_wakeup_fd(theirs)
    try:
        yield
    finally:
        last = signal.set_wakeup_fd(-1)
        if last != fd:
            signal.set_wakeup_fd(last)
