"""Functions as programs of a simulated world."""

import pytest

from reactor.protocol import ClientFactory, Factory, Protocol
from reactor.sim import SimulationError, World


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)


class Asking(Protocol):
    heard = b""

    def connectionMade(self):
        self.transport.write(b"hello")

    def dataReceived(self, data):
        self.factory.heard.append((self.transport.reactor.seconds(), data))


def quiet(factory):
    factory.noisy = False
    return factory


@pytest.fixture
def world():
    with World() as made:
        made.host("a")
        made.host("b")
        made.link("a", "b", latency_s=0.1)
        yield made


def serve(reactor):
    reactor.listenTCP(7, quiet(Factory.forProtocol(Echo)))


def test_two_functions_talk_over_the_simulated_network(world):
    factory = quiet(ClientFactory.forProtocol(Asking))
    factory.heard = []
    world.start(serve, host="a")
    world.start(lambda reactor: reactor.connectTCP("a", 7, factory), host="b")
    world.run_until(lambda: factory.heard)
    assert factory.heard == [(pytest.approx(0.4, abs=0.01), b"hello")]


def test_it_ends_when_its_reactor_stops_and_leaves_nothing_open(world):
    program = world.start(serve, host="a")
    assert program.is_running and "running" in repr(program)
    program.interrupt()
    world.run_until(lambda: not program.is_running)
    assert program.exit_code == 0
    assert len(program.reactor.system.descriptors) == 0


def test_one_that_is_killed_is_not_told(world):
    told = []
    program = world.start(lambda reactor: reactor.addSystemEventTrigger("before", "shutdown", told.append, 1), host="a")
    program.kill()
    program.kill()
    assert program.exit_code == -9 and not told
    assert len(program.reactor.system.descriptors) == 0


def test_what_it_raises_is_logged_as_the_reactor_does_it(world, capsys):
    def fails(reactor):
        raise ZeroDivisionError("on purpose")

    assert world.start(fails, host="a").is_running
    assert "on purpose" in capsys.readouterr().err


def test_it_needs_a_host_that_is_there(world):
    with pytest.raises(SimulationError, match="no host 'nowhere'"):
        world.start(serve, host="nowhere")
