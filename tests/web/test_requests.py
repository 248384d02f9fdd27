"""What a resource is asked, and what becomes of what it answers."""

import asyncio

import pytest

from reactor.protocol import Protocol
from reactor.web import error, pages, util
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET
from tests.support.web_doubles import Page, Talk, request


def hello(request):
    return b"hello"


def echo(request):
    return request.content.read()


def tree():
    root = Resource()
    root.putChild(b"hello", Page(hello))
    root.putChild(b"echo", Page(echo, ["POST", "PUT"]))
    root.putChild(b"", Page(lambda request: b"home"))
    return root


def test_a_page_is_answered_with_its_length_type_and_date():
    response = Talk(tree()).get("/hello")
    assert (response.code, response.body) == (200, b"hello")
    assert response.headers[b"content-length"] == b"5"
    assert response.headers[b"content-type"] == b"text/html"
    assert response.headers[b"date"].endswith(b" GMT")


def test_the_final_slash_is_a_child_too():
    assert Talk(tree()).get("/").body == b"home"


def test_what_is_not_there_is_a_404_whose_page_quotes_nothing_of_the_address():
    response = Talk(tree()).get("/<script>")
    assert response.code == 404
    assert b"<script>" not in response.body


def test_HEAD_is_GET_without_the_body():
    talk = Talk(tree())
    response = talk.get("/hello", "HEAD")
    assert (response.code, response.headers[b"content-length"], response.body) == (200, b"5", b"")
    assert talk.get("/hello").body == b"hello"


@pytest.mark.parametrize("page", [lambda request: b"hello", lambda request: b"", lambda request: later(request)])
@pytest.mark.parametrize("code", [200, 204, 304, 404])
def test_HEAD_says_of_its_type_what_GET_does(page, code):
    def coded(request):
        request.setResponseCode(code)
        return page(request)

    talk = Talk(Page(coded))
    got, said = talk.get("/").headers, talk.get("/", "HEAD").headers
    assert said.get(b"content-type") == got.get(b"content-type")
    assert said.get(b"content-length") == got.get(b"content-length")


def later(request):
    request.write(b"in pieces")
    request.finish()
    return NOT_DONE_YET


def test_a_method_that_the_resource_has_not_is_a_405_that_names_those_it_has():
    response = Talk(tree()).get("/hello", "POST")
    assert response.code == 405
    assert response.headers[b"allow"] == b"GET, HEAD"


def test_a_resource_without_GET_has_no_HEAD_either():
    response = Talk(tree()).get("/echo", "HEAD")
    assert (response.code, response.headers[b"allow"]) == (405, b"POST, PUT")


def test_a_method_that_nobody_knows_is_a_501():
    assert Talk(tree()).get("/hello", "BREW").code == 501


def test_OPTIONS_of_the_whole_server_is_answered():
    response = Talk(tree()).get("*", "OPTIONS")
    assert (response.code, response.body) == (200, b"")
    assert Talk(tree()).get("*", "DELETE").headers[b"allow"] == b"OPTIONS"


def test_a_target_that_is_no_path_is_refused():
    talk = Talk(tree()).send(b"CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert talk.taken().startswith(b"HTTP/1.1 400 ")


def test_a_whole_address_as_proxies_send_it_is_as_good_as_its_path():
    assert Talk(tree()).get("http://x/hello").body == b"hello"


def test_a_page_that_raises_is_a_500_and_the_error_is_logged_not_shown(logged_errors):
    def fail(request):
        raise ZeroDivisionError("secret")

    talk = Talk(Page(fail))
    response = talk.get("/")
    assert response.code == 500
    assert b"secret" not in response.body
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    assert talk.get("/").code == 500, "the connection goes on"
    logged_errors.flush(ZeroDivisionError)


@pytest.mark.parametrize("kind", [asyncio.CancelledError, GeneratorExit, SystemExit])
def test_whatever_a_page_raises_is_a_500(logged_errors, kind):
    def fail(request):
        raise kind

    assert Talk(Page(fail)).get("/").code == 500
    assert len(logged_errors.flush(kind)) == 1


def test_the_traceback_is_shown_where_the_site_says_so(logged_errors):
    def fail(request):
        raise ZeroDivisionError("<secret>")

    response = Talk(Page(fail), displayTracebacks=True).get("/")
    assert b"&lt;secret&gt;" in response.body
    logged_errors.flush(ZeroDivisionError)


def test_a_page_that_is_no_bytes_is_a_500_that_says_whose_fault_it_is(logged_errors):
    assert Talk(Page(lambda request: "text")).get("/").code == 500
    assert "neither bytes nor NOT_DONE_YET" in str(logged_errors.flush(TypeError)[0])


def test_an_answer_that_comes_later_in_pieces_is_sent_in_chunks():
    kept = []

    def later(request):
        kept.append(request)
        return NOT_DONE_YET

    talk = Talk(Page(later)).send(request())
    assert talk.taken() == b""
    kept[0].write(b"one ")
    kept[0].write(b"two")
    kept[0].finish()
    response = talk.answer()
    assert (response.body, response.headers[b"transfer-encoding"]) == (b"one two", b"chunked")


def test_pieces_for_a_client_of_the_old_version_end_with_the_connection():
    def pieces(request):
        request.write(b"one ")
        request.write(b"two")
        request.finish()
        return NOT_DONE_YET

    talk = Talk(Page(pieces)).send(request(version="1.0"))
    response = talk.answer()
    assert response.body == b"one two"
    assert b"transfer-encoding" not in response.headers
    assert talk.is_closing


def test_notifyFinish_tells_how_it_ended():
    ended = []

    def watched(request):
        request.notifyFinish().addCallbacks(
            lambda result: ended.append("complete"), lambda reason: ended.append("the client went")
        )
        return b"x" if request.path == b"/quick" else NOT_DONE_YET

    talk = Talk(Page(watched)).send(request("/quick"))
    assert ended == ["complete"]
    talk.send(request("/slow")).lose()
    assert ended == ["complete", "the client went"]


def test_writing_for_a_client_that_is_gone_is_ignored_and_finishing_is_an_error():
    kept = []

    def later(request):
        kept.append(request)
        return NOT_DONE_YET

    Talk(Page(later)).send(request()).lose()
    kept[0].write(b"anybody?")
    with pytest.raises(RuntimeError, match="connection was lost"):
        kept[0].finish()


def test_an_answer_is_finished_once_and_then_nothing_is_written():
    kept = []

    def at_once(request):
        kept.append(request)
        return b"x"

    Talk(Page(at_once)).send(request())
    with pytest.warns(match="finish called twice"):
        kept[0].finish()
    with pytest.raises(RuntimeError, match=r"after Request\.finish"):
        kept[0].write(b"more")


def test_an_answer_longer_than_it_promised_is_cut_and_logged(logged_errors):
    def too_much(request):
        request.setHeader(b"content-length", b"3")
        request.write(b"four")
        return NOT_DONE_YET

    talk = Talk(Page(too_much)).send(request())
    assert talk.transport.disconnected
    assert "Content-Length says 3" in str(logged_errors.flush(ValueError)[0])


def test_an_answer_shorter_than_it_promised_closes_the_connection():
    from reactor import log

    said = []
    log.addObserver(said.append)

    def too_little(request):
        request.setHeader(b"content-length", b"5")
        request.write(b"four")
        request.finish()
        return NOT_DONE_YET

    talk = Talk(Page(too_little)).send(request())
    log.removeObserver(said.append)
    assert talk.transport.disconnected
    assert any("4 bytes were sent, when Content-Length says 5" in log.textFromEventDict(event) for event in said)


@pytest.mark.parametrize("code", [204, 304])
def test_answers_that_have_no_body_get_none(code):
    def empty(request):
        request.setResponseCode(code)
        return b"nothing of this"

    talk = Talk(Page(empty))
    response = talk.get("/")
    assert (response.code, response.body) == (code, b"")
    assert b"content-length" not in response.headers


def test_the_body_of_a_request_is_a_file():
    talk = Talk(tree()).send(request("/echo", "POST", "Content-Length: 5", body=b"12345"))
    assert talk.answer().body == b"12345"


def test_a_body_in_chunks_is_put_together():
    body = b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n"
    talk = Talk(tree()).send_slowly(request("/echo", "PUT", "Transfer-Encoding: chunked", body=body))
    assert talk.answer().body == b"abcde"


def test_who_waits_to_be_told_to_go_on_is_told():
    talk = Talk(tree()).send(request("/echo", "POST", "Content-Length: 2", "Expect: 100-continue"))
    assert talk.taken() == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert talk.send(b"ok").answer().body == b"ok"


def test_a_producer_that_was_forgotten_is_logged_and_does_not_spoil_the_next_answer(logged_errors):
    def forgetful(request):
        request.registerProducer(object(), True)
        request.write(b"x")
        request.finish()
        return NOT_DONE_YET

    talk = Talk(Page(forgetful))
    assert (talk.get("/").body, talk.get("/").body) == (b"x", b"x")
    assert "not unregistered for b'/'" in str(logged_errors.flush(RuntimeError)[0])


def test_a_producer_whose_pieces_nobody_gets_is_asked_to_its_end():
    class Source:
        def __init__(self, request):
            self.request, self.left = request, 3
            request.registerProducer(self, False)

        def resumeProducing(self):
            self.request.write(b"piece")
            self.left -= 1
            if not self.left:
                self.request.unregisterProducer()
                self.request.finish()

        def stopProducing(self):
            self.left = 0

    def produce(request):
        Source(request)
        return NOT_DONE_YET

    talk = Talk(Page(produce)).send(request("/", "HEAD"))
    talk.clock.pump([0, 0])
    assert (talk.answer("HEAD").code, talk.transport.producer) == (200, None)
    talk = Talk(Page(produce)).send(request("/", "HEAD"))
    talk.lose()
    assert talk.clock.getDelayedCalls() == []


def test_a_producer_that_had_its_end_hears_no_more_of_the_client():
    class Source:
        told = ()

        def resumeProducing(self):
            self.told += ("resume",)

        def stopProducing(self):
            self.told += ("stop",)

    source = Source()

    def produce(request):
        request.registerProducer(source, False)
        request.unregisterProducer()
        return NOT_DONE_YET

    for method in ("GET", "HEAD"):
        source.told = ()
        talk = Talk(Page(produce)).send(request("/", method))
        talk.turns().lose()
        assert "stop" not in source.told


def test_a_redirect_says_where_and_links_there():
    response = Talk(util.Redirect(b"/else?a=1&b=2")).get("/whatever/below")
    assert (response.code, response.headers[b"location"]) == (302, b"/else?a=1&b=2")
    assert b'href="/else?a=1&amp;b=2"' in response.body


def test_error_pages_say_what_they_are_told_to():
    response = Talk(pages.forbidden(message="<no>")).get("/a/b", "DELETE")
    assert response.code == 403
    assert b"&lt;no&gt;" in response.body
    assert response.headers[b"content-type"] == b"text/html; charset=utf-8"


@pytest.mark.parametrize(("path", "where"), [("/a/b", b"./"), ("/a/b/", b"../")])
def test_a_redirect_to_the_folder_above_is_relative(path, where):
    response = Talk(util.ParentRedirect()).get(path)
    assert (response.code, response.headers[b"location"]) == (302, where)


def test_who_asks_is_told_apart_by_name_address_and_password():
    seen = []

    def look(request):
        seen.append((request.getUser(), request.getPassword(), request.getRequestHostname(), request.prePathURL()))
        return b""

    Talk(Page(look)).send(b"GET / HTTP/1.1\r\nHost: Example.org:81\r\nAuthorization: Basic dTpwOnE=\r\n\r\n")
    assert seen == [(b"u", b"p:q", b"Example.org", b"http://Example.org:12345/")]


def test_resources_are_put_under_bytes():
    with pytest.raises(TypeError, match="'text' is str"):
        Resource().putChild("text", Resource())


def test_links_are_relative_to_the_page():
    seen = []

    def look(request):
        seen.append((request.childLink(b"c"), request.sibLink(b"s"), list(request.postpath)))
        return b""

    Talk(Page(look)).get("/a/b")
    assert seen == [(b"../c", b"../../s", [b"a", b"b"])]


def test_errors_name_status_and_place():
    assert str(error.Error(404)) == "404 Not Found"
    assert str(error.PageRedirect(302, location=b"/x")) == "302 Found to /x"


def test_a_request_whose_connection_another_protocol_takes_over_keeps_no_file_of_its_body_open():
    asked = []

    def switch(request):
        asked.append((request, request.content.read()))
        request.channel.take_over(Protocol())
        return NOT_DONE_YET

    body = b"x" * 200_000  # too long for memory
    Talk(Page(switch, ["POST"])).send(request("/", "POST", f"Content-Length: {len(body)}", body=body))
    [(taken, read)] = asked
    assert read == body and taken.content.closed
