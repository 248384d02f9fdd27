"""Datagrams over UNIX sockets, connected and not."""

import os
import socket
import stat

import pytest

from reactor.address import UNIXAddress
from reactor.error import CannotListenError, MessageLengthError, NotListeningError
from tests.support.datagrams import ConnectedHearer, Hearer, echo, opened_ports  # noqa: F401 (fixtures)
from tests.support.loopback import run, run_until, stop_listening, turn


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "socket")


@pytest.fixture
def listen(reactor, opened):
    """Like reactor.listenUNIXDatagram."""

    def start(path, protocol, **options):
        opened.append(reactor.listenUNIXDatagram(path, protocol, **options))
        return opened[-1]

    return start


@pytest.fixture
def connect(reactor, opened):
    """Like reactor.connectUNIXDatagram."""

    def start(path, protocol, **options):
        opened.append(reactor.connectUNIXDatagram(path, protocol, **options))
        return opened[-1]

    return start


# --- not connected


def test_datagrams_go_between_paths(reactor, listen, path):
    hearer, speaker = Hearer(), Hearer()
    listen(path, hearer)
    speaking = listen(path + "2", speaker)
    speaking.write(b"hello", path)
    speaking.write(b"", path)
    run_until(reactor, lambda: len(hearer.heard) == 2)
    assert hearer.heard == [(b"hello", path + "2"), (b"", path + "2")]


def test_an_answer_goes_back_to_the_sender(reactor, listen, path):
    hearer = Hearer()
    listen(path, Hearer(data=echo))
    listen(path + "2", hearer).write(b"hello", path)
    run_until(reactor, lambda: hearer.heard == [(b"hello", path)])


def test_getHost_is_the_path(listen, path):
    assert listen(path, Hearer()).getHost() == UNIXAddress(path)


def test_a_plain_socket_can_be_the_peer(reactor, listen, path):
    hearer = Hearer()
    port = listen(path, hearer)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as plain:
        plain.bind(path + "2")
        plain.sendto(b"from a plain socket", path)
        run_until(reactor, lambda: hearer.heard == [(b"from a plain socket", path + "2")])
        port.write(b"to a plain socket", path + "2")
        plain.settimeout(5)
        assert plain.recvfrom(100) == (b"to a plain socket", path)


def test_who_has_no_name_has_no_address(reactor, listen, path):
    hearer = Hearer()
    listen(path, hearer)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as plain:
        plain.sendto(b"anonymous", path)
        run_until(reactor, lambda: hearer.heard == [(b"anonymous", None)])


@pytest.mark.parametrize("mode", [0o600, 0o666])
def test_the_mode_is_the_files(listen, path, mode):
    listen(path, Hearer(), mode=mode)
    assert stat.S_IMODE(os.stat(path).st_mode) == mode


@pytest.mark.only_linux
def test_an_abstract_name_leaves_no_file(reactor, listen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name, hearer = f"\0datagrams of reactor {os.getpid()}", Hearer()
    listen(name, hearer).write(b"hello", name)
    run_until(reactor, lambda: hearer.heard == [(b"hello", os.fsencode(name))])
    assert os.listdir(tmp_path) == []


@pytest.mark.own_promise("the file stays, and keeps the next one out")
def test_stopListening_removes_the_file(reactor, listen, path, tmp_path):
    port = listen(path, Hearer())
    stop_listening(reactor, port)
    assert os.listdir(tmp_path) == []
    port.startListening()
    assert os.path.exists(path)


def test_the_end_of_the_reactor_stops_the_protocol(reactor, path):
    hearer = Hearer()
    reactor.listenUNIXDatagram(path, hearer)
    reactor.callWhenRunning(reactor.stop)
    run(reactor, installSignalHandlers=False)
    assert hearer.events == ["started", "stopped"]


@pytest.mark.leaks_in_twisted("the socket that could not be bound")
def test_a_path_that_is_taken_cannot_be_listened_on(reactor, path):
    open(path, "w").close()
    hearer = Hearer()
    with pytest.raises(CannotListenError):
        reactor.listenUNIXDatagram(path, hearer)
    assert hearer.events == [] and os.path.exists(path)


def test_a_datagram_that_is_too_long_says_so(listen, path):
    with pytest.raises(MessageLengthError):
        listen(path, Hearer()).write(bytes(10_000_000), path)


def test_nobody_there_is_an_OSError(listen, path):
    with pytest.raises(FileNotFoundError):
        listen(path, Hearer()).write(b"hello", path + "2")


def test_what_the_kernel_has_no_room_for_is_dropped_without_a_word(reactor, listen, path):
    """A UNIX socket holds a handful of datagrams; those that are kept come in order."""
    hearer = Hearer()
    hearing, speaking = listen(path, hearer), listen(path + "2", Hearer())
    hearing.stopReading()
    for number in range(5000):
        speaking.write(b"%d" % number, path)
    hearing.startReading()
    run_until(reactor, lambda: hearer.heard)
    turn(reactor, 3)
    kept = [int(datagram) for datagram in hearer.datagrams]
    assert kept == list(range(len(kept))) and 1 <= len(kept) < 5000


def test_a_handler_that_raises_is_logged_and_the_port_goes_on(reactor, listen, path, logged_errors):
    def fail(hearer, datagram, sender):
        raise ZeroDivisionError("on purpose")

    hearer = Hearer(data=fail)
    port = listen(path, hearer)
    port.write(b"one", path)
    port.write(b"two", path)
    run_until(reactor, lambda: hearer.datagrams == [b"one", b"two"])
    assert len(logged_errors.flush(ZeroDivisionError)) == 2


# --- connected


def test_a_connected_port_needs_no_address(reactor, listen, connect, path):
    server, client = Hearer(data=echo), ConnectedHearer()
    listen(path, server)
    port = connect(path, client, bindAddress=path + "2")
    assert client.events == ["started"] and client.transport is port
    port.write(b"hello")
    run_until(reactor, lambda: client.datagrams == [b"hello"])
    assert server.heard == [(b"hello", path + "2")]


def test_a_connected_port_without_a_path_of_its_own_can_speak(reactor, listen, connect, path):
    server = Hearer()
    listen(path, server)
    port = connect(path, ConnectedHearer())
    assert (port.getPeer(), port.getHost()) == (UNIXAddress(path), UNIXAddress(""))
    port.write(b"anonymous")
    run_until(reactor, lambda: server.heard == [(b"anonymous", None)])


def test_nobody_to_connect_to_is_connectionFailed_at_once(reactor, path):
    client = ConnectedHearer()
    reactor.connectUNIXDatagram(path, client)
    assert client.events == ["failed"] and client.failure.check(FileNotFoundError)
    turn(reactor, 2)
    assert client.events == ["failed"]


@pytest.mark.leaks_in_twisted("the socket that could not be bound")
def test_a_bindAddress_that_is_taken_is_connectionFailed(reactor, listen, path):
    listen(path, Hearer())
    client = ConnectedHearer()
    reactor.connectUNIXDatagram(path, client, bindAddress=path)
    assert client.failure.check(CannotListenError)
    turn(reactor, 2)


@pytest.mark.own_promise("it leaves the file")
def test_a_failed_one_leaves_no_file(reactor, path, tmp_path):
    reactor.connectUNIXDatagram(path, ConnectedHearer(), bindAddress=path + "2")
    assert os.listdir(tmp_path) == []


def test_a_peer_that_is_gone_is_connectionRefused(reactor, listen, connect, path):
    server, client = listen(path, Hearer()), ConnectedHearer()
    port = connect(path, client)
    stop_listening(reactor, server)
    port.write(b"hello?")
    assert client.events == ["started", "refused"]


def test_a_connected_port_stops(reactor, listen, connect, path):
    listen(path, Hearer())
    client = ConnectedHearer()
    stop_listening(reactor, connect(path, client, bindAddress=path + "2"))
    assert client.events == ["started", "stopped"]


# --- what is none


@pytest.mark.own_promise("it asserts, or says so later, or not at all")
@pytest.mark.parametrize(
    ("method", "arguments", "kind", "named"),
    [
        ("listenUNIXDatagram", (7, Hearer()), TypeError, "7"),
        ("listenUNIXDatagram", ("", Hearer()), ValueError, "empty"),
        ("listenUNIXDatagram", ("x", Hearer), TypeError, "Hearer"),
        ("listenUNIXDatagram", ("x", Hearer(), -1), ValueError, "-1"),
        ("listenUNIXDatagram", ("x", Hearer(), 10, "rw"), TypeError, "'rw'"),
        ("connectUNIXDatagram", ("x", Hearer()), TypeError, "ConnectedDatagramProtocol"),
        ("connectUNIXDatagram", (7, ConnectedHearer()), TypeError, "7"),
        ("connectUNIXDatagram", ("x", ConnectedHearer(), 10, 0o666, 7), TypeError, "7"),
    ],
)
def test_bad_arguments_are_refused_at_the_call_by_name(reactor, method, arguments, kind, named):
    with pytest.raises(kind) as caught:
        getattr(reactor, method)(*arguments)
    assert named in str(caught.value)


@pytest.mark.own_promise("it leaves it to the socket")
def test_what_cannot_be_written_is_refused_at_the_call(reactor, listen, connect, path):
    port = listen(path, Hearer())
    connected = connect(path, ConnectedHearer())
    for call in (lambda: port.write("text", path), lambda: port.write(b"bytes", 7), lambda: connected.write("text")):
        with pytest.raises(TypeError):
            call()
    stop_listening(reactor, port)
    with pytest.raises(NotListeningError, match="cannot write 4 bytes"):
        port.write(b"late", path)
    with pytest.raises(NotListeningError):
        port.getHost()
