"""The access log: a line for each answer, whatever the client says it is."""

import re

import pytest

from reactor import log
from reactor.testing import Clock, StringTransport
from reactor.web.http import HTTPFactory, Request
from reactor.web.server import NOT_DONE_YET, Site
from tests.support.web_doubles import Page, Talk, request

LINE = re.compile(
    r"192\.168\.1\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "
    r'"(?P<line>.*)" (?P<code>\d+) (?P<sent>\d+|-) "(?P<referer>.*)" "(?P<agent>.*)"'
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "access.log"


def talk_with_log(path, resource=None, **options):
    clock = Clock()
    site = Site(resource or Page(lambda request: b"hello"), logPath=str(path), reactor=clock, **options)
    site.doStart()
    return Talk(None, site=site)


def lines(talk, path):
    talk.site.doStop()
    return path.read_text(encoding="ascii").splitlines()


def test_each_answer_is_a_line_in_the_combined_format(path):
    talk = talk_with_log(path)
    talk.get("/a?b", Referer="http://x/", User_Agent="Browser/1.0")
    talk.get("/", "HEAD")
    talk.get("/", "BREW")
    first, second, third = (LINE.fullmatch(line) for line in lines(talk, path))
    assert first.groupdict() == {
        "line": "GET /a?b HTTP/1.1",
        "code": "200",
        "sent": "5",
        "referer": "http://x/",
        "agent": "Browser/1.0",
    }
    assert (second["line"], second["sent"], second["agent"]) == ("HEAD / HTTP/1.1", "-", "-")
    assert third["code"] == "501"


def test_no_client_writes_a_line_of_its_own(path):
    talk = talk_with_log(path)
    talk.get("/", User_Agent='a" 200 1 "\xe9\\')
    (line,) = lines(talk, path)
    assert line.endswith(r'"a\" 200 1 \"\xe9\\"')


def test_an_answer_that_was_cut_is_noted_with_what_was_sent(path):
    def endless(request):
        request.write(b"12345678")
        return NOT_DONE_YET

    talk = talk_with_log(path, Page(endless))
    talk.send(request())
    talk.lose()
    (line,) = lines(talk, path)
    assert LINE.fullmatch(line)["sent"] == "8"


def test_a_program_may_have_lines_of_its_own(path):
    talk = talk_with_log(path, logFormatter=lambda timestamp, request: f"{request.code} {request.path.decode()}")
    talk.get("/x")
    assert lines(talk, path) == ["200 /x"]


def test_a_log_that_was_moved_away_is_opened_anew(path):
    talk = talk_with_log(path)
    talk.get("/1")
    path.rename(path.with_suffix(".1"))
    talk.get("/2")
    talk.site.reopenLog()
    talk.get("/3")
    assert len(path.with_suffix(".1").read_text().splitlines()) == 2
    assert "/3" in lines(talk, path)[0]


def test_a_full_disk_stops_no_answers(path, logged_errors):
    talk = talk_with_log(path)

    class Full:
        def write(self, text):
            raise OSError(28, "No space left on device")

        def close(self):
            pass

    talk.site.logFile.close()
    talk.site.logFile = Full()
    assert talk.get("/").code == 200
    assert len(logged_errors.flush(OSError)) == 1
    talk.site.doStop()


def test_without_a_file_the_lines_go_to_the_programs_log():
    said = []
    log.addObserver(said.append)
    Talk(Page(lambda request: b"hello")).get("/x")
    log.removeObserver(said.append)
    assert any(LINE.fullmatch(log.textFromEventDict(event)) for event in said if event["system"] == "web")


def test_below_sites_there_are_requests_that_answer_themselves():
    class Hello(Request):
        def process(self):
            self.write(b"hello " + self.path)
            self.finish()

    factory = HTTPFactory(requestFactory=Hello, reactor=Clock())
    channel = factory.buildProtocol(None)
    transport = StringTransport()
    channel.makeConnection(transport)
    channel.dataReceived(request("/you"))
    assert b"hello /you" in transport.value()
