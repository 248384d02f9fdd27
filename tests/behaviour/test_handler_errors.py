"""A handler that raises: it is logged, it costs at most its own connection, and the loop goes on."""

import pytest

from reactor.error import ConnectionDone, ConnectionLost
from tests.support.loopback import Client, Server, run_until, turn


def fail(*_):
    raise ZeroDivisionError("on purpose")


def test_in_dataReceived_it_ends_the_connection_with_the_exception_as_reason(connect, logged_errors):
    pair = connect(server={"data": fail})
    server, client = pair.establish()
    client.transport.write(b"x")
    pair.run_until_lost()
    assert server.reason.type is ZeroDivisionError
    assert client.reason.check(ConnectionDone, ConnectionLost)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_in_a_clients_dataReceived_it_reaches_clientConnectionLost(connect, logged_errors):
    pair = connect(client={"data": fail})
    server, _ = pair.establish()
    server.transport.write(b"x")
    pair.run_until_lost()
    assert pair.client.events[-2:] != []
    assert pair.client.reason.type is ZeroDivisionError
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_in_dataReceived_other_connections_go_on(connect, logged_errors):
    broken, fine = connect(server={"data": fail}), connect()
    _, bad_client = broken.establish()
    fine_server, fine_client = fine.establish()
    bad_client.transport.write(b"x")
    fine_client.transport.write(b"y")
    broken.run_until_lost()
    fine.run_until(lambda: fine_server.received == b"y")
    assert fine_server.reason is None
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_in_a_clients_connectionMade_it_ends_the_connection(connect, logged_errors):
    pair = connect(client={"made": fail})
    pair.run_until(lambda: pair.client.reason)
    assert pair.client.talker.reason.type is ZeroDivisionError
    assert pair.client.reason.type is ZeroDivisionError
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


@pytest.mark.own_promise("a handler that raises costs its own connection; Twisted leaves this one open")
def test_in_a_servers_connectionMade_it_is_logged_and_closes_the_connection(connect, logged_errors):
    pair = connect(server={"made": fail})
    pair.establish()
    pair.run_until_lost()
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_in_connectionLost_it_is_logged(connect, logged_errors):
    pair = connect(server={"lost": fail})
    _, client = pair.establish()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


@pytest.mark.own_promise("the factory hears of every loss; in Twisted the exception passes it by")
def test_in_a_clients_connectionLost_the_factory_is_told_all_the_same(connect, logged_errors):
    pair = connect(client={"lost": fail})
    _, client = pair.establish()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert "client gone ConnectionDone" in pair.events
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_in_clientConnectionLost_it_is_logged(connect, logged_errors):
    pair = connect(client={"gone": fail})
    _, client = pair.establish()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_in_clientConnectionFailed_it_is_logged(reactor, logged_errors):
    client = Client("client", failed=fail)
    reactor.connectTCP("127.0.0.1", 0, client)
    run_until(reactor, lambda: client.reason)
    assert logged_errors.flush(ZeroDivisionError)


@pytest.mark.own_promise("it takes the exception for one of its own and tells the factory again")
def test_clientConnectionFailed_that_raises_is_not_called_again(reactor, logged_errors):
    client = Client("client", failed=fail)
    reactor.connectTCP("127.0.0.1", 0, client)
    run_until(reactor, lambda: client.reason)
    turn(reactor, 3)
    assert client.events.count("client failed ConnectionRefusedError") == 1
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_in_startedConnecting_it_reaches_the_caller_of_connectTCP(reactor):
    client = Client("client", started=fail)
    with pytest.raises(ZeroDivisionError):
        reactor.connectTCP("127.0.0.1", 0, client)
    run_until(reactor, lambda: client.reason)


class Unbuildable:
    """Mixed into a factory: its first buildProtocol raises."""

    attempts = 0

    def buildProtocol(self, addr):
        self.attempts += 1
        if self.attempts == 1:
            raise ZeroDivisionError("on purpose")
        return super().buildProtocol(addr)


class UnbuildableServer(Unbuildable, Server):
    pass


class UnbuildableClient(Unbuildable, Client):
    pass


@pytest.mark.leaks_in_twisted("the socket that was accepted")
def test_in_a_servers_buildProtocol_it_is_logged_and_the_next_connection_is_served(reactor, listen, logged_errors):
    server, first, second = UnbuildableServer("server"), Client("first"), Client("second")
    address = listen(server).getHost()
    first_connector = reactor.connectTCP(address.host, address.port, first)
    run_until(reactor, lambda: server.attempts == 1)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    second_connector = reactor.connectTCP(address.host, address.port, second)
    run_until(reactor, lambda: server.talker and server.talker.is_made and first.talker)
    first_connector.disconnect()
    second_connector.disconnect()
    run_until(reactor, lambda: server.talker.reason and first.reason and second.reason)


@pytest.mark.own_promise("it leaves the connection open until the garbage collector finds it")
def test_in_a_servers_buildProtocol_the_connection_is_closed(reactor, listen, logged_errors):
    server, client = UnbuildableServer("server"), Client("client")
    address = listen(server).getHost()
    reactor.connectTCP(address.host, address.port, client)
    run_until(reactor, lambda: client.reason)
    assert client.reason.check(ConnectionDone, ConnectionLost)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_in_a_clients_buildProtocol_the_attempt_ends_and_is_logged(reactor, listen, logged_errors):
    server, client = Server("server"), UnbuildableClient("client")
    address = listen(server).getHost()
    reactor.connectTCP(address.host, address.port, client)
    run_until(reactor, lambda: server.talker and server.talker.reason)
    assert client.events == ["client started", "client failed ConnectError"]
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


@pytest.mark.leaks_in_twisted("the socket that listened")
def test_in_startFactory_it_reaches_the_caller_of_listenTCP(reactor, logged_errors):
    server = Server("server")
    server.startFactory = fail
    with pytest.raises(ZeroDivisionError):
        reactor.listenTCP(0, server, interface="127.0.0.1")


def test_the_log_has_the_traceback_of_the_handler(connect, logged_errors):
    pair = connect(server={"data": fail})
    _, client = pair.establish()
    client.transport.write(b"x")
    pair.run_until_lost()
    assert "in fail" in logged_errors.failures[0].getTraceback()
    assert str(logged_errors.flush(ZeroDivisionError)[0]) == "on purpose"


def test_in_a_producers_resumeProducing_it_ends_the_connection(connect, logged_errors):
    class Broken:
        stopped = 0

        def resumeProducing(self):
            if self.calls:
                fail()
            self.calls.append(1)
            transport.write(b"x")

        calls: list = []  # noqa: RUF012 - one instance only

        def stopProducing(self):
            self.stopped += 1

    pair = connect()
    _, client = pair.establish()
    transport, producer = client.transport, Broken()
    transport.registerProducer(producer, False)
    pair.run_until(lambda: client.reason)
    assert client.reason.type is ZeroDivisionError
    assert producer.stopped == 1
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
