"""Agents that follow redirects: where they go, and what they tell whom."""

import pytest

from reactor.web import error
from reactor.web.client import BrowserLikeRedirectAgent, RedirectAgent
from reactor.web.http_headers import Headers
from tests.support.web_client_doubles import OK, Producer, ask


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
