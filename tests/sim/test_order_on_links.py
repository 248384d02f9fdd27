"""The order in which packets of one direction arrive: TCP's segments as they were sent, datagrams as the link likes."""

import random

import pytest

from reactor.sim.links import Link
from reactor.sim.packets import Datagram, Segment

ONE, OTHER = ("10.0.0.1", 1000), ("10.0.0.2", 80)


def arrivals(link, packet, count=100):
    """When packets arrive that leave one a millisecond."""
    dice = random.Random(1)
    return [time for number in range(count) for time in link.arrivals(packet, "sender", number / 1000, dice)]


def segment():
    return Segment(ONE, OTHER, "ACK", 0, 0, 1000, b"x")


@pytest.mark.parametrize(
    "link", [{"jitter_s": 0.5}, {"jitter_s": 0.5, "reordering": 0.9}, {"jitter_s": 0.01, "loss": 0.2}]
)
def test_a_segment_never_overtakes_another(link):
    times = arrivals(Link(**link), segment())
    assert times == sorted(times)


def test_the_other_direction_has_an_order_of_its_own():
    link = Link(latency_s=0.0, jitter_s=0.0)
    assert link.arrivals(segment(), "one", 5.0, random.Random(1)) == [5.0]
    assert link.arrivals(segment(), "other", 1.0, random.Random(1)) == [1.0]


def test_datagrams_overtake_each_other_only_when_the_link_says_so():
    packet = Datagram(ONE, OTHER, b"x")
    times = arrivals(Link(jitter_s=0.5), packet)
    assert times == sorted(times)
    times = arrivals(Link(jitter_s=0.01, reordering=0.3), packet)
    assert times != sorted(times)
