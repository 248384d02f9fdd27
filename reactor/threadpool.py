"""Threads that wait for work.

Work that can't be had without blocking (a library that knows nothing of event loops, a long computation in C) goes
into a queue; a few threads take it from there. Two numbers bound it: how many threads there may be, and how many
pieces of work may wait for one. Work above that is refused at once: a queue that only grows is a program that ends
later, and worse.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, TypeVar

from reactor import failure, log
from reactor.failure import Failure

__all__ = ["ThreadPool", "ThreadPoolFull"]

R = TypeVar("R")
OnResult = Callable[[bool, Any], object]
_Call = tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]

BACKLOG = 10_000


class ThreadPoolFull(Exception):
    """The queue of work is full. Ask again later, or for less at a time."""


class ThreadPool:
    """Runs functions in threads: at least `minthreads` of them while it is started, more when there is work for more.

    maxthreads: the bound. name: the beginning of its threads' names, which debuggers show.
    backlog: how many pieces of work may wait, besides those that are being done.
    started: from `start()` to `stop()`; work that comes before waits for it. joined: whether it was stopped.
    min, max: the bounds as they are now. threads: those that are alive.
    Raises AssertionError when a bound is negative, or the lower one above the upper one.
    """

    threadFactory: Callable[..., threading.Thread] = threading.Thread

    def __init__(
        self, minthreads: int = 5, maxthreads: int = 20, name: str | None = None, backlog: int = BACKLOG
    ) -> None:
        _check_bounds(minthreads, maxthreads)
        self.min = minthreads
        self.max = maxthreads
        self.name = name
        self.backlog = backlog
        self.started = False
        self.joined = False
        self.threads: list[threading.Thread] = []
        self.waiters: list[threading.Thread] = []
        self._queue: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()  # guards all of the above
        self._threads_made = 0

    @property
    def workers(self) -> int:
        """How many threads there are."""
        return len(self.threads)

    @property
    def working(self) -> list[threading.Thread]:
        """The threads that are busy; the others are the `waiters`."""
        with self._changed:
            return [thread for thread in self.threads if thread not in self.waiters]

    # --- work

    def callInThread(self, func: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Call the function in one of the threads; what it raises is logged. Raises as `callInThreadWithCallback`."""
        self.callInThreadWithCallback(None, func, *args, **kw)

    def callInThreadWithCallback(
        self, onResult: OnResult | None, func: Callable[..., object], *args: Any, **kw: Any
    ) -> None:
        """Call the function in one of the threads, and then there `onResult(success, result or Failure)`.

        Both run in the caller's context (`reactor.context`, or any `contextvars`) as it is now.

        Raises ThreadPoolFull when too much work waits, RuntimeError when the pool was stopped.
        """
        with self._changed:
            if self.joined:
                raise RuntimeError(f"{self!r} was stopped and calls nothing any more: start() it again")
            if len(self._queue) >= self.backlog:
                raise ThreadPoolFull(f"{self.backlog} pieces of work wait already for {self.max} threads")
            in_context, call = copy_context().run, [(func, args, kw)]
            self._queue.append(lambda: in_context(_do, onResult, call))
            if self.started:
                self._grow()
                self._changed.notify()

    # --- threads

    def start(self) -> None:
        """Start the threads; they begin with the work that is there already."""
        with self._changed:
            self.started = True
            self.joined = False
            self._grow()

    def finish(self) -> None:
        """Take no more work; the threads end when the work that is there is done. Doesn't wait for them."""
        with self._changed:
            self.started = False
            self.joined = True
            self._changed.notify_all()

    def stop(self) -> None:
        """As `finish`, and wait until all threads have ended."""
        self.finish()
        for thread in list(self.threads):
            thread.join()

    def adjustPoolsize(self, minthreads: int | None = None, maxthreads: int | None = None) -> None:
        """Change the bounds. Surplus threads end when they have finished what they do now."""
        least = self.min if minthreads is None else minthreads
        most = self.max if maxthreads is None else maxthreads
        _check_bounds(least, most)
        with self._changed:
            self.min = least
            self.max = most
            if self.started:
                self._grow()
                self._changed.notify_all()

    def _grow(self) -> None:
        """Start the threads that are missing."""
        wanted = max(self.min, len(self.threads) + len(self._queue) - len(self.waiters))
        while len(self.threads) < min(wanted, self.max):
            self._threads_made += 1
            thread = self.threadFactory(target=self._work, name=f"{self.name or 'ThreadPool'}-{self._threads_made}")
            self.threads.append(thread)
            self.waiters.append(thread)
            try:
                thread.start()
            except RuntimeError:  # the system has no more threads to give
                self._forget(thread)
                if not self.threads:
                    raise
                return

    def _forget(self, thread: threading.Thread) -> None:
        self.waiters.remove(thread)
        self.threads.remove(thread)

    def _work(self) -> None:
        """The life of one thread: work until there is none left for it."""
        me = threading.current_thread()
        while (work := self._next_work(me)) is not None:
            work()
            del work  # a thread that waits must not keep its last call's arguments alive
            with self._changed:
                self.waiters.append(me)

    def _next_work(self, me: threading.Thread) -> Callable[[], None] | None:
        """Wait for work; None when this thread is to end."""
        with self._changed:
            while len(self.threads) <= self.max:
                if self._queue:
                    self.waiters.remove(me)
                    return self._queue.popleft()
                if self.joined:
                    break
                self._changed.wait()
            self._forget(me)
            return None

    def __repr__(self) -> str:
        return f"<ThreadPool {self.name or ''}: {len(self.threads)} of {self.max} threads, {len(self._queue)} waiting>"


def _check_bounds(least: int, most: int) -> None:
    assert least >= 0, f"minimum is negative: {least}"
    assert least <= most, f"minimum is greater than maximum: {least} > {most}"


def _do(on_result: OnResult | None, call: list[_Call]) -> None:
    """One piece of work. Nothing that goes wrong in it may end its thread."""
    result = _result_of(call)
    success = not isinstance(result, Failure)
    try:
        if on_result is not None:
            on_result(success, result)
        elif not success:
            log.err(result)
    except BaseException:
        log.err(None, "in what was called with the result of work in a thread")


def _result_of(call: list[_Call]) -> object:
    """Make the call, the only one in the list, and drop it, before `onResult` runs, which may take long."""
    func, args, kw = call.pop()
    try:
        return func(*args, **kw)
    except BaseException as error:
        return failure.caught(error)


failure.carriers.add(__file__)
