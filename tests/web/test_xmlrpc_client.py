"""XML-RPC, the client: what a Proxy asks, and what it makes of the answers."""

import base64
import gzip
import xmlrpc.client as stdlib
from datetime import datetime

import pytest

from reactor.defer import CancelledError, TimeoutError
from reactor.web.client import PartialDownloadError, ResponseFailed
from reactor.web.xmlrpc import BadMessage, Fault, Limits, Proxy, wire
from tests.support.web_client_doubles import results

ADDRESS = b"http://example.org/RPC2"


@pytest.fixture
def proxy(agent, clock):
    return Proxy(ADDRESS, reactor=clock, agent=agent)


def answer(body, code=b"200 OK", *headers):
    lines = [b"HTTP/1.1 " + code, b"Content-Length: %d" % len(body), *headers, b"", b""]
    return b"\r\n".join(lines) + body


def request_of(line):
    """The head and the body of what the client has sent, and the call in it."""
    head, _, body = line.sent().partition(b"\r\n\r\n")
    return head.split(b"\r\n"), stdlib.loads(body)


def error_of(got, kind):
    (failure,) = got
    assert failure.check(kind), failure
    return failure.value


def test_a_call_is_posted_as_xml_and_its_value_comes_back(proxy, network, clock):
    got = results(proxy.callRemote("order", "soup", 2))
    clock.advance(0)
    head, called = request_of(network.lines[0])
    assert head[0] == b"POST /RPC2 HTTP/1.1" and b"Content-Type: text/xml; charset=utf-8" in head
    assert called == (("soup", 2), "order")
    network.lines[0].answer(answer(wire.dumps(([1, "é"],))))
    assert got == [[1, "é"]] and not clock.getDelayedCalls()


def test_a_fault_is_an_error(proxy, network):
    got = results(proxy.callRemote("order"))
    network.lines[0].answer(answer(wire.dumps(Fault(7, "sold out"))))
    assert error_of(got, Fault).faultString == "sold out"


def test_dates_come_as_asked_for(agent, clock, network):
    when = datetime(1998, 7, 17, 14, 8, 55)
    for use_datetime, expected in ((False, stdlib.DateTime(when)), (True, when)):
        got = results(Proxy(ADDRESS, useDateTime=use_datetime, reactor=clock, agent=agent).callRemote("when"))
        network.lines[-1].answer(answer(wire.dumps((when,))))
        assert got == [expected]


def test_a_packed_answer_is_unpacked_within_the_limit(proxy, network, clock):
    packed = gzip.compress(wire.dumps(("soup" * 1000,)))
    got = results(proxy.callRemote("give"))
    clock.advance(0)
    assert b"Accept-Encoding: gzip" in request_of(network.lines[0])[0]
    network.lines[0].answer(answer(packed, b"200 OK", b"Content-Encoding: gzip"))
    assert got == ["soup" * 1000]
    proxy.limits = Limits(bytes=1000)
    got = results(proxy.callRemote("give"))
    network.lines[1].answer(answer(packed, b"200 OK", b"Content-Encoding: gzip"))
    assert "more than 1000 bytes" in str(error_of(got, PartialDownloadError))


@pytest.mark.parametrize(
    "url, user, password, sent",
    [
        (b"http://ann:s%3Ae@example.org/", None, None, b"ann:s:e"),
        (b"http://ann@example.org/", None, None, b"ann:"),
        (b"http://ann:x@example.org/", b"bob", b"y", b"bob:y"),
        (ADDRESS, b"bob", b"y", b"bob:y"),
        (ADDRESS, None, None, None),
    ],
)
def test_the_name_and_the_password_are_sent_in_a_header_and_not_in_the_address(
    agent, clock, network, url, user, password, sent
):
    results(Proxy(url, user, password, reactor=clock, agent=agent).callRemote("who"))
    clock.advance(0)
    assert network.asked == [b"http://example.org/" + (b"RPC2" if url == ADDRESS else b"")]
    said = [line for line in request_of(network.lines[0])[0] if line.startswith(b"Authorization")]
    assert said == ([b"Authorization: Basic " + base64.b64encode(sent)] if sent else [])


def test_another_status_is_an_error_and_its_body_is_not_waited_for(proxy, network):
    got = results(proxy.callRemote("order"))
    network.lines[0].answer(b"HTTP/1.1 401 No Entry\r\nContent-Length: 9\r\n\r\nsoup")
    assert error_of(got, ValueError).args == (b"401", b"No Entry") and network.lines[0].is_closed


@pytest.mark.parametrize("body", [b"", b"soup", b"<methodResponse/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'])
def test_an_answer_that_is_none_is_an_error(proxy, network, body):
    got = results(proxy.callRemote("order"))
    network.lines[0].answer(answer(body))
    error_of(got, BadMessage)


def test_an_answer_that_is_cut_is_an_error(proxy, network):
    got = results(proxy.callRemote("order"))
    network.lines[0].answer(answer(wire.dumps((1,)))[:-1])
    assert got == []
    network.lines[0].lose()
    error_of(got, ResponseFailed)


@pytest.mark.parametrize("heard", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsoup"])
def test_a_server_that_falls_silent_is_given_up(proxy, network, clock, heard):
    got = results(proxy.callRemote("order"))
    if heard:
        network.lines[0].answer(heard)
    clock.advance(299)
    assert got == []
    clock.advance(1)
    error_of(got, TimeoutError)
    assert network.lines[0].is_closed
    network.lines[0].lose()
    assert not clock.getDelayedCalls()


def test_a_call_may_take_for_ever_if_one_says_so(proxy, network, clock):
    proxy.timeout = None
    got = results(proxy.callRemote("order"))
    clock.advance(0)
    assert not clock.getDelayedCalls()
    network.lines[0].answer(answer(wire.dumps((1,))))
    assert got == [1]


def test_a_cancelled_call_closes_its_connection(proxy, network):
    call = proxy.callRemote("order")
    got = results(call)
    call.cancel()
    error_of(got, CancelledError)
    assert network.lines[0].is_closed


def test_a_pool_keeps_the_connection(keeping, network, clock):
    proxy = Proxy(ADDRESS, reactor=clock, agent=keeping)
    for number in range(3):
        got = results(proxy.callRemote("order"))
        clock.advance(0)
        network.lines[0].answer(answer(wire.dumps((number,))))
        assert got == [number]
    assert len(network.lines) == 1


@pytest.mark.parametrize("value", [2**31, float("nan"), None, "\x07", object(), {1: 2}])
def test_what_xml_rpc_cannot_carry_is_refused_before_anything_is_sent(proxy, network, value):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        proxy.callRemote("order", value)
    assert network.lines == []


def test_the_name_of_a_procedure_cannot_be_markup(proxy, network, clock):
    results(proxy.callRemote("<a>&</methodName>"))
    clock.advance(0)
    assert request_of(network.lines[0])[1] == ((), "<a>&</methodName>")


def test_an_address_that_is_none_is_refused(clock):
    with pytest.raises(ValueError, match="no address"):
        Proxy(b"http://a b/", reactor=clock)


def test_none_is_sent_where_it_is_allowed(agent, clock, network):
    results(Proxy(ADDRESS, allowNone=True, reactor=clock, agent=agent).callRemote("order", None))
    clock.advance(0)
    assert request_of(network.lines[0])[1] == ((None,), "order")
