"""Servers that cut, stall, reset, and say more than they should, at every byte of every kind of response.

Whatever they do: each request's Deferred fires once, no connection stays taken, and the request after is answered by
what was sent for it, never by what a server had left lying on the connection.
"""

import gzip
import random

import pytest

from reactor.defer import Deferred
from reactor.protocol import Protocol, connectionDone
from reactor.web.client import (
    UNKNOWN_LENGTH,
    Agent,
    ContentDecoderAgent,
    GzipDecoder,
    HTTPConnectionPool,
    PartialDownloadError,
    PotentialDataLoss,
    RedirectAgent,
    ResponseDone,
    ResponseFailed,
    readBody,
)
from tests.support.scripted_server import FIN, RESET, ScriptedServer
from tests.support.web_client_doubles import OK, Producer, results

EVIL = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
ZIPPED = gzip.compress(b"hello", mtime=0)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
CHUNKS = b"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n"
MOVED = b"HTTP/1.1 302 Found\r\nContent-Length: 2\r\nLocation: "

GOOD = {
    "length": OK,
    "empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
    "chunks": CHUNKED + b"\r\n" + CHUNKS + b"\r\n",
    "trailers": CHUNKED + b"Trailer: X\r\n\r\n" + CHUNKS + b"X: y\r\n\r\n",
    "hints": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK,
    "close": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
    "old": b"HTTP/1.0 200 OK\r\n\r\nhello",
    "error": b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nhello",
    "gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(ZIPPED), ZIPPED),
    "gzip chunks": CHUNKED + b"Content-Encoding: gzip\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(ZIPPED), ZIPPED),
    "moved": MOVED + b"/there\r\n\r\nto",
    "moved to nowhere": MOVED + b"http://[\r\n\r\nto",
}
BAD = {
    "garbage": b"SSH-2.0-OpenSSH\r\n\r\n",
    "nothing but ends of lines": b"\r\n\r\n\r\n\r\n",
    "switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello",
    "two lengths": CHUNKED + b"Content-Length: 3\r\n\r\n" + CHUNKS + b"\r\n",
    "other lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "no length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
    "no chunk": CHUNKED + b"\r\nxyz\r\nhello\r\n",
    "chunk too long": CHUNKED + b"\r\n2\r\nhello\r\n0\r\n\r\n",
    "huge chunk": CHUNKED + b"\r\nffffffffffffffffffff\r\nhello",
    "unknown coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\nhello",
    "bad gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    "many codings": b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: 5\r\n\r\nhello" % (b"gzip," * 9),
    "bad header": b"HTTP/1.1 200 OK\r\nA b: c\r\n\r\n",
    "bad code": b"HTTP/1.1 999999 OK\r\n\r\n",
}
ANSWERS = GOOD | BAD
OUTCOMES = {  # of an answer that is whole; b"hello" for the others
    "empty": b"",
    "no content": b"",
    "not modified": b"",
    "old": PartialDownloadError,
    "moved to nowhere": ResponseFailed,
}


def cuts(name):
    """Each place in the answer, some behind it, and the end of all."""
    return [*range(1, len(ANSWERS[name]) + 4), len(ANSWERS[name] + EVIL)]


class Visit:
    """A server, an agent with all that we have, and a request whose outcome is kept. read: how its body is read."""

    def __init__(self, clock, *answers, method=b"GET", bodyProducer=None, read=readBody):
        self.clock, self.server = clock, ScriptedServer(*answers)
        self.pool = HTTPConnectionPool(clock)
        agent = Agent.usingEndpointFactory(clock, self.server, self.pool)
        self.agent = ContentDecoderAgent(RedirectAgent(agent), [(b"gzip", GzipDecoder)])
        self.request = self.agent.request(method, b"http://example.org/", bodyProducer=bodyProducer)
        self.outcome = results(self.request.addCallback(read))
        self.server.run()

    def go_on(self, script):
        self.server.lines[-1].script += script
        self.server.run()

    def give_up(self):
        self.request.cancel()
        self.server.run()

    def require_order(self):
        """The request is over, and nothing that its server did reaches the next one."""
        assert len(self.outcome) == 1
        idle = list(self.pool._timeouts)
        assert [line.protocol for line in self.server.open_lines] == idle
        self.server.answers = [[OK]]
        following = results(self.agent.request(b"POST", b"http://example.org/").addCallback(readBody))
        self.server.run()
        assert following == [b"hello"]
        closed = results(self.pool.closeCachedConnections())
        self.server.run()
        assert len(closed) == 1
        assert self.server.open_lines == []
        assert self.clock.getDelayedCalls() == []


class SlowReader(Protocol):
    """Takes a piece of a body and pauses until the server has nothing else to do. whole: a Deferred of the body."""

    def __init__(self):
        self.pieces, self.whole = [], Deferred()

    def dataReceived(self, data):
        self.pieces.append(data)
        self.transport.pauseProducing()

    def connectionLost(self, reason=connectionDone):
        if reason.check(ResponseDone):
            self.whole.callback(b"".join(self.pieces))
        else:
            self.whole.errback(PartialDownloadError(200) if reason.check(PotentialDataLoss) else reason)


@pytest.mark.parametrize("is_slow", [False, True])
@pytest.mark.parametrize("name", GOOD)
def test_a_whole_answer_brings_the_same_however_it_is_cut(clock, name, is_slow):
    answer, end = GOOD[name], [FIN] if name == "old" else []
    byte_by_byte = [answer[place : place + 1] for place in range(len(answer))]
    for pieces in [byte_by_byte, *([answer[:cut], answer[cut:]] for cut in range(1, len(answer)))]:
        readers = []

        def slowly(response, readers=readers):
            readers.append(SlowReader())
            response.deliverBody(readers[0])
            return readers[0].whole

        visit = Visit(clock, pieces + end, [OK], read=slowly if is_slow else readBody)
        while not visit.outcome:
            readers[0].transport.resumeProducing()
            visit.server.run()
        outcome = OUTCOMES.get(name, b"hello")
        assert visit.outcome[0] == outcome if isinstance(outcome, bytes) else visit.outcome[0].check(outcome)
        visit.require_order()


ENDS = [[FIN], [RESET], [OK], [OK, FIN], [OK + EVIL], [OK[:9], RESET], [BAD["garbage"]], [OK[:-1], RESET]]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("length", [3, UNKNOWN_LENGTH])
@pytest.mark.parametrize("step", range(5))
def test_a_server_may_answer_or_end_at_each_step_of_a_requests_body(clock, end, length, step):
    producer = Producer(length)
    visit = Visit(clock, method=b"PUT", bodyProducer=producer)
    for _ in range(min(step, 3)):
        producer.consumer.write(b"x")
    if step == 4:
        producer.done.callback(None)
    visit.go_on(end)
    if visit.outcome == []:
        visit.give_up()
    assert producer.stopped == (step != 4)
    visit.require_order()


@pytest.mark.parametrize("end", [FIN, RESET])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_connection_may_end_at_each_byte(clock, name, end):
    answer = ANSWERS[name] + EVIL
    for cut in [0, *cuts(name)]:
        visit = Visit(clock, [answer[:cut], end] if cut else [end], [OK])
        visit.require_order()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_server_may_stall_at_each_byte_and_a_program_may_cancel(clock, name):
    answer = ANSWERS[name] + EVIL
    for cut in cuts(name):
        visit = Visit(clock, [answer[:cut]])
        visit.give_up()
        visit.require_order()


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_may_be_glued_to_another_and_cut_at_each_byte(clock, name, method):
    answer = ANSWERS[name] + EVIL
    for cut in cuts(name):
        visit = Visit(clock, [answer[:cut], answer[cut:]] if answer[cut:] else [answer], [OK, EVIL], method=method)
        if not visit.outcome:  # it waits for the end of the connection, or of a body that the server never ends
            visit.go_on([FIN])
        visit.require_order()


@pytest.mark.parametrize("seed", range(8))
def test_an_answer_may_have_any_bytes_changed(clock, seed):
    luck = random.Random(seed)
    for _ in range(150):
        answer = bytearray(luck.choice(list(ANSWERS.values())))
        for _ in range(luck.randint(1, 4)):
            place = luck.randrange(len(answer))
            answer[place : place + luck.randint(0, 2)] = luck.choice([b"", b"\0", b"\r", b"\n", b":", b"9", b"\xff"])
        cut = luck.randint(1, len(answer))
        visit = Visit(clock, [bytes(part) for part in (answer[:cut], answer[cut:]) if part], [OK], [OK])
        if not visit.outcome:
            visit.go_on([luck.choice([FIN, RESET])])
        visit.require_order()
