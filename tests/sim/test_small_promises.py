"""What simulated sockets do where only the kernel's manual says so."""

import errno
import socket

import pytest

from reactor.sim import World
from reactor.sim.descriptors import Descriptors
from reactor.sim.system import SimSystem, SimWaker


@pytest.fixture
def world():
    return World(seed=3)


def system(world, name):
    return SimSystem(world.host(name), Descriptors(), world.names, world.clock)


def test_a_waker_that_is_closed_twice_closes_nobody_elses_descriptor(world):
    descriptors = Descriptors()
    first = SimWaker(descriptors)
    second = SimWaker(descriptors)
    second.close()
    second.close()
    assert first.fileno() >= 0
    assert SimWaker(descriptors).fileno() != first.fileno()


def test_an_unconnected_unix_socket_can_not_send(world):
    skt = system(world, "a").unix_socket()
    for use in (lambda: skt.send(b"x"), lambda: skt.recv(1), skt.getpeername):
        with pytest.raises(OSError) as raised:
            use()
        assert raised.value.errno in (errno.ENOTCONN, errno.EINVAL)


def test_a_datagram_to_a_group_with_no_hops_left_stays_at_home(world):
    one, other = system(world, "a"), system(world, "b")
    heard = []
    for each in (one, other):
        skt = each.udp_socket("")
        skt.bind(("", 9000))
        skt.setsockopt(socket.IPPROTO_IP, 35, bytes([239, 0, 0, 1, 0, 0, 0, 0]))  # IP_ADD_MEMBERSHIP
        heard.append(skt)
    heard[0].setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
    heard[0].sendto(b"all", ("239.0.0.1", 9000))
    world.advance(1)
    assert [bool(skt.ready() & 1) for skt in heard] == [True, False]


def test_a_segment_to_nobody_is_answered_by_a_reset_that_names_what_it_took(world):
    from reactor.sim.packets import Segment

    host = world.host("a")
    sent = []
    host.send = sent.append
    one, other = ("10.0.0.9", 1), (host.addresses[0] if hasattr(host, "addresses") else "10.0.0.1", 2)
    for flags, data, ack in (("SYN", b"", 8), ("FIN", b"xy", 10), ("SYN FIN", b"x", 10)):
        host.refuse(Segment(one, other, flags, 7, 0, 100, data))
        assert sent[-1].ack == ack and sent[-1].flags == "RST ACK"
