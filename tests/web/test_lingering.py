"""An answer before the request was whole: the client gets it, and what it still sends is heard and thrown away."""

import pytest

from reactor.testing import StringTransport
from reactor.web.http import HTTPFactory, Request
from reactor.web.resource import Resource
from tests.support.web_doubles import Talk, parse, request


class Closing(StringTransport):
    """Notes in which order it is told what."""

    def __init__(self):
        super().__init__(lenient=True)
        self.told = []

    def loseWriteConnection(self):
        self.told.append("close our direction")

    def loseConnection(self):
        self.told.append("close")
        super().loseConnection()

    def abortConnection(self):
        self.told.append("abort")

    def pauseProducing(self):
        self.told.append("pause")
        super().pauseProducing()

    def resumeProducing(self):
        self.told.append("resume")
        super().resumeProducing()


class Hasty(Request):
    """Answers as soon as some of the body has come."""

    def handleContentChunk(self, data):
        self.write(b"no need")
        self.finish()


@pytest.fixture
def hasty():
    site = HTTPFactory()
    site.requestFactory = Hasty
    return Talk(None, transport=Closing(), site=site)


def test_the_rest_of_a_body_is_not_taken_for_a_request(hasty):
    hasty.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbody")
    assert parse(hasty.taken(), closed=True)[0].body == b"no need"
    assert hasty.transport.told == ["close our direction"]
    hasty.send(b"GET /more HTTP/1.1\r\nHost: x\r\n\r\n")
    assert hasty.taken() == b""


def test_what_is_refused_is_heard_to_its_end_but_not_for_ever():
    talk = Talk(Resource(), transport=Closing(), maxBodyBytes=10)
    talk.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbody")
    assert parse(talk.taken(), closed=True)[0].code == 413
    talk.send(b"x" * 100)
    assert (talk.taken(), talk.transport.told) == (b"", ["close our direction"])
    talk.clock.advance(talk.site.lingerTimeout)
    assert talk.transport.told == ["close our direction", "abort"]


def test_a_client_that_was_not_read_from_is_read_from_again_to_hear_it_to_its_end():
    class Late(Resource):
        isLeaf = True

        def render_GET(self, request):
            waiting.append(request)
            return 1  # NOT_DONE_YET

    waiting = []
    talk = Talk(Late(), transport=Closing(), maxBodyBytes=10)
    talk.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    talk.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbody")
    assert talk.transport.told == ["pause"]
    waiting[0].finish()
    assert talk.transport.told[-2:] == ["close our direction", "resume"]


def test_a_request_may_be_answered_as_soon_as_its_length_is_known():
    class TooMuch(Request):
        def gotLength(self, length):
            super().gotLength(length)
            self.setResponseCode(413)
            self.finish()

    talk = Talk(None, site=HTTPFactory(requestFactory=TooMuch)).send(
        request("/", "POST", "Content-Length: 5", body=b"12345")
    )
    assert talk.answer().code == 413
    assert talk.is_closing
