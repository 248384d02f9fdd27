"""How long TCP waits before it sends again, by what it has learned about the way (RFC 6298)."""

from itertools import pairwise

import pytest

from reactor.sim.clock import Clock
from reactor.sim.retransmission import Retransmission


class Sender:
    """Sends something, and sends it again when it is time."""

    def __init__(self):
        self.clock = Clock()
        self.again = []
        self.timer = Retransmission(self.clock, self.send_again)

    def send_again(self):
        self.again.append(self.clock.seconds())
        self.timer.expect()

    def way_takes(self, seconds, times=1):
        """What was sent is answered after so long."""
        for _ in range(times):
            self.timer.measure(1)
            self.timer.expect()
            self.clock.jump_to(self.clock.seconds() + seconds)
            self.timer.arrived(1)

    def waits(self, tries=1):
        """How long it waits before each try, when nothing is answered."""
        times = [self.clock.seconds()]
        self.timer.expect()
        for _ in range(tries):
            self.clock.go_on()
            times.append(self.clock.seconds())
        self.timer.stop()
        self.timer.tries = 0
        return [after - before for before, after in pairwise(times)]


@pytest.fixture
def sender():
    return Sender()


def test_before_anything_is_known_it_waits_a_second_and_then_twice_as_long_each_time(sender):
    waits = sender.waits(10)
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 120


def test_after_one_answer_it_waits_for_three_times_the_way(sender):
    sender.way_takes(1.0)
    assert sender.waits() == [pytest.approx(1.0 + 4 * 0.5)]


def test_a_way_that_is_always_as_long_needs_no_more_patience_than_that(sender):
    sender.way_takes(1.0, times=60)
    assert sender.waits() == [pytest.approx(1.0, abs=0.01)]


def test_a_way_that_changes_needs_more(sender):
    for _ in range(60):
        sender.way_takes(0.5)
        sender.way_takes(1.5)
    assert 2.5 < sender.waits()[0] < 3.5


def test_it_never_waits_for_less_than_a_fifth_of_a_second(sender):
    sender.way_takes(0.001, times=60)
    assert sender.waits() == [pytest.approx(0.2)]


def test_what_was_sent_twice_teaches_nothing(sender):
    sender.timer.measure(1)
    sender.timer.expect()
    sender.clock.go_on()
    sender.timer.arrived(1)
    assert sender.waits(2) == [1, 2]


def test_an_answer_to_something_earlier_teaches_nothing(sender):
    sender.timer.measure(10)
    sender.timer.expect()
    sender.clock.jump_to(0.5)
    sender.timer.arrived(9)
    assert sender.waits() == [1]
    sender.timer.measure(10)
    sender.clock.jump_to(sender.clock.seconds() + 0.5)
    sender.timer.arrived(10)
    assert sender.waits() != [1]
