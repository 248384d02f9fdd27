"""Who speaks in the log: the connection or port that the loop serves."""

import threading

import pytest

from reactor import log
from reactor.protocol import ClientFactory, DatagramProtocol, Factory, Protocol
from tests.support.loopback import run


@pytest.fixture
def said():
    """What is logged in the test, as `system: message`."""
    found = []

    def observe(event):
        found.append(f"{event['system']}: {log.textFromEventDict(event)}")

    log.addObserver(observe)
    yield found
    log.removeObserver(observe)


class Server(Protocol):
    def connectionMade(self):
        log.msg("server made")

    def dataReceived(self, data):
        log.msg("server received")
        log.callWithContext({"system": "mail"}, log.msg, "in a context")
        log.msg("told", system="by hand")
        self.transport.reactor.callLater(0, log.msg, "a timer")
        thread = threading.Thread(target=log.msg, args=("a thread",))
        thread.start()
        thread.join()
        self.transport.loseConnection()


class Client(Protocol):
    def logPrefix(self):
        return "the guest"

    def connectionMade(self):
        self.transport.write(b"x")

    def connectionLost(self, reason):
        log.msg("client lost")
        self.transport.reactor.callLater(0.01, self.transport.reactor.stop)


class Door(Factory):
    protocol = Server

    def logPrefix(self):
        return "the door"


def test_the_system_of_what_is_logged_says_which_connection(reactor, said):
    port = reactor.listenTCP(0, Door(), interface="127.0.0.1")
    number = port.getHost().port
    reactor.connectTCP("127.0.0.1", number, ClientFactory.forProtocol(Client))
    run(reactor)
    assert f"-: the door starting on {number}" in said
    assert any(line.lower().endswith("door: server made") for line in said)  # Twisted names the class, with its module
    assert "Server,0,127.0.0.1: server received" in said
    assert "the guest,client: client lost" in said
    assert {"mail: in a context", "by hand: told", "-: a timer", "-: a thread"} <= set(said)


@pytest.mark.own_promise("Twisted fails without a logPrefix, and asks before anything is logged")
@pytest.mark.parametrize("prefix", [lambda self: 1 / 0, lambda self: log.msg("asked") or "talker"])
def test_a_logPrefix_that_fails_or_logs_is_no_problem(reactor, said, prefix):
    door = Door()
    door.protocol = type("Talker", (Server,), {"logPrefix": prefix})
    port = reactor.listenTCP(0, door, interface="127.0.0.1")
    reactor.connectTCP("127.0.0.1", port.getHost().port, ClientFactory.forProtocol(Client))
    run(reactor)
    [line] = [line for line in said if line.endswith("server received")]
    assert line.startswith(("(buggy logPrefix method),0", "talker,0"))


class Post(DatagramProtocol):
    def datagramReceived(self, datagram, addr):
        log.msg("a datagram")
        self.transport.reactor.stop()


def test_a_datagram_port_says_where_it_begins_and_ends_and_who_it_is(reactor, said):
    port = reactor.listenUDP(0, Post(), interface="127.0.0.1")
    number = port.getHost().port
    port.write(b"x", ("127.0.0.1", number))
    run(reactor)
    said = [line for line in said if "protocol" not in line]
    assert said[0] == f"-: Post starting on {number}"
    assert said[1] == "Post (UDP): a datagram"
    assert said[2].endswith(f"(UDP Port {number} Closed)")
