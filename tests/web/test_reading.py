"""Where a request begins and ends: whole, byte by byte, many at once, and all that is no request."""

import random

import h11
import pytest

from reactor.web.reading import Body, PlainReader, RequestReader, plain_head
from reactor.web.server import NOT_DONE_YET
from tests.support.web_doubles import Page, Talk, parse, request

POST = request("/two", "POST", "Content-Length: 3", body=b"abc")
CHUNKED = request("/three", "POST", "Transfer-Encoding: chunked", body=b"2\r\nde\r\n0\r\n\r\n")
ALL = request("/one") + POST + CHUNKED + request("/four", "GET", "Connection: close")


def told(request):
    return request.path + b" " + request.content.read()


def page():
    return Page(told, ["GET", "POST"])


@pytest.mark.parametrize("send", [Talk.send, Talk.send_slowly])
def test_many_requests_in_one_piece_or_in_many_are_answered_in_order(send):
    talk = Talk(page())
    send(talk, ALL)
    assert [answer.body for answer in talk.answers()] == [b"/one ", b"/two abc", b"/three de", b"/four "]
    assert talk.is_closing


@pytest.mark.parametrize("seed", range(20))
def test_the_cuts_between_the_pieces_do_not_matter(seed):
    luck = random.Random(seed)
    talk = Talk(page())
    rest = ALL
    while rest:
        size = luck.randint(1, len(rest))
        talk.send(rest[:size])
        rest = rest[size:]
    assert [answer.body for answer in talk.answers()] == [b"/one ", b"/two abc", b"/three de", b"/four "]


def test_a_request_waits_until_the_one_before_is_answered_and_nothing_more_is_read():
    kept = []

    def later(request):
        kept.append(request)
        return NOT_DONE_YET

    talk = Talk(Page(later)).send(request("/1") + request("/2"))
    assert [request.path for request in kept] == [b"/1"]
    talk.send(request("/3"))
    assert talk.transport.producerState == "paused"
    for number in range(3):
        kept[number].write(b"%d" % number)
        kept[number].finish()
    assert [answer.body for answer in talk.answers()] == [b"0", b"1", b"2"]
    assert talk.transport.producerState == "producing"


@pytest.mark.parametrize("cut", [len(request("/2")) - 3, 5])
def test_the_rest_of_a_request_that_came_behind_others_is_read(cut):
    kept = []

    def later(request):
        kept.append(request)
        return NOT_DONE_YET

    talk = Talk(Page(later)).send(request("/1"))
    talk.send(request("/2")[:cut])
    assert talk.transport.producerState == "paused"
    kept[0].finish()
    assert talk.transport.producerState == "producing"
    talk.send(request("/2")[cut:])
    assert [request.path for request in kept] == [b"/1", b"/2"]


def test_ten_thousand_requests_at_once_are_answered_without_recursion():
    talk = Talk(page()).send(request() * 10_000).turns()
    assert talk.taken().count(b"HTTP/1.1 200 OK") == 10_000


@pytest.mark.parametrize(
    ("version", "headers", "persistent"),
    [
        ("1.1", [], True),
        ("1.1", ["Connection: keep-alive"], True),
        ("1.1", ["Connection: close"], False),
        ("1.1", ["Connection: foo, CLOSE"], False),
        ("1.0", [], False),
        ("1.0", ["Connection: Keep-Alive"], True),
    ],
)
def test_the_connection_goes_on_if_both_sides_can(version, headers, persistent):
    talk = Talk(page()).send(request("/", "GET", *headers, version=version))
    answer = talk.answer()
    assert talk.is_closing is not persistent
    told = {True: {"1.1": None, "1.0": b"keep-alive"}[version], False: b"close"}[persistent]
    assert answer.headers.get(b"connection") == told


def test_a_page_can_close_the_connection():
    def last(request):
        request.setHeader(b"connection", b"close")
        return b""

    talk = Talk(Page(last)).send(request())
    assert talk.answer().headers[b"connection"] == b"close"
    assert talk.is_closing


SMUGGLED = {
    "two lengths": request("/", "POST", "Content-Length: 3", "Content-Length: 4", body=b"abcd"),
    "two lengths in one": request("/", "POST", "Content-Length: 3, 4", body=b"abcd"),
    "length and chunks": request("/", "POST", "Content-Length: 3", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
    "chunks for 1.0": request("/", "POST", "Transfer-Encoding: chunked", version="1.0", body=b"0\r\n\r\n"),
    "another coding": request("/", "POST", "Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
    "chunked twice": request("/", "POST", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    "a length below zero": request("/", "POST", "Content-Length: -1"),
    "a length with a sign": request("/", "POST", "Content-Length: +3", body=b"abc"),
    "a length of five thousand digits": request("/", "POST", "Content-Length: " + "9" * 5000),
    "a length in hex": request("/", "POST", "Content-Length: 0x3", body=b"abc"),
    "a length with underscores": request("/", "POST", "Content-Length: 1_0", body=b"0123456789"),
    "a space before the colon": request("/", "POST", "Content-Length : 3", body=b"abc"),
    "a line folded at the start": b"GET / HTTP/1.1\r\n Host: x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": request("/", "GET", "Host: y"),
    "a control in a value": request("/", "GET", "X: a\x00b"),
    "a lone CR in a value": request("/", "GET", "X: a\rTransfer-Encoding: chunked"),
    "a space in the target": request("/a b"),
    "a tab between the words": b"GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "no HTTP": b"GET / FTP/1.1\r\nHost: x\r\n\r\n",
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a chunk of no size": request("/", "POST", "Transfer-Encoding: chunked", body=b"x\r\n"),
    "a chunk of size -1": request("/", "POST", "Transfer-Encoding: chunked", body=b"-1\r\n\r\n"),
    "a chunk that goes on": request("/", "POST", "Transfer-Encoding: chunked", body=b"1\r\nabc\r\n0\r\n\r\n"),
    "a size with 0x": request("/", "POST", "Transfer-Encoding: chunked", body=b"0x1\r\na\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("send", [Talk.send, Talk.send_slowly])
@pytest.mark.parametrize("what", SMUGGLED)
def test_no_request_is_smuggled(what, send):
    """Whatever is wrong: one answer, which is an error, and the connection ends, so that nothing behind it counts."""
    talk = Talk(page())
    send(talk, SMUGGLED[what] + request("/smuggled"))
    (answer,) = talk.answers()
    assert 400 <= answer.code < 600
    assert answer.headers[b"connection"] == b"close"
    assert talk.is_closing


@pytest.mark.parametrize("send", [Talk.send, Talk.send_slowly])
@pytest.mark.parametrize("empty", [b"\r\n", b"\n", b"\r\n" * 1000])
def test_empty_lines_before_a_request_and_behind_a_body_are_ignored(send, empty):
    talk = Talk(page())
    send(talk, empty.join([b"", request("/one"), POST, CHUNKED, request("/four", "GET", "Connection: close"), b""]))
    assert [answer.body for answer in talk.answers()] == [b"/one ", b"/two abc", b"/three de", b"/four "]


@pytest.mark.parametrize("before", [b"", POST])
def test_an_empty_line_alone_gets_no_answer_and_keeps_no_connection_open(before):
    talk = Talk(page()).send(before)
    talk.taken()
    for _ in range(59):
        talk.clock.advance(1)
        talk.send(b"\r\n")
    assert (talk.taken(), talk.is_closing) == (b"", False)
    talk.clock.advance(1)
    assert (talk.taken(), talk.is_closing) == (b"", True)


def test_an_empty_line_in_a_head_is_its_end_all_the_same():
    answer = Talk(page()).send(b"GET / HTTP/1.1\r\n\r\nHost: x\r\n\r\n").answer()
    assert answer.code == 400


def test_a_version_that_is_not_spoken_is_a_505():
    talk = Talk(page()).send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert parse(talk.taken())[0].code == 505


def test_an_offer_of_another_protocol_is_passed_over():
    headers = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"]
    talk = Talk(page()).send(request("/", "GET", *headers)).send(request("/next"))
    assert [answer.body for answer in talk.answers()] == [b"/ ", b"/next "]


LINES = [
    *(b"GET / HTTP/1.1", b"HEAD /a?b=%20 HTTP/1.1", b"GET /\xff HTTP/1.1", b"GET  / HTTP/1.1", b"GET / HTTP/1.0"),
    *(
        b"POST / HTTP/1.1",
        b"PUT /a HTTP/1.1",
        b"GET http://x/ HTTP/1.1",
        b"GET /a\x7f HTTP/1.1",
        b"get / HTTP/1.1",
        b"GET / HTTP/1.1 ",
    ),
]
FIELDS = [
    *(b"Host: x", b"host:y ", b"A:b", b"A: \t b c\t", b"A:", b"A-b_c: \xe9", b"A: b\x01", b"A : b", b" A: b", b": b"),
    *(b"Connection: keep-alive", b"Connection: close", b"Content-Length: 0", b"Expect: 100-continue", b"Upgrade: x"),
    *(
        b"Content-Length: 3",
        b"Content-Length: 4",
        b"content-length: 03",
        b"Content-Length: +3",
        b"Content-Length: 3, 3",
    ),
    *(b"Content-Length: \xb2", b"Content-Length:", b"Content-Length: 99999999999999999999"),
    *(b"Transfer-Encoding: chunked", b"A: b\r", b"A: b\n", b"A: \x0b", b"A: b\x00", b"", b"Accept: */*", b"A\x80: b"),
]


@pytest.mark.parametrize("seed", range(30))
def test_what_is_read_as_plain_is_what_h11_reads(seed):
    """The quick way takes nothing that h11 refuses, and sees the same in it."""
    luck, plain = random.Random(seed), 0
    for _ in range(300):
        lines = [luck.choice(LINES[: luck.choice([1, 2, len(LINES)])]), b"Host: x"]
        lines += luck.choices(FIELDS[: luck.choice([5, len(FIELDS)])], k=luck.randint(0, 3))
        data = b"\r\n".join(lines) + b"\r\n\r\n" + b"abcdefgh"
        found = plain_head(data, 16384)
        if found is None:
            continue
        plain += 1
        head, end = found
        server = h11.Connection(h11.SERVER)
        server.receive_data(data)
        event = server.next_event()
        assert (event.method, event.target, event.http_version) == (head.method, head.target, b"1.1")
        names = sorted((name.lower(), v) for name, values in head.headers.getAllRawHeaders() for v in values)
        assert names == sorted(event.headers)
        reader = PlainReader(head)
        reader.feed(data[end:])
        theirs = server.next_event()
        if head.length:
            assert reader.body() == theirs.data
            theirs = server.next_event()
        assert isinstance(theirs, h11.EndOfMessage)
        assert reader.body() is Body.ENDS
        assert server.trailing_data[0] == reader.rest()
    assert plain > 10, "the test has lost its subject"


@pytest.mark.parametrize("seed", range(30))
def test_noise_is_answered_or_refused_and_nothing_is_raised(seed):
    luck = random.Random(seed)
    alphabet = [*LINES, *FIELDS, b"\r\n", b"\r\n\r\n", b"\n", b"0\r\n\r\n", b"5\r\nabcde\r\n", b"\x00", b"x" * 50, ALL]
    pieces = [piece for piece in luck.choices(alphabet, k=40) if piece]
    once, again = Talk(page()), Talk(page())
    for piece in pieces:
        once.send(piece)
    again.send_slowly(b"".join(pieces))
    assert [essence(answer) for answer in once.answers()] == [essence(answer) for answer in again.answers()]


def essence(answer):
    """What an answer says, but for the words in which a request is refused."""
    return answer.code, answer.body if answer.code == 200 else None


def test_a_reader_gives_the_body_as_it_comes():
    reader = RequestReader(1000)
    reader.feed(POST[:-2])
    assert reader.head().method == b"POST"
    assert [reader.body(), reader.body()] == [b"a", Body.UNFINISHED]
    reader.feed(b"bc" + b"next")
    assert [reader.body(), reader.body()] == [b"bc", Body.ENDS]
    assert reader.rest() == b"next"
