"""The code in an answer's first line."""

from http import HTTPStatus

import pytest

from reactor.web import status
from tests.support.web_doubles import Page, Talk, parse, request


def test_codes_are_those_that_the_standard_library_knows_by_the_same_names():
    ours = {name: code for name, code in vars(status).items() if name.isupper() and isinstance(code, int)}
    del ours["CACHED"]  # says something to programs, and nothing to clients
    ours["METHOD_NOT_ALLOWED"] = ours.pop("NOT_ALLOWED")
    assert ours == {name: HTTPStatus[name] for name in ours}  # later Pythons keep the older names too


def test_a_status_is_a_number_and_may_have_words_of_its_own():
    def odd(request):
        with pytest.raises(TypeError, match="must be int"):
            request.setResponseCode("200")
        request.setResponseCode(299, b"Odd\r\nX: y")
        return b""

    talk = Talk(Page(odd)).send(request())
    data = talk.taken()
    assert data.startswith(b"HTTP/1.1 299 Odd X: y\r\n")
    assert parse(data)[0].code == 299
