"""Agents that follow redirects: where they go, and what they tell whom."""

import pytest

from reactor.defer import succeed
from reactor.web import error
from reactor.web.client import (
    Agent,
    BrowserLikeRedirectAgent,
    HTTPConnectionPool,
    RedirectAgent,
    ResponseFailed,
    SchemeNotSupported,
    getPage,
    readBody,
)
from reactor.web.http_headers import Headers
from tests.support.web_client_doubles import OK, Producer, ask, results


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


BROKEN = [None, b"http://[::1", b"//[", b"http://b:99999/", b"http://b:x/"]


def broken(location, body):
    line = b"" if location is None else b"Location: %b\r\n" % location
    return b"HTTP/1.1 301 X\r\n%bContent-Length: %d\r\n\r\n%b" % (line, len(body), body)


@pytest.mark.parametrize("page", [True, False])
@pytest.mark.parametrize("location", BROKEN)
def test_a_redirect_to_what_is_no_address_fails_and_frees_the_connection(keeping, network, clock, location, page):
    redirecting = RedirectAgent(keeping)
    for _ in range(2):
        got = results(getPage("http://a/", clock, agent=redirecting)) if page else ask(redirecting, b"http://a/")
        network.lines[0].answer(broken(location, b"moved somewhere"))
        problem = got[0].value if page else got[0].value.reasons[0].value
        assert type(problem) is error.RedirectWithNoLocation
        assert str(location) in str(problem) or location is None
    assert len(network.lines) == 1


@pytest.mark.parametrize("location", BROKEN)
def test_the_connection_is_closed_if_the_body_of_such_a_redirect_keeps_one_waiting(keeping, network, location):
    got = ask(RedirectAgent(keeping), b"http://a/")
    network.lines[0].answer(broken(location, b"moved somewhere")[:-1])
    assert network.lines[0].transport.disconnected
    network.lines[0].lose()
    body = results(readBody(got[0].value.response))
    assert body[0].check(ResponseFailed)


def test_the_body_of_a_redirect_can_be_read_as_far_as_it_came_with_its_head(keeping, network):
    got = ask(RedirectAgent(keeping), b"http://a/")
    network.lines[0].answer(broken(None, b"moved somewhere"))
    assert results(readBody(got[0].value.response)) == [b"moved somewhere"]


@pytest.mark.parametrize("target", [b"ftp://b/", b"mailto:b", b"http://", b"https://b..c/", b"http://b..c/"])
def test_a_redirect_to_where_no_agent_goes_fails_and_frees_the_connection(network, clock, target):
    class Endpoints:
        """Its addresses are real, but for the first."""

        def endpointForURI(self, uri):
            return network if uri.host == b"a" else Agent(clock)._endpoint(uri)

    agent = Agent.usingEndpointFactory(clock, Endpoints(), HTTPConnectionPool(clock))
    got = ask(RedirectAgent(agent), b"http://a/")
    network.lines[0].answer(broken(target, b"body"))
    if target != b"http://":  # which is where we are
        assert got[0].check(SchemeNotSupported, ValueError)
    assert len(agent._pool._timeouts) == 1


def test_a_location_that_its_server_forgot_to_quote_is_quoted(agent, network):
    ask(RedirectAgent(agent), b"http://a/")
    network.lines[0].answer(moved("/Straße nach Köln?x=\t1".encode()))
    assert network.lines[1].sent().startswith(b"GET /Stra%C3%9Fe%20nach%20K%C3%B6ln?x=%091 HTTP/1.1\r\n")


@pytest.mark.parametrize("rest", [b"", b"4\r\nbody\r\n", b"4\r\nbody\r\n0\r\n\r\n"])
def test_a_followed_redirect_frees_its_connection(keeping, network, rest):
    ask(RedirectAgent(keeping), b"http://a/")
    network.lines[0].answer(b"HTTP/1.1 302 X\r\nLocation: http://b/\r\nTransfer-Encoding: chunked\r\n\r\n" + rest)
    assert len(keeping._pool._timeouts) == (1 if rest.endswith(b"0\r\n\r\n") else 0)
    assert network.lines[0].is_closed == (not keeping._pool._timeouts)


class OtherResponse:
    """A response that somebody else's agent gives: it can do what Twisted's can, and no more."""

    def __init__(self, code, **headers):
        self.code, self.headers = code, Headers({name: [value] for name, value in headers.items()})

    def setPreviousResponse(self, response):
        self.previousResponse = response


def test_somebody_elses_agent_can_be_redirected_too():
    class OtherAgent:
        def request(self, method, uri, headers=None, bodyProducer=None):
            return succeed(responses.pop(0))

    responses = [OtherResponse(302, location="/x"), OtherResponse(200), OtherResponse(302)]
    got = ask(RedirectAgent(OtherAgent()))
    assert (got[0].code, got[0].previousResponse.code) == (200, 302)
    got = ask(RedirectAgent(OtherAgent()))
    assert got[0].value.reasons[0].check(error.RedirectWithNoLocation)


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


SECRETS = {name: ["secret"] for name in ("Authorization", "Cookie", "Proxy-Authorization", "X-Mine")}


@pytest.mark.parametrize("kind", [RedirectAgent, BrowserLikeRedirectAgent])
@pytest.mark.parametrize(
    "ways",
    [
        [b"http://b/1", b"http://b/2"],
        [b"http://b/1", b"/2", b"3"],
        [b"http://b/1", b"http://b:80/2", b"http://B/3"],
        [b"//b/1", b"http://c/", b"http://b/2"],
        [b"http://b/1", b"http://a/2"],
        [b"https://a/1", b"https://a/2"],
        [b"http://a:81/1", b"http://a/2"],
        [b"http://a.b/1", b"/2"],
        [b"http://a@b/1", b"/2"],
    ],
)
def test_a_secret_that_another_origin_was_not_told_is_told_to_no_one_after_it(agent, network, kind, ways):
    ask(kind(agent, sensitiveHeaderNames=[b"x-mine"]), b"http://a/", headers=Headers(SECRETS))
    assert network.lines[0].sent().count(b"secret") == 4
    for number, way in enumerate(ways):
        network.lines[number].answer(moved(way))
        assert b"secret" not in network.lines[number + 1].sent()


def test_each_origin_is_told_its_own_name(agent, network):
    ask(RedirectAgent(agent), b"http://127.0.0.1/", headers=Headers({"Host": ["a"]}))
    network.lines[0].answer(moved(b"/here"))
    assert b"Host: a\r\n" in network.lines[1].sent()
    network.lines[1].answer(moved(b"http://b/there"))
    assert b"Host: b\r\n" in network.lines[2].sent()


def test_the_programs_own_headers_stay_as_they_are(agent, network):
    headers = Headers(SECRETS)
    ask(RedirectAgent(agent, sensitiveHeaderNames=[b"x-mine"]), b"http://a/", headers=headers)
    network.lines[0].answer(moved(b"http://b/1"))
    assert headers == Headers(SECRETS)


def test_what_is_said_of_a_body_goes_with_the_body(agent, network):
    headers = Headers({"Content-Type": ["text/plain"], "Content-Length": ["5"], "Accept": ["*/*"]})
    producer = Producer(5)
    ask(RedirectAgent(agent), b"http://a/", method=b"POST", headers=headers, bodyProducer=producer)
    producer.consumer.write(b"hello")
    producer.done.callback(None)
    network.lines[0].answer(moved(b"/result", 303))
    told = network.lines[1].sent()
    assert told.startswith(b"GET /result ")
    assert b"Content-" not in told
    assert b"Accept: */*" in told


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_as_browsers_do_it_too_GET_and_HEAD_stay_what_they_are(agent, network, method, code):
    got = ask(BrowserLikeRedirectAgent(agent), b"http://a/", method)
    network.lines[0].answer(moved(b"/there", code))
    assert network.lines[1].sent().startswith(method + b" /there ")
    network.lines[1].answer(OK)
    assert got[0].code == 200
