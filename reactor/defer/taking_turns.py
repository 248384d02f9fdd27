"""Taking turns: a lock, a semaphore and a queue for code that waits by Deferreds.

They guard nothing against other threads: only one function runs at a time in an event loop anyway. They order work that
takes several turns of the loop. A caller that no longer wants to wait cancels its Deferred, and so leaves the line.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Generic, TypeVar

from reactor.defer.core import Deferred, T
from reactor.defer.ready import maybeDeferred, succeed

Own = TypeVar("Own", bound="_Turns")


class _Turns:
    """What a lock and a semaphore share. waiting: the Deferreds of the callers in line."""

    def __init__(self) -> None:
        self.waiting: list[Deferred[Any]] = []
        self._serving = False

    def acquire(self: Own) -> Deferred[Own]:
        """Ask for a turn. The Deferred fires with this object when the turn is yours; `release()` ends it."""
        if not self.waiting and self._take():
            return succeed(self)
        deferred: Deferred[Own] = Deferred(self.waiting.remove)
        self.waiting.append(deferred)
        return deferred

    def release(self) -> None:
        """End your turn: the caller that has waited longest is next. Raises AssertionError if no turn is taken."""
        self._put_back()
        if self._serving:  # what a turn's caller does ends it at once: the loop that served this caller serves the next
            return
        self._serving = True
        try:
            while self.waiting and self._take():
                self.waiting.pop(0).callback(self)
        finally:
            self._serving = False

    def _take(self) -> bool:
        raise NotImplementedError

    def _put_back(self) -> None:
        raise NotImplementedError

    def run(self, f: Callable[..., Any], *args: Any, **kwargs: Any) -> Deferred[Any]:
        """Call the function when its turn comes, and release when its result (a Deferred's too) is there."""

        def release(result: Any) -> Any:
            self.release()
            return result

        return self.acquire().addCallback(lambda _: maybeDeferred(f, *args, **kwargs).addBoth(release))

    def __aenter__(self: Own) -> Deferred[Own]:
        return self.acquire()

    def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> Deferred[bool]:
        self.release()
        return succeed(False)


class DeferredLock(_Turns):
    """A turn for one at a time. locked: whether the turn is taken."""

    locked = False

    def _take(self) -> bool:
        is_mine = not self.locked
        self.locked = True
        return is_mine

    def _put_back(self) -> None:
        if not self.locked:
            raise AssertionError("Tried to release an unlocked lock: release once for each acquire")
        self.locked = False


class DeferredSemaphore(_Turns):
    """A turn for several at a time.

    tokens: how many are free. limit: how many there are, at least 1; else ValueError is raised.
    """

    def __init__(self, tokens: int) -> None:
        super().__init__()
        if tokens < 1:
            raise ValueError(f"DeferredSemaphore requires tokens >= 1, not {tokens}")
        self.tokens = self.limit = tokens

    def _take(self) -> bool:
        if not self.tokens:
            return False
        self.tokens -= 1
        return True

    def _put_back(self) -> None:
        if self.tokens >= self.limit:
            raise AssertionError("Someone released me too many times: too many tokens! Release once for each acquire")
        self.tokens += 1


class QueueOverflow(Exception):
    """The queue holds as many objects as its `size` allows."""


class QueueUnderflow(Exception):
    """As many takers wait for an object as the queue's `backlog` allows."""


class DeferredQueue(Generic[T]):
    """Objects that wait to be taken, or takers that wait for objects: first come, first served.

    size: how many objects may wait, backlog: how many takers; None is no bound.
    pending: the objects that wait. waiting: the Deferreds of the takers that wait.
    """

    def __init__(self, size: int | None = None, backlog: int | None = None) -> None:
        self.size = size
        self.backlog = backlog
        self.pending: deque[T] = deque()
        self.waiting: deque[Deferred[T]] = deque()

    def put(self, obj: T) -> None:
        """Give the object to the taker that has waited longest; without one, keep it. Raises QueueOverflow."""
        if self.waiting:
            self.waiting.popleft().callback(obj)
        elif self.size is None or len(self.pending) < self.size:
            self.pending.append(obj)
        else:
            raise QueueOverflow(f"{len(self.pending)} objects wait already, and the queue's size is {self.size}")

    def get(self) -> Deferred[T]:
        """The oldest object; if there is none, the next to come. Raises QueueUnderflow."""
        if self.pending:
            return succeed(self.pending.popleft())
        if self.backlog is not None and len(self.waiting) >= self.backlog:
            raise QueueUnderflow(f"{len(self.waiting)} wait already, and the queue's backlog is {self.backlog}")
        deferred: Deferred[T] = Deferred(self.waiting.remove)
        self.waiting.append(deferred)
        return deferred
