"""The kqueue poller, held against a double of the kernel's part where there is no kqueue, and the double itself.

The whole suite runs on it too (see tests/support/loops.py): with the double on Linux, with the real one on macOS.
"""

import errno
import os
import select
import socket

import pytest

from reactor.core.pollers import READABLE, WRITABLE
from tests.support import oracle

pytestmark = pytest.mark.own_promise("it has no pollers")

KERNELS = [select] if hasattr(select, "kqueue") else []
if hasattr(select, "epoll"):  # of which the double is made
    from tests.support.fakes import kqueue as fake

    KERNELS.append(fake)


@pytest.fixture(params=KERNELS, ids=lambda module: "real" if module is select else "double")
def kernel(request, monkeypatch):
    """The module that plays `select`, given to the poller."""
    if oracle.installed():
        pytest.skip("Twisted has no pollers")
    from reactor.core.pollers import kqueue

    monkeypatch.setattr(kqueue, "_kernel", request.param)
    return request.param


@pytest.fixture
def poller(kernel):
    from reactor.core.pollers.kqueue import KQueuePoller

    return KQueuePoller()


@pytest.fixture
def ends():
    near, far = socket.socketpair()
    yield near, far
    near.close()
    far.close()


def test_it_reports_what_is_awaited_and_nothing_else(poller, ends):
    near, far = ends
    poller.watch(near.fileno(), READABLE)
    assert poller.poll(0) == []
    far.send(b"x")
    assert poller.poll(0) == [(near.fileno(), READABLE)]
    poller.watch(near.fileno(), WRITABLE)
    assert poller.poll(0) == [(near.fileno(), WRITABLE)]
    poller.watch(near.fileno(), READABLE | WRITABLE)
    assert poller.poll(0) == [(near.fileno(), READABLE | WRITABLE)]
    poller.watch(near.fileno(), 0)


def test_what_is_not_dealt_with_is_reported_again(poller, ends):
    near, far = ends
    poller.watch(near.fileno(), READABLE)
    far.send(b"x")
    assert poller.poll(0) == poller.poll(0) == [(near.fileno(), READABLE)]
    poller.watch(near.fileno(), 0)


def test_the_peers_end_is_news_for_readers_and_writers(poller, ends):
    near, far = ends
    poller.watch(near.fileno(), READABLE)
    far.close()
    assert poller.poll(0) == [(near.fileno(), READABLE | WRITABLE)]
    poller.watch(near.fileno(), 0)


def test_the_set_is_open_only_while_it_has_something_in_it(poller, ends):
    near, far = ends
    poller.watch(near.fileno(), READABLE)
    poller.watch(far.fileno(), WRITABLE)
    number = poller.fileno()
    os.fstat(number)
    poller.watch(near.fileno(), 0)
    poller.watch(far.fileno(), 0)
    with pytest.raises(OSError):
        os.fstat(number)


def test_forgetting_what_was_never_watched_does_nothing(poller, ends):
    poller.watch(ends[0].fileno(), 0)


def test_a_descriptor_closed_before_it_is_forgotten_is_no_error(poller, ends):
    near, far = ends
    poller.watch(far.fileno(), READABLE)
    poller.watch(near.fileno(), READABLE | WRITABLE)
    number = near.fileno()
    near.close()
    assert poller.poll(0) == [(far.fileno(), READABLE | WRITABLE)]
    poller.watch(number, 0)
    poller.watch(far.fileno(), 0)


def test_a_number_that_begins_a_new_life_is_watched_anew(poller, ends):
    near, _ = ends
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    poller.watch(near.fileno(), READABLE)
    number = near.fileno()
    near.close()
    os.dup2(other.fileno(), number)
    poller.watch(number, WRITABLE)
    assert poller.poll(0) == [(number, WRITABLE)]
    poller.watch(number, 0)
    os.close(number)
    other.close()


def test_a_closed_descriptor_is_refused_at_once(poller, ends):
    near, far = ends
    poller.watch(near.fileno(), READABLE)
    number = far.fileno()
    far.close()
    with pytest.raises(OSError) as refusal:
        poller.watch(number, READABLE)
    assert refusal.value.errno == errno.EBADF
    poller.watch(near.fileno(), 0)


# --- the double keeps to the manual page; on macOS the real one is asked the same


@pytest.fixture
def queue(kernel):
    queue = kernel.kqueue()
    yield queue
    queue.close()


def test_deleting_what_is_not_there_is_ENOENT(kernel, queue, ends):
    near, _ = ends
    queue.control([kernel.kevent(near.fileno(), kernel.KQ_FILTER_READ, kernel.KQ_EV_ADD)], 0, 0)
    with pytest.raises(FileNotFoundError):
        queue.control([kernel.kevent(near.fileno(), kernel.KQ_FILTER_WRITE, kernel.KQ_EV_DELETE)], 0, 0)


def test_a_filter_added_twice_is_there_once(kernel, queue, ends):
    near, far = ends
    for _ in range(2):
        queue.control([kernel.kevent(near.fileno(), kernel.KQ_FILTER_READ, kernel.KQ_EV_ADD)], 0, 0)
    far.send(b"x")
    assert [(event.ident, event.filter) for event in queue.control(None, 9, 0)] == [
        (near.fileno(), kernel.KQ_FILTER_READ)
    ]
    queue.control([kernel.kevent(near.fileno(), kernel.KQ_FILTER_READ, kernel.KQ_EV_DELETE)], 0, 0)
    assert queue.control(None, 9, 0) == []


def test_reading_and_writing_are_reported_apart(kernel, queue, ends):
    near, far = ends
    far.send(b"x")
    both = (kernel.KQ_FILTER_READ, kernel.KQ_FILTER_WRITE)
    queue.control([kernel.kevent(near.fileno(), filter, kernel.KQ_EV_ADD) for filter in both], 0, 0)
    assert sorted(event.filter for event in queue.control(None, 9, 0)) == sorted(both)


def test_misuse_is_refused(kernel, queue):
    with pytest.raises(ValueError):
        queue.control(None, -1, 0)
    with pytest.raises(ValueError):
        queue.control(None, 1, -1)
    with pytest.raises(TypeError):
        queue.control([object()], 0, 0)
    queue.close()
    with pytest.raises(ValueError):
        queue.control(None, 1, 0)
