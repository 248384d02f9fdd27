"""What a running reactor is doing, for a user who wonders why it seems to do nothing.

`REACTOR_DEBUG=1 python server.py` watches the program's reactor; `watch(reactor)` any other. It then reports on
standard error

- which handler has held the loop for more than 100 ms, and at which line it was then: no other was served meanwhile;
- what was still open when the reactor was told to stop;
- on SIGUSR1, what `ps` returns: connections, ports, timers, and the Deferreds that still wait, with the line that made
  each.

And `callLater` raises RuntimeError in any other thread than the reactor's, where it would go wrong some day.

The loop itself knows nothing of this. It iterates over the descriptors that are ready, and over the timers that are
due; the two are replaced by generators that look at the clock whenever the loop comes back for the next one.
While a handler runs, a thread waits until it takes too long, and then records where it is.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from reactor.core.loop.timers import DelayedCall
from reactor.core.reactor import Reactor
from reactor.defer import Deferred
from reactor.interfaces import IWriteDescriptor

T = TypeVar("T")

SLOW_S = 0.1  # as asyncio's slow_callback_duration; about what a person notices

_OURS = os.path.dirname(__file__) + os.sep


class Stopwatch:
    """Knows when the running handler began, and has a thread look where it is when it takes too long.

    clock: seconds. slow_s: what too long is. report: is told so in a sentence, when the handler has returned.
    """

    def __init__(self, clock: Callable[[], float], slow_s: float, report: Callable[[str], object]) -> None:
        self._clock = clock
        self._slow_s = slow_s
        self._report = report
        self._begun: float | None = None
        self._where = ""
        self._thread_id = 0
        self._changed = threading.Condition()
        self._on = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the block runs, look over the shoulder of the thread that runs it."""
        self._thread_id = threading.get_ident()
        self._on = True
        self._thread = threading.Thread(target=self._look, name="reactor.debug", daemon=True)
        self._thread.start()
        try:
            yield
        finally:
            with self._changed:
                self._on = False
                self._changed.notify()
            self._thread.join()

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Treat the block as one handler: measure it, and report it if it takes too long."""
        with self._changed:
            outer, self._begun = self._begun, self._clock()
            self._where = ""
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                took_s = self._clock() - self._begun
                where, self._begun = self._where, outer
            if took_s > self._slow_s:
                self._report(f"a handler held the loop for {took_s:.2f} s{where}")

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """The same items; what the loop does with each counts as one handler."""
        for item in items:
            with self.timing():
                yield item

    def _look(self) -> None:
        """In the thread: wait until a handler begins, then until it should be over; if it isn't, record where it is."""
        with self._changed:
            while self._on:
                begun = self._begun
                if begun is None or self._where:
                    self._changed.wait()
                elif (left_s := begun + self._slow_s - self._clock()) > 0:
                    self._changed.wait(left_s)
                else:
                    place = _place(sys._current_frames().get(self._thread_id))
                    self._where = f": after {self._slow_s * 1000:.0f} ms it was at {place}"


def _place(frame: Any) -> str:
    """The innermost line of a stack that doesn't belong to the library."""
    lines = [line for line in traceback.extract_stack(frame) if not line.filename.startswith(_OURS)]
    return f"{lines[-1].filename}:{lines[-1].lineno} in {lines[-1].name}" if lines else "a line of the library"


def _to_stderr(text: str) -> None:
    print(f"reactor: {text}", file=sys.stderr, flush=True)


def watch(reactor: Reactor, report: Callable[[str], object] = _to_stderr, slow_s: float = SLOW_S) -> None:
    """Watch a reactor from its next run on.

    report: is told, in text, what is found. slow_s: how long a handler may hold the loop, in seconds.
    """
    stopwatch = Stopwatch(reactor.seconds, slow_s, report)
    _time_handlers(reactor, stopwatch)
    begin_run = reactor.begin_run

    @contextmanager
    def watched(install_signal_handlers: bool) -> Iterator[None]:
        signalled = _on_signal(install_signal_handlers, lambda: report(ps(reactor)))
        with stopwatch.running(), signalled, begin_run(install_signal_handlers):
            reactor.addSystemEventTrigger("before", "shutdown", _tell_open, reactor, report)
            yield

    vars(reactor)["begin_run"] = watched


def _time_handlers(reactor: Reactor, stopwatch: Stopwatch) -> None:
    """Put the stopwatch at every place where the loop calls a handler."""
    poll, due, let_write = reactor.descriptors.poller.poll, reactor.timers.due, reactor.let_write
    call_from_thread, call_later = reactor.callFromThread, reactor.callLater

    def checked_call_later(delay: float, function: Callable[..., object], *args: Any, **kw: Any) -> DelayedCall:
        if reactor.thread not in (None, threading.get_ident()):
            name = threading.current_thread().name
            way_out = f"reactor.callFromThread(reactor.callLater, {delay!r}, {function!r})"
            raise RuntimeError(f"callLater was called in the thread {name!r}, not in the reactor's own: use {way_out}")
        return call_later(delay, function, *args, **kw)

    def timed_write(writer: IWriteDescriptor) -> None:
        with stopwatch.timing():
            let_write(writer)

    def timed_call(function: Callable[..., object], *args: Any, **kw: Any) -> None:
        with stopwatch.timing():
            function(*args, **kw)

    def timed_call_from_thread(function: Callable[..., object], *args: Any, **kw: Any) -> None:
        call_from_thread(timed_call, function, *args, **kw)

    # Only in these three objects: attributes in an object's own dictionary hide those of its class.
    vars(reactor.descriptors.poller)["poll"] = lambda timeout: stopwatch.each(poll(timeout))
    vars(reactor.timers)["due"] = lambda: stopwatch.each(due())
    vars(reactor).update(let_write=timed_write, callFromThread=timed_call_from_thread, callLater=checked_call_later)


@contextmanager
def _on_signal(wanted: bool, tell: Callable[[], object]) -> Iterator[None]:
    """While the block runs, SIGUSR1 prints the report; only where that signal exists, and in the main thread."""
    import signal

    number = getattr(signal, "SIGUSR1", None)
    if number is None or not wanted:
        yield
        return
    before = signal.signal(number, lambda *_: tell())
    try:
        yield
    finally:
        signal.signal(number, before)


def _tell_open(reactor: Reactor, report: Callable[[str], object]) -> None:
    table = ps(reactor)
    if table != _NOTHING:
        report(f"still open when it was told to stop:\n{table}")


_NOTHING = "nothing is open, and nothing is waited for"


def ps(reactor: Reactor) -> str:
    """What this reactor holds and waits for, one a line: connections, ports, attempts, timers, waiting Deferreds.

    Deferreds are those of the whole process, and only those that were made in debug mode and have no result; the line
    is the one that made them. Looking for them takes a while in a large program.
    """
    lines = [_transport(one) for one in reactor.transports]
    lines += [f"timer       {call!r}" for call in sorted(reactor.getDelayedCalls(), key=lambda call: call.getTime())]
    lines += [f"Deferred    {one._history}" for one in _waiting_deferreds()]
    return "\n".join(lines) or _NOTHING


def _waiting_deferreds() -> list[Deferred[Any]]:
    found = (one for one in gc.get_objects() if isinstance(one, Deferred))
    return [one for one in found if not one.called and one._history is not None]


def _transport(one: Any) -> str:
    pending_bytes = getattr(one, "pending_bytes", None)
    if pending_bytes is None:
        return f"{'port' if hasattr(one, 'stopListening') else 'attempt':<11} {one!r}"
    paused = "" if one in one.reactor.getReaders() else ", not reading"
    return f"connection  {one!r} {_short(one.getHost())} – {_short(one.getPeer())}, {pending_bytes} bytes wait{paused}"


def _short(address: Any) -> str:
    return f"{address.host}:{address.port}" if hasattr(address, "port") else repr(address)
