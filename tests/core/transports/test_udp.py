"""UDP: one protocol a port, datagrams whole, and nobody is connected."""

import errno
import socket

import pytest

from reactor.address import IPv4Address, IPv6Address
from reactor.error import CannotListenError, InvalidAddressError, MessageLengthError, NotListeningError
from tests.support.datagrams import Hearer, echo, listen_udp, opened_ports, where  # noqa: F401 (fixtures)
from tests.support.loopback import run, run_until, stop_listening, turn

LOOPBACKS = pytest.mark.parametrize("interface", ["127.0.0.1", "::1"])


# --- a port's life


def test_the_protocol_is_started_inside_listenUDP_and_has_its_transport(listen):
    seen = []
    hearer = Hearer(started=lambda hearer: seen.append(hearer.transport))
    port = listen(hearer)
    assert seen == [port] and hearer.transport is port


def test_stopListening_stops_the_protocol_and_then_fires(reactor, listen):
    hearer = Hearer(stopped=lambda hearer: hearer.events.append(f"transport {hearer.transport}"))
    port = listen(hearer)
    port.stopListening().addCallback(lambda result: hearer.events.append(f"fired {result}"))
    assert hearer.events == ["started"]
    run_until(reactor, lambda: len(hearer.events) == 4)
    assert hearer.events == ["started", "stopped", "transport None", "fired None"]


def test_a_stopped_port_is_free(reactor, listen):
    port = listen(Hearer())
    number = port.getHost().port
    stop_listening(reactor, port)
    assert listen(Hearer(), number).getHost().port == number


def test_stopListening_on_a_closed_port_is_None(reactor, listen):
    port = listen(Hearer())
    stop_listening(reactor, port)
    assert port.stopListening() is None


@pytest.mark.own_promise("the second call takes the first one's Deferred away, and fails in the loop")
def test_stopListening_twice_is_one_end(reactor, listen):
    hearer, fired = Hearer(), []
    port = listen(hearer)
    port.stopListening().addCallback(fired.append)
    port.stopListening().addCallback(fired.append)
    run_until(reactor, lambda: fired)
    assert fired == [None, None] and hearer.events == ["started", "stopped"]


@pytest.mark.own_promise("it reads nothing any more")
def test_a_port_can_listen_again(reactor, listen):
    hearer = Hearer()
    port = listen(hearer)
    stop_listening(reactor, port)
    port.startListening()
    assert hearer.events == ["started", "stopped", "started"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.sendto(b"again", where(port))
        run_until(reactor, lambda: hearer.datagrams == [b"again"])


def test_the_end_of_the_reactor_stops_the_protocol(reactor):
    hearer = Hearer()
    reactor.listenUDP(0, hearer, interface="127.0.0.1")
    reactor.callWhenRunning(reactor.stop)
    run(reactor, installSignalHandlers=False)
    assert hearer.events == ["started", "stopped"]


def test_the_old_name_loseConnection_warns_and_stops(reactor, listen):
    hearer = Hearer()
    port = listen(hearer)
    with pytest.warns(DeprecationWarning, match="stopListening"):
        port.loseConnection()
    run_until(reactor, lambda: hearer.events == ["started", "stopped"])


@pytest.mark.leaks_in_twisted("the socket of the port")
def test_a_protocol_that_fails_to_start_fails_the_call(reactor):
    def fail(hearer):
        raise ZeroDivisionError("on purpose")

    with pytest.raises(ZeroDivisionError):
        reactor.listenUDP(0, Hearer(started=fail), interface="127.0.0.1")


@pytest.mark.own_promise("the Deferred never fires, and the socket stays")
def test_a_protocol_that_fails_to_stop_fails_the_Deferred(reactor, listen):
    def fail(hearer):
        raise ZeroDivisionError("on purpose")

    failures = []
    listen(Hearer(stopped=fail)).stopListening().addErrback(failures.append)
    run_until(reactor, lambda: failures)
    assert failures[0].check(ZeroDivisionError)


def test_a_protocol_may_close_its_port_while_it_starts(reactor, listen):
    hearer = Hearer(started=lambda hearer: hearer.transport.stopListening())
    listen(hearer)
    run_until(reactor, lambda: hearer.events == ["started", "stopped"])


@pytest.mark.leaks_in_twisted("the socket of the second port")
def test_one_protocol_cannot_serve_two_ports(listen):
    hearer = Hearer()
    listen(hearer)
    with pytest.raises(AssertionError):
        listen(hearer)
    assert hearer.events == ["started"]


@pytest.mark.leaks_in_twisted("the socket that could not be bound")
def test_a_port_that_is_taken_cannot_be_listened_on(listen):
    number = listen(Hearer()).getHost().port
    hearer = Hearer()
    with pytest.raises(CannotListenError) as caught:
        listen(hearer, number)
    assert caught.value.port == number and hearer.events == []


# --- receiving


@LOOPBACKS
def test_a_datagram_comes_whole_with_its_sender(reactor, listen, interface):
    hearer, speaker = Hearer(), Hearer()
    hearing, speaking = listen(hearer, interface=interface), listen(speaker, interface=interface)
    speaking.write(b"hello", where(hearing))
    speaking.write(b"", where(hearing))
    speaking.writeSequence([b"in ", b"pieces"], where(hearing))
    run_until(reactor, lambda: len(hearer.heard) == 3)
    assert hearer.heard == [(data, where(speaking)) for data in (b"hello", b"", b"in pieces")]


@LOOPBACKS
def test_an_answer_goes_back_to_the_sender(reactor, listen, interface):
    hearer = Hearer()
    echoing, hearing = listen(Hearer(data=echo), interface=interface), listen(hearer, interface=interface)
    hearing.write(b"hello", where(echoing))
    run_until(reactor, lambda: hearer.heard == [(b"hello", where(echoing))])


def test_getHost_is_a_UDP_address_with_the_real_port(listen):
    four, six = listen(Hearer()), listen(Hearer(), interface="::1")
    assert four.getHost() == IPv4Address("UDP", *four.getHandle().getsockname())
    assert six.getHost() == IPv6Address("UDP", *six.getHandle().getsockname()[:2])
    assert four.getHost().port > 0


def test_without_an_interface_it_is_every_IPv4_address(listen):
    assert listen(Hearer(), interface="").getHost().host == "0.0.0.0"


def test_of_a_datagram_that_is_too_long_the_rest_is_lost(reactor, listen):
    hearer = Hearer()
    hearing, speaking = listen(hearer, maxPacketSize=4), listen(Hearer())
    speaking.write(b"12345678", where(hearing))
    speaking.write(b"next", where(hearing))
    run_until(reactor, lambda: hearer.datagrams == [b"1234", b"next"])


def test_a_handler_that_raises_is_logged_and_the_port_goes_on(reactor, listen, logged_errors):
    def fail(hearer, datagram, sender):
        raise ZeroDivisionError("on purpose")

    hearer = Hearer(data=fail)
    hearing, speaking = listen(hearer), listen(Hearer())
    speaking.write(b"one", where(hearing))
    speaking.write(b"two", where(hearing))
    run_until(reactor, lambda: hearer.datagrams == [b"one", b"two"])
    assert len(logged_errors.flush(ZeroDivisionError)) == 2


@pytest.mark.own_promise("it delivers what has come, though it was told to stop")
def test_nothing_is_delivered_after_stopListening(reactor, listen):
    hearer = Hearer(data=lambda hearer, datagram, sender: hearer.transport.stopListening())
    hearing, speaking = listen(hearer), listen(Hearer())
    for _ in range(3):
        speaking.write(b"one too many", where(hearing))
    run_until(reactor, lambda: "stopped" in hearer.events)
    assert len(hearer.heard) == 1


@pytest.mark.parametrize("size", [0, 1000])
def test_a_turn_reads_only_so_much_of_a_flood(reactor, listen, size):
    hearer = Hearer()
    hearing, speaking = listen(hearer), listen(Hearer())
    hearing.maxThroughput = 3000 if size else 0
    for _ in range(20):
        speaking.write(bytes(size), where(hearing))
    hearing.doRead()
    assert len(hearer.heard) == (3 if size else 0)
    hearing.maxThroughput = 256 * 1024
    run_until(reactor, lambda: len(hearer.heard) == 20)


@pytest.mark.own_promise("empty datagrams count for nothing there, so that a flood of them is read without an end")
def test_empty_datagrams_count_too(listen):
    hearer = Hearer()
    hearing, speaking = listen(hearer), listen(Hearer())
    hearing.maxThroughput = 1024
    for _ in range(20):
        speaking.write(b"", where(hearing))
    hearing.doRead()
    assert len(hearer.heard) == 4
    hearing.stopReading()


@pytest.mark.own_promise("what has come already is still delivered")
def test_a_port_that_is_paused_in_a_handler_hears_no_more_in_this_turn_either(reactor, listen):
    hearer = Hearer(data=lambda hearer, *_: hearer.transport.pauseProducing())
    hearing, sending = listen(hearer), listen(Hearer())
    for number in range(3):
        sending.write(b"%d" % number, where(hearing))
    run_until(reactor, lambda: hearer.heard)
    turn(reactor, 3)
    assert hearer.datagrams == [b"0"]
    hearing.resumeProducing()
    run_until(reactor, lambda: len(hearer.heard) == 2)


def test_a_port_that_is_paused_hears_later(reactor, listen):
    hearer = Hearer()
    hearing, speaking = listen(hearer), listen(Hearer())
    hearing.pauseProducing()
    speaking.write(b"wait", where(hearing))
    turn(reactor, 3)
    assert hearer.heard == []
    hearing.resumeProducing()
    run_until(reactor, lambda: hearer.datagrams == [b"wait"])


# --- sending


def test_a_datagram_that_is_too_long_to_send_says_so(listen):
    port = listen(Hearer())
    with pytest.raises(MessageLengthError, match="too long"):
        port.write(bytes(70_000), where(port))


@pytest.mark.parametrize("host", ["localhost", "", "256.1.1.1", "a\0b"])
def test_a_name_is_not_looked_up(listen, host):
    with pytest.raises(InvalidAddressError) as caught:
        listen(Hearer()).write(b"hello", (host, 7))
    assert caught.value.address == host


@pytest.mark.parametrize(("interface", "host"), [("127.0.0.1", "::1"), ("::1", "127.0.0.1"), ("::1", "<broadcast>")])
def test_an_address_of_the_other_family_is_refused(listen, interface, host):
    with pytest.raises(InvalidAddressError):
        listen(Hearer(), interface=interface).write(b"hello", (host, 7))


def test_broadcasting_is_an_option(listen):
    port = listen(Hearer(), interface="")
    assert port.getBroadcastAllowed() is False
    with pytest.raises(PermissionError):
        port.write(b"hello, everybody", ("<broadcast>", where(port)[1]))
    port.setBroadcastAllowed(True)
    assert port.getBroadcastAllowed() is True
    port.setBroadcastAllowed(False)
    assert port.getBroadcastAllowed() is False


def test_a_broadcast_arrives(reactor, listen):
    """To the broadcast address of the loopback network, which leaves this machine on no account."""
    hearer = Hearer()
    hearing, speaking = listen(hearer, interface=""), listen(Hearer(), interface="")
    speaking.setBroadcastAllowed(True)
    speaking.write(b"hello, everybody", ("127.255.255.255", where(hearing)[1]))
    run_until(reactor, lambda: hearer.datagrams == [b"hello, everybody"])


@pytest.mark.own_promise("it raises OSError")
def test_a_datagram_that_finds_no_room_is_dropped_without_a_word(listen):
    """UDP's own peers never fill up: the kernel drops for them. So the socket is one that says so."""

    class Full:
        def __init__(self, real, problem):
            self.real, self.problem = real, problem

        def sendto(self, datagram, address):
            raise self.problem

        def __getattr__(self, name):
            return getattr(self.real, name)

    port = listen(Hearer())
    real = port.socket
    for number in (errno.EAGAIN, errno.ENOBUFS):
        port.socket = Full(real, OSError(number, "no room"))
        port.write(b"lost", where(port))
    port.socket = real


# --- what is none


@pytest.mark.own_promise("it says so later, or not at all, or by another name")
@pytest.mark.parametrize("method", ["listenUDP", "listenMulticast"])
@pytest.mark.parametrize(
    ("arguments", "kind", "named"),
    [
        (("eighty", Hearer()), TypeError, "'eighty'"),
        ((True, Hearer()), TypeError, "True"),
        ((65536, Hearer()), ValueError, "65536"),
        ((-1, Hearer()), ValueError, "-1"),
        ((0, Hearer), TypeError, "Hearer"),
        ((0, object()), TypeError, "object"),
        ((0, Hearer(), "localhost"), InvalidAddressError, "localhost"),
        ((0, Hearer(), "", 0), ValueError, "0"),
        ((0, Hearer(), "", "big"), TypeError, "'big'"),
    ],
)
def test_bad_arguments_are_refused_at_the_call_by_name(reactor, method, arguments, kind, named):
    with pytest.raises(kind) as caught:
        getattr(reactor, method)(*arguments)
    assert named in str(caught.value)


@pytest.mark.own_promise("it asserts, or leaves it to the socket")
@pytest.mark.parametrize(
    ("arguments", "kind", "named"),
    [
        (("text", ("127.0.0.1", 7)), TypeError, "str"),
        ((b"bytes",), TypeError, "None"),
        ((b"bytes", "127.0.0.1"), TypeError, "'127.0.0.1'"),
        ((b"bytes", ("127.0.0.1", "7")), TypeError, "'7'"),
        ((b"bytes", ("127.0.0.1", 70000)), ValueError, "70000"),
        ((b"bytes", (7, 7)), InvalidAddressError, "7"),
    ],
)
def test_what_cannot_be_written_is_refused_at_the_call_by_name(listen, arguments, kind, named):
    with pytest.raises(kind) as caught:
        listen(Hearer()).write(*arguments)
    assert named in str(caught.value)


@pytest.mark.own_promise("it has lost the socket, and says so by an AttributeError")
def test_a_closed_port_says_so(reactor, listen):
    port = listen(Hearer())
    address = where(port)
    stop_listening(reactor, port)
    with pytest.raises(NotListeningError, match="not listening"):
        port.getHost()
    with pytest.raises(NotListeningError, match="cannot write 4 bytes"):
        port.write(b"late", address)
    assert "not listening" in repr(port)
