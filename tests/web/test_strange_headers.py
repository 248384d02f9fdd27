"""Whatever stands in a header that is read further: it is refused or ignored, and nothing is raised."""

import random

import pytest

from reactor.web.basic_auth import credentials_in
from reactor.web.events import EventSource
from reactor.web.resource import Resource
from reactor.web.static import File
from tests.support.web_doubles import Page, Pulling, Talk

NAMES = [
    *("Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Cookie", "Host"),
    *("Authorization", "Last-Event-ID", "Content-Type", "Connection", "Expect", "Referer", "Upgrade", "User-Agent"),
]
PIECES = [
    *(
        "bytes=",
        "0-",
        "-5",
        "1-2",
        ",",
        " ",
        "\t",
        ";",
        "=",
        '"',
        "W/",
        "*",
        "\xff",
        "\xb2",
        "Basic ",
        "dTpw",
        "==",
        "/",
    ),
    *(
        "9" * 20,
        "9" * 5000,
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "GMT",
        "-0500",
        ":",
        "%",
        "\\",
    ),
    *(
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Mon, 31 Feb 99999 99:99:99 +9999",
        "Thu, 01 Jan 0000 00:00:00 GMT",
        "NaN",
        "_",
    ),
    *("multipart/form-data", "application/x-www-form-urlencoded", "; boundary=", "B", "close", "keep-alive", "x"),
]
BODIES = ["", "a=%&%zz=+&&=", "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--B--", "--B\r\n--B--", "\xff"]


def curious(request):
    """A page that looks at everything."""
    if request.setLastModified(1e9) or request.setETag(b'"x"'):
        return b""
    request.getUser(), request.getPassword(), request.getCookie(b"x"), request.getAllHeaders()
    request.getRequestHostname(), request.prePathURL(), request.childLink(b"x"), request.sibLink(b"x")
    return repr(request.args).encode()


@pytest.fixture
def site(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 100)
    events = EventSource()
    for number in range(5):
        events.publish(str(number))
    root = Resource()
    root.putChild(b"folder", File(str(tmp_path)))
    root.putChild(b"page", Page(curious, ["GET", "POST"]))
    root.putChild(b"events", events)
    return root


@pytest.mark.parametrize("seed", range(10))
def test_a_strange_header_is_refused_or_ignored(seed, site, logged_errors):
    luck = random.Random(seed)
    for _ in range(200):
        target, method = luck.choice(["/folder/file", "/page", "/page?a=%", "/events"]), luck.choice(["GET", "POST"])
        headers = [f"{luck.choice(NAMES)}: {''.join(luck.choices(PIECES, k=luck.randint(0, 5)))}" for _ in range(2)]
        body = luck.choice(BODIES)
        lines = [f"{method} {target} HTTP/1.1", "Host: x", *headers, f"Content-Length: {len(body)}", "", body]
        kind = Talk if target == "/events" else Pulling  # events never end
        talk = kind(site).send("\r\n".join(lines).encode("latin-1"))
        codes = [answer.code for answer in talk.answers(method)]
        talk.lose()
        assert codes and all(200 <= code < 500 for code in codes), (lines, codes)
        assert logged_errors.flush(Exception) == [], lines


@pytest.mark.parametrize(
    ("value", "credentials"),
    [
        *((b"Basic dTpw", (b"u", b"p")), (b"basic  dTpw ", (b"u", b"p")), (b"Basic dQ==", (b"u", b""))),
        *(
            (value, (b"", b""))
            for value in (None, b"", b"Basic", b"Bearer dTpw", b"Basic d!T:pw", b"Basic dTp", b"\xff")
        ),
    ],
)
def test_credentials_that_are_none_are_ignored(value, credentials):
    assert credentials_in(value) == credentials
