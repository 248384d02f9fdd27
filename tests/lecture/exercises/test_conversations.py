"""What a check can ask of a peer: what has come by now, whether no more comes, how much waits."""

import pytest

from lecture.exercises.peers import Broken
from lecture.exercises.schedules import PLAIN
from lecture.exercises.trying import Yours

SERVER = """
from reactor import reactor
from reactor.protocol import Factory, Protocol


class Server(Protocol):
    {method}


reactor.listenTCP(7771, Factory.forProtocol(Server))
reactor.run()
"""


@pytest.fixture
def serving(tmp_path):
    """Called with a method of a protocol: the program in a world."""
    opened = []

    def serve(*lines):
        path = tmp_path / "server.py"
        path.write_text(SERVER.format(method="\n        ".join(lines)))
        opened.append(Yours(path, PLAIN))
        return opened[-1]

    yield serve
    for yours in opened:
        yours.world.close()


def test_has_heard_does_not_wait_for_what_comes_later(serving):
    yours = serving("def connectionMade(self):", "reactor.callLater(1, self.transport.write, b'x')")
    guest = yours.connect(7771)
    yours.later(0.5)
    guest.has_heard(b"", rule="R1")
    with pytest.raises(Broken, match=r"R1: .*nothing came"):
        guest.has_heard(b"x", rule="R1")
    yours.later(1)
    guest.has_heard(b"x", rule="R1")


def test_a_peer_that_keeps_open_can_answer_after_the_end_of_what_it_hears(serving):
    yours = serving("def connectionMade(self):", "self.transport.loseWriteConnection()")
    polite, talkative = yours.connect(7771), yours.connect(7771)
    talkative.keeps_open = True
    for guest in (polite, talkative):
        guest.is_half_closed("R1")
    yours.later(1)
    assert polite.has_ended and not talkative.has_ended


def test_who_is_not_told_that_no_more_comes_says_so(serving):
    yours = serving("pass")
    with pytest.raises(Broken, match="R3: the guest isn't told that no more comes"):
        yours.connect(7771).is_half_closed("R3")


def test_waiting_bytes_are_those_that_the_kernel_did_not_take(serving):
    yours = serving("def connectionMade(self):", "self.transport.write(bytes(1_000_000))")
    guest = yours.connect(7771)
    guest.pauses()
    yours.later(10)
    assert 0 < yours.waiting_bytes < 1_000_000
    guest.resumes()
    yours.later(10)
    assert yours.waiting_bytes == 0 and len(guest.received) == 1_000_000
