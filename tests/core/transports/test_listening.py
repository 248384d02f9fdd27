"""listenTCP and the port that it returns."""

import errno
import os
import socket

import pytest

from reactor import log
from reactor.address import IPv4Address, IPv6Address
from reactor.error import CannotListenError
from tests.support.loopback import Client, Server, run, run_until, stop_listening, turn


def test_port_zero_becomes_a_port_that_can_be_asked_for(listen):
    address = listen(Server("server")).getHost()
    assert isinstance(address, IPv4Address)
    assert (address.type, address.host) == ("TCP", "127.0.0.1")
    assert 0 < address.port < 65536


def test_without_an_interface_it_listens_on_all_of_them(listen):
    assert listen(Server("server"), interface="").getHost().host == "0.0.0.0"


def test_an_ipv6_interface(listen):
    address = listen(Server("server"), interface="::1").getHost()
    assert isinstance(address, IPv6Address)
    assert (address.type, address.host) == ("TCP", "::1")


def test_it_accepts_a_connection_over_ipv6(connect):
    pair = connect(interface="::1")
    server, client = pair.establish()
    assert server.transport.getPeer() == client.transport.getHost()
    assert client.transport.getPeer() == server.transport.getHost() == pair.port.getHost()
    assert isinstance(server.transport.getPeer(), IPv6Address)


def test_it_listens_before_the_loop_turns(listen):
    address = listen(Server("server")).getHost()
    with socket.create_connection((address.host, address.port)):
        pass


def test_a_port_in_use_is_an_error_that_says_which(reactor, listen):
    taken = listen(Server("server")).getHost().port
    with pytest.raises(CannotListenError) as caught:
        reactor.listenTCP(taken, Server("another"), interface="127.0.0.1")
    assert caught.value.interface == "127.0.0.1"
    assert caught.value.port == taken
    assert isinstance(caught.value.socketError, OSError)
    assert caught.value.socketError.errno == errno.EADDRINUSE
    assert f"127.0.0.1:{taken}" in str(caught.value)


def test_a_port_in_use_leaves_its_factory_unstarted(reactor, listen):
    taken, factory = listen(Server("server")).getHost().port, Server("another")
    with pytest.raises(CannotListenError):
        reactor.listenTCP(taken, factory, interface="127.0.0.1")
    assert factory.numPorts == 0


def test_any_interface_is_named_so_in_the_error(reactor, listen):
    taken = listen(Server("server"), interface="").getHost().port
    with pytest.raises(CannotListenError) as caught:
        reactor.listenTCP(taken, Server("another"))
    assert f"any:{taken}" in str(caught.value)


def test_an_interface_that_this_machine_lacks_is_an_error(reactor):
    with pytest.raises(CannotListenError) as caught:
        reactor.listenTCP(0, Server("server"), interface="192.0.2.1")
    assert caught.value.socketError.errno == errno.EADDRNOTAVAIL


def test_stopListening_returns_a_Deferred_that_fires_when_the_port_is_closed(reactor, listen):
    port, results = listen(Server("server")), []
    address = port.getHost()
    port.stopListening().addCallback(results.append)
    assert results == []
    run_until(reactor, lambda: results)
    assert results == [None]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.host, address.port))


def test_stopListening_stops_the_factory_when_the_port_is_closed(reactor, listen):
    server = Server("server")
    port, seen = listen(server), []
    port.stopListening().addCallback(lambda _: seen.append(server.numPorts))
    assert server.numPorts == 1
    run_until(reactor, lambda: seen)
    assert seen == [0]


def test_stopListening_again_returns_nothing_to_wait_for(reactor, listen):
    port = listen(Server("server"))
    stop_listening(reactor, port)
    assert port.stopListening() is None


def test_loseConnection_is_another_name_for_stopListening(reactor, listen):
    port, results = listen(Server("server")), []
    port.loseConnection().addCallback(results.append)
    run_until(reactor, lambda: results)


def test_stopListening_leaves_connections_alone(reactor, connect):
    pair = connect()
    server, client = pair.establish()
    stop_listening(reactor, pair.port)
    client.transport.write(b"still there?")
    pair.run_until(lambda: server.received == b"still there?")


def test_a_stopped_port_can_listen_again(reactor, listen):
    server = Server("server")
    port = listen(server)
    stop_listening(reactor, port)
    port.startListening()
    client = Client("client")
    connector = reactor.connectTCP("127.0.0.1", port.getHost().port, client)
    run_until(reactor, lambda: client.talker and server.talker)
    assert server.numPorts == 1
    connector.disconnect()
    run_until(reactor, lambda: client.reason and server.talker.reason)


def test_a_port_accepts_many_connections_that_wait(reactor, listen):
    """They are all in the backlog before the loop turns for the first time."""
    server = Server("server", lost=lambda talker, reason: None)
    address = listen(server).getHost()
    waiting = [socket.create_connection((address.host, address.port)) for _ in range(30)]
    run_until(reactor, lambda: len(server.talkers) == 30)
    for connection in waiting:
        connection.close()
    run_until(reactor, lambda: all(talker.reason for talker in server.talkers))


def test_the_backlog_limits_how_many_wait(listen):
    """Linux keeps one more than was asked for; the third attempt gets no answer."""
    address = listen(Server("server", made=lambda talker: None), backlog=1).getHost()
    attempts = [socket.socket() for _ in range(5)]
    try:
        for attempt in attempts:
            attempt.setblocking(False)
            attempt.connect_ex((address.host, address.port))
        assert sum(is_connected(attempt) for attempt in attempts) == 2
    finally:
        for attempt in attempts:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            attempt.close()


def is_connected(connection):
    try:
        connection.getpeername()
    except OSError:
        return False
    return True


def test_a_connection_that_was_reset_while_it_waited_is_made_and_lost(reactor, listen):
    server = Server("server")
    address = listen(server).getHost()
    connection = socket.create_connection((address.host, address.port))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()
    run_until(reactor, lambda: server.talker and server.talker.reason)
    assert server.events == ["server made", "server lost ConnectionLost"]


def test_buildProtocol_is_given_the_address_of_the_peer(reactor, listen):
    seen = []

    class Curious(Server):
        def buildProtocol(self, addr):
            seen.append(addr)
            return super().buildProtocol(addr)

    server = Curious("server")
    address = listen(server).getHost()
    with socket.create_connection((address.host, address.port)) as connection:
        run_until(reactor, lambda: seen)
        assert seen == [IPv4Address("TCP", *connection.getsockname())]
    run_until(reactor, lambda: server.talker.reason)


def test_when_buildProtocol_answers_None_the_connection_is_closed(reactor, listen):
    class Unwelcoming(Server):
        def buildProtocol(self, addr):
            self.events.append("refused")

    server = Unwelcoming("server")
    address = listen(server).getHost()
    with socket.create_connection((address.host, address.port)) as connection:
        run_until(reactor, lambda: server.events)
        connection.settimeout(5)
        assert connection.recv(1) == b""
    with socket.create_connection((address.host, address.port)):
        run_until(reactor, lambda: len(server.events) == 2)


def test_a_port_that_is_not_a_number_is_refused(reactor):
    with pytest.raises((TypeError, AssertionError)):
        reactor.listenTCP("eighty", Server("server"))


def test_the_repr_names_the_factory_and_the_port(reactor, listen):
    port = listen(Server("server"))
    assert "Server" in repr(port) and str(port.getHost().port) in repr(port)
    stop_listening(reactor, port)
    assert "not listening" in repr(port)
    turn(reactor)


def test_the_log_says_where_somebody_listens_and_when_it_ends(reactor):
    messages = []

    def observer(event):
        messages.append(log.textFromEventDict(event) or "")

    log.addObserver(observer)
    port = reactor.listenTCP(0, Server("server"), interface="127.0.0.1")
    number = port.getHost().port
    stop_listening(reactor, port)
    log.removeObserver(observer)
    assert any(f" starting on {number}" in message for message in messages)
    assert any(f"Port {number} Closed)" in message for message in messages)


@pytest.fixture
def hoard():
    """Take every descriptor that this process may have; called again, give one back."""
    import resource  # Windows has none

    limits, taken = resource.getrlimit(resource.RLIMIT_NOFILE), []

    def take():
        if taken:
            os.close(taken.pop())
            return
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, os.listdir("/proc/self/fd"))) + 20, limits[1]))
        while True:
            try:
                taken.append(os.dup(0))
            except OSError:
                return

    yield take
    for fd in taken:
        os.close(fd)
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


@pytest.mark.only_linux
def test_out_of_descriptors_peers_are_turned_away_and_served_again_when_there_are_some(reactor, listen, hoard):
    if type(reactor).__name__ == "SimReactor":  # it has descriptors of its own
        return
    server, answers = Server("server", made=lambda talker: talker.transport.loseConnection()), []
    address = ("127.0.0.1", listen(server).getHost().port)
    peers = [socket.socket() for _ in range(6)]

    def begin():
        hoard()
        for peer in peers[:5]:
            peer.connect(address)
            peer.setblocking(False)
        look()

    def look():
        for peer in peers[len(answers) : 5]:
            try:
                answers.append(peer.recv(1))
            except BlockingIOError:
                break
        if len(answers) < 5:
            reactor.callLater(0.001, look)
            return
        assert not server.talkers
        hoard()
        peers[5].connect(address)
        wait_for_one()

    def wait_for_one():
        if server.talkers and server.talkers[0].reason:
            reactor.stop()
        else:
            reactor.callLater(0.001, wait_for_one)

    reactor.callWhenRunning(begin)
    run(reactor)
    assert answers == [b""] * 5 and len(server.talkers) == 1
    for peer in peers:
        peer.close()
