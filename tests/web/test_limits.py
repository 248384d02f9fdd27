"""How much a client may take: of bytes, of time, of connections."""

import pytest

from reactor.address import IPv4Address
from reactor.testing import StringTransport
from reactor.web.server import NOT_DONE_YET
from tests.support.web_doubles import Page, Talk, request


def echo(request):
    return request.content.read()


def page():
    return Page(echo, ["GET", "POST"])


class Slow(StringTransport):
    """A transport whose peer takes no bytes but those that the test lets it take."""

    def __init__(self):
        super().__init__(lenient=True)
        self.pending_bytes = 0

    def write(self, data):
        super().write(data)
        self.pending_bytes += len(data)


def test_an_idle_connection_is_closed_after_its_time():
    talk = Talk(page())
    talk.clock.advance(59)
    talk.send(request())
    talk.clock.advance(59)
    assert not talk.is_closing
    talk.clock.advance(1)
    assert talk.is_closing
    assert not talk.transport.disconnected


def test_a_connection_may_be_idle_for_ever_if_the_site_says_so():
    talk = Talk(page(), timeOut=None)
    talk.send(request())
    talk.clock.advance(1e6)
    assert not talk.is_closing


def test_a_head_that_comes_a_byte_at_a_time_has_its_time_in_all():
    talk = Talk(page())
    talk.clock.advance(50)
    for byte in b"GET / HTTP/1.1\r\n" * 2:
        talk.clock.advance(0.9)
        talk.send(bytes([byte]))
    assert not talk.is_closing
    talk.clock.advance(3)
    talk.send(b"H")
    assert talk.answer().code == 408
    assert talk.is_closing
    talk.send(b"ost: x\r\n\r\n")
    assert talk.taken() == b"", "it is too late"


def test_a_body_that_comes_too_slowly_is_refused():
    talk = Talk(page()).send(request("/", "POST", "Content-Length: 100000"))
    for _ in range(3):
        for _ in range(60):
            talk.clock.advance(1)
            talk.send(b"x" * 110)
    assert not talk.is_closing
    for _ in range(70):
        talk.clock.advance(1)
        talk.send(b"x")
    assert talk.answer().code == 408


def test_who_is_refused_has_some_time_to_hear_it_and_then_is_cut_off():
    talk = Talk(page()).send(b"nonsense\r\n\r\n")
    assert talk.answer().code == 400
    assert not talk.transport.disconnected
    talk.clock.advance(5)
    assert talk.transport.disconnected


def test_a_program_may_take_all_the_time_it_likes():
    talk = Talk(Page(lambda request: NOT_DONE_YET)).send(request())
    talk.clock.advance(1e5)
    assert not talk.is_closing


def test_a_client_that_takes_nothing_of_its_answer_is_cut_off():
    def endless(request):
        request.write(b"x" * 100_000)
        return NOT_DONE_YET

    talk = Talk(Page(endless), Slow())
    talk.clock.advance(59)
    talk.send(request())
    talk.clock.advance(1)
    assert not talk.transport.disconnected, "it has only begun"
    talk.transport.pending_bytes -= 6000
    talk.clock.advance(60)
    assert not talk.transport.disconnected, "it takes enough"
    talk.transport.pending_bytes -= 100
    talk.clock.advance(60)
    assert talk.transport.disconnected


def test_a_client_that_does_not_let_go_is_cut_off():
    talk = Talk(Page(lambda request: b"x" * 100_000), Slow()).send(request("/", "GET", "Connection: close"))
    assert talk.is_closing
    assert not talk.transport.disconnected
    talk.clock.advance(60)
    assert talk.transport.disconnected


def test_no_timer_is_left_when_the_connection_is_gone():
    talk = Talk(page()).send(request())
    talk.lose()
    assert talk.clock.getDelayedCalls() == []


def test_a_request_costs_no_timer():
    talk = Talk(page())
    (timer,) = talk.clock.getDelayedCalls()
    for _ in range(10):
        talk.clock.advance(1)
        talk.send(request())
    assert talk.clock.getDelayedCalls() == [timer]


@pytest.mark.parametrize("send", [Talk.send, Talk.send_slowly])
def test_a_head_that_is_too_long_is_a_431(send):
    talk = Talk(page(), maxHeaderBytes=1000)
    send(talk, b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 500)
    assert talk.answer().code == 431
    assert talk.is_closing
    assert Talk(page(), maxHeaderBytes=1000).send(request("/" + "x" * 2000)).answer().code == 431


def test_a_body_that_is_announced_too_long_is_refused_before_it_comes():
    talk = Talk(page(), maxBodyBytes=10)
    talk.send(request("/", "POST", "Content-Length: 11", "Expect: 100-continue"))
    answer = talk.answer()
    assert (answer.code, answer.informational) == (413, ())
    assert (
        Talk(page(), maxBodyBytes=10).send(request("/", "POST", "Content-Length: 10") + b"0123456789").answer().code
        == 200
    )


def test_a_body_in_chunks_that_becomes_too_long_is_refused():
    talk = Talk(page(), maxBodyBytes=10).send(request("/", "POST", "Transfer-Encoding: chunked"))
    talk.send(b"9\r\n123456789\r\n")
    assert not talk.is_closing
    talk.send(b"2\r\nab\r\n")
    assert talk.answer().code == 413
    assert talk.is_closing


def test_a_long_body_waits_on_the_disk():
    kept = []

    def look(request):
        kept.append(request.content)
        return b"%d" % len(request.content.read())

    talk = Talk(Page(look, ["POST"])).send(request("/", "POST", "Content-Length: 1000000"))
    for _ in range(10):
        talk.send(b"x" * 100_000)
    assert talk.answer().body == b"1000000"
    assert kept[0]._rolled
    assert kept[0].closed


def test_one_connection_too_many_is_told_to_come_back():
    first = Talk(page(), maxConnections=1)
    second = StringTransport()
    first.site.buildProtocol(IPv4Address("TCP", "10.0.0.9", 1)).makeConnection(second)
    assert second.value().startswith(b"HTTP/1.1 503 ")
    assert second.disconnecting
    first.lose()
    assert Talk(None, site=first.site).channel.connected


def test_pipelining_clients_who_do_not_read_get_no_more_answers():
    answered = []

    def big(request):
        answered.append(request)
        return b"x" * 100_000

    talk = Talk(Page(big)).send(request() * 100)
    assert len(answered) == 100, "a transport that never says stop"
    talk = Talk(Page(big), Stopping())
    answered.clear()
    talk.send(request() * 100)
    assert len(answered) == 2
    assert talk.transport.producerState == "paused"
    talk.transport.producer.resumeProducing()
    assert len(answered) == 3


class Stopping(StringTransport):
    """A transport that wants its producer to pause at every write."""

    def __init__(self):
        super().__init__(lenient=True)

    def write(self, data):
        super().write(data)
        if self.producer is not None:
            self.producer.pauseProducing()


@pytest.mark.parametrize(("more", "code"), [(0, 200), (1, 431)])
def test_a_head_counts_its_target_and_each_line_with_four_bytes_around_its_name_and_value(more, code):
    target, limit = "/" + "x" * (1000 - 1 - len("hosta") - 4 + more), 1000
    head = f"GET {target} HTTP/1.1\r\nhost: a\r\nunusual-way: 1\r\n\r\n".encode()  # h11 reads it
    over = len("unusual-way1") + 4
    assert Talk(page(), maxHeaderBytes=limit + over).send(head).answer().code == code
