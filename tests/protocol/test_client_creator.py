"""ClientCreator: one protocol, connected without a factory."""

import pytest

from reactor import error
from reactor.defer import CancelledError
from reactor.endpoints import TCP4ClientEndpoint
from reactor.protocol import ClientCreator, Factory, Protocol
from reactor.testing import MemoryReactorClock
from tests.endpoints.test_endpoints import Echo, outcome
from tests.support.loopback import run_until, stop_listening, turn


class Asker(Protocol):
    def __init__(self, question, end=b"?"):
        self.question = question + end
        self.answer, self.reason = b"", None

    def connectionMade(self):
        self.transport.write(self.question)

    def dataReceived(self, data):
        self.answer += data

    def connectionLost(self, reason):
        self.reason = reason


def finish(reactor, asker, port):
    run_until(reactor, lambda: asker.answer == b"who!")
    asker.transport.loseConnection()
    run_until(reactor, lambda: asker.reason)
    turn(reactor, 3)
    stop_listening(reactor, port)


def test_a_protocol_with_arguments_is_connected_over_tcp(reactor, listen):
    port = listen(Factory.forProtocol(Echo))
    creator = ClientCreator(reactor, Asker, b"who", end=b"!")
    asker = outcome(reactor, creator.connectTCP("127.0.0.1", port.getHost().port, timeout=5))
    finish(reactor, asker, port)


def test_over_a_unix_socket(reactor, tmp_path):
    port = reactor.listenUNIX(str(tmp_path / "socket"), Factory.forProtocol(Echo))
    asker = outcome(reactor, ClientCreator(reactor, Asker, b"who!", b"").connectUNIX(str(tmp_path / "socket")))
    finish(reactor, asker, port)


def test_nobody_there_is_a_failure(reactor, listen):
    port = listen(Factory())
    number = port.getHost().port
    stop_listening(reactor, port)
    problem = outcome(reactor, ClientCreator(reactor, Asker, b"").connectTCP("127.0.0.1", number))
    assert problem.check(error.ConnectionRefusedError)


def test_the_protocol_has_no_factory(reactor, listen):
    class Undisturbed(Asker):
        factory = "its own"

    port = listen(Factory.forProtocol(Echo))
    asker = outcome(reactor, ClientCreator(reactor, Undisturbed, b"who", end=b"!").connectTCP(*at(port)))
    assert asker.factory == "its own"
    finish(reactor, asker, port)


@pytest.mark.own_promise("it fires before connectionMade, or never")
@pytest.mark.parametrize("connect", ["creator", "endpoint"])
def test_a_connectionMade_that_raises_is_the_failure(reactor, listen, logged_errors, connect):
    class Broken(Asker):
        def connectionMade(self):
            raise ZeroDivisionError("on purpose")

    port = listen(Factory.forProtocol(Echo))
    if connect == "creator":
        result = ClientCreator(reactor, Broken, b"").connectTCP(*at(port))
    else:
        result = TCP4ClientEndpoint(reactor, *at(port)).connect(Factory.forProtocol(lambda: Broken(b"")))
    assert outcome(reactor, result).check(ZeroDivisionError)
    turn(reactor, 3)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    stop_listening(reactor, port)


def at(port):
    return "127.0.0.1", port.getHost().port


def test_cancelling_stops_the_attempt():
    memory, failures = MemoryReactorClock(), []
    connecting = ClientCreator(memory, Asker, b"").connectSSL("localhost", 443, None)
    connecting.addErrback(failures.append)
    connecting.cancel()
    assert failures[0].check(CancelledError) and memory.sslClients[0][:2] == ("localhost", 443)


def test_it_is_found_where_twisted_has_it():
    from reactor import protocol

    assert protocol.ClientCreator is ClientCreator
    with pytest.raises(AttributeError, match="no attribute 'ClientCreater'"):
        protocol.ClientCreater  # noqa: B018  # to look is the test
