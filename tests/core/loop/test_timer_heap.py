"""The heap behind callLater: places among equals, and what is left behind by calls that were cancelled or moved."""

import gc

import pytest

pytestmark = pytest.mark.own_promise("this is about our heap")


class Heap:
    """Timers on a clock of the test's. ran: the names of the calls that were made."""

    def __init__(self):
        from reactor.core.loop.timers import Timers

        self.now = 0.0
        self.ran = []
        self.timers = Timers(lambda: self.now)

    def call(self, delay, name="it"):
        return self.timers.call_later(delay, self.ran.append, (name,), {})

    def at(self, now):
        """The calls that are due are made. Returns the names of all so far."""
        self.now = now
        for call in self.timers.due():
            call.run()
        return self.ran


@pytest.fixture
def heap():
    return Heap()


@pytest.fixture
def sweeps(monkeypatch):
    """How long the heap was after each sweep."""
    from reactor.core.loop import timers

    lengths = []
    monkeypatch.setattr(timers, "heapify", lambda entries: lengths.append(len(entries)))
    return lengths


def kept():
    """How many delayed calls this process remembers."""
    gc.collect()
    return sum(type(each).__name__ == "DelayedCall" for each in gc.get_objects())


def test_a_call_that_is_moved_to_later_keeps_its_place_among_equals(heap):
    first = heap.call(1, "first")
    heap.call(2, "second")
    first.reset(2)
    assert heap.at(1) == []
    assert heap.at(2) == ["first", "second"]


def test_a_call_that_is_moved_to_later_within_its_own_turn_runs_in_that_turn(heap):
    heap.call(1, "first").reset(2)
    heap.call(2, "second")
    assert heap.at(3) == ["first", "second"]


def test_a_call_that_is_moved_to_earlier_goes_behind_its_equals(heap):
    moved = heap.call(3, "moved")
    heap.call(2, "there")
    moved.reset(2)
    assert heap.at(2) == ["there", "moved"]


def test_a_call_that_was_moved_is_pending_once(heap):
    call = heap.call(3)
    for seconds in (2, 1, 5):
        call.reset(seconds)
        assert list(heap.timers.pending()) == [call]
    assert heap.at(5) == ["it"]


def test_cancelled_calls_do_not_pile_up(heap):
    before = kept()
    live = heap.call(1)
    for _ in range(1000):
        heap.call(2).cancel()
    assert kept() - before < 100
    assert live.active()
    assert heap.at(1) == ["it"]


def test_moved_calls_do_not_pile_up(heap):
    call = heap.call(2000)
    for seconds in range(1999, 999, -1):
        call.reset(seconds)
    assert len(heap.timers._heap) < 120


def test_a_sweep_is_made_when_half_are_husks_and_not_again_before(heap, sweeps):
    calls = [heap.call(1) for _ in range(400)]
    for number, call in enumerate(calls, 1):
        call.cancel()
        assert len(sweeps) == (number > 200) + (number > 300) + (number > 351), number
    assert sweeps == [199, 99, 48]


def test_few_husks_are_not_swept(heap, sweeps):
    for call in [heap.call(1) for _ in range(50)]:
        call.cancel()
    assert sweeps == []


def test_husks_that_have_come_up_are_not_counted_any_more(heap, sweeps):
    for _ in range(10):
        for call in [heap.call(1) for _ in range(40)]:
            call.cancel()
        heap.at(heap.now + 1)
    assert sweeps == []
