"""Calls at moments that a tidy program would not choose, but that happen."""

import errno
import resource
import socket

import pytest

from reactor.address import IPv6Address
from reactor.error import ConnectError, ConnectionAborted, ConnectionDone, NotConnectingError, ServiceNameUnknownError
from tests.support.loopback import Client, Server, run, run_until, stop_listening, turn


def fail(*_):
    raise ZeroDivisionError("on purpose")


@pytest.mark.parametrize("end", ["loseConnection", "abortConnection"])
def test_an_exception_after_the_end_was_asked_for_is_the_reason(connect, logged_errors, end):
    def end_and_fail(talker, data):
        getattr(talker.transport, end)()
        fail()

    pair = connect(server={"data": end_and_fail})
    server, client = pair.establish()
    client.transport.write(b"x")
    pair.run_until_lost()
    turn(pair.reactor, 3)
    assert server.reason.type is ZeroDivisionError
    assert pair.events.count("server lost ZeroDivisionError") == 1
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_what_dataReceived_returns_is_ignored(connect):
    class Returning:
        pass

    pair = connect()
    server, client = pair.establish()
    server.dataReceived = lambda data: server.received.extend(data) or None
    client.transport.write(b"x")
    pair.run_until(lambda: server.received == b"x")
    assert server.reason is None


def test_stopConnecting_in_buildProtocol_is_too_late(reactor, listen, logged_errors):
    raised = []

    class Regretful(Client):
        def buildProtocol(self, addr):
            with pytest.raises(NotConnectingError):
                connector.stopConnecting()
            raised.append(True)
            return super().buildProtocol(addr)

    server, client = Server("server"), Regretful("client")
    connector = reactor.connectTCP("127.0.0.1", listen(server).getHost().port, client)
    run_until(reactor, lambda: client.talker and server.talker)
    assert raised == [True]
    connector.disconnect()
    run_until(reactor, lambda: client.reason and server.talker.reason)


def test_disconnect_in_connectionMade(connect):
    pair = connect(client={"made": lambda talker: pair.connector.disconnect()})
    pair.run_until_lost()
    assert pair.client.talker.reason.type is ConnectionDone


def test_stopListening_in_buildProtocol_keeps_the_connection(reactor, listen):
    class Once(Server):
        def buildProtocol(self, addr):
            port.stopListening()
            return super().buildProtocol(addr)

    server, client = Once("server"), Client("client")
    port = listen(server)
    connector = reactor.connectTCP("127.0.0.1", port.getHost().port, client)
    run_until(reactor, lambda: server.talker and server.talker.is_made and client.talker)
    client.talker.transport.write(b"still here")
    run_until(reactor, lambda: server.talker.received == b"still here")
    connector.disconnect()
    run_until(reactor, lambda: server.talker.reason and client.reason)


def test_one_connection_aborts_another_that_is_ready_in_the_same_turn(connect):
    """Both have something to read; whichever is first aborts the other, which then hears nothing but its end."""
    first, second = connect(), connect()
    one, sender = first.establish()
    other, other_sender = second.establish()
    one.hooks["data"] = lambda talker, data: other.transport.abortConnection()
    other.hooks["data"] = lambda talker, data: one.transport.abortConnection()
    sender.transport.write(b"x")
    other_sender.transport.write(b"y")
    first.run_until(lambda: one.reason or other.reason)
    turn(first.reactor, 3)
    assert sorted([bytes(one.received), bytes(other.received)]) in ([b"", b"x"], [b"", b"y"])
    assert (one.reason or other.reason).type is ConnectionAborted


def test_a_protocol_may_be_replaced_on_its_transport(connect):
    """As protocols do that hand over to another after a greeting."""
    pair = connect()
    server, client = pair.establish()
    seen = []

    class Next:
        def dataReceived(self, data):
            seen.append(data)

        def connectionLost(self, reason):
            seen.append(reason.type)

    server.transport.protocol = Next()
    client.transport.write(b"to the next")
    pair.run_until(lambda: seen)
    client.transport.loseConnection()
    pair.run_until(lambda: len(seen) == 2)
    assert seen == [b"to the next", ConnectionDone]
    server.reason = "the first protocol was not told"


def test_a_pull_producer_may_be_followed_by_another(connect):
    written = []

    class Once:
        def __init__(self, transport, text, following=None):
            self.transport, self.text, self.following = transport, text, following

        def resumeProducing(self):
            written.append(self.text)
            self.transport.write(self.text)
            self.transport.unregisterProducer()
            if self.following is not None:
                self.transport.registerProducer(self.following, False)

        def stopProducing(self):
            written.append("stopped")

    pair = connect()
    server, client = pair.establish()
    last = Once(client.transport, b"two")
    client.transport.registerProducer(Once(client.transport, b"one ", last), False)
    pair.run_until(lambda: server.received == b"one two")
    assert written == [b"one ", b"two"]


def test_a_producer_that_is_stopped_may_write_in_vain(connect):
    pair = connect()
    _, client = pair.establish()

    class Stubborn:
        def stopProducing(self):
            client.transport.write(b"but")
            client.transport.unregisterProducer()
            client.transport.loseConnection()

    client.transport.registerProducer(Stubborn(), True)
    client.transport.abortConnection()
    pair.run_until_lost()
    assert client.reason.type is ConnectionAborted


def test_writing_in_connectionMade_of_a_server_arrives(connect):
    pair = connect(server={"made": lambda talker: talker.transport.write(b"220 welcome")})
    _, client = pair.establish()
    pair.run_until(lambda: client.received == b"220 welcome")


def test_loseConnection_with_bytes_unread_is_still_clean_here(connect):
    """The kernel answers bytes that nobody will read with a reset; what the peer makes of it is the kernel's affair."""
    pair = connect(server={"data": lambda talker, data: talker.transport.loseConnection()})
    server, client = pair.establish()
    client.transport.write(bytes(2_000_000))
    pair.run_until_lost()
    assert server.reason.type.__name__ in ("ConnectionDone", "ConnectionLost")


@pytest.fixture
def descriptors():
    """Two functions: one takes away all file descriptors that are still to be had, the other gives them back."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    def take_away():
        with open("/dev/null") as file:
            lowest_free = file.fileno()
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))

    def give_back():
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    yield take_away, give_back
    give_back()


def test_a_server_out_of_descriptors_goes_on_when_it_has_some_again(reactor, listen, descriptors):
    take_away, give_back = descriptors
    server = Server("server", data=lambda talker, data: reactor.stop())
    address = (lambda host: (host.host, host.port))(listen(server).getHost())
    peers = [socket.create_connection(address) for _ in range(3)]

    def recover():
        give_back()
        peers.append(socket.create_connection(address))
        peers[-1].sendall(b"late")

    reactor.callWhenRunning(take_away)
    reactor.callLater(0.01, recover)
    run(reactor)
    assert any(talker.received == b"late" for talker in server.talkers)
    for peer in peers:
        peer.close()


def test_a_server_out_of_descriptors_can_stop(reactor, listen, descriptors):
    take_away, give_back = descriptors
    address = (lambda host: (host.host, host.port))(listen(Server("server")).getHost())
    with socket.create_connection(address):
        reactor.callWhenRunning(take_away)
        reactor.callLater(0.01, give_back)
        reactor.callLater(0.01, reactor.stop)
        run(reactor)


def test_a_client_out_of_descriptors_is_told(reactor, descriptors):
    take_away, give_back = descriptors
    client = Client("client", failed=lambda connector, reason: (give_back(), reactor.stop()))
    reactor.callWhenRunning(take_away)
    reactor.callWhenRunning(reactor.connectTCP, "127.0.0.1", 1, client)
    run(reactor)
    assert client.reason.check(ConnectError) and client.reason.value.osError == errno.EMFILE


def test_the_destination_over_ipv6_is_an_ipv6_address(reactor):
    client = Client("client")
    connector = reactor.connectTCP("::1", 1, client)
    assert connector.getDestination() == IPv6Address("TCP", "::1", 1)
    run_until(reactor, lambda: client.reason)


def test_a_service_that_nobody_knows_is_an_error(reactor):
    with pytest.raises(ServiceNameUnknownError):
        reactor.connectTCP("127.0.0.1", "no-such-service", Client("client"))


def test_a_connector_has_its_factory_and_its_transport(connect):
    pair = connect()
    _, client = pair.establish()
    assert pair.connector.factory is pair.client
    assert pair.connector.transport is client.transport
    assert client.transport.connector is pair.connector
    assert pair.port.factory is pair.server


@pytest.mark.own_promise("it takes bytes only")
def test_a_bytearray_that_changes_after_write_was_copied(connect):
    pair = connect()
    server, client = pair.establish()
    data = bytearray(b"before")
    client.transport.write(data)
    client.transport.write(memoryview(b" and after"))
    data[:] = b"change"
    pair.run_until(lambda: server.received == b"before and after")


def test_connecting_a_thousand_times_leaves_nothing(reactor, listen):
    """Descriptor numbers are used again and again; a stale entry would show."""
    server = Server("server", made=lambda talker: talker.transport.loseConnection())
    client = Client("client", gone=lambda connector, reason: len(client.talkers) < 300 and connector.connect())
    reactor.connectTCP("127.0.0.1", listen(server).getHost().port, client)
    run_until(reactor, lambda: client.events.count("client gone ConnectionDone") == 300)
    run_until(reactor, lambda: len(server.talkers) == 300 and all(talker.reason for talker in server.talkers))


def test_startListening_on_a_port_that_was_taken_meanwhile_is_an_error(reactor, listen):
    from reactor.error import CannotListenError

    port = listen(Server("server"))
    number = port.getHost().port
    stop_listening(reactor, port)
    taken = listen(Server("other"))
    port.port = taken.getHost().port
    with pytest.raises(CannotListenError):
        port.startListening()
    assert number


@pytest.mark.parametrize("end", ["loseConnection", "loseWriteConnection"])
@pytest.mark.parametrize("moment", ["in dataReceived", "in a timer"])
def test_a_producer_that_was_resumed_may_take_its_time_before_the_end(connect, reactor, end, moment):
    """It was paused when the end was asked for; so the end waits until it has written again."""
    told = []

    class Slow:
        def pauseProducing(self):
            told.append("pause")

        def resumeProducing(self):
            told.append("resume")
            reactor.callLater(0.01, transport.write, b"the rest")

        def stopProducing(self):
            told.append("stop")

    def go(*_):
        transport.registerProducer(Slow(), True)
        transport.write(bytes(100_000))
        getattr(transport, end)()

    pair = connect()
    server, client = pair.establish()
    transport = server.transport
    if moment == "in dataReceived":
        server.hooks["data"] = go
        client.transport.write(b"go")
    else:
        reactor.callLater(0, go)
    pair.run_until(lambda: client.reason)
    assert told[:2] == ["pause", "resume"]
    assert len(client.received) == 100_008
