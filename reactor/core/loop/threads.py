"""The pool of threads that belongs to a loop.

It is made when the program first asks for it, starts with the loop, and ends with it. Work may be queued before that.
At the end the loop waits until its threads have finished, and goes on making the calls that they ask for: a thread that
waits for an answer from the loop gets it, whereas a plain `join` would leave the two waiting for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reactor.threadpool import ThreadPool

# Twisted's numbers. At least none, so that an idle pool costs nothing; at most ten, because its work mostly waits.
_AT_LEAST = 0
_AT_MOST = 10


class Threads:
    """The threads of one loop. call_from_thread: the loop's."""

    def __init__(self, call_from_thread: Callable[..., object]) -> None:
        self._call_from_thread = call_from_thread
        self._pool: ThreadPool | None = None
        self._is_running = False

    def pool(self) -> ThreadPool:
        """The pool: 0 to 10 threads, and at most 10,000 pieces of work in its queue."""
        if self._pool is None:
            from reactor.threadpool import ThreadPool

            self._pool = ThreadPool(_AT_LEAST, _AT_MOST, "reactor")
            if self._is_running:
                self._pool.start()
        return self._pool

    def start(self) -> None:
        """The loop begins to run: start the threads on what was queued before."""
        self._is_running = True
        if self._pool is not None:
            self._pool.start()

    def abandon(self) -> None:
        """The run is over without a shutdown, by Ctrl-C perhaps: have the threads end when their work is done."""
        if self._is_running:
            self._is_running = False
            pool, self._pool = self._pool, None
            if pool is not None:
                pool.finish()

    def stop(self, turn: Callable[[], None]) -> None:
        """The loop ends: let the threads finish their work, and end. turn: makes the loop wait for calls from them."""
        self._is_running = False
        pool, self._pool = self._pool, None
        if pool is None:
            return
        import threading  # not at the top: a program without threads starts without it

        ended: list[bool] = []

        def wait() -> None:
            pool.stop()
            self._call_from_thread(ended.append, True)

        # In a thread of its own, for `pool.stop` blocks, and this one must go on making the calls that threads ask for.
        waiting = threading.Thread(target=wait, name="reactor-end")
        waiting.start()
        while not ended:
            turn()
        waiting.join()
