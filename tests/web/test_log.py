"""The access log: a line for each answer, whatever the client says it is."""

import io
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
    return path.read_text(encoding="utf-8").splitlines()


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


def raising(timestamp, request):
    raise ZeroDivisionError("no line")


class Raising(Site):
    def log(self, request):
        raise ZeroDivisionError("no log")


BROKEN_LOGS = {
    "a formatter that raises": lambda: Site(None, logFormatter=raising),
    "a formatter that returns no text": lambda: Site(None, logFormatter=lambda timestamp, request: b"bytes"),
    "a site whose own log raises": lambda: Raising(None),
    "a file that cannot encode the line": lambda: with_file(io.TextIOWrapper(io.BytesIO(), "ascii")),
    "a file that is closed": lambda: with_file(closed()),
}


def with_file(file):
    site = Site(None, logFormatter=lambda timestamp, request: "ü")
    site.logFile = file
    return site


def closed():
    file = io.StringIO()
    file.close()
    return file


@pytest.mark.parametrize("what", BROKEN_LOGS)
def test_whatever_is_wrong_with_the_log_the_client_gets_its_answer_whole(what, logged_errors):
    site = BROKEN_LOGS[what]()
    site.resource = Page(later)
    if site.logFile is None:
        site.logFile = io.StringIO()
    talk = Talk(None, site=site)
    assert [answer.body for answer in talk.send(request() * 2).answers()] == [b"in pieces", b"in pieces"]
    assert len(logged_errors.flush(Exception)) == 2


def later(request):
    request.write(b"in ")
    request.write(b"pieces")
    request.finish()
    return NOT_DONE_YET


def test_a_client_that_leaves_is_told_of_even_if_the_log_is_broken(logged_errors):
    ended = []

    def endless(request):
        request.notifyFinish().addErrback(ended.append)
        request.write(b"x")
        return NOT_DONE_YET

    talk = Talk(None, site=Raising(Page(endless))).send(request())
    talk.lose()
    assert len(ended) == 1
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_an_observer_that_raises_is_no_matter_of_the_client(logged_errors):
    def observer(event):
        if event.get("system") == "web":
            raise ZeroDivisionError("not heard")

    log.addObserver(observer)
    try:
        assert Talk(Page(later)).get("/").body == b"in pieces"
    finally:
        log.removeObserver(observer)
    logged_errors.flush(ZeroDivisionError)


def test_a_line_holds_any_text(path):
    talk = talk_with_log(path, logFormatter=lambda timestamp, request: "ü \N{SNOWMAN} \udcff")
    talk.get("/")
    assert lines(talk, path) == ["ü \N{SNOWMAN} \\udcff"]


def test_a_file_of_the_programs_own_may_take_text_or_bytes():
    for file, expected in ((io.StringIO(), "ü\n"), (io.BytesIO(), "ü\n".encode())):
        site = with_file(file)
        site.resource = Page(later)
        Talk(None, site=site).get("/")
        assert file.getvalue() == expected


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


def test_a_channel_may_have_another_way_to_make_its_requests():
    class Hello(Request):
        def process(self):
            self.write(b"hello")
            self.finish()

    class Hellos(HTTPFactory):
        def buildProtocol(self, addr):
            channel = super().buildProtocol(addr)
            channel.requestFactory = Hello
            return channel

    assert Talk(None, site=Hellos(reactor=Clock())).get("/").body == b"hello"
