"""Agents that decode bodies: gzip in all its shapes, and gzip made to do harm."""

import gzip
import tracemalloc
import zlib

import pytest

from reactor import error as net_error
from reactor.protocol import Protocol, connectionDone
from reactor.web.client import (
    ContentDecoderAgent,
    GzipDecoder,
    PartialDownloadError,
    PotentialDataLoss,
    ResponseDone,
    ResponseFailed,
    getPage,
    readBody,
)
from tests.support.web_client_doubles import ask, results


def zipped(body):
    return gzip.compress(body, mtime=0)


ONE, TWO = zipped(b"hello, "), zipped(b"world")
LONG = bytes(range(256)) * 4000


def head(length, *codings):
    lines = b"".join(b"Content-Encoding: %b\r\n" % coding for coding in codings)
    return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n" % (lines, length)


@pytest.fixture
def decoding(keeping):
    return ContentDecoderAgent(keeping, [(b"gzip", GzipDecoder)])


@pytest.fixture
def answered(decoding, network):
    """Asks, and answers with this body; gives the Response, or the failure."""

    def answer(body, *codings):
        got = ask(decoding)
        network.lines[-1].answer(head(len(body), *(codings or [b"gzip"])) + body)
        return got[0]

    return answer


class Receiver(Protocol):
    """Keeps a body, piece by piece, and how it ended. act: called with it for each piece."""

    def __init__(self, act=lambda receiver: None):
        self.act, self.pieces, self.reason = act, [], None

    def dataReceived(self, data):
        assert self.reason is None
        self.pieces.append(data)
        self.act(self)

    def connectionLost(self, reason=connectionDone):
        assert self.reason is None
        self.reason = reason


def test_a_body_is_decoded(decoding, network):
    got = ask(decoding)
    assert b"Accept-Encoding: gzip\r\n" in network.lines[0].sent()
    packed = zipped(b"hello" * 100_000)
    network.lines[0].answer(head(len(packed), b"gzip"))
    body = results(readBody(got[0]))
    for number in range(len(packed)):
        network.lines[0].answer(packed[number : number + 1])
    assert body == [b"hello" * 100_000]
    assert not got[0].headers.hasHeader(b"content-encoding")


@pytest.mark.parametrize("body", [ONE + TWO, ONE + zipped(b"") + TWO, ONE + TWO + bytes(600), ONE + b"\0" + TWO])
def test_all_members_are_decoded_however_they_are_cut(decoding, network, body):
    for cut in range(len(body)):
        got = ask(decoding)
        network.lines[0].answer(head(len(body), b"gzip") + body[:cut])
        read = results(readBody(got[0]))
        network.lines[0].answer(body[cut:])
        assert read == [b"hello, world"]


@pytest.mark.parametrize("cut", range(1, len(ONE)))
def test_an_incomplete_gzip_is_an_error(answered, cut):
    for body in (ONE[:cut], TWO + ONE[:cut]):
        read = results(readBody(answered(body)))
        assert read[0].check(ResponseFailed)
        assert read[0].value.reasons[0].check(EOFError)


def test_an_incomplete_gzip_is_an_error_where_the_end_is_the_connections(decoding, network):
    for body, problem in [(ONE[:-1], ResponseFailed), (ONE, PotentialDataLoss)]:
        got = ask(decoding)
        network.lines[-1].answer(b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + body)
        receiver = Receiver()
        got[0].deliverBody(receiver)
        network.lines[-1].lose()
        assert receiver.reason.check(problem)


@pytest.mark.parametrize("body", [b"not gzip", ONE + b"xx", b"\0" + ONE, ONE[:-5] + b"\0\0\0\0\0", zlib.compress(b"x")])
def test_what_is_no_gzip_is_an_error(answered, network, body):
    receiver = Receiver()
    answered(body).deliverBody(receiver)
    network.lines[0].lose()
    assert receiver.reason.check(ResponseFailed)
    assert receiver.reason.value.reasons[0].check(zlib.error)


def test_no_body_at_all_is_no_gzip_and_no_error(answered, decoding, network):
    assert results(readBody(answered(b""))) == [b""]
    got = ask(decoding, method=b"HEAD")
    network.lines[0].answer(head(500, b"gzip"))
    assert results(readBody(got[0])) == [b""]


@pytest.mark.parametrize(
    ("codings", "left"),
    [
        ([b"GZIP"], None),
        ([b"x-gzip"], None),
        ([b"gzip, identity"], None),
        ([b", gzip ,"], None),
        ([b"br, gzip"], [b"br"]),
        ([b"br", b"x-GZip"], [b"br"]),
    ],
)
def test_names_of_codings(answered, codings, left):
    response = answered(ONE, *codings)
    assert response.headers.getRawHeaders(b"content-encoding") == left
    assert results(readBody(response)) == [b"hello, "]


def test_a_coding_that_is_unknown_stays(answered):
    for codings in ([b"br"], [b"gzip, br"], [b"gzip, " * 3000 + b"br"]):
        response = answered(ONE, *codings)
        assert response.headers.hasHeader(b"content-encoding")
        assert results(readBody(response)) == [ONE]


def packed(body, times):
    for _ in range(times):
        body = zipped(body)
    return body


def test_five_codings_are_undone(answered):
    assert results(readBody(answered(packed(b"hello", 5), b"gzip, gzip", b"gzip,gzip,gzip"))) == [b"hello"]


@pytest.mark.parametrize("times", [6, 3000])
def test_more_codings_are_refused_and_the_connection_is_free(answered, network, times):
    for _ in range(2):
        failure = answered(b"", b", ".join([b"gzip"] * times))
        assert failure.check(ResponseFailed)
        assert f"{times} times over" in str(failure.value)
    assert len(network.lines) == 1


def test_a_decoder_that_raises_frees_the_connection(keeping, network):
    def broken(response):
        raise ZeroDivisionError

    agent = ContentDecoderAgent(keeping, [(b"gzip", broken)])
    for _ in range(2):
        got = ask(agent)
        network.lines[0].answer(head(len(ONE), b"gzip") + ONE)
        assert got[0].check(ZeroDivisionError)
    assert len(network.lines) == 1


@pytest.fixture(scope="module")
def bomb():
    """32 MB of zeros, packed twice: a few hundred bytes. Half as many gigabytes would be as many kilobytes."""
    return packed(bytes(2**25), 2)


def test_a_bomb_takes_no_memory(answered, bomb):
    receiver = Receiver(lambda receiver: receiver.pieces.append(len(receiver.pieces.pop())))
    response = answered(bomb, b"gzip, gzip")
    tracemalloc.start()
    try:
        response.deliverBody(receiver)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert sum(receiver.pieces) == 2**25
    assert receiver.reason.check(ResponseDone)


@pytest.mark.parametrize("codings", [1, 2])
@pytest.mark.parametrize("way", ["stopProducing", "loseConnection", "abortConnection"])
def test_a_receiver_that_has_stopped_gets_nothing_more(answered, network, way, codings):
    receiver = Receiver(lambda receiver: getattr(receiver.transport, way)())
    answered(packed(bytes(2**20), codings), b",".join([b"gzip"] * codings)).deliverBody(receiver)
    network.lines[0].lose()
    assert len(receiver.pieces) == 1
    assert receiver.reason.value.reasons[0].check(net_error.ConnectionAborted)


def test_a_receiver_that_stops_in_the_middle_closes_the_connection(decoding, network):
    body = zipped(LONG)
    got = ask(decoding)
    network.lines[0].answer(head(len(body), b"gzip") + body[:-1])
    receiver = Receiver(lambda receiver: receiver.transport.stopProducing())
    got[0].deliverBody(receiver)
    assert network.lines[0].transport.disconnected
    assert (len(receiver.pieces), receiver.reason) == (1, None)
    network.lines[0].lose()
    assert receiver.reason.check(ResponseFailed)


@pytest.mark.parametrize("codings", [1, 2])
def test_a_receiver_that_pauses_holds_up_the_decoder(answered, codings):
    receiver = Receiver(lambda receiver: receiver.transport.pauseProducing())
    answered(packed(LONG, codings), b",".join([b"gzip"] * codings)).deliverBody(receiver)
    count = 0
    while receiver.reason is None:
        count += 1
        assert len(receiver.pieces) == count
        receiver.transport.resumeProducing()
    assert b"".join(receiver.pieces) == LONG
    assert receiver.reason.check(ResponseDone)
    assert max(map(len, receiver.pieces)) <= 64 * 1024


def test_a_body_that_is_too_long_is_given_up(answered, decoding, network, clock, bomb):
    read = results(readBody(answered(bomb, b"gzip, gzip"), 100_000))
    assert read[0].check(PartialDownloadError)
    assert len(read[0].value.response) < 200_000
    got = results(getPage("http://example.org/", clock, maxBytes=100_000, agent=decoding))
    network.lines[-1].answer(head(len(bomb), b"gzip, gzip") + bomb)
    assert got[0].check(PartialDownloadError)


def test_a_response_can_be_aborted_before_anybody_wants_its_body(decoding, network):
    got = ask(decoding)
    network.lines[0].answer(head(len(ONE), b"gzip"))
    got[0].abort()
    assert network.lines[0].transport.disconnected


def test_to_abort_a_response_ends_the_decoder(answered, bomb):
    response = answered(bomb, b"gzip, gzip")
    receiver = Receiver(lambda receiver: response.abort())
    response.deliverBody(receiver)
    assert len(receiver.pieces) == 1
