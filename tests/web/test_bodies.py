"""Bodies of requests: what becomes of them, and of requests whose bodies go wrong."""

import io

import pytest

from reactor.defer import CancelledError
from reactor.task import Cooperator
from reactor.web.client import (
    FileBodyProducer,
    RequestGenerationFailed,
    RequestTransmissionFailed,
    ResponseFailed,
    readBody,
)
from reactor.web.http_headers import Headers
from tests.support.web_client_doubles import OK, Producer, ask, results


@pytest.fixture
def cooperator(clock):
    """One piece a turn, and a turn a second of the test's clock."""
    return Cooperator(scheduler=lambda work: clock.callLater(1, work), terminationPredicateFactory=lambda: lambda: True)


@pytest.mark.parametrize("file", [io.BytesIO(b"xx" + b"a" * 200_000)])
def test_a_file_is_sent_as_a_body_as_fast_as_it_is_taken(agent, network, clock, cooperator, file):
    file.read(2)
    producer = FileBodyProducer(file, cooperator)
    assert producer.length == 200_000
    got = ask(agent, method=b"PUT", bodyProducer=producer)
    line = network.lines[0]
    assert line.transport.producer is producer
    producer.pauseProducing()
    clock.pump([1] * 10)
    paused_at = len(line.transport.value())
    assert paused_at < 100_000
    producer.resumeProducing()
    clock.pump([1] * 10)
    sent = line.sent()
    assert b"Content-Length: 200000\r\n" in sent
    assert sent.endswith(b"a" * 200_000)
    assert (file.closed, line.transport.producer) == (True, None)
    line.answer(OK)
    assert got[0].code == 200


def test_a_body_of_unknown_length_is_sent_in_chunks(agent, network):
    producer = Producer()
    ask(agent, method=b"POST", bodyProducer=producer)
    producer.consumer.write(b"abc")
    producer.done.callback(None)
    head, _, body = network.lines[0].sent().partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert body == b"3\r\nabc\r\n0\r\n\r\n"


def test_a_request_has_one_length(agent, network):
    producer = Producer()
    ask(agent, method=b"POST", bodyProducer=producer, headers=Headers({"Content-Length": ["3"]}))
    producer.consumer.write(b"abc")
    producer.done.callback(None)
    head, _, body = network.lines[0].sent().partition(b"\r\n\r\n")
    assert (b"Transfer-Encoding" in head, body) == (False, b"abc")


@pytest.mark.parametrize("name", ["Content-Length", "Transfer-Encoding"])
def test_a_request_that_contradicts_its_body_is_not_sent(agent, network, name):
    headers = Headers({name: ["3" if name == "Content-Length" else "gzip"]})
    got = ask(agent, method=b"POST", bodyProducer=Producer(5), headers=headers)
    assert got[0].check(ValueError)
    assert network.lines[0].sent() == b""


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
    assert network.lines[0].transport.disconnected  # at once: what waits to be sent may never be taken
    producer.consumer.write(b"ignored")


def test_a_connection_lost_while_the_body_is_sent_is_a_failure(agent, network):
    got = ask(agent, method=b"POST", bodyProducer=Producer(10))
    network.lines[0].lose()
    assert got[0].check(RequestTransmissionFailed)


class Consumer:
    """Keeps what is written to it."""

    def __init__(self):
        self.data = b""

    def write(self, data):
        self.data += data


@pytest.mark.parametrize("turns", [0, 1, 2])
@pytest.mark.parametrize("way", ["cancel", "stop"])
def test_a_file_that_is_cancelled_or_stopped_is_closed_and_sent_no_further(clock, cooperator, way, turns):
    file, consumer = io.BytesIO(b"abcdef"), Consumer()
    producer = FileBodyProducer(file, cooperator, readSize=1)
    done = producer.startProducing(consumer)
    fired = results(done)
    clock.pump([1] * turns)
    sent = consumer.data
    done.cancel() if way == "cancel" else producer.stopProducing()
    assert file.closed
    clock.pump([1] * 10)
    assert len(sent) == turns
    assert consumer.data == sent
    assert [failure.type for failure in fired] == ([CancelledError] if way == "cancel" else [])
    producer.stopProducing()


def test_a_file_that_is_stopped_before_it_is_asked_for_is_closed(cooperator):
    file = io.BytesIO(b"abc")
    FileBodyProducer(file, cooperator).stopProducing()
    assert file.closed


def test_a_cancelled_request_reads_no_more_of_its_file(agent, network, clock, cooperator):
    file = io.BytesIO(b"a" * 200_000)
    deferred = agent.request(b"PUT", b"http://example.org/", bodyProducer=FileBodyProducer(file, cooperator))
    got = results(deferred)
    clock.pump([1])
    deferred.cancel()
    sent = network.lines[0].sent()
    assert (file.closed, len(sent) < 100_000) == (True, True)
    clock.pump([1] * 10)
    assert network.lines[0].sent() == b""
    network.lines[0].lose()
    assert got[0].check(CancelledError)


class Refusing(Producer):
    """Doesn't even begin."""

    def startProducing(self, consumer):
        raise ZeroDivisionError


def test_a_producer_that_does_not_begin_fails_the_request(keeping, network):
    got = ask(keeping, method=b"POST", bodyProducer=Refusing())
    assert network.lines[0].transport.disconnected
    network.lines[0].lose()
    assert got[0].check(RequestGenerationFailed)
    assert got[0].value.reasons[0].check(ZeroDivisionError)


@pytest.mark.parametrize("length", [None, "5", -1, 2**80])
def test_a_length_that_is_none_fails_the_request_and_closes(keeping, network, length):
    got = ask(keeping, method=b"POST", bodyProducer=Producer(length))
    assert got[0].check(ValueError)
    assert "can't be sent" in str(got[0].value)
    assert network.lines[0].transport.disconnected
    assert network.lines[0].sent() == b""


def test_a_body_longer_than_promised_fails_the_request(keeping, network):
    producer = Producer(2)
    got = ask(keeping, method=b"POST", bodyProducer=producer)
    with pytest.raises(Exception, match="Too much data"):
        producer.consumer.write(b"abc")
    producer.done.callback(None)
    network.lines[0].lose()
    assert got[0].check(RequestGenerationFailed)


def test_a_producer_that_fails_after_the_response_has_begun_fails_the_response(keeping, network, logged_errors):
    producer = Producer()
    got = ask(keeping, method=b"POST", bodyProducer=producer)
    network.lines[0].answer(OK[:-1])
    producer.done.errback(ZeroDivisionError())
    network.lines[0].lose()
    assert results(readBody(got[0]))[0].check(ResponseFailed)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
