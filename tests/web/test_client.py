"""Asking: what is sent, what becomes of what comes back, on a connection that the test plays."""

import h11
import pytest

from reactor import error as net_error
from reactor.defer import CancelledError, TimeoutError, succeed
from reactor.failure import Failure
from reactor.protocol import Protocol
from reactor.web.client import (
    UNKNOWN_LENGTH,
    Agent,
    HTTPConnectionPool,
    PartialDownloadError,
    PotentialDataLoss,
    ResponseFailed,
    ResponseNeverReceived,
    SchemeNotSupported,
    readBody,
)
from reactor.web.http_headers import Headers
from tests.support.web_client_doubles import OK, Producer, ask, results


class Receiver(Protocol):
    """Keeps a body, and how it ended."""

    def __init__(self):
        self.data, self.reason = b"", None

    def dataReceived(self, data):
        self.data += data

    def connectionLost(self, reason):
        assert self.reason is None
        self.reason = reason


def test_a_request_says_whom_it_asks_and_that_it_is_the_only_one(agent, network):
    ask(agent, b"http://example.org:81/a?b=c#d", headers=Headers({"x": ["y"]}))
    assert (
        network.lines[0].sent() == b"GET /a?b=c HTTP/1.1\r\nHost: example.org:81\r\nX: y\r\nConnection: close\r\n\r\n"
    )


def test_a_body_comes_to_who_asks_for_it(agent, network):
    got = ask(agent)
    network.lines[0].answer(OK[:-5])
    (response,) = got
    assert (response.code, response.phrase, response.version, response.length) == (200, b"OK", (b"HTTP", 1, 1), 5)
    body = results(readBody(response))
    network.lines[0].answer(b"hel")
    assert body == []
    network.lines[0].answer(b"lo")
    assert body == [b"hello"]
    assert network.lines[0].is_closed


def test_who_gets_a_body_can_ask_between_whom_the_connection_is(agent, network):
    got, receiver = ask(agent), Receiver()
    line = network.lines[0]
    line.answer(OK)
    got[0].deliverBody(receiver)
    assert receiver.transport.getPeer() == line.transport.getPeer()
    assert receiver.transport.getHost() == line.transport.getHost() != line.transport.getPeer()


def test_nothing_is_read_before_the_body_is_asked_for(agent, network):
    got = ask(agent)
    line = network.lines[0]
    line.answer(OK[:-2])
    assert line.transport.producerState == "paused"
    body = results(readBody(got[0]))
    assert line.transport.producerState == "producing"
    line.answer(OK[-2:])
    assert body == [b"hello"]


def test_a_receiver_can_hold_the_body_up(agent, network):
    class Careful(Receiver):
        def dataReceived(self, data):
            super().dataReceived(data)
            self.transport.pauseProducing()

    got, line = ask(agent), network.lines[0]
    line.answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    receiver = Careful()
    got[0].deliverBody(receiver)
    line.answer(b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n")
    assert (receiver.data, line.transport.producerState) == (b"a", "paused")
    receiver.transport.resumeProducing()
    assert receiver.data == b"ab"
    receiver.transport.resumeProducing()
    assert receiver.reason.type.__name__ == "ResponseDone"


@pytest.mark.parametrize("when", ["connectionMade", "dataReceived"])
def test_a_receiver_can_hold_up_a_body_that_is_there_already(agent, network, when):
    got = ask(agent)
    network.lines[0].answer(OK)
    receiver = Receiver()
    original = getattr(receiver, when)
    setattr(receiver, when, lambda *args: (original(*args), receiver.transport.pauseProducing()))
    got[0].deliverBody(receiver)
    assert (receiver.data, receiver.reason) == (b"" if when == "connectionMade" else b"hello", None)
    receiver.transport.resumeProducing()
    receiver.transport.resumeProducing()
    assert (receiver.data, receiver.reason.type.__name__) == (b"hello", "ResponseDone")


def test_a_receiver_that_pauses_is_told_nothing_when_the_connection_is_lost(agent, network):
    class Pausing(Receiver):
        def dataReceived(self, data):
            super().dataReceived(data)
            self.transport.pauseProducing()

    got, receiver = ask(agent), Pausing()
    network.lines[0].answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n")
    got[0].deliverBody(receiver)
    network.lines[0].lose()
    assert (receiver.data, receiver.reason) == (b"a", None)
    receiver.transport.resumeProducing()
    assert (receiver.data, receiver.reason) == (b"abc", None)
    receiver.transport.resumeProducing()
    assert receiver.reason.check(ResponseFailed)


@pytest.mark.parametrize("when", ["connectionMade", "dataReceived"])
@pytest.mark.parametrize("is_whole", [True, False])
def test_a_receiver_that_stops_gets_nothing_more(agent, network, when, is_whole):
    got, receiver = ask(agent), Receiver()
    network.lines[0].answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n")
    if is_whole:
        network.lines[0].lose()
    original = getattr(receiver, when)
    setattr(receiver, when, lambda *args: (original(*args), receiver.transport.stopProducing()))
    got[0].deliverBody(receiver)
    if not is_whole:
        network.lines[0].lose()
    assert len(receiver.data) <= (2 if is_whole else 1) * (when == "dataReceived")
    assert receiver.reason is not None
    assert receiver.reason.check(ResponseFailed) or len(receiver.data) == 2


def test_a_body_is_delivered_once(agent, network):
    got = ask(agent)
    network.lines[0].answer(OK)
    readBody(got[0])
    with pytest.raises(RuntimeError, match="once"):
        readBody(got[0])


def test_a_body_that_is_over_before_anybody_asks_is_still_there(agent, network):
    got = ask(agent)
    network.lines[0].answer(OK)
    network.lines[0].lose()
    assert results(readBody(got[0])) == [b"hello"]


@pytest.mark.parametrize(
    ("head", "method"), [(b"204 No Content", b"GET"), (b"304 Not Modified", b"GET"), (b"200 OK", b"HEAD")]
)
def test_some_responses_have_no_body(agent, network, head, method):
    got = ask(agent, method=method)
    network.lines[0].answer(b"HTTP/1.1 " + head + b"\r\nContent-Length: 7\r\n\r\n")
    assert results(readBody(got[0])) == [b""]


def test_what_comes_before_the_response_is_passed_over(agent, network):
    got = ask(agent)
    network.lines[0].answer(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)
    assert got[0].code == 200


def test_a_body_that_ends_with_the_connection_may_be_cut(agent, network):
    got = ask(agent)
    network.lines[0].answer(b"HTTP/1.0 200 OK\r\n\r\nhel")
    assert got[0].length == UNKNOWN_LENGTH
    receiver = Receiver()
    got[0].deliverBody(receiver)
    network.lines[0].answer(b"lo")
    network.lines[0].lose()
    assert receiver.data == b"hello"
    assert receiver.reason.check(PotentialDataLoss)


def test_readBody_of_such_a_body_fails_with_what_came(agent, network):
    got = ask(agent)
    network.lines[0].answer(b"HTTP/1.0 200 OK\r\n\r\nhello")
    body = results(readBody(got[0]))
    network.lines[0].lose()
    assert body[0].check(PartialDownloadError)
    assert body[0].value.response == b"hello"


def test_a_body_that_is_cut_is_a_failure(agent, network):
    got = ask(agent)
    network.lines[0].answer(OK[:-1])
    body = results(readBody(got[0]))
    network.lines[0].lose(Failure(net_error.ConnectionLost()))
    assert body[0].check(ResponseFailed)


def test_a_connection_lost_before_the_response_is_a_failure(agent, network):
    got = ask(agent)
    network.lines[0].lose()
    assert got[0].check(ResponseNeverReceived)
    assert got[0].value.reasons[0].check(net_error.ConnectionDone)


@pytest.mark.parametrize("nonsense", [b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", b"x" * 100_000])
def test_what_is_no_HTTP_is_a_failure(agent, network, nonsense):
    got = ask(agent)
    network.lines[0].answer(nonsense)
    assert network.lines[0].is_closed
    network.lines[0].lose()
    assert got[0].type is ResponseFailed
    assert got[0].value.reasons[0].check(h11.RemoteProtocolError)


def test_to_cancel_a_request_is_to_close(agent, network):
    deferred = agent.request(b"GET", b"http://example.org/")
    got = results(deferred)
    deferred.cancel()
    assert network.lines[0].transport.disconnected
    network.lines[0].lose()
    assert got[0].check(CancelledError)
    assert got[0].check(ResponseNeverReceived)
    assert got[0].value.reasons[0].check(CancelledError)


def test_a_cancelled_request_is_not_sent_again(keeping, network):
    first = ask(keeping)
    network.lines[0].answer(OK)
    readBody(first[0])
    deferred = keeping.request(b"GET", b"http://example.org/")
    got = results(deferred)
    deferred.cancel()
    network.lines[0].lose()
    assert got[0].check(ResponseNeverReceived)
    assert len(network.lines) == 1


def test_a_request_can_be_cancelled_while_its_body_is_made(agent, network):
    producer = Producer()
    deferred = agent.request(b"POST", b"http://example.org/", bodyProducer=producer)
    got = results(deferred)
    deferred.cancel()
    assert producer.stopped
    assert got[0].check(CancelledError)


def test_a_timeout_of_a_request_is_a_timeout(agent, clock):
    got = results(agent.request(b"GET", b"http://example.org/").addTimeout(5, clock))
    clock.advance(5)
    assert got[0].check(TimeoutError)


def test_a_response_cut_in_its_head_is_not_one_that_never_came(agent, network):
    got = ask(agent)
    network.lines[0].answer(OK[:20])
    network.lines[0].lose()
    assert got[0].type is ResponseFailed


def test_each_error_says_what_happened(agent, network):
    got = ask(agent)
    network.lines[0].lose()
    assert str(got[0].value) == "ConnectionDone: Connection was closed cleanly."
    got = ask(agent)
    network.lines[1].answer(OK)
    receiver = Receiver()
    got[0].deliverBody(receiver)
    assert receiver.reason.getErrorMessage() == "the body is complete"


@pytest.mark.parametrize(("method", "told"), [(b"GET", None), (b"HEAD", [b"5"])])
def test_headers_about_the_connection_are_not_the_responses(agent, network, method, told):
    got = ask(agent, method=method)
    network.lines[0].answer(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\n"
        b"Proxy-Connection: close\r\nX: y\r\n\r\n"
    )
    headers = dict(got[0].headers.getAllRawHeaders())
    assert headers.pop(b"Content-Length", None) == told
    assert headers == {b"X": [b"y"]}
    assert got[0].length == (5 if told is None else 0)


def test_to_cancel_readBody_is_to_close(agent, network):
    got = ask(agent)
    network.lines[0].answer(OK[:-1])
    deferred = readBody(got[0])
    body = results(deferred)
    deferred.cancel()
    assert network.lines[0].transport.disconnected
    network.lines[0].lose()
    assert body[0].check(CancelledError)


@pytest.mark.parametrize(
    ("uri", "problem"),
    [
        (b"ftp://x/", SchemeNotSupported),
        (b"/x", SchemeNotSupported),
        (b"http://", SchemeNotSupported),
        (b"http://x/a b", ValueError),
        (b"http://x/\r\nX: y", ValueError),
        (b"http://x:99999/", ValueError),
        ("http://x/ü".encode(), ValueError),
    ],
)
def test_an_address_that_is_none_is_refused_in_the_deferred(clock, uri, problem):
    assert ask(Agent(clock), uri)[0].check(problem)


def test_a_method_that_is_none_sends_nothing(agent, network):
    assert ask(agent, method=b"GET / HTTP/1.1\r\nX:")[0].check(ValueError)
    assert network.lines[0].sent() == b""
    assert network.lines[0].is_closed


def test_a_response_that_is_discarded_before_its_end_closes_the_connection(agent, network):
    got = ask(agent)
    network.lines[0].answer(OK[:-3])
    got[0].discard()
    assert network.lines[0].is_closed


def test_an_agent_asks_its_pool_for_each_connection_and_so_may_others(network, clock):
    asked = []

    class Counting(HTTPConnectionPool):
        def getConnection(self, key, endpoint):
            asked.append(key)
            return super().getConnection(key, endpoint)

    agent = Agent.usingEndpointFactory(clock, network, Counting(clock))
    for _ in range(2):
        got = ask(agent, b"http://a:81/")
        network.lines[0].answer(OK)
        readBody(got[0])
    assert asked == [(b"http", b"a", 81)] * 2 and len(network.lines) == 1


def test_a_pool_need_be_no_more_than_what_gives_connections(network, clock):
    class Fixed:
        persistent = True

        def getConnection(self, key, endpoint):
            return succeed(self)

        def request(self, request):
            return succeed((request.method, request.uri.toBytes()))

    agent = Agent.usingEndpointFactory(clock, network, Fixed())
    assert ask(agent, b"http://a/b") == [(b"GET", b"http://a/b")]
    assert network.lines == []
