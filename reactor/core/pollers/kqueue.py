"""kqueue(2), macOS and the BSDs: the kernel keeps the set, as with epoll, but reading and writing are separate.

What is awaited is a *filter* on a descriptor, and each filter is added, deleted and reported by itself. The kernel
drops the filters of a descriptor that is closed. Files on disk are not given to it: see always_ready.py.

Written from the manual page, and tested on Linux with a double (tests/support/fakes/kqueue.py) that refuses what the
real one refuses. Only the GitHub workflow runs it with the real one, on macOS.
"""

from __future__ import annotations

import os
import select
import stat
from typing import Any

from reactor.core.pollers import READABLE, WRITABLE
from reactor.core.pollers.always_ready import AlwaysReady

# mypy reads this on a platform where `select` has no kqueue.
_kernel: Any = select
_MOST_EVENTS = 512  # in one call, picked arbitrarily; the next call reports what doesn't fit


class KQueuePoller:
    """Level-triggered kqueue: what is not dealt with now is reported again.

    The kernel's set is itself a descriptor. It is open only while the set has members, so that an idle reactor holds
    none.
    """

    def __init__(self) -> None:
        self._kqueue: Any = None
        self._watched: dict[int, int] = {}
        self._aside = AlwaysReady()
        self._filters = {READABLE: _kernel.KQ_FILTER_READ, WRITABLE: _kernel.KQ_FILTER_WRITE}

    def watch(self, fd: int, mask: int) -> None:
        if not mask and (bell := self._aside.forget(fd)) >= 0:
            self._watch(bell, 0)
            os.close(bell)
        elif mask and stat.S_ISREG(os.fstat(fd).st_mode):
            self._aside.keep(fd, mask)
            self._watch(self._aside.bell, READABLE)
        else:
            self._watch(fd, mask)

    def _watch(self, fd: int, mask: int) -> None:
        before = self._watched.get(fd, 0)
        try:
            if mask:
                if self._kqueue is None:
                    self._kqueue = _kernel.kqueue()
                # Also filters that are there: harmless, and needed if the number stands for another file by now.
                self._kqueue.control(self._changes(fd, mask, _kernel.KQ_EV_ADD), 0, 0)
                self._watched[fd] = mask
            self._delete(fd, before & ~mask)
            if not mask:
                self._watched.pop(fd, None)
        finally:
            if not self._watched and self._kqueue is not None:
                self._kqueue.close()
                self._kqueue = None

    def _delete(self, fd: int, mask: int) -> None:
        for change in self._changes(fd, mask, _kernel.KQ_EV_DELETE):
            try:
                self._kqueue.control([change], 0, 0)
            except OSError:
                pass  # closed before it was forgotten, so the kernel has dropped the filter itself

    def _changes(self, fd: int, mask: int, action: int) -> list[Any]:
        return [_kernel.kevent(fd, filter, action) for bit, filter in self._filters.items() if mask & bit]

    def fileno(self) -> int:
        """A descriptor that is readable while one in the set is ready; another loop can watch it."""
        assert self._kqueue is not None, "the set is open only while it has something in it"
        return self._kqueue.fileno()  # type: ignore[no-any-return]  # see _kernel

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        assert self._kqueue is not None, "the loop watches its waker, so the set is never empty when it waits"
        ready: dict[int, int] = {}
        for event in self._kqueue.control(None, _MOST_EVENTS, timeout):
            ready[event.ident] = ready.get(event.ident, 0) | self._mask(event)
        if self._aside.bell >= 0:
            ready.update(self._aside.ready())
        return list(ready.items())

    def _mask(self, event: Any) -> int:
        # The peer has closed its direction, or the connection is gone: whichever reads or writes next learns which.
        if event.flags & (_kernel.KQ_EV_EOF | _kernel.KQ_EV_ERROR):
            return READABLE | WRITABLE
        return READABLE if event.filter == _kernel.KQ_FILTER_READ else WRITABLE
