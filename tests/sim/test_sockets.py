"""TCP sockets by tcp(7), connect(2) and poll(2), and their names: both kernels are held to the same."""

import errno
import select
import socket

import pytest

from tests.sim.kernels import connected, error_of

IN, OUT, ERR, HUP = select.POLLIN, select.POLLOUT, select.POLLERR, select.POLLHUP
ANYWHERE = ("127.0.0.1", 0)


# --- a socket that nothing was done with


def test_a_new_socket_is_hung_up_and_has_no_name_yet(kernel):
    skt = kernel.tcp()
    assert kernel.mask(skt) == OUT | HUP
    assert skt.getsockname() == ("0.0.0.0", 0)
    assert skt.fileno() >= 0


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda skt: skt.recv(1), "ENOTCONN"),
        (lambda skt: skt.send(b"x"), "EPIPE"),
        (lambda skt: skt.getpeername(), "ENOTCONN"),
        (lambda skt: skt.shutdown(socket.SHUT_RDWR), "ENOTCONN"),
        (lambda skt: skt.accept(), "EINVAL"),
    ],
    ids=["recv", "send", "getpeername", "shutdown", "accept"],
)
def test_what_a_socket_without_a_connection_refuses(kernel, call, expected):
    assert error_of(call, kernel.tcp()) == expected


def test_a_closed_socket_has_no_descriptor_and_does_nothing(kernel):
    skt = kernel.tcp()
    skt.close()
    skt.close()
    assert skt.fileno() == -1
    for call in (lambda: skt.recv(1), lambda: skt.send(b"x"), skt.getsockname, lambda: skt.bind(ANYWHERE)):
        assert error_of(call) == "EBADF"


# --- bind and listen


def test_port_0_becomes_a_free_one(kernel):
    one, other = kernel.tcp(), kernel.tcp()
    one.bind(ANYWHERE)
    other.bind(ANYWHERE)
    assert one.getsockname()[0] == "127.0.0.1"
    assert 0 < one.getsockname()[1] != other.getsockname()[1] > 0


def test_a_port_that_is_bound_is_taken(kernel, nobody):
    assert error_of(kernel.tcp().bind, nobody) == "EADDRINUSE"
    assert error_of(kernel.tcp().bind, ("0.0.0.0", nobody[1])) == "EADDRINUSE"
    assert error_of(kernel.tcp().bind, ("127.0.0.2", nobody[1])) == ""


def test_an_address_of_another_machine_cannot_be_bound(kernel):
    assert error_of(kernel.tcp().bind, ("192.0.2.1", 0)) == "EADDRNOTAVAIL"


def test_binding_twice_is_an_error(kernel):
    skt = kernel.tcp()
    skt.bind(ANYWHERE)
    assert error_of(skt.bind, ANYWHERE) == "EINVAL"


def reusing(kernel):
    skt = kernel.tcp()
    skt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return skt


def test_two_that_reuse_an_address_may_bind_it_but_only_one_may_listen(kernel):
    one, other = reusing(kernel), reusing(kernel)
    one.bind(ANYWHERE)
    assert error_of(other.bind, one.getsockname()) == ""
    one.listen()
    assert error_of(other.listen) == "EADDRINUSE"


def test_a_port_that_somebody_listens_at_is_taken_even_for_those_who_reuse(kernel):
    one = reusing(kernel)
    one.bind(ANYWHERE)
    one.listen()
    assert error_of(reusing(kernel).bind, one.getsockname()) == "EADDRINUSE"


def test_the_port_of_a_closed_listener_is_free(kernel, listener):
    address = listener.getsockname()
    listener.close()
    assert error_of(kernel.tcp().bind, address) == ""


def test_a_port_with_a_connection_left_is_free_only_for_those_who_reuse(kernel):
    with reusing(kernel) as listener:
        listener.bind(ANYWHERE)
        listener.listen()
        address = listener.getsockname()
        client = kernel.tcp()
        client.connect_ex(address)
        kernel.until(lambda: kernel.mask(listener))
        server, _ = listener.accept()
    with server:
        assert error_of(kernel.tcp().bind, address) == "EADDRINUSE"
        again = reusing(kernel)
        assert error_of(again.bind, address) == error_of(again.listen) == ""


def test_listening_without_bind_chooses_a_port(kernel):
    skt = kernel.tcp()
    skt.listen()
    assert skt.getsockname()[0] == "0.0.0.0" and skt.getsockname()[1] > 0
    assert kernel.mask(skt) == 0


# --- connect and accept


def test_connecting_takes_a_moment_then_succeeds_once_then_is_done(kernel, listener):
    client = kernel.tcp()
    assert client.connect_ex(listener.getsockname()) == errno.EINPROGRESS
    kernel.until(lambda: kernel.mask(client) == OUT)
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    assert client.connect_ex(listener.getsockname()) == 0
    assert client.connect_ex(listener.getsockname()) == errno.EISCONN


def test_both_ends_agree_on_their_names(kernel, listener):
    client = kernel.tcp()
    client.connect_ex(listener.getsockname())
    kernel.until(lambda: kernel.mask(listener) == IN)
    server, peer = listener.accept()
    with server:
        assert peer == server.getpeername() == client.getsockname()
        assert server.getsockname() == client.getpeername() == listener.getsockname()


def test_nobody_to_accept_would_block(listener):
    assert error_of(listener.accept) == "EAGAIN"


def test_a_refused_connection_is_an_error_that_is_told_once(kernel, nobody):
    client = kernel.tcp()
    assert client.connect_ex(nobody) == errno.EINPROGRESS
    kernel.until(lambda: kernel.mask(client) == IN | OUT | ERR | HUP)
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    assert client.connect_ex(nobody) == errno.ECONNABORTED


def test_after_a_refusal_the_socket_may_try_again(kernel, nobody, listener):
    client = kernel.tcp()
    client.connect_ex(nobody)
    kernel.until(lambda: kernel.mask(client) & ERR)
    assert client.connect_ex(nobody) == errno.ECONNREFUSED
    assert client.connect_ex(listener.getsockname()) == errno.EINPROGRESS
    kernel.until(lambda: kernel.mask(client) == OUT)


def test_port_0_refuses(kernel):
    client = kernel.tcp()
    client.connect_ex(("127.0.0.1", 0))
    kernel.until(lambda: kernel.mask(client) & ERR)
    assert client.connect_ex(("127.0.0.1", 0)) == errno.ECONNREFUSED


def test_no_address_at_all_is_the_machine_itself(kernel, listener):
    client = kernel.tcp()
    client.connect_ex(("0.0.0.0", listener.getsockname()[1]))
    kernel.until(lambda: kernel.mask(client) == OUT)
    assert client.getpeername() == listener.getsockname()


def test_a_socket_may_meet_itself(kernel):
    """Who happens to call from the port that he calls finds himself there: both ends call at the same moment."""
    skt = kernel.tcp()
    skt.bind(ANYWHERE)
    assert error_of(skt.connect, skt.getsockname()) == "EINPROGRESS"
    kernel.until(lambda: kernel.mask(skt) == OUT)
    assert skt.connect_ex(skt.getsockname()) == 0 and skt.getpeername() == skt.getsockname()
    skt.send(b"echo")
    kernel.until(lambda: kernel.mask(skt) & IN)
    assert skt.recv(100) == b"echo"
    skt.shutdown(socket.SHUT_WR)
    kernel.until(lambda: kernel.mask(skt) & HUP)
    assert skt.recv(1) == b""


def test_a_client_may_choose_its_own_end(kernel, listener):
    client = kernel.tcp()
    client.bind(("127.0.0.3", 0))
    client.connect_ex(listener.getsockname())
    kernel.until(lambda: kernel.mask(listener))
    server, peer = listener.accept()
    server.close()
    assert peer == client.getsockname() and peer[0] == "127.0.0.3"


def test_a_full_backlog_gives_no_answer_and_one_more_fits_than_it_says(kernel):
    listener = kernel.tcp()
    listener.bind(ANYWHERE)
    listener.listen(0)
    first, second = kernel.tcp(), kernel.tcp()
    first.connect_ex(listener.getsockname())
    kernel.until(lambda: kernel.mask(first) == OUT and kernel.mask(listener))
    second.connect_ex(listener.getsockname())
    assert kernel.mask(second) == 0
    assert second.connect_ex(listener.getsockname()) == errno.EALREADY
    assert error_of(second.send, b"x") == "EAGAIN"
    assert error_of(second.recv, 1) == "EAGAIN"
    assert error_of(second.getpeername) == "ENOTCONN"


def test_closing_a_listener_resets_those_who_wait(kernel, listener):
    client = kernel.tcp()
    client.connect_ex(listener.getsockname())
    kernel.until(lambda: kernel.mask(listener))
    listener.close()
    kernel.until(lambda: kernel.mask(client) & ERR)
    assert error_of(client.recv, 1) == "ECONNRESET"


# --- options, and IPv6


def test_options_are_remembered(pair):
    client, _ = pair
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, True)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 10_000)
    assert client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) == 20_000
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_STREAM


def test_over_ipv6_names_have_four_parts(kernel):
    client, server = connected(kernel, socket.AF_INET6)
    assert client.getpeername() == server.getsockname()
    assert client.getpeername()[0] == "::1" and client.getpeername()[2:] == (0, 0)


def test_a_listener_for_all_of_ipv6_takes_ipv4_too(kernel):
    listener, client = kernel.tcp(socket.AF_INET6), kernel.tcp()
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(("::", 0))
    listener.listen()
    client.connect_ex(("127.0.0.1", listener.getsockname()[1]))
    kernel.until(lambda: kernel.mask(listener))
    server, peer = listener.accept()
    server.close()
    assert peer == ("::ffff:127.0.0.1", client.getsockname()[1], 0, 0)
    assert error_of(kernel.tcp().bind, ("0.0.0.0", listener.getsockname()[1])) == "EADDRINUSE"


def test_unless_it_wants_ipv6_only(kernel, nobody):
    listener, client = kernel.tcp(socket.AF_INET6), kernel.tcp()
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(("::", nobody[1]))
    listener.listen()
    client.connect_ex(nobody)
    kernel.until(lambda: kernel.mask(client) & ERR)
