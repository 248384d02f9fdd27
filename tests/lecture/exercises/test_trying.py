"""What a check can do besides talking: several calls, cut links, other hosts, any endpoint."""

import pytest

from lecture.exercises import Broken, Yours
from lecture.exercises.schedules import PLAIN, Schedule

CALLER = """
from reactor import reactor
from reactor.protocol import ClientFactory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

class Caller(ClientFactory):
    protocol = Echo

    def clientConnectionLost(self, connector, reason):
        reactor.callLater(2, connector.connect)

    clientConnectionFailed = clientConnectionLost

reactor.connectTCP("theirs", 7771, Caller(), timeout=3)
reactor.run()
"""
ECHO = """
from reactor import reactor
from reactor.protocol import Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

reactor.listenUNIX("/run/door", Factory.forProtocol(Echo))
reactor.run()
"""

TELLER = """
from reactor import reactor
from reactor.protocol import Factory, Protocol

class Teller(Protocol):
    def connectionMade(self):
        self.transport.write(self.transport.getPeer().host.encode())

reactor.listenTCP(7771, Factory.forProtocol(Teller), interface="::")
reactor.run()
"""
EXCHANGE = """
from reactor import reactor
from reactor.protocol import Factory, Protocol

class Exchange(Protocol):
    def connectionMade(self):
        self.factory.all.append(self)

    def dataReceived(self, data):
        for one in self.factory.all:
            if one is not self:
                one.transport.write(data)

exchange = Factory.forProtocol(Exchange)
exchange.all = []
reactor.listenTCP(7771, exchange)
reactor.run()
"""


@pytest.fixture
def try_(tmp_path):
    """Makes a try of a program, given its source."""
    tries = []

    def made(source):
        script = tmp_path / "program.py"
        script.write_text(source)
        tries.append(Yours(script, PLAIN))
        return tries[-1]

    yield made
    for one in tries:
        one.world.close()


def test_a_door_takes_one_call_after_the_other_until_it_is_shut(try_):
    yours = try_(CALLER)
    door = yours.opens(7771)
    first = door.next("R1")
    first.closes()
    second = door.next("R1")
    assert second is not first and first.has_ended and not second.has_ended
    door.shuts()
    second.aborts()
    door.nobody("R1", 10)
    door.opens()
    door.next("R1").stays("R1")


def test_a_call_that_comes_and_one_that_does_not_break_the_rule_that_is_given(try_):
    yours = try_(CALLER)
    door = yours.opens(7771)
    yours.start()
    with pytest.raises(Broken, match="R2: it connects to the server once more"):
        door.nobody("R2", 1)
    door.next("R1")
    with pytest.raises(Broken, match="R3: it doesn't connect to the server"):
        door.next("R3")


def test_calls_are_counted_whether_they_are_answered_or_not(try_):
    yours = try_(CALLER)
    yours.start()
    yours.later(1)
    assert len(yours.calls()) == 1  # refused
    yours.cut()
    yours.later(2.5)
    assert yours.calls() == pytest.approx([0, 2, 3], abs=0.01)  # the system repeats what vanishes after a second


def test_two_of_a_program_call_at_the_same_time(try_):
    yours = try_(CALLER)
    door = yours.opens(7771)
    yours.start()
    yours.another()
    assert door.next("R1") is not door.next("R1")


def test_what_is_sent_over_a_link_that_is_cut_comes_when_it_is_mended(try_):
    yours = try_(CALLER)
    server = yours.listen(7771)
    server.called("R1")
    yours.cut()
    server.says(b"anybody?")
    with pytest.raises(Broken, match="nothing came"):
        server.hears(b"anybody?", "R1")
    yours.mend()
    server.hears(b"anybody?", "R1")


def test_a_peer_may_listen_on_a_host_of_its_own(try_):
    yours = try_(CALLER.replace("theirs", "10.0.0.3"))
    yours.listen(7771, host="another").called("R1")
    assert yours.world.host("another").addresses[0] == "10.0.0.3"


def test_a_peer_on_the_programs_own_host_connects_to_any_endpoint(try_):
    yours = try_(ECHO)
    guest = yours.connect("unix:/run/door")
    guest.says(b"hello")
    guest.hears(b"hello", "R1")
    with pytest.raises(Broken, match="runs: nobody can connect to unix:/run/window"):
        yours.connect("unix:/run/window")
    with pytest.raises(Broken, match="R2: nobody can connect to port 7771"):
        yours.connect(7771, rule="R2")


def test_a_peer_of_another_host_comes_over_IPv6(try_):
    guest = try_(TELLER).connect(r"tcp:fd00\:\:1:7771", host="theirs")
    guest.hears(b"fd00::2", rule="R1")


def test_words_that_were_kept_to_be_glued_leave_when_another_peer_waits_for_them(tmp_path):
    (tmp_path / "program.py").write_text(EXCHANGE)
    with Yours(tmp_path / "program.py", Schedule("glued", "in one piece", glued=True)) as yours:
        ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
        ann.says(b"one ")
        ann.says(b"two")
        bob.hears(b"one two", rule="R1")


POST = """
from reactor import reactor
from reactor.protocol import DatagramProtocol

class Post(DatagramProtocol):
    def datagramReceived(self, data, addr):
        self.transport.write(data.upper(), addr)

reactor.listenUDP(7772, Post())
reactor.run()
"""


def test_datagrams_are_answered_to_whom_they_came_from(try_):
    yours = try_(POST)
    ann, bob = yours.writes_to(7772, "ann"), yours.writes_to(7772, "bob")
    ann.sends(b"soup")
    ann.hears(b"SOUP", "R1")
    with pytest.raises(Broken, match="R1: bob waited for an answer, and nothing came"):
        bob.hears(b"SOUP", "R1")


def test_a_line_loses_datagrams_and_brings_some_twice(try_):
    yours = try_(POST)
    guest = yours.writes_to(7772)
    yours.line(loss=1.0)
    guest.sends(b"lost")
    with pytest.raises(Broken, match="nothing came"):
        guest.hears(b"LOST", "R1")
    yours.line(loss=0.0, duplication=1.0)
    guest.sends(b"twice")
    with pytest.raises(Broken, match="something else came"):
        guest.hears(b"TWICE", "R1")


def test_ctrl_c_is_pressed_at_the_step_that_the_schedule_names(tmp_path):
    (tmp_path / "program.py").write_text(EXCHANGE)
    with Yours(tmp_path / "program.py", Schedule("Ctrl-C 5", "Ctrl-C at step 5", interrupt_at=5)) as yours:
        guest = yours.connect(7771)
        guest.says(b"hello")
        yours.goes_on(lambda: yours.steps > 4)
        assert yours.interrupted_at is None
        guest.is_closed("R1")
        yours.ends(0, "R1")
        assert yours.interrupted_at is not None
