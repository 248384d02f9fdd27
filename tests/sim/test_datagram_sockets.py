"""UDP and UNIX sockets, by udp(7), ip(7) and unix(7), on both kernels."""

import select
import socket

import pytest

from tests.sim.kernels import error_of

IN, OUT, ERR, HUP = select.POLLIN, select.POLLOUT, select.POLLERR, select.POLLHUP
ANYWHERE = ("127.0.0.1", 0)
GROUP = "239.1.2.3"


def bound(kernel, address=ANYWHERE):
    skt = kernel.udp()
    skt.bind(address)
    return skt


# --- UDP


def test_a_datagram_arrives_whole_with_its_sender(kernel):
    one, other = bound(kernel), bound(kernel)
    assert kernel.mask(other) == OUT
    assert one.sendto(b"hello", other.getsockname()) == 5
    kernel.until(lambda: kernel.mask(other) == IN | OUT)
    assert other.recvfrom(100) == (b"hello", one.getsockname())
    assert error_of(other.recvfrom, 100) == "EAGAIN"


def test_what_does_not_fit_is_lost_and_an_empty_one_is_one(kernel):
    one, other = bound(kernel), bound(kernel)
    for data in (b"hello", b"", b"x"):
        one.sendto(data, other.getsockname())
    received = []
    while len(received) < 3:
        kernel.until(lambda: kernel.mask(other) & IN)
        received.append(other.recvfrom(2)[0])
    assert received == [b"he", b"", b"x"]


def test_sending_gives_a_name_to_who_had_none(kernel):
    one, other = kernel.udp(), bound(kernel)
    assert one.getsockname() == ("0.0.0.0", 0)
    one.sendto(b"x", other.getsockname())
    assert one.getsockname()[1] > 0
    kernel.until(lambda: kernel.mask(other) & IN)
    assert other.recvfrom(1)[1] == ("127.0.0.1", one.getsockname()[1])


def test_too_long_a_datagram_is_refused_and_the_longest_is_not(kernel):
    one, other = bound(kernel), bound(kernel)
    assert error_of(one.sendto, bytes(65_508), other.getsockname()) == "EMSGSIZE"
    one.sendto(bytes(65_507), other.getsockname())
    kernel.until(lambda: kernel.mask(other) & IN)
    assert len(other.recvfrom(70_000)[0]) == 65_507


def test_a_udp_port_that_is_bound_is_taken(kernel):
    one = bound(kernel)
    assert error_of(bound, kernel, one.getsockname()) == "EADDRINUSE"
    assert error_of(bound, kernel, ("192.0.2.1", 0)) == "EADDRNOTAVAIL"
    assert error_of(one.bind, ANYWHERE) == "EINVAL"


def test_without_a_peer_there_is_nobody_to_send_to(kernel):
    one = bound(kernel)
    assert error_of(one.send, b"x") == "EDESTADDRREQ"
    assert error_of(one.getpeername) == "ENOTCONN"


def test_connected_it_hears_its_peer_only(kernel):
    one, friend, stranger = bound(kernel), bound(kernel), bound(kernel)
    one.connect(friend.getsockname())
    assert one.getpeername() == friend.getsockname()
    stranger.sendto(b"psst", one.getsockname())
    friend.sendto(b"hello", one.getsockname())
    kernel.until(lambda: kernel.mask(one) & IN)
    assert one.recvfrom(100)[0] == b"hello"
    one.send(b"back")
    kernel.until(lambda: kernel.mask(friend) & IN)
    assert friend.recvfrom(100)[0] == b"back"


def test_connected_it_learns_that_nobody_is_there_once(kernel):
    gone = bound(kernel)
    one = kernel.udp()
    one.connect(gone.getsockname())
    gone.close()
    one.send(b"anybody?")
    kernel.until(lambda: kernel.mask(one) & ERR)
    assert error_of(one.recvfrom, 1) == "ECONNREFUSED"
    assert error_of(one.recvfrom, 1) == "EAGAIN"


def test_unconnected_it_never_learns(kernel):
    gone, one = bound(kernel), bound(kernel)
    address = gone.getsockname()
    gone.close()
    one.sendto(b"anybody?", address)
    assert error_of(one.sendto, b"hello?", address) == ""
    assert error_of(one.recvfrom, 1) == "EAGAIN"


def test_broadcasting_needs_permission(kernel):
    one = kernel.udp()
    assert error_of(one.sendto, b"x", ("255.255.255.255", 9)) == "EACCES"


def test_a_group_is_heard_after_joining_and_not_after_leaving(kernel):
    member = bound(kernel, ("", 0))
    port = member.getsockname()[1]
    mreq = socket.inet_aton(GROUP) + socket.inet_aton("127.0.0.1")
    speaker = bound(kernel)
    speaker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, mreq)
    assert error_of(member.setsockopt, socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, mreq) == "EADDRINUSE"
    speaker.sendto(b"all", (GROUP, port))
    kernel.until(lambda: kernel.mask(member) & IN)
    assert member.recvfrom(10) == (b"all", speaker.getsockname())
    member.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, mreq)
    assert error_of(member.setsockopt, socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, mreq) == "EADDRNOTAVAIL"
    speaker.sendto(b"none", (GROUP, port))
    assert error_of(member.recvfrom, 10) == "EAGAIN"


def test_only_a_group_can_be_joined(kernel):
    mreq = socket.inet_aton("127.0.0.1") * 2
    assert error_of(kernel.udp().setsockopt, socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, mreq) == "EINVAL"


# --- UNIX


@pytest.fixture
def path(kernel, tmp_path):
    """A short name: the real kernel takes at most 107 bytes."""
    return str(tmp_path / "s")[-100:] if kernel.name == "simulated" else str(tmp_path / "s")


@pytest.fixture
def unix_listener(kernel, path):
    skt = kernel.unix()
    skt.bind(path)
    skt.listen(0)
    return skt


@pytest.fixture
def unix_pair(kernel, unix_listener, path):
    client = kernel.unix()
    assert client.connect_ex(path) == 0
    server, _ = unix_listener.accept()
    server.setblocking(False)
    yield client, server
    server.close()


def test_unix_nobody_is_there(kernel, path):
    assert error_of(kernel.unix().connect, path) == "ENOENT"
    kernel.unix().bind(path)
    assert error_of(kernel.unix().connect, path) == "ECONNREFUSED"
    assert error_of(kernel.unix().bind, path) == "EADDRINUSE"


def test_unix_a_file_outlives_its_socket(kernel, unix_listener, path):
    unix_listener.close()
    assert error_of(kernel.unix().connect, path) == "ECONNREFUSED"
    assert error_of(kernel.unix().bind, path) == "EADDRINUSE"


def test_unix_a_full_backlog_would_block(kernel, unix_listener, path):
    first, second = kernel.unix(), kernel.unix()
    assert error_of(first.connect, path) == ""
    assert error_of(second.connect, path) == "EAGAIN"
    server, name = unix_listener.accept()
    server.close()
    assert name == ""
    assert error_of(second.connect, path) == ""


def test_unix_names(unix_pair, path):
    client, server = unix_pair
    assert client.getpeername() == server.getsockname() == path
    assert server.getpeername() == client.getsockname() == ""


def test_unix_bytes_and_the_end(kernel, unix_pair):
    client, server = unix_pair
    client.send(b"hello")
    assert server.recv(2) + server.recv(100) == b"hello"
    assert error_of(server.recv, 1) == "EAGAIN"
    client.shutdown(socket.SHUT_WR)
    assert server.recv(1) == b"" and error_of(client.send, b"x") == "EPIPE"
    server.send(b"bye")
    server.close()
    assert client.recv(10) == b"bye" and client.recv(10) == b""
    assert kernel.mask(client) == IN | OUT | HUP


def test_unix_a_close_with_bytes_unread_resets(unix_pair):
    client, server = unix_pair
    client.send(b"unread")
    server.close()
    assert error_of(client.recv, 1) == "ECONNRESET"
    assert client.recv(1) == b"" and error_of(client.send, b"x") == "EPIPE"


def test_unix_a_full_buffer_would_block(kernel, unix_pair):
    client, server = unix_pair
    while error_of(client.send, bytes(10_000)) == "":
        pass
    assert kernel.mask(client) == 0
    while error_of(server.recv, 100_000) == "":
        pass
    assert kernel.mask(client) == OUT


def test_unix_datagrams(kernel, path):
    one, other = kernel.unix(socket.SOCK_DGRAM), kernel.unix(socket.SOCK_DGRAM)
    assert error_of(other.sendto, b"x", path) == "ENOENT"
    assert error_of(other.send, b"x") == error_of(other.getpeername) == "ENOTCONN"
    one.bind(path)
    other.sendto(b"hello", path)
    other.connect(path)
    other.send(b"again")
    assert one.recvfrom(100) == (b"hello", None)
    assert one.recvfrom(2) == (b"ag", None)
    assert error_of(one.recvfrom, 1) == "EAGAIN"
    one.close()
    assert error_of(other.send, b"x") == "ECONNREFUSED"
    other.close()
    assert error_of(other.connect, path) == error_of(other.sendto, b"x", path) == "EBADF"


def test_unix_streams_and_datagrams_do_not_mix(kernel, unix_listener, path):
    assert error_of(kernel.unix(socket.SOCK_DGRAM).connect, path) == "EPROTOTYPE"


def test_a_look_at_a_datagram_leaves_it_there(kernel, tmp_path):
    udp, unix = kernel.udp(), kernel.unix(socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    unix.bind(str(tmp_path / "s"))
    for receiver, sender in ((udp, kernel.udp()), (unix, kernel.unix(socket.SOCK_DGRAM))):
        sender.sendto(b"psst", receiver.getsockname())
        kernel.until(lambda waiting=receiver: kernel.mask(waiting) & select.POLLIN)
        assert receiver.recv(2, socket.MSG_PEEK) == b"ps"
        assert receiver.recvfrom(10)[0] == b"psst"
        assert error_of(receiver.recv, 1, socket.MSG_PEEK) == "EAGAIN"


def test_a_socket_that_connects_without_a_port_gets_one_that_is_free(kernel):
    one, others = kernel.udp(), [kernel.udp() for _ in range(3)]
    one.bind(("127.0.0.1", 0))
    for other in others:
        other.connect(one.getsockname())
    ports = {other.getsockname()[1] for other in others}
    assert len(ports) == 3 and min(ports) > 1023
