"""What one client gets in a turn of the loop: others wait for no more than that."""

import itertools

import pytest

from reactor.web.server import NOT_DONE_YET
from tests.support.web_doubles import Page, Talk, request

READ = 64 * 1024  # what a transport reads at once
TINY = b"1\r\na\r\n"
COUNT = READ // len(TINY)
CHUNKED = request("/", "POST", "Transfer-Encoding: chunked")


def page():
    return Page(lambda request: b"%d" % len(request.content.read()), ["GET", "POST"])


class Noting(Talk):
    """A talk whose clock notes, at the end of each of its turns, how much `done` says has been done."""

    def __init__(self, resource, done):
        super().__init__(resource)
        self.marks = [0]
        call_later = self.clock.callLater

        def noting(delay, *what):
            if not delay:
                self.marks.append(done(self))
            return call_later(delay, *what)

        self.clock.callLater = noting

    def longest_turn(self):
        return max(later - earlier for earlier, later in itertools.pairwise(self.marks))


def test_tiny_chunks_of_one_read_are_taken_in_many_turns():
    talk = Noting(page(), lambda talk: talk.channel.request.content.tell()).send(CHUNKED + TINY * COUNT)
    assert talk.transport.producerState == "paused", "no more is read meanwhile"
    assert 0 < talk.channel.request.content.tell() <= 200
    talk.turns()
    assert talk.channel.request.content.tell() == COUNT
    assert talk.longest_turn() <= 200
    assert talk.transport.producerState == "producing"
    assert talk.send(b"0\r\n\r\n" + request()).answers()[0].body == b"%d" % COUNT


HEADS = {
    "plain": request(),
    "for h11": request("/", "GET", "Connection: Keep-Alive"),
    "for h11, with a body": CHUNKED + b"1\r\na\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("what", HEADS)
def test_pipelined_requests_of_one_read_are_answered_in_many_turns(what):
    count = READ // len(HEADS[what])
    answered = []

    def noted(request):
        answered.append(request)
        return b"x"

    talk = Noting(Page(noted, ["GET", "POST"]), lambda talk: len(answered)).send(HEADS[what] * count)
    assert 0 < len(answered) <= 100
    talk.turns()
    assert len(talk.answers()) == count
    assert talk.longest_turn() <= 100
    assert talk.transport.producerState == "producing"


def test_a_client_that_leaves_in_its_turn_leaves_no_timer():
    for data in (CHUNKED + TINY * COUNT, request() * 1000):
        talk = Talk(page()).send(data)
        talk.lose()
        assert talk.clock.getDelayedCalls() == []


def test_an_answer_that_comes_before_all_pieces_are_taken_ends_the_connection():
    talk = Talk(page()).send(CHUNKED + TINY * COUNT)
    talk.channel.request.write(b"enough")
    talk.channel.request.finish()
    talk.turns()
    assert talk.answer().body == b"enough"
    assert talk.is_closing


def test_an_error_behind_many_pieces_is_found_in_a_later_turn():
    talk = Talk(page()).send(CHUNKED + TINY * 1000 + b"x\r\n")
    assert talk.taken() == b""
    assert talk.turns().answer().code == 400


def test_requests_that_wait_for_the_next_turn_wait_for_the_program_too():
    kept = []

    def later(request):
        kept.append(request)
        return NOT_DONE_YET if len(kept) == 100 else b"x"

    talk = Talk(Page(later)).send(request() * 150)
    talk.turns()
    assert len(kept) == 100
    kept[-1].finish()
    talk.turns()
    assert len(talk.answers()) == len(kept) == 150


def test_what_comes_in_reads_of_its_own_waits_for_nothing():
    talk = Talk(page())
    for data in (request("/", "GET", "Connection: Keep-Alive"), request("/", "POST", "Content-Length: 1", body=b"x")):
        for _ in range(300):
            assert talk.send(data).answer().code == 200
    assert len(talk.clock.getDelayedCalls()) == 1, "none but that of its deadline"
