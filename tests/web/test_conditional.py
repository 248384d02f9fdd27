"""Pages that have a version: what clients are told of it, and what they get who have it already."""

import time

from reactor.web import http
from reactor.web.conditional import last_modified
from tests.support.web_doubles import Page, Talk


def test_conditions_are_answered_for_dynamic_pages_too():
    def versioned(request):
        if request.setLastModified(1000000000.7) is http.CACHED or request.setETag(b'"v1"') is http.CACHED:
            return b""
        return b"page"

    talk = Talk(Page(versioned))
    assert talk.get("/").headers[b"last-modified"] == b"Sun, 09 Sep 2001 01:46:41 GMT"
    assert talk.get("/", If_None_Match='"v0", W/"v1"').code == 304
    assert talk.get("/", If_Modified_Since="Sun, 09 Sep 2001 01:46:41 GMT").code == 304
    assert talk.get("/", If_Modified_Since="Sun, 09 Sep 2001 01:46:40 GMT").code == 200
    assert talk.get("/", If_None_Match='"v0"', If_Modified_Since="Sun, 09 Sep 2001 01:46:41 GMT").code == 200
    assert talk.get("/", If_Match='"v0"').code == 412


def test_no_page_is_modified_later_than_it_is_sent():
    def versioned(request):
        request.setLastModified(time.time() + 3600)
        return b""

    headers = Talk(Page(versioned)).get("/").headers
    assert headers[b"last-modified"] == headers[b"date"]


def test_a_version_is_as_old_as_the_date_of_its_answer_at_least_or_as_now():
    assert last_modified(100.5, b"Thu, 01 Jan 1970 00:00:50 GMT") == 50
    assert last_modified(100.5, b"Thu, 01 Jan 1970 00:02:00 GMT") == 101
    before = int(time.time())
    assert before <= last_modified(before + 3600, None) <= time.time()
    assert before <= last_modified(before + 3600, b"some day") <= time.time()
