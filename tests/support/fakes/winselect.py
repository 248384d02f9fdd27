"""A double of Windows' `select.select`, where that differs from POSIX's (learn.microsoft.com, winsock2 `select`).

A connection that could not be made is reported as exceptional, and not as writable. Only sockets can be watched, at
most 512 in each list, and at least one in all. Readiness is real: poll(2) watches the descriptors of the test.
"""

import math
import os
import stat
from select import POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, poll

_FD_SETSIZE = 512
_WSAEINVAL, _WSAENOTSOCK = 10022, 10038


def select(readers, writers, exceptional, timeout=None):
    """Three lists: who can read, who can write, whose connection failed."""
    readers, writers, exceptional = map(list, (readers, writers, exceptional))
    if not (readers or writers or exceptional):
        raise OSError(_WSAEINVAL, "An invalid argument was supplied")
    if max(map(len, (readers, writers, exceptional))) > _FD_SETSIZE:
        raise ValueError("too many file descriptors in select()")
    ready = _poll(readers, writers, exceptional, timeout)
    return (
        [fd for fd in readers if ready.get(fd, 0) & (POLLIN | POLLHUP | POLLERR)],
        [fd for fd in writers if ready.get(fd, 0) & POLLOUT and not ready[fd] & POLLERR],
        [fd for fd in exceptional if ready.get(fd, 0) & POLLERR],
    )


def _poll(readers, writers, exceptional, timeout):
    awaited = dict.fromkeys([*readers, *writers, *exceptional], 0)
    for fd in awaited:
        if not _is_socket(fd):
            raise OSError(_WSAENOTSOCK, "An operation was attempted on something that is not a socket")
    for group, bit in ((readers, POLLIN), (writers, POLLOUT)):
        for fd in group:
            awaited[fd] |= bit
    poller = poll()
    for fd, mask in awaited.items():
        poller.register(fd, mask)
    ready = dict(poller.poll(None if timeout is None else math.ceil(timeout * 1000)))
    assert not any(mask & POLLNVAL for mask in ready.values())
    return ready


def _is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False
