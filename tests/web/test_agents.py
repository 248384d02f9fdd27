"""Agents that do more than ask: keep connections, go where they are sent, unpack; and one page."""

from reactor.web import error
from reactor.web.client import (
    URI,
    Agent,
    HTTPConnectionPool,
    PartialDownloadError,
    RedirectAgent,
    ResponseNeverReceived,
    getPage,
    readBody,
)
from reactor.web.client.uri import join
from tests.support.web_client_doubles import OK, ask, results


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


# --- one page


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
