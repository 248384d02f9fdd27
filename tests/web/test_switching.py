"""Requests after which a server may stop to speak HTTP: `Upgrade` and CONNECT."""

import h11
import pytest

from reactor.web.client import ProtocolSwitched, ResponseFailed, readBody
from reactor.web.http_headers import Headers
from tests.support.web_client_doubles import OK, Producer, ask, results

UPGRADE = Headers({"Connection": ["upgrade"], "Upgrade": ["chat"]})
SWITCHES = [
    (b"GET", UPGRADE, b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n"),
    (b"GET", UPGRADE, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n"),
    (b"CONNECT", Headers(), b"HTTP/1.1 200 Connected\r\n\r\n"),
    (b"CONNECT", Headers(), b"HTTP/1.1 204 No Content\r\n\r\n"),
    (b"CONNECT", Headers(), b"HTTP/1.1 200 Connected\r\nContent-Length: 5\r\n\r\n"),
]


@pytest.mark.parametrize("behind", [b"", b"hello", OK])
@pytest.mark.parametrize(("method", "headers", "answer"), SWITCHES)
def test_a_server_that_switches_fails_the_request(keeping, network, method, headers, answer, behind):
    got = ask(keeping, method=method, headers=headers)
    network.lines[0].answer(answer + behind)
    assert network.lines[0].transport.disconnected
    network.lines[0].lose()
    assert got[0].type is ResponseFailed
    assert got[0].value.reasons[0].check(ProtocolSwitched)
    assert len(network.lines) == 1


def test_a_server_that_switches_before_it_has_the_body_breaks_the_rules(keeping, network):
    producer = Producer(5)
    got = ask(keeping, method=b"POST", headers=UPGRADE, bodyProducer=producer)
    network.lines[0].answer(SWITCHES[0][2])
    network.lines[0].lose()
    assert got[0].value.reasons[0].type in (ProtocolSwitched, h11.RemoteProtocolError)
    assert producer.stopped


def test_a_server_that_switches_unasked_breaks_the_rules(keeping, network):
    got = ask(keeping)
    network.lines[0].answer(SWITCHES[0][2])
    assert network.lines[0].transport.disconnected
    network.lines[0].lose()
    assert got[0].value.reasons[0].check(h11.RemoteProtocolError)


@pytest.mark.parametrize(("method", "headers"), [(b"GET", UPGRADE), (b"CONNECT", Headers())])
def test_a_server_that_declines_to_switch_answers(keeping, network, method, headers):
    got = ask(keeping, method=method, headers=headers)
    network.lines[0].answer(OK.replace(b"200 OK", b"405 No"))
    assert got[0].code == 405
    assert results(readBody(got[0])) == [b"hello"]
    assert not network.lines[0].is_closed
