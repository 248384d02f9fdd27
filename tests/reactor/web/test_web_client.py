"""Asking: what is sent, what becomes of what comes back, on a connection that the test plays."""

import gzip
import io

import h11
import pytest

from reactor import error as net_error
from reactor.defer import CancelledError, Deferred
from reactor.failure import Failure
from reactor.protocol import Protocol, connectionDone
from reactor.task import Cooperator
from reactor.testing import Clock, StringTransport
from reactor.web import error
from reactor.web.client import (
    UNKNOWN_LENGTH,
    URI,
    Agent,
    BrowserLikeRedirectAgent,
    ContentDecoderAgent,
    FileBodyProducer,
    GzipDecoder,
    HTTPConnectionPool,
    PartialDownloadError,
    PotentialDataLoss,
    RedirectAgent,
    RequestGenerationFailed,
    RequestTransmissionFailed,
    ResponseFailed,
    ResponseNeverReceived,
    SchemeNotSupported,
    getPage,
    readBody,
)
from reactor.web.client.uri import join
from reactor.web.http_headers import Headers

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Line:
    """A connection that a client made. sent(): what it has said since the last time."""

    def __init__(self, factory):
        self.transport = StringTransport(lenient=True)
        self.protocol = factory.buildProtocol(None)
        self.protocol.makeConnection(self.transport)

    def sent(self):
        data = self.transport.value()
        self.transport.clear()
        return data

    def answer(self, data):
        self.protocol.dataReceived(data)

    def lose(self, reason=connectionDone):
        self.protocol.connectionLost(reason)

    @property
    def is_closed(self):
        return self.transport.disconnecting


class Network:
    """Endpoints that connect at once; `lines` has the connections, `asked` the addresses, in order."""

    def __init__(self):
        self.lines, self.asked = [], []

    def endpointForURI(self, uri):
        self.asked.append(uri.toBytes())
        return self

    def connect(self, factory):
        self.lines.append(Line(factory))
        done = Deferred()
        done.callback(self.lines[-1].protocol)
        return done


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def agent(network, clock):
    return Agent.usingEndpointFactory(clock, network)


@pytest.fixture
def keeping(network, clock):
    return Agent.usingEndpointFactory(clock, network, HTTPConnectionPool(clock))


def results(deferred):
    """A list that gets the Deferred's result, or failure."""
    got = []
    deferred.addBoth(got.append)
    return got


def ask(agent, uri=b"http://example.org/", method=b"GET", **more):
    return results(agent.request(method, uri, **more))


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
    assert got[0].check(ResponseNeverReceived)
    assert got[0].value.reasons[0].check(h11.RemoteProtocolError)


def test_to_cancel_a_request_is_to_close(agent, network):
    deferred = agent.request(b"GET", b"http://example.org/")
    got = results(deferred)
    deferred.cancel()
    assert network.lines[0].transport.disconnected
    network.lines[0].lose()
    assert got[0].check(CancelledError)


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


@pytest.mark.parametrize("file", [io.BytesIO(b"xx" + b"a" * 200_000)])
def test_a_file_is_sent_as_a_body_as_fast_as_it_is_taken(agent, network, clock, file):
    file.read(2)
    cooperator = Cooperator(
        scheduler=lambda work: clock.callLater(0, work), terminationPredicateFactory=lambda: lambda: True
    )
    producer = FileBodyProducer(file, cooperator)
    assert producer.length == 200_000
    got = ask(agent, method=b"PUT", bodyProducer=producer)
    line = network.lines[0]
    assert line.transport.producer is producer
    producer.pauseProducing()
    clock.pump([0] * 10)
    paused_at = len(line.transport.value())
    assert paused_at < 100_000
    producer.resumeProducing()
    clock.pump([0] * 10)
    sent = line.sent()
    assert b"Content-Length: 200000\r\n" in sent
    assert sent.endswith(b"a" * 200_000)
    assert (file.closed, line.transport.producer) == (True, None)
    line.answer(OK)
    assert got[0].code == 200


class Producer:
    """A body that the test makes."""

    def __init__(self, length=UNKNOWN_LENGTH):
        self.length, self.stopped, self.done = length, False, Deferred()

    def startProducing(self, consumer):
        self.consumer = consumer
        return self.done

    def stopProducing(self):
        self.stopped = True


def test_a_body_of_unknown_length_is_sent_in_chunks(agent, network):
    producer = Producer()
    ask(agent, method=b"POST", bodyProducer=producer)
    producer.consumer.write(b"abc")
    producer.done.callback(None)
    head, _, body = network.lines[0].sent().partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert body == b"3\r\nabc\r\n0\r\n\r\n"


def test_a_body_whose_producer_fails_fails_the_request(agent, network):
    producer = Producer()
    got = ask(agent, method=b"POST", bodyProducer=producer)
    producer.done.errback(ZeroDivisionError())
    network.lines[0].lose()
    assert got[0].check(RequestGenerationFailed)


def test_a_body_that_becomes_shorter_than_it_promised_fails_the_request(agent, network):
    producer = Producer(5)
    got = ask(agent, method=b"POST", bodyProducer=producer)
    producer.consumer.write(b"abc")
    producer.done.callback(None)
    network.lines[0].lose()
    assert got[0].check(RequestGenerationFailed)


def test_a_response_that_comes_before_the_body_is_sent_stops_it(agent, network):
    producer = Producer(10)
    got = ask(agent, method=b"POST", bodyProducer=producer)
    network.lines[0].answer(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
    assert got[0].code == 413
    assert producer.stopped
    assert network.lines[0].is_closed
    producer.consumer.write(b"ignored")


def test_a_connection_lost_while_the_body_is_sent_is_a_failure(agent, network):
    got = ask(agent, method=b"POST", bodyProducer=Producer(10))
    network.lines[0].lose()
    assert got[0].check(RequestTransmissionFailed)


# --- pooling


def test_a_connection_is_kept_for_the_next_request_to_the_same_server(keeping, network):
    for _ in range(3):
        got = ask(keeping)
        network.lines[0].answer(OK)
        assert results(readBody(got[0])) == [b"hello"]
    ask(keeping, b"http://example.org:81/")
    ask(keeping, b"https://example.org/")
    assert len(network.lines) == 3
    assert b"Connection" not in network.lines[0].sent()


def test_a_connection_that_the_server_closes_is_not_kept(keeping, network):
    got = ask(keeping)
    network.lines[0].answer(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    readBody(got[0])
    assert network.lines[0].is_closed
    ask(keeping)
    assert len(network.lines) == 2


def finish(network, number, got):
    network.lines[number].answer(OK)
    readBody(got[0])


def test_a_kept_connection_is_closed_after_its_time(keeping, network, clock):
    finish(network, 0, ask(keeping))
    clock.advance(239)
    assert not network.lines[0].is_closed
    clock.advance(1)
    assert network.lines[0].is_closed
    network.lines[0].lose()
    ask(keeping)
    assert len(network.lines) == 2
    assert clock.getDelayedCalls() == []


def test_only_so_many_connections_to_a_server_are_kept(keeping, network):
    gots = [ask(keeping) for _ in range(3)]
    for number, got in enumerate(gots):
        finish(network, number, got)
    assert [line.is_closed for line in network.lines] == [True, False, False]


def test_a_kept_connection_that_is_lost_at_once_is_replaced_for_what_may_be_repeated(keeping, network):
    finish(network, 0, ask(keeping))
    got = ask(keeping)
    network.lines[0].lose()
    network.lines[1].answer(OK)
    assert got[0].code == 200
    readBody(got[0])
    got = ask(keeping, method=b"POST")
    network.lines[1].lose()
    assert got[0].check(ResponseNeverReceived)
    assert len(network.lines) == 2


def test_a_server_that_speaks_without_being_asked_loses_the_connection(keeping, network):
    finish(network, 0, ask(keeping))
    network.lines[0].answer(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
    assert network.lines[0].is_closed
    network.lines[0].lose()
    ask(keeping)
    assert len(network.lines) == 2


def test_kept_connections_are_closed_together(network, clock):
    pool = HTTPConnectionPool(clock)
    agent = Agent.usingEndpointFactory(clock, network, pool)
    gots = [ask(agent), ask(agent)]
    for number, got in enumerate(gots):
        finish(network, number, got)
    closed = results(pool.closeCachedConnections())
    for line in network.lines:
        assert line.is_closed
        assert closed == []
        line.lose()
    assert closed
    assert results(pool.closeCachedConnections()) == [None]


# --- redirects


def moved(location, code=302):
    return b"HTTP/1.1 %d X\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (code, location)


def test_a_redirect_is_followed_and_remembered(agent, network):
    got = ask(RedirectAgent(agent), b"http://a/b/c#frag")
    network.lines[0].answer(moved(b"../d?e"))
    network.lines[1].answer(OK)
    assert network.asked == [b"http://a/b/c#frag", b"http://a/d?e#frag"]
    assert got[0].previousResponse.code == 302


def test_a_circle_of_redirects_ends(agent, network):
    got = ask(RedirectAgent(agent, redirectLimit=3))
    for number in range(4):
        network.lines[number].answer(moved(b"/"))
    assert got[0].value.reasons[0].check(error.InfiniteRedirection)


def test_a_redirect_to_nowhere_fails(agent, network):
    got = ask(RedirectAgent(agent))
    network.lines[0].answer(b"HTTP/1.1 301 X\r\nContent-Length: 0\r\n\r\n")
    assert got[0].value.reasons[0].check(error.RedirectWithNoLocation)


@pytest.mark.parametrize(
    ("kind", "code", "method", "then"),
    [
        (RedirectAgent, 301, b"HEAD", b"HEAD"),
        (RedirectAgent, 303, b"POST", b"GET"),
        (RedirectAgent, 303, b"HEAD", b"HEAD"),
        (RedirectAgent, 308, b"GET", b"GET"),
        (RedirectAgent, 302, b"POST", None),
        (BrowserLikeRedirectAgent, 302, b"POST", b"GET"),
        (BrowserLikeRedirectAgent, 307, b"POST", None),
    ],
)
def test_which_methods_go_on(agent, network, kind, code, method, then):
    got = ask(kind(agent), method=method)
    network.lines[0].answer(moved(b"/x", code))
    if then is None:
        assert got[0].value.reasons[0].check(error.PageRedirect)
    else:
        assert network.lines[1].sent().startswith(then + b" /x ")


def test_a_stranger_is_told_no_secrets(agent, network):
    headers = Headers({"Authorization": ["secret"], "Cookie": ["secret"], "X-Mine": ["secret"], "Accept": ["*/*"]})
    ask(RedirectAgent(agent, sensitiveHeaderNames=[b"x-mine"]), headers=headers)
    assert network.lines[0].sent().count(b"secret") == 3
    network.lines[0].answer(moved(b"/same"))
    assert network.lines[1].sent().count(b"secret") == 3
    network.lines[1].answer(moved(b"http://stranger/"))
    told = network.lines[2].sent()
    assert b"secret" not in told
    assert b"Accept: */*" in told


# --- unpacking, and one page


def test_a_packed_body_is_unpacked(agent, network):
    got = ask(ContentDecoderAgent(agent, [(b"gzip", GzipDecoder)]))
    assert b"Accept-Encoding: gzip\r\n" in network.lines[0].sent()
    packed = gzip.compress(b"hello" * 100_000)
    network.lines[0].answer(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed))
    body = results(readBody(got[0]))
    for number in range(len(packed)):
        network.lines[0].answer(packed[number : number + 1])
    assert body == [b"hello" * 100_000]
    assert not got[0].headers.hasHeader(b"content-encoding")


def test_a_body_that_is_packed_wrongly_fails(agent, network):
    got = ask(ContentDecoderAgent(agent, [(b"gzip", GzipDecoder)]))
    network.lines[0].answer(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip")
    body = results(readBody(got[0]))
    network.lines[0].lose()
    assert body[0].check(ResponseFailed)


def test_a_page_is_its_bytes(agent, network, clock):
    got = results(getPage("http://example.org/", clock, agent=agent))
    network.lines[0].answer(OK)
    assert got == [b"hello"]
    assert b"User-Agent: " in network.lines[0].sent()
    assert clock.getDelayedCalls() == []


def test_a_page_that_is_not_there_is_an_error_with_its_page(agent, network, clock):
    got = results(getPage("http://example.org/", clock, agent=agent))
    network.lines[0].answer(b"HTTP/1.1 404 Gone\r\nContent-Length: 4\r\n\r\npage")
    assert (got[0].value.status, got[0].value.message, got[0].value.response) == (b"404", b"Gone", b"page")


def test_a_page_that_takes_too_long_or_is_too_long_is_given_up(agent, network, clock):
    got = results(getPage("http://example.org/", clock, timeout=10, agent=agent))
    network.lines[0].answer(OK[:-1])
    clock.advance(10)
    assert network.lines[0].transport.disconnected
    assert got[0].type.__name__ == "TimeoutError"
    got = results(getPage("http://example.org/", clock, maxBytes=3, agent=agent))
    network.lines[1].answer(OK)
    assert got[0].check(PartialDownloadError)


def test_a_page_behind_broken_redirects_says_what_was_wrong(agent, network, clock):
    got = results(getPage("http://example.org/", clock, agent=RedirectAgent(agent)))
    network.lines[0].answer(b"HTTP/1.1 302 X\r\nContent-Length: 0\r\n\r\n")
    assert got[0].check(error.RedirectWithNoLocation)


def test_addresses_are_taken_apart():
    uri = URI.fromBytes(b"https://user@[::1]:8443/a;b?c#d")
    assert (uri.scheme, uri.host, uri.port, uri.path, uri.originForm) == (b"https", b"::1", 8443, b"/a;b", b"/a;b?c")
    assert uri.toBytes() == b"https://user@[::1]:8443/a;b?c#d"
    assert uri.host_header == b"[::1]:8443"
    assert URI.fromBytes(b"https://x").originForm == b"/"
    assert URI.fromBytes(b"http://x:80/").host_header == b"x"
    assert join(b"http://a/b#c", b"//d/e#f") == b"http://d/e#f"
