"""Kept connections on which a server has done what it may not: no request is ever sent on them again."""

import pytest

from reactor.protocol import Protocol, connectionDone
from reactor.web.client import readBody
from tests.support.web_client_doubles import OK, ask, results

EVERY_END = [
    (b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"hi"),
    (b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    (b"GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", b"hi"),
    (b"GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n", b"hi"),
    (b"GET", b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    (b"GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n", b""),
    (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b""),
]
UNASKED = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"


@pytest.mark.parametrize("behind", [UNASKED, UNASKED[:9], b"\r\n", b"x"])
@pytest.mark.parametrize(("method", "answer", "body"), EVERY_END)
def test_bytes_behind_a_response_end_the_connection(keeping, network, method, answer, body, behind):
    got = ask(keeping, method=method)
    network.lines[0].answer(answer + behind)
    assert results(readBody(got[0])) == [body]
    assert network.lines[0].is_closed
    second = ask(keeping, method=b"POST")
    network.lines[1].answer(OK)
    assert results(readBody(second[0])) == [b"hello"]


@pytest.mark.parametrize(("method", "answer", "body"), EVERY_END)
def test_bytes_that_come_while_the_body_waits_for_its_receiver_end_it_too(keeping, network, method, answer, body):
    got = ask(keeping, method=method)
    network.lines[0].answer(answer)
    network.lines[0].answer(UNASKED)
    assert results(readBody(got[0])) == [body]
    assert network.lines[0].is_closed
    ask(keeping, method=b"POST")
    assert len(network.lines) == 2


@pytest.mark.parametrize(("method", "answer", "body"), EVERY_END)
def test_nothing_behind_a_response_keeps_the_connection(keeping, network, method, answer, body):
    for _ in range(2):
        got = ask(keeping, method=method)
        network.lines[0].answer(answer)
        assert results(readBody(got[0])) == [body]
    assert len(network.lines) == 1
    assert not network.lines[0].is_closed


def finish(network, got):
    network.lines[0].answer(OK)
    readBody(got[0])


def test_a_connection_is_not_used_between_a_servers_misdeed_and_its_end(keeping, network):
    finish(network, ask(keeping))
    network.lines[0].answer(UNASKED)
    network.lines[0].sent()
    got = ask(keeping, method=b"POST")
    assert network.lines[0].sent() == b""
    network.lines[1].answer(OK)
    assert got[0].code == 200


def test_a_connection_is_not_used_between_its_timeout_and_its_end(keeping, network, clock):
    finish(network, ask(keeping))
    network.lines[0].sent()
    clock.advance(240)
    ask(keeping, method=b"POST")
    assert network.lines[0].sent() == b""
    assert len(network.lines) == 2


def test_connections_that_are_closed_together_are_not_used_meanwhile(keeping, network):
    finish(network, ask(keeping))
    network.lines[0].sent()
    pool = keeping._pool
    closed = [results(pool.closeCachedConnections()), results(pool.closeCachedConnections())]
    ask(keeping, method=b"POST")
    assert network.lines[0].sent() == b""
    assert closed == [[], []]
    network.lines[0].lose()
    assert list(map(len, closed)) == [1, 1]


class Pausing(Protocol):
    """Takes one piece of a body and pauses. then: called at the body's end."""

    def __init__(self, then):
        self.then = then

    def dataReceived(self, data):
        self.transport.pauseProducing()

    def connectionLost(self, reason=connectionDone):
        self.then()


def test_a_lost_connection_is_not_used_although_the_response_on_it_was_complete(keeping, network):
    got = ask(keeping)
    network.lines[0].answer(OK)
    receiver = Pausing(lambda: ask(keeping, method=b"POST"))
    got[0].deliverBody(receiver)
    network.lines[0].lose()
    receiver.transport.resumeProducing()
    assert len(network.lines) == 2


def test_a_response_with_two_lengths_ends_its_connection(keeping, network):
    got = ask(keeping)
    network.lines[0].answer(
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    )
    assert results(readBody(got[0])) == [b"hello"]
    assert network.lines[0].is_closed


def test_a_connection_is_there_for_a_request_made_when_the_last_body_ends(keeping, network):
    got = ask(keeping)
    later = []
    network.lines[0].answer(OK)
    readBody(got[0]).addCallback(lambda body: later.append(ask(keeping)))
    assert len(network.lines) == 1
    network.lines[0].answer(OK)
    assert later[0][0].code == 200
