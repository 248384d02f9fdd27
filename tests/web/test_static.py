"""Files: what they are said to be, which part is sent, and to whom."""

import os
import time

import pytest

from reactor.web import pages, static
from reactor.web.dates import stringToDatetime
from reactor.web.listing import formatFileSize
from reactor.web.ranges import Part, parse_ranges
from tests.support.web_doubles import Page, Pulling, Talk, request

TEXT = bytes(range(256)) * 4


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "www"
    folder.mkdir()
    (folder / "data.txt").write_bytes(TEXT)
    (folder / "empty.css").write_bytes(b"")
    (folder / "page.html").write_bytes(b"<h1>page</h1>")
    (folder / "list").mkdir()
    (folder / "list" / "a & b?.txt").write_bytes(b"ab")
    (folder / "list" / "sub").mkdir()
    (folder / "list" / ".hidden").write_bytes(b"h")
    (folder / "with").mkdir()
    (folder / "with" / "index.html").write_bytes(b"index")
    return folder


@pytest.fixture
def talk(root):
    return Pulling(static.File(str(root)))


@pytest.mark.parametrize(
    ("name", "kind", "encoding"),
    [
        ("x.html", b"text/html", None),
        ("x.TXT", b"text/plain", None),
        ("x.js", b"text/javascript", None),
        ("x.svg", b"image/svg+xml", None),
        ("x.wasm", b"application/wasm", None),
        ("x.tar.gz", b"application/x-tar", b"gzip"),
        ("x.css.br", b"text/css", b"br"),
        ("x.unknown", b"text/html", None),
        ("x", b"text/html", None),
    ],
)
def test_a_file_is_what_its_name_says(root, talk, name, kind, encoding):
    (root / name).write_bytes(b"x")
    headers = talk.get("/" + name).headers
    assert (headers[b"content-type"], headers.get(b"content-encoding")) == (kind, encoding)


def test_a_file_is_sent_whole_with_length_and_version(talk):
    answer = talk.get("/data.txt")
    assert (answer.code, answer.body) == (200, TEXT)
    assert answer.headers[b"content-length"] == b"1024"
    assert answer.headers[b"accept-ranges"] == b"bytes"
    assert answer.headers[b"etag"].startswith(b'"')


def test_HEAD_of_a_file_opens_it_and_sends_nothing_of_it(talk):
    answer = talk.get("/data.txt", "HEAD")
    assert (answer.body, answer.headers[b"content-length"]) == (b"", b"1024")


def test_only_GET_has_parts(talk):
    answer = talk.get("/data.txt", "HEAD", Range="bytes=0-1")
    assert (answer.code, answer.headers[b"content-length"]) == (200, b"1024")


def test_an_empty_file_is_a_file(talk):
    assert talk.get("/empty.css").headers[b"content-length"] == b"0"


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=1000-", 1000, 1024),
        ("bytes=-10", 1014, 1024),
        ("bytes=-5000", 0, 1024),
        ("bytes=1000-5000", 1000, 1024),
        ("Bytes = 1-1 ,", 1, 2),
    ],
)
def test_one_part_of_a_file(talk, header, start, end):
    answer = talk.get("/data.txt", Range=header)
    assert (answer.code, answer.body) == (206, TEXT[start:end])
    assert answer.headers[b"content-range"] == b"bytes %d-%d/1024" % (start, end - 1)


@pytest.mark.parametrize(
    "header",
    [
        *(
            "bytes",
            "bytes=",
            "bytes=a-b",
            "bytes=5-1",
            "bytes=1-2-3",
            "items=0-1",
            "bytes=--1",
            "bytes=-",
            "bytes=0x1-2",
        ),
        *(
            "bytes=" + "9" * 5000 + "-",
            "bytes=" + " " * 9000 + "x",
            "bytes=" + "," * 9000,
            "bytes=0-1" + " ," * 4000 + "x",
        ),
        *("bytes=0-,0-", "bytes=" + ",".join(f"{n}-{n}" for n in range(101)), "bytes=0-1;2-3"),
    ],
)
def test_a_range_that_is_broken_or_too_much_gets_the_whole(talk, header):
    answer = talk.get("/data.txt", Range=header)
    assert (answer.code, answer.body) == (200, TEXT)


def test_a_range_behind_the_end_is_a_416(talk):
    for header in ("bytes=1024-", "bytes=5000-6000", "bytes=-0"):
        answer = talk.get("/data.txt", Range=header)
        assert (answer.code, answer.headers[b"content-range"], answer.body) == (416, b"bytes */1024", b"")


def test_several_parts_come_in_a_body_of_several_parts(talk):
    answer = talk.get("/data.txt", Range="bytes=0-2, -2, 5000-, 10-11")
    assert answer.code == 206
    boundary = answer.headers[b"content-type"].split(b'"')[1]
    assert answer.body.endswith(b"\r\n--" + boundary + b"--\r\n")
    parts = answer.body.split(b"\r\n--" + boundary)[1:-1]
    expected = [(0, 3), (1022, 1024), (10, 12)]
    assert len(parts) == 3
    for part, (start, end) in zip(parts, expected, strict=True):
        headers, _, content = part.partition(b"\r\n\r\n")
        assert content == TEXT[start:end]
        assert b"Content-Range: bytes %d-%d/1024" % (start, end - 1) in headers
        assert b"Content-Type: text/plain" in headers


@pytest.mark.parametrize("total", [0, 1, 7])
def test_no_part_reaches_over_the_end(total):
    bounds = ["", *map(str, range(9))]
    for header in [f"bytes={a}-{b}" for a in bounds for b in bounds] + ["bytes=1-1,0-9"]:
        for part in parse_ranges(header.encode(), total) or []:
            assert isinstance(part, Part)
            assert 0 <= part.offset < part.offset + part.size <= total


def test_who_has_the_file_gets_it_no_more(root, talk):
    os.utime(root / "data.txt", (1e9, 1e9))
    first = talk.get("/data.txt")
    tag, date = first.headers[b"etag"].decode(), first.headers[b"last-modified"].decode()
    assert date == "Sun, 09 Sep 2001 01:46:40 GMT"
    not_modified = talk.get("/data.txt", If_None_Match=f'"other", {tag}')
    assert (not_modified.code, not_modified.body, not_modified.headers[b"etag"]) == (304, b"", tag.encode())
    assert talk.get("/data.txt", If_None_Match="*").code == 304
    for other in ('"other"', "other*", f"{tag[:-1]}, *", f"x{tag[1:-1]}", ""):
        assert talk.get("/data.txt", If_None_Match=other).code == 200
    assert talk.get("/data.txt", If_Modified_Since=date).code == 304
    assert talk.get("/data.txt", If_Modified_Since="nonsense").code == 200
    assert talk.get("/data.txt", If_Modified_Since="Sunday, 09-Sep-01 01:46:40 GMT").code == 304
    assert talk.get("/data.txt", If_Modified_Since="Sun Sep  9 01:46:39 2001").code == 200


@pytest.mark.parametrize("ahead_s", [0, 0.9, 3600, 1e9])
def test_no_file_is_modified_later_than_it_is_sent(root, talk, ahead_s):
    os.utime(root / "data.txt", (time.time() + ahead_s,) * 2)
    answer = talk.get("/data.txt")
    modified, sent = (stringToDatetime(answer.headers[name]) for name in (b"last-modified", b"date"))
    assert modified <= sent
    assert talk.get("/data.txt", If_None_Match=answer.headers[b"etag"].decode()).code == 304


def test_who_wants_to_change_what_has_changed_is_told(talk):
    tag = talk.get("/data.txt").headers[b"etag"].decode()
    assert talk.get("/data.txt", If_Match=tag).code == 200
    assert talk.get("/data.txt", If_Match='"other"').code == 412
    assert talk.get("/data.txt", If_Match=f"W/{tag}").code == 412
    assert talk.get("/data.txt", If_Unmodified_Since="Sun, 09 Sep 2001 01:46:40 GMT").code == 412


def test_the_rest_of_a_file_is_sent_if_it_is_still_the_same_file(root, talk):
    os.utime(root / "data.txt", (1e9, 1e9))
    tag = talk.get("/data.txt").headers[b"etag"].decode()

    def code(condition):
        return talk.get("/data.txt", Range="bytes=5-", If_Range=condition).code

    assert code(tag) == 206
    assert code('"other"') == 200
    assert code(f"W/{tag}") == 200
    assert code("Sun, 09 Sep 2001 01:46:40 GMT") == 206
    assert code("Sun, 09 Sep 2001 01:46:41 GMT") == 200
    assert code("nonsense") == 200


def test_another_version_has_another_tag(root, talk):
    before = talk.get("/data.txt").headers[b"etag"]
    (root / "data.txt").write_bytes(TEXT + b"x")
    assert talk.get("/data.txt").headers[b"etag"] != before


def test_a_folder_is_its_index(talk):
    answer = talk.get("/with/")
    assert (answer.code, answer.body, answer.headers[b"content-type"]) == (200, b"index", b"text/html")


def test_a_folder_without_its_slash_sends_there(talk):
    answer = talk.get("/with?a=b")
    assert (answer.code, answer.headers[b"location"]) == (302, b"/with/?a=b")


def test_a_folder_without_an_index_is_a_list_that_hides_hidden_files_and_quotes_names(talk):
    body = talk.get("/list/").body
    assert b'href="./a%20%26%20b%3F.txt">a &amp; b?.txt</a></td><td>2B</td><td>[text/plain]' in body
    assert b'href="./sub/">sub/</a>' in body
    assert b"hidden" not in body
    assert talk.get("/list/a%20%26%20b%3F.txt").body == b"ab"


def test_a_site_can_do_without_lists(root):
    class Silent(static.File):
        def directoryListing(self):
            return self.childNotFound

    talk = Pulling(Silent(str(root)))
    assert talk.get("/list/").code == 404
    assert talk.get("/with/").code == 200


def test_endings_can_be_left_out(root):
    assert Pulling(static.File(str(root), ignoredExts=[".html"])).get("/page").body == b"<h1>page</h1>"
    assert Pulling(static.File(str(root), ignoredExts=["*"])).get("/page").body == b"<h1>page</h1>"
    assert Pulling(static.File(str(root))).get("/page").code == 404


def test_endings_can_be_left_out_in_a_folder_that_may_not_be_read(root, monkeypatch):
    def refuse(path):
        raise PermissionError(path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert Pulling(static.File(str(root), ignoredExts=["*", ".html"])).get("/page").body == b"<h1>page</h1>"


def test_nothing_is_below_a_file(talk):
    assert talk.get("/data.txt/").code == 404
    assert talk.get("/data.txt/x").code == 404


def test_a_file_alone_can_be_a_child(root):
    site = Page(None)
    site.isLeaf = False
    site.putChild(b"one", static.File(str(root / "page.html")))
    assert Pulling(site).get("/one").body == b"<h1>page</h1>"
    assert Pulling(site).get("/one/..").code == 404


def test_a_file_that_may_not_be_read_is_forbidden(talk, monkeypatch):
    def refuse(path, root):
        raise PermissionError(path)

    monkeypatch.setattr(static, "open_file", refuse)
    assert talk.get("/data.txt").code == 403


def test_a_file_that_becomes_shorter_while_it_is_sent_cuts_the_connection(root, talk):
    (root / "big").write_bytes(b"x" * 200_000)
    talk.send(request("/big"))
    talk.transport.producer.resumeProducing()
    (root / "big").write_bytes(b"")
    talk.transport.producer.resumeProducing()
    assert talk.transport.disconnected
    assert talk.transport.producer is None


def test_a_client_who_leaves_closes_the_file(root, talk):
    (root / "big").write_bytes(b"x" * 200_000)
    talk.send(request("/big"))
    producer = talk.transport.producer
    producer.resumeProducing()
    producer.stopProducing()
    talk.lose()
    assert producer._file.closed


def test_methods_that_change_are_not_allowed(talk):
    assert talk.get("/data.txt", "POST").code == 405
    assert talk.get("/data.txt", "DELETE").code == 501


def test_data_is_a_page_that_is_there_already():
    page = static.Data(b"data", "text/plain")
    page.isLeaf = True
    answer = Talk(page).get("/")
    assert (answer.body, answer.headers[b"content-type"]) == (b"data", b"text/plain")


def test_sizes_are_for_people():
    assert [formatFileSize(size) for size in (0, 1023, 1024, 5 << 20, 3 << 30)] == ["0B", "1023B", "1K", "5M", "3G"]


def test_error_pages_have_no_children():
    with pytest.raises(TypeError, match="no children"):
        pages.notFound().putChild(b"x", None)
