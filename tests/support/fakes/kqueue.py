"""A double of `select.kqueue` for Linux, faithful in what a poller can get wrong: kqueue(2) of FreeBSD and macOS.

A filter belongs to a descriptor and a kind; READ and WRITE are added, deleted and reported apart. Adding one again
changes nothing. Deleting what isn't there is ENOENT. A closed descriptor takes its filters with it, and its number
begins anew. The end of the peer's stream is a flag on READ, an error one on both. What the double can't do, it refuses.

Readiness is real: an epoll inside watches the descriptors of the test.
"""

import errno
import os
import select

KQ_FILTER_READ, KQ_FILTER_WRITE = -1, -2
KQ_EV_ADD, KQ_EV_DELETE, KQ_EV_EOF, KQ_EV_ERROR = 0x1, 0x2, 0x8000, 0x4000

_EPOLL = {KQ_FILTER_READ: select.EPOLLIN | select.EPOLLRDHUP, KQ_FILTER_WRITE: select.EPOLLOUT}
_GONE = select.EPOLLHUP | select.EPOLLERR


class kevent:
    """One change, or one event."""

    def __init__(self, ident, filter=KQ_FILTER_READ, flags=KQ_EV_ADD, fflags=0, data=0, udata=0):
        self.ident = ident if isinstance(ident, int) else ident.fileno()
        self.filter, self.flags, self.fflags, self.data, self.udata = filter, flags, fflags, data, udata

    def __repr__(self):
        return f"<kevent {self.ident} filter={self.filter} flags={self.flags:#x}>"


class kqueue:
    """A kernel's set of filters."""

    def __init__(self):
        self._epoll = select.epoll()
        self._filters = {}  # descriptor -> its filters

    @property
    def closed(self):
        return self._epoll.closed

    def close(self):
        self._epoll.close()

    def fileno(self):
        self._require_open()
        return self._epoll.fileno()

    def _require_open(self):
        if self.closed:
            raise ValueError("I/O operation on closed kqueue object")

    def control(self, changelist, max_events, timeout=None):
        self._require_open()
        if max_events < 0:
            raise ValueError(f"Length of eventlist must be 0 or positive, got {max_events}")
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be positive or None")
        for change in changelist or ():
            self._change(change)
        return self._events(max_events, timeout) if max_events else []

    def _change(self, change):
        if not isinstance(change, kevent):
            raise TypeError("changelist must be an iterable of select.kevent objects")
        if change.filter not in _EPOLL or change.flags not in (KQ_EV_ADD, KQ_EV_DELETE):
            raise NotImplementedError(f"this double knows nothing of {change!r}")
        os.fstat(change.ident)  # EBADF for what isn't open
        if not self._still_there(change.ident):
            self._filters.pop(change.ident, None)
        filters = self._filters.get(change.ident, frozenset())
        if change.flags == KQ_EV_DELETE:
            if change.filter not in filters:
                raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
            self._set(change.ident, filters - {change.filter})
        else:
            self._set(change.ident, filters | {change.filter})

    def _still_there(self, fd):
        """Whether the kernel still knows this descriptor; a new one under an old number it doesn't."""
        try:
            self._epoll.modify(fd, self._mask(self._filters.get(fd, ())))
        except FileNotFoundError:
            return False
        return True

    def _set(self, fd, filters):
        known = fd in self._filters
        if not filters:
            self._epoll.unregister(fd)
            del self._filters[fd]
            return
        (self._epoll.modify if known else self._epoll.register)(fd, self._mask(filters))
        self._filters[fd] = frozenset(filters)

    @staticmethod
    def _mask(filters):
        return sum(_EPOLL[each] for each in filters)

    def _events(self, max_events, timeout):
        events = []
        for fd, mask in self._epoll.poll(timeout, max_events):
            for filter in sorted(self._filters.get(fd, ()), reverse=True):
                if mask & (_EPOLL[filter] | _GONE):
                    ended = mask & (_GONE | (select.EPOLLRDHUP if filter == KQ_FILTER_READ else 0))
                    events.append(kevent(fd, filter, KQ_EV_ADD | (KQ_EV_EOF if ended else 0)))
        return events[:max_events]
