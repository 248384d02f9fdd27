"""How long a body is that a client sends or gets, when no body comes at all."""

import pytest

from tests.support.web_client_doubles import ask


@pytest.mark.parametrize(
    ("method", "code"), [(b"HEAD", b"200 OK"), (b"GET", b"204 No Content"), (b"GET", b"304 Not Modified")]
)
def test_an_answer_without_a_body_has_the_length_0_whatever_its_header_says(agent, network, method, code):
    got = ask(agent, method=method)
    network.lines[0].answer(
        b"HTTP/1.1 " + code + b"\r\n" + (b"Content-Length: 50\r\n" if code != b"204 No Content" else b"") + b"\r\n"
    )
    assert got[0].length == 0


@pytest.mark.parametrize(("method", "says_so"), [(b"POST", True), (b"PUT", True), (b"GET", False), (b"DELETE", False)])
def test_a_request_that_may_have_a_body_says_that_it_has_none(agent, network, method, says_so):
    ask(agent, method=method)
    assert (b"Content-Length: 0\r\n" in network.lines[0].sent()) is says_so
