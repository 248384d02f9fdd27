"""What a test decides about a run: where reads end, when a host pauses, when a connection is reset."""

import pytest

from reactor.protocol import Factory, Protocol
from reactor.sim import SimulationError, World

pytestmark = pytest.mark.own_promise("it has no simulated world")


class Noting(Protocol):
    """Writes down each piece that comes, and why the connection ended."""

    def dataReceived(self, data):
        self.factory.pieces.append(data)

    def connectionLost(self, reason):
        self.factory.ends.append(reason.type.__name__)


class Saying(Noting):
    """Says these pieces as soon as it is connected."""

    def connectionMade(self):
        for piece in self.factory.says:
            self.transport.write(piece)


class Talk:
    """A world with a server on host "b" that notes what comes, and a client on "a" that says something."""

    client_host = "a"

    def __init__(self, *says, seed=0):
        self.world = World(seed)
        self.a, self.b = self.world.host("a"), self.world.host("b")
        self.server, self.client = Factory.forProtocol(Noting), Factory.forProtocol(Saying)
        for factory in (self.server, self.client):
            factory.pieces, factory.ends, factory.says = [], [], says

    def begin(self):
        self.world.start(lambda reactor: reactor.listenTCP(80, self.server), host="b")
        self.world.start(self.call, host=self.client_host)

    def call(self, reactor):
        from reactor.endpoints import TCP4ClientEndpoint

        TCP4ClientEndpoint(reactor, "10.0.0.2", 80).connect(self.client)

    def run(self, seconds=10):
        self.begin()
        self.world.advance(seconds)
        return self.server.pieces


@pytest.mark.parametrize("cut", range(1, 11))
def test_a_read_ends_where_the_test_says(cut):
    talk = Talk(b"hello world")
    talk.b.reads = [cut]
    assert talk.run() == [b"hello world"[:cut], b"hello world"[cut:]]


def test_each_byte_is_read_by_itself():
    talk = Talk(b"hello", b" ", b"world")
    talk.b.reads = [1] * 11
    assert talk.run() == [b"hello world"[n : n + 1] for n in range(11)]


def test_a_place_in_the_stream_is_where_a_read_ends_also_when_less_has_come():
    """The first 5 bytes come alone, the read may take 8: it takes 5, and the next one ends at the 8th byte."""
    talk = Talk(b"hello")
    talk.b.reads = [8, 2]
    talk.begin()
    talk.world.advance(1)
    assert talk.server.pieces == [b"hello"]
    for program in talk.world.programs[1:]:
        program.reactor.callWhenRunning(lambda: None)
    connection = next(iter(talk.a.connections.values()))
    connection.write(b" wonderful world")
    talk.world.advance(1)
    assert talk.server.pieces == [b"hello", b" wo", b"nd", b"erful world"]


def test_without_it_pieces_of_one_instant_are_one_read():
    """Why a small `mss` doesn't do on one host: all segments arrive before the loop reads."""
    talk = Talk(b"hello world")
    talk.world.link("b", "b", mss=1)
    talk.client_host = "b"
    assert talk.run() == [b"hello world"]


def test_each_connection_begins_anew():
    talk = Talk(b"hello world")
    talk.b.reads = [6]
    talk.begin()
    talk.world.start(talk.call, host="a")
    talk.world.advance(1)
    assert sorted(talk.server.pieces) == [b"hello ", b"hello ", b"world", b"world"]


def test_the_end_comes_behind_the_last_piece():
    talk = Talk(b"hello")
    talk.b.reads = [2, 2]
    talk.begin()
    talk.world.run_until(lambda: talk.a.connections and next(iter(talk.a.connections.values())).outgoing.sent > 5)
    talk.world.programs[1].interrupt()
    talk.world.advance(1)
    assert talk.server.pieces == [b"he", b"ll", b"o"] and talk.server.ends == ["ConnectionDone"]


def test_a_paused_host_does_nothing_but_its_kernel_takes_what_comes():
    talk = Talk(b"hello")
    talk.begin()
    talk.b.pause()
    talk.world.advance(3600)
    assert talk.server.pieces == []
    assert [len(end.incoming) for end in talk.b.connections.values()] == [5]
    talk.b.resume()
    talk.world.advance(1)
    assert talk.server.pieces == [b"hello"]


def test_a_pause_ends_by_itself_and_timers_are_late_then():
    world = World()
    host, times = world.host("a"), []
    world.start(lambda reactor: reactor.callLater(1, lambda: times.append(reactor.seconds())), host="a")
    host.pause(5)
    world.advance(10)
    assert times == [5]


@pytest.mark.parametrize("steps", range(3, 12))
def test_both_ends_hear_of_a_reset_at_any_step(steps):
    talk = Talk(b"hello")
    talk.begin()
    for _ in range(steps):
        talk.world.step()
    connected = [end for end in talk.a.connections.values() if end.state.value == "established"]
    talk.a.reset(talk.b)
    talk.world.advance(1)
    assert talk.client.ends == ["ConnectionLost"] * len(connected)
    assert not talk.a.connections and not talk.b.connections


def test_a_reset_leaves_connections_with_others_alone():
    talk = Talk(b"hello")
    third = talk.world.host("c")
    talk.run(1)
    talk.a.reset(third)
    talk.world.advance(1)
    assert talk.client.ends == [] and talk.server.ends == []


def test_a_program_that_asks_for_itself_again_and_again_is_named():
    world = World()
    world.host("a")

    def tick(reactor):
        reactor.callLater(0, tick, reactor)

    world.start(tick, host="a")
    line = tick.__code__.co_firstlineno
    said = rf"200,002 turns and never waited: tick \(test_decided_by_the_test.py:{line}\) asks for itself again"
    with pytest.raises(SimulationError, match=said):
        world.advance(3600)


def test_one_that_reads_nothing_is_named():
    world = World()
    world.host("a"), world.host("b")

    class Deaf:
        def __init__(self, skt):
            self.fileno = skt.fileno

        def doRead(self):
            """Do nothing: that is the mistake."""

        def __repr__(self):
            return "<Deaf>"

    def main(reactor):
        skt = reactor.system.udp_socket("")
        skt.bind(("", 53))
        reactor.addReader(Deaf(skt))
        other = reactor.system.udp_socket("")
        other.sendto(b"x", ("127.0.0.1", 53))

    world.start(main, host="a")
    with pytest.raises(SimulationError, match="never waited: <Deaf> stays ready, and nobody reads or writes"):
        world.advance(3600)


def test_a_program_that_works_for_long_may():
    """An event between two turns, even a time-out of its own, shows that it waits for something."""
    world = World()
    world.host("a")
    turns = []

    def tick(reactor):
        turns.append(1)
        reactor.callLater(0.0001 if len(turns) % 1000 == 0 else 0, tick, reactor)

    world.start(tick, host="a")
    world.run_until(lambda: len(turns) > 3000)


def test_turns_are_counted_from_the_last_event_on():
    world = World(most_turns=1000)
    world.host("a")
    turns = []

    def tick(reactor):
        turns.append(1)
        reactor.callLater(1 if len(turns) % 400 == 0 else 0, tick, reactor)

    world.start(tick, host="a")
    world.run_until(lambda: len(turns) > 3000)


def test_a_program_that_iterates_for_ever_by_itself_is_told_so():
    world = World(most_turns=1000)
    world.host("a")
    reactor = world.reactor("a")
    with pytest.raises(SimulationError, match="2,001 turns and never waited: it asks for one turn after the other"):
        while True:
            reactor.iterate(0)
