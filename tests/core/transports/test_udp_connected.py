"""UDP in connected mode: one peer, and the news when nobody is there."""

import errno
import socket

import pytest

from reactor.error import InvalidAddressError
from tests.support.datagrams import Hearer, listen_udp, opened_ports, where  # noqa: F401 (fixtures)
from tests.support.loopback import run_until, stop_listening, turn

LOOPBACKS = pytest.mark.parametrize("host", ["127.0.0.1", "::1"])


@pytest.fixture
def deserted():
    """Makes the address of a port where nobody is: it was somebody's a moment ago."""

    def make(host):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as gone:
            gone.bind((host, 0))
            return host, gone.getsockname()[1]

    return make


@LOOPBACKS
def test_a_connected_port_writes_without_an_address(reactor, listen, host):
    hearer = Hearer()
    hearing, speaking = listen(hearer, interface=host), listen(Hearer(), interface=host)
    assert speaking.connect(*where(hearing)) is None
    speaking.write(b"without")
    speaking.write(b"with", where(hearing))
    run_until(reactor, lambda: hearer.datagrams == [b"without", b"with"])


def test_a_connected_port_hears_its_peer_only(reactor, listen):
    hearer = Hearer()
    hearing, friend, stranger = listen(hearer), listen(Hearer()), listen(Hearer())
    hearing.connect(*where(friend))
    stranger.write(b"psst", where(hearing))
    friend.write(b"hello", where(hearing))
    run_until(reactor, lambda: hearer.heard)
    assert hearer.heard == [(b"hello", where(friend))]


@pytest.mark.own_promise("on epoll and poll it closes the port, without a word")
@LOOPBACKS
def test_when_nobody_is_there_connectionRefused_comes_with_the_news(reactor, listen, deserted, host):
    hearer = Hearer()
    port = listen(hearer, interface=host)
    port.connect(*deserted(host))
    port.write(b"anybody there?")
    run_until(reactor, lambda: "refused" in hearer.events)
    assert hearer.events == ["started", "refused"]


def test_or_from_inside_the_next_write(listen, deserted):
    hearer = Hearer()
    port = listen(hearer)
    port.connect(*deserted("127.0.0.1"))
    port.write(b"anybody there?")
    assert hearer.events == ["started"]
    port.write(b"hello?")
    assert hearer.events == ["started", "refused"]


@pytest.mark.own_promise("on epoll and poll it closes the port, without a word")
def test_a_port_that_was_refused_goes_on(reactor, listen, deserted):
    hearer = Hearer()
    port = listen(hearer)
    host, number = deserted("127.0.0.1")
    port.connect(host, number)
    port.write(b"anybody there?")
    run_until(reactor, lambda: "refused" in hearer.events)
    late = Hearer()
    listen(late, number)
    port.write(b"and now?")
    run_until(reactor, lambda: late.datagrams == [b"and now?"])


@pytest.mark.own_promise("it closes the port")
def test_a_connectionRefused_that_raises_is_logged_and_the_port_goes_on(reactor, listen, deserted, logged_errors):
    def fail(hearer):
        raise ZeroDivisionError("on purpose")

    hearer = Hearer(refused=fail)
    port = listen(hearer)
    port.connect(*deserted("127.0.0.1"))
    port.write(b"anybody there?")
    run_until(reactor, lambda: "refused" in hearer.events)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    assert port.connected


def test_a_port_that_is_not_connected_hears_of_no_refusal(reactor, listen, deserted):
    hearer = Hearer()
    port = listen(hearer)
    port.write(b"anybody there?", deserted("127.0.0.1"))
    port.write(b"hello?", where(port))
    run_until(reactor, lambda: hearer.heard)
    assert "refused" not in hearer.events


def test_connecting_twice_is_an_error(listen):
    port = listen(Hearer())
    port.connect(*where(port))
    with pytest.raises(RuntimeError, match="already connected"):
        port.connect(*where(port))


def test_a_name_cannot_be_connected_to(listen):
    with pytest.raises(InvalidAddressError) as caught:
        listen(Hearer()).connect("localhost", 7)
    assert caught.value.address == "localhost"


def test_writing_to_somebody_else_is_an_error(listen):
    port = listen(Hearer())
    port.connect(*where(port))
    with pytest.raises((ValueError, AssertionError)):
        port.write(b"hello", ("127.0.0.2", 7))


@pytest.mark.own_promise("it leaves that to the socket, and is half connected afterwards")
def test_a_port_number_out_of_range_is_refused_at_the_call(listen):
    port = listen(Hearer())
    with pytest.raises(ValueError, match="70000"):
        port.connect("127.0.0.1", 70000)
    port.connect(*where(port))


@pytest.mark.own_promise("it stays connected to a peer that the new socket has never heard of")
def test_a_port_that_listens_again_is_not_connected(reactor, listen):
    hearer = Hearer()
    port = listen(hearer)
    port.connect(*where(port))
    stop_listening(reactor, port)
    port.startListening()
    port.write(b"hello", where(port))
    run_until(reactor, lambda: hearer.datagrams == [b"hello"])


@pytest.mark.own_promise("it closes the port")
def test_news_of_a_network_that_is_down_costs_a_datagram_and_not_the_port(reactor, listen):
    """A router may say what it likes. The socket is one that says so, since no router is near."""

    class Unlucky:
        def __init__(self, real):
            self.real, self.news = real, [OSError(errno.EHOSTUNREACH, "no route to host")]

        def recvfrom(self, size):
            if self.news:
                raise self.news.pop()
            return self.real.recvfrom(size)

        def __getattr__(self, name):
            return getattr(self.real, name)

    hearer = Hearer()
    port = listen(hearer)
    port.socket = Unlucky(port.socket)
    port.write(b"hello", where(port))
    run_until(reactor, lambda: hearer.datagrams == [b"hello"])
    turn(reactor)
    assert port.connected
