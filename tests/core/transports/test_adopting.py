"""Sockets that somebody else has opened: ports, connections and UDP ports made of a descriptor's number."""

import os
import socket

import pytest

from reactor import error
from reactor.address import IPv4Address, UNIXAddress
from reactor.endpoints import (
    AdoptedStreamServerEndpoint,
    TCP4ClientEndpoint,
    UNIXClientEndpoint,
)
from reactor.protocol import DatagramProtocol, Factory
from tests.endpoints.test_endpoints import Asker, Echo, outcome
from tests.support.loopback import Server, run_until, stop_listening, turn

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="Windows' sockets are no descriptors")


@pytest.fixture
def opened():
    """Sockets that a test opens as somebody else would; the test may have closed them, also behind their backs."""
    sockets = []

    def make(family=socket.AF_INET, kind=socket.SOCK_STREAM, name=("127.0.0.1", 0), listens=True):
        skt = socket.socket(family, kind)
        skt.setblocking(False)  # Twisted leaves that to whoever opened it
        skt.bind(name)
        if listens and kind == socket.SOCK_STREAM:
            skt.listen()
        sockets.append(skt)
        return skt

    yield make
    for skt in sockets:
        skt.close()


def ask(reactor, endpoint):
    asker = outcome(reactor, endpoint.connect(Factory.forProtocol(Asker)))
    run_until(reactor, lambda: asker.answer == b"question")
    asker.transport.loseConnection()
    run_until(reactor, lambda: asker.lost)
    turn(reactor, 3)


def test_a_tcp_port_of_a_listening_socket_whose_descriptor_is_closed_afterwards(reactor, opened):
    skt = opened()
    number = skt.getsockname()[1]
    port = reactor.adoptStreamPort(skt.fileno(), socket.AF_INET, Factory.forProtocol(Echo))
    skt.close()
    assert port.getHost() == IPv4Address("TCP", "127.0.0.1", number)
    ask(reactor, TCP4ClientEndpoint(reactor, "127.0.0.1", number))
    stop_listening(reactor, port)


@pytest.mark.own_promise("Twisted waits for ever")
def test_a_socket_that_blocks_is_made_one_that_does_not(reactor, opened):
    skt = opened()
    skt.setblocking(True)
    port = reactor.adoptStreamPort(skt.fileno(), socket.AF_INET, Factory.forProtocol(Echo))
    ask(reactor, TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port))
    stop_listening(reactor, port)


@pytest.mark.own_promise("Twisted's UNIX port removes the file, although others may have put it there")
def test_a_unix_port_whose_file_stays(reactor, opened, tmp_path):
    path = str(tmp_path / "socket")
    skt = opened(socket.AF_UNIX, name=path)
    port = reactor.adoptStreamPort(skt.fileno(), socket.AF_UNIX, Factory.forProtocol(Echo))
    assert port.getHost() == UNIXAddress(path.encode())
    ask(reactor, UNIXClientEndpoint(reactor, path))
    stop_listening(reactor, port)
    assert os.path.exists(path)


def test_a_connection_that_somebody_else_has_accepted(reactor):
    for family in (socket.AF_UNIX, socket.AF_INET):
        ours, theirs = socket.socketpair() if family == socket.AF_UNIX else accepted()
        ours.setblocking(False)
        server = Server("server")
        reactor.adoptStreamConnection(ours.fileno(), family, server)
        ours.close()
        theirs.sendall(b"hello")
        run_until(reactor, lambda server=server: server.talker.received == b"hello")
        theirs.close()
        run_until(reactor, lambda server=server: server.talker.reason)
        assert server.talker.reason.check(error.ConnectionDone)


def accepted():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        return listener.accept()[0], theirs


def test_a_factory_that_builds_nothing_closes_the_adopted_connection(reactor):
    class Nothing(Factory):
        def buildProtocol(self, address):
            return None

    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    reactor.adoptStreamConnection(ours.fileno(), socket.AF_UNIX, Nothing())
    ours.close()
    assert theirs.recv(1) == b""
    theirs.close()


def test_a_udp_port(reactor, opened):
    class Hears(DatagramProtocol):
        heard = None

        def datagramReceived(self, datagram, address):
            self.heard = datagram, address

    skt, protocol = opened(kind=socket.SOCK_DGRAM), Hears()
    port = reactor.adoptDatagramPort(skt.fileno(), socket.AF_INET, protocol)
    skt.close()
    sender = opened(kind=socket.SOCK_DGRAM)
    sender.sendto(b"hello", ("127.0.0.1", port.getHost().port))
    run_until(reactor, lambda: protocol.heard)
    assert protocol.heard == (b"hello", sender.getsockname())
    stop_listening(reactor, port)


def test_an_endpoint_adopts_once_and_closes_the_descriptor(reactor, opened):
    skt = opened()
    number = skt.getsockname()[1]
    endpoint = AdoptedStreamServerEndpoint(reactor, skt.detach(), socket.AF_INET)
    port = outcome(reactor, endpoint.listen(Factory.forProtocol(Echo)))
    with pytest.raises(OSError):
        os.fstat(endpoint.fileno)
    assert outcome(reactor, endpoint.listen(Factory())).check(error.AlreadyListened)
    ask(reactor, TCP4ClientEndpoint(reactor, "127.0.0.1", number))
    stop_listening(reactor, port)


@pytest.mark.own_promise("Twisted has forgotten where it listened")
def test_an_adopted_port_listens_again_at_its_address(reactor, opened):
    skt = opened()
    port = reactor.adoptStreamPort(skt.fileno(), socket.AF_INET, Factory.forProtocol(Echo))
    skt.close()
    address = port.getHost()
    stop_listening(reactor, port)
    port.startListening()
    assert port.getHost() == address
    ask(reactor, TCP4ClientEndpoint(reactor, "127.0.0.1", address.port))
    stop_listening(reactor, port)


# --- what is no such socket


@pytest.mark.own_promise("Twisted finds out when it is used")
def test_another_kind_of_socket_than_was_said_is_an_error_that_says_so(reactor, opened):
    stream, datagrams, silent = opened(), opened(kind=socket.SOCK_DGRAM), opened(listens=False)
    with pytest.raises(error.UnsupportedSocketType, match="is SOCK_DGRAM, not SOCK_STREAM"):
        reactor.adoptStreamPort(datagrams.fileno(), socket.AF_INET, Factory())
    with pytest.raises(error.UnsupportedSocketType, match="is SOCK_STREAM, not SOCK_DGRAM"):
        reactor.adoptDatagramPort(stream.fileno(), socket.AF_INET, DatagramProtocol())
    with pytest.raises(error.UnsupportedAddressFamily, match="is AF_INET, not AF_INET6"):
        reactor.adoptStreamPort(stream.fileno(), socket.AF_INET6, Factory())
    with pytest.raises(ValueError, match=r"doesn't listen: call listen\(\) on it first"):
        reactor.adoptStreamPort(silent.fileno(), socket.AF_INET, Factory())


def test_a_family_that_no_reactor_knows_is_an_error(reactor, opened):
    for family in (socket.AF_UNSPEC, 2**16 + 3):
        with pytest.raises(error.UnsupportedAddressFamily):
            reactor.adoptStreamPort(opened().fileno(), family, Factory())
    with pytest.raises(error.UnsupportedAddressFamily):
        reactor.adoptDatagramPort(opened().fileno(), socket.AF_UNIX, DatagramProtocol())


@pytest.mark.own_promise("Twisted leaves a socket open that it has made of the number")
def test_a_number_that_is_no_socket_is_an_oserror(reactor, tmp_path):
    with open(tmp_path / "file", "wb") as file, pytest.raises(OSError, match="ocket"):
        reactor.adoptStreamPort(file.fileno(), socket.AF_INET, Factory())
    with pytest.raises(OSError):
        reactor.adoptStreamPort(999_999, socket.AF_INET, Factory())


@pytest.mark.own_promise("Twisted leaves the failure to the first write")
def test_a_connection_that_is_none_is_an_oserror(reactor, opened):
    with pytest.raises(OSError):
        reactor.adoptStreamConnection(opened(listens=False).fileno(), socket.AF_INET, Factory())
