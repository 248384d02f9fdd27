"""What links do to packets, and what TCP and UDP make of it: on two hosts, with bare simulated sockets."""

import errno
import hashlib
import random

import pytest

from reactor.sim import SimulationError, World
from reactor.sim.descriptors import POLLERR, POLLIN, POLLOUT, Descriptors
from reactor.sim.system import SimSystem


class Network:
    """A world with the hosts "a" and "b", and sockets on them."""

    def __init__(self, **link):
        self.world = World(seed=7)
        self.a, self.b = self.system("a"), self.system("b")
        self.link = self.world.link("a", "b", **link)

    def system(self, name):
        host = self.world.host(name)
        return SimSystem(host, Descriptors(), self.world.names, self.world.clock)

    def until(self, condition):
        while not condition():
            assert self.world.step(), f"nothing more happens:\n{self.world.log[-3000:]}"

    def listener(self):
        skt = self.b.tcp_socket("")
        skt.bind(("", 80))
        skt.listen()
        return skt

    def connected(self):
        listener, client = self.listener(), self.a.tcp_socket("")
        client.connect_ex(("b", 80))
        self.until(listener.ready)
        return client, listener.accept()[0]


def transfer(network, client, server, data):
    """Send all of it, and return what has arrived when the sender has closed."""
    received, left = bytearray(), memoryview(data)
    while True:
        if left and client.ready() & POLLOUT:
            left = left[client.send(left) :]
            if not left:
                client.close()
        if server.ready() & POLLIN:
            piece = server.recv(65536)
            received += piece
            if not piece:
                return bytes(received)
        else:
            assert network.world.step(), "the transfer has stopped"


def digest(data):
    return hashlib.sha256(data).hexdigest()


DATA = random.Random(1).randbytes(300_000)


@pytest.mark.parametrize(
    "link",
    [{}, {"loss": 0.05}, {"loss": 0.3}, {"shred": 1.0, "mss": 3000}, {"jitter_s": 0.1}, {"bandwidth": 100_000.0}],
    ids=["as it is", "loses some", "loses much", "shreds", "jitters", "is narrow"],
)
def test_whatever_a_link_does_tcp_delivers_every_byte_once_and_in_order(link):
    network = Network(**link)
    client, server = network.connected()
    assert digest(transfer(network, client, server, DATA)) == digest(DATA)


def test_a_connection_takes_one_way_there_and_back():
    network = Network(latency_s=0.25)
    client = network.a.tcp_socket("")
    network.listener()
    client.connect_ex(("b", 80))
    network.until(lambda: client.ready() == POLLOUT)
    assert network.world.seconds() == 0.5


def test_a_narrow_link_takes_its_time():
    network = Network(latency_s=0.0, bandwidth=10_000.0)
    client, server = network.connected()
    transfer(network, client, server, DATA)
    assert network.world.seconds() == pytest.approx(len(DATA) / 10_000, rel=0.1)


def test_a_link_that_comes_back_in_time_costs_only_time():
    network = Network()
    client, server = network.connected()
    network.link.cut()
    client.send(b"patience")
    network.world.advance(20)
    assert not server.ready() & POLLIN
    network.link.mend()
    network.until(lambda: server.ready() & POLLIN)
    assert server.recv(100) == b"patience"


def test_a_link_that_stays_away_is_a_timeout_in_the_end():
    network = Network()
    client, _ = network.connected()
    network.link.cut()
    client.send(b"anybody?")
    network.until(lambda: client.ready() & POLLERR)
    with pytest.raises(TimeoutError):
        client.recv(1)
    assert network.world.seconds() > 300


def test_an_attempt_that_nobody_answers_ends_after_two_minutes():
    network = Network()
    network.link.cut()
    client = network.a.tcp_socket("")
    client.connect_ex(("b", 80))
    network.until(lambda: client.ready() & POLLERR)
    assert client.connect_ex(("b", 80)) == errno.ETIMEDOUT
    assert network.world.seconds() == pytest.approx(127)


def test_a_listener_without_room_is_tried_again_until_there_is_some():
    network = Network()
    listener = network.b.tcp_socket("")
    listener.bind(("", 80))
    listener.listen(0)
    first, second = network.a.tcp_socket(""), network.a.tcp_socket("")
    for client in (first, second):
        client.connect_ex(("b", 80))
        network.world.advance(0.25)
    assert second.ready() == 0
    listener.accept()
    network.until(lambda: second.ready() == POLLOUT)
    assert network.world.seconds() == pytest.approx(1.25, abs=0.01)


def test_a_closed_window_is_asked_about_even_if_the_word_that_it_is_open_is_lost():
    network = Network()
    client, server = network.connected()
    while client.ready() & POLLOUT:
        client.send(bytes(65536))
        network.world.advance(0.01)
    network.link.cut()
    while server.ready() & POLLIN:
        server.recv(65536)
    network.world.advance(1)
    network.link.mend()
    network.until(lambda: client.ready() & POLLOUT)


def test_another_network_is_unreachable_and_an_empty_address_silent():
    network = Network()
    client, other = network.a.tcp_socket(""), network.a.tcp_socket("")
    assert client.connect_ex(("192.0.2.1", 80)) == errno.ENETUNREACH
    assert other.connect_ex(("10.0.0.99", 80)) == errno.EINPROGRESS
    network.until(lambda: other.ready() & POLLERR)
    assert other.connect_ex(("10.0.0.99", 80)) == errno.ETIMEDOUT


def datagrams(count=1000, **link):
    """What arrives of so many numbered datagrams, and in which order."""
    network = Network(**link)
    sender, receiver = network.a.udp_socket(""), network.b.udp_socket("")
    receiver.bind(("", 53))
    arrived = []
    for number in range(count):
        sender.sendto(b"%d" % number, ("b", 53))
        network.world.advance(0.0001)
        while receiver.ready() & POLLIN:
            arrived.append(int(receiver.recv(100)))
    network.world.advance(1)
    while receiver.ready() & POLLIN:
        arrived.append(int(receiver.recv(100)))
    return arrived


def test_datagrams_arrive_in_order_unless_the_link_says_otherwise():
    assert datagrams() == list(range(1000))


def test_datagrams_are_lost():
    arrived = datagrams(loss=0.3)
    assert arrived == sorted(set(arrived)) and 600 < len(arrived) < 800


def test_datagrams_come_twice():
    arrived = datagrams(duplication=0.3)
    assert sorted(set(arrived)) == list(range(1000)) and 1200 < len(arrived) < 1400


def test_datagrams_overtake_each_other():
    arrived = datagrams(reordering=0.3)
    assert sorted(arrived) == list(range(1000)) and arrived != sorted(arrived)


def test_datagrams_for_which_there_is_no_room_are_dropped():
    network = Network()
    sender, receiver = network.a.udp_socket(""), network.b.udp_socket("")
    receiver.bind(("", 53))
    for _ in range(100):
        sender.sendto(bytes(10_000), ("b", 53))
    network.world.advance(1)
    received = 0
    while receiver.ready() & POLLIN:
        received += len(receiver.recv(65536))
    assert 100_000 <= received <= 131_072


def test_a_group_reaches_its_members_on_every_host():
    network = Network()
    third = network.system("c")
    members = [system.udp_socket("") for system in (network.a, network.b, third)]
    for member in members:
        member.bind(("", 9000))
    for member in members[:2]:
        member.setsockopt(0, 35, bytes([239, 0, 0, 1, 0, 0, 0, 0]))  # IPPROTO_IP, IP_ADD_MEMBERSHIP
    members[0].sendto(b"all", ("239.0.0.1", 9000))
    network.world.advance(1)
    assert [bool(member.ready() & POLLIN) for member in members] == [True, True, False]


def test_out_of_descriptors():
    world = World()
    world.host("a")
    system = SimSystem(world.host("a"), Descriptors(limit=5), world.names, world.clock)
    one, other = system.tcp_socket(""), system.tcp_socket("")
    with pytest.raises(OSError) as raised:
        system.tcp_socket("")
    assert raised.value.errno == errno.EMFILE
    number = one.fileno()
    one.close()
    assert system.tcp_socket("").fileno() == number != other.fileno()


@pytest.mark.parametrize("change", ["colour", "_free_at"])
def test_a_link_has_no_such_thing(change):
    world = World()
    world.host("a")
    with pytest.raises(SimulationError, match=change):
        world.link("a", "a", **{change: 1})


def test_a_host_that_is_not_there():
    with pytest.raises(SimulationError, match=r"world\.host"):
        World().link("a", "b")


@pytest.mark.parametrize("loss", [0.0, 0.3])
def test_two_who_call_each_other_at_the_same_moment_meet(loss):
    network = Network(latency_s=0.1, loss=loss)
    ends = [system.tcp_socket("") for system in (network.a, network.b)]
    for end in ends:
        end.bind(("", 7))
    for end, other in zip(ends, ("b", "a"), strict=True):
        assert end.connect_ex((other, 7)) == errno.EINPROGRESS
        assert end.connect_ex((other, 7)) == errno.EALREADY
    network.until(lambda: all(end.ready() & POLLOUT for end in ends))
    assert [end.connect_ex((other, 7)) for end, other in zip(ends, ("b", "a"), strict=True)] == [0, 0]
    for end in ends:
        end.send(b"hello")
    network.until(lambda: all(end.ready() & POLLIN for end in ends))
    assert [end.recv(10) for end in ends] == [b"hello"] * 2
    data = random.Random(1).randbytes(300_000)
    assert transfer(network, *ends, data) == data
