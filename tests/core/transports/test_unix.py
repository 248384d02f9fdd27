"""UNIX sockets: their addresses, the files they leave, and what connecting to one can come to."""

import os
import socket
import stat

import pytest

from reactor.address import UNIXAddress
from reactor.error import CannotListenError, ConnectionRefusedError, TimeoutError, UserError
from tests.support.loopback import Client, Server, run_until, stop_listening, turn
from tests.support.unix_pair import UnixPair


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "socket")


@pytest.fixture
def listen(reactor):
    """Like reactor.listenUNIX; the port is closed after the test."""
    ports = []

    def start(path, factory, **options):
        ports.append(reactor.listenUNIX(path, factory, **options))
        return ports[-1]

    yield start
    for port in ports:
        stop_listening(reactor, port)


@pytest.fixture
def pair(reactor, path):
    pair = UnixPair(reactor, path)
    pair.establish()
    yield pair
    pair.close()


def fail_to_connect(reactor, path, **options):
    """The Failure that an attempt comes to."""
    client = Client("client")
    reactor.connectUNIX(path, client, **options)
    assert client.events == ["client started"], "it failed before connectUNIX returned"
    run_until(reactor, lambda: client.reason)
    return client.reason


# --- addresses


def test_both_ends_know_the_path_and_the_client_has_none(pair, path):
    server, client = pair.server.talker.transport, pair.client.talker.transport
    assert client.getPeer() == server.getHost() == pair.port.getHost() == UNIXAddress(path)
    assert client.getHost() == server.getPeer() == UNIXAddress(None)


def test_addresses_still_answer_when_the_connection_is_over(pair, path):
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.client.talker.transport.getPeer() == UNIXAddress(path)


@pytest.mark.own_promise("its getHost raises AttributeError once the socket is gone")
def test_the_servers_own_address_still_answers_when_the_connection_is_over(pair, path):
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.server.talker.transport.getHost() == UNIXAddress(path)


def test_the_factories_are_given_addresses(reactor, path, listen):
    seen = []

    class Curious:
        def buildProtocol(self, addr):
            seen.append(addr)
            return super().buildProtocol(addr)

    class CuriousServer(Curious, Server):
        pass

    class CuriousClient(Curious, Client):
        pass

    server, client = CuriousServer("server"), CuriousClient("client")
    listen(path, server)
    connector = reactor.connectUNIX(path, client)
    assert connector.getDestination() == UNIXAddress(path)
    run_until(reactor, lambda: server.talker and client.talker)
    assert set(seen) == {UNIXAddress(""), UNIXAddress(path)}
    connector.disconnect()
    run_until(reactor, lambda: server.talker.reason and client.reason)


def test_a_client_that_has_a_name_of_its_own_is_known_by_it(reactor, path, listen):
    server = Server("server")
    listen(path, server)
    with socket.socket(socket.AF_UNIX) as client:
        client.bind(path + "-client")
        client.connect(path)
        run_until(reactor, lambda: server.talker)
        assert server.talker.transport.getPeer() == UNIXAddress(path + "-client")
    run_until(reactor, lambda: server.talker.reason)


@pytest.mark.parametrize("kind", [os.fsencode, os.fsdecode])
def test_a_path_is_text_or_bytes(reactor, path, listen, kind):
    server, client = Server("server"), Client("client")
    listen(kind(path), server)
    connector = reactor.connectUNIX(kind(path), client)
    run_until(reactor, lambda: server.talker and client.talker)
    connector.disconnect()
    run_until(reactor, lambda: server.talker.reason and client.reason)


@pytest.mark.only_linux
@pytest.mark.parametrize("kind", [os.fsencode, str])
def test_an_abstract_name_leaves_no_file(reactor, listen, kind, tmp_path, monkeypatch):
    name = kind(f"\0tests of reactor {os.getpid()}")
    monkeypatch.chdir(tmp_path)
    server, client = Server("server"), Client("client")
    port = listen(name, server)
    assert port.getHost() == UNIXAddress(name)
    connector = reactor.connectUNIX(name, client)
    run_until(reactor, lambda: server.talker and client.talker)
    assert client.talker.transport.getPeer() == UNIXAddress(name)
    connector.disconnect()
    run_until(reactor, lambda: server.talker.reason and client.reason)
    assert os.listdir(tmp_path) == []


def test_options_of_TCP_are_there_for_protocols_that_set_them(pair):
    transport = pair.client.talker.transport
    transport.setTcpNoDelay(True)
    assert not transport.getTcpNoDelay()
    transport.setTcpKeepAlive(True)
    assert transport.getTcpKeepAlive()


def test_the_repr_names_the_path(pair, reactor, path):
    assert path in repr(pair.port)
    stop_listening(reactor, pair.port)
    assert "not listening" in repr(pair.port)


# --- files


@pytest.mark.parametrize("mode", [0o600, 0o666, 0o777])
def test_the_mode_is_the_files_whatever_the_umask_is(listen, path, mode):
    before = os.umask(0o077)
    try:
        listen(path, Server("server"), mode=mode)
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(path).st_mode) == mode


def test_everybody_may_connect_unless_said_otherwise(listen, path):
    listen(path, Server("server"))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o666


def test_stopListening_removes_the_file(reactor, listen, path):
    port = listen(path, Server("server"))
    assert os.path.exists(path)
    stop_listening(reactor, port)
    assert not os.path.exists(path)


def test_a_port_can_listen_again(reactor, listen, path):
    port = listen(path, Server("server"))
    stop_listening(reactor, port)
    port.startListening()
    assert port.getHost() == UNIXAddress(path)


def test_the_end_of_the_reactor_removes_the_file(reactor, path):
    reactor.listenUNIX(path, Server("server"))
    reactor.callWhenRunning(reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert not os.path.exists(path)


@pytest.mark.own_promise("there the port is never closed")
def test_a_file_that_somebody_removed_is_no_error(reactor, listen, path):
    port = listen(path, Server("server"))
    os.unlink(path)
    stop_listening(reactor, port)


@pytest.mark.own_promise("it removes whatever stands at the path")
def test_a_file_that_somebody_else_has_put_there_is_left_alone(reactor, listen, path):
    port = listen(path, Server("server"))
    os.rename(path, path + "-old")
    with open(path, "w") as other:
        other.write("mine")
    stop_listening(reactor, port)
    assert os.path.exists(path)


@pytest.mark.leaks_in_twisted("the socket that could not be bound")
@pytest.mark.parametrize("leftover", ["a file", "a live socket", "a stale socket"])
def test_a_path_that_is_taken_cannot_be_listened_on(reactor, listen, path, leftover):
    """Without a lock nobody can tell whether a socket is stale, so it stays."""
    with socket.socket(socket.AF_UNIX) as other:
        if leftover == "a file":
            open(path, "w").close()
        else:
            other.bind(path)
        if leftover == "a stale socket":
            other.close()
        with pytest.raises(CannotListenError) as caught:
            reactor.listenUNIX(path, Server("server"))
    assert caught.value.interface is None
    assert caught.value.port == os.fsencode(path)
    assert path in str(caught.value)
    assert os.path.exists(path)


@pytest.mark.own_promise("it starts the factory first, and never stops it")
def test_a_factory_that_got_no_port_is_not_started(reactor, path):
    open(path, "w").close()
    server = Server("server")
    with pytest.raises(CannotListenError):
        reactor.listenUNIX(path, server)
    assert server.numPorts == 0


@pytest.mark.leaks_in_twisted("the socket that could not be bound")
@pytest.mark.parametrize("where", ["missing/socket", "x" * 200])
def test_a_path_that_cannot_be_is_CannotListenError(reactor, tmp_path, where):
    with pytest.raises(CannotListenError):
        reactor.listenUNIX(str(tmp_path / where), Server("server"))


# --- connecting


def test_nobody_there_fails_in_a_later_turn(reactor, path):
    assert fail_to_connect(reactor, path).value.osError == 2  # ENOENT


def test_a_stale_socket_refuses(reactor, path):
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(path)
    assert fail_to_connect(reactor, path).check(ConnectionRefusedError)


@pytest.mark.own_promise("its factory is never told")
def test_a_path_that_is_too_long_fails(reactor, tmp_path):
    assert fail_to_connect(reactor, str(tmp_path / ("x" * 200))).type.__name__ == "ConnectError"


@pytest.fixture
def full(path):
    """A listening socket where no more may wait: the kernel answers EAGAIN."""
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as first:
        listener.bind(path)
        listener.listen(0)
        first.connect(path)
        yield listener


@pytest.mark.own_promise("its poller finds the socket hung up, and the attempt fails at random")
def test_when_nobody_more_may_wait_the_client_asks_again_now_and_then(reactor, path, full):
    client = Client("client")
    connector = reactor.connectUNIX(path, client)
    turn(reactor, 5)
    assert connector.state == "connecting" and reactor.getWriters() == []
    full.accept()[0].close()
    run_until(reactor, lambda: client.talker and client.talker.is_made)
    connector.disconnect()
    run_until(reactor, lambda: client.reason)


@pytest.mark.own_promise("its poller finds the socket hung up, and the attempt fails at random")
def test_an_attempt_that_waits_times_out(reactor, path, full):
    assert fail_to_connect(reactor, path, timeout=0.05).check(TimeoutError)


@pytest.mark.own_promise("its poller finds the socket hung up, and the attempt fails at random")
def test_an_attempt_that_waits_can_be_stopped(reactor, path, full):
    client = Client("client")
    connector = reactor.connectUNIX(path, client)
    turn(reactor, 3)
    connector.stopConnecting()
    assert client.reason.check(UserError)
    assert list(reactor.getDelayedCalls()) == []


# --- what is no path


@pytest.mark.own_promise("it says so later, or not at all")
@pytest.mark.parametrize("method", ["listenUNIX", "connectUNIX"])
@pytest.mark.parametrize(
    ("address", "kind"), [(7, TypeError), (None, TypeError), ("", ValueError), ("a\0b", ValueError)]
)
def test_what_is_no_path_is_refused_at_the_call_by_name(reactor, method, address, kind):
    with pytest.raises(kind) as caught:
        getattr(reactor, method)(address, Client("client"))
    assert repr(address) in str(caught.value) or "empty" in str(caught.value)


@pytest.mark.own_promise("it says so later, or not at all")
@pytest.mark.parametrize("method", ["listenUNIX", "connectUNIX"])
@pytest.mark.parametrize("factory", [None, Client], ids=str)
def test_what_builds_no_protocols_is_refused_at_the_call(reactor, method, factory, tmp_path):
    with pytest.raises(TypeError) as caught:
        getattr(reactor, method)(str(tmp_path / "socket"), factory)
    assert repr(factory) in str(caught.value) and not list(tmp_path.iterdir())


@pytest.mark.own_promise("it says so later, or not at all")
@pytest.mark.parametrize(("options", "kind"), [({"mode": "rw"}, TypeError), ({"mode": -1}, ValueError)])
def test_what_is_no_mode_is_refused_at_the_call(reactor, path, options, kind):
    with pytest.raises(kind, match="mode"):
        reactor.listenUNIX(path, Server("server"), **options)


@pytest.mark.own_promise("it says so later, or not at all")
def test_what_is_no_timeout_is_refused_at_the_call(reactor, path):
    with pytest.raises(ValueError, match="timeout"):
        reactor.connectUNIX(path, Client("client"), timeout=-1)
