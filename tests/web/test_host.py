"""Which host a request is for: what is none is refused, and the target's counts (RFC 9112, section 3.2)."""

import pytest

from reactor.address import IPv6Address
from reactor.testing import StringTransport
from reactor.web.host import with_port
from tests.support.web_doubles import Page, Talk


def told(request):
    host = request.getHeader(b"host")
    return b" ".join([request.getRequestHostname(), b"-" if host is None else host, request.prePathURL()])


def ask(target, *hosts, version=b"1.1"):
    lines = [b"GET %b HTTP/%b" % (target, version), *(b"Host: " + host for host in hosts), b"", b""]
    return Talk(Page(told)).send(b"\r\n".join(lines)).answer()


NO_HOSTS = [
    *(
        b"a b",
        b"a/b",
        b"a<script>",
        b"[::1",
        b"::1",
        b"[::1]x",
        b"[]",
        b"[:::1]",
        b"[x]",
        b"[1.2.3.4]",
        b"a@b",
        b"a\\b",
    ),
    *(
        b"a:b",
        b"a:1:2",
        b"a:-1",
        b"a:123456",
        b"a?b",
        b"a#b",
        b'a"b',
        b"a%",
        b"a%zz",
        b"\xff",
        b"a\tb",
        b"[fe80::1%25eth0]",
    ),
    *(b"http://a", b"a, b", b"{a}", b"a|b", b"a^b", b"`a`"),
]


@pytest.mark.parametrize("host", NO_HOSTS)
@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_what_is_no_host_is_a_400(host, version):
    answer = ask(b"/", host, version=version)
    assert answer.code == 400
    assert b"is no host" in answer.body


@pytest.mark.parametrize(
    ("host", "name"),
    [
        *((b"a", b"a"), (b"Example.org:81", b"Example.org"), (b"1.2.3.4:5", b"1.2.3.4"), (b"a:", b"a"), (b"", b"")),
        *((b"[::1]", b"[::1]"), (b"[::1]:8080", b"[::1]"), (b"[::ffff:1.2.3.4]", b"[::ffff:1.2.3.4]")),
        *((b"a_b-c.d~e", b"a_b-c.d~e"), (b"x%41", b"x%41"), (b"xn--bcher-kva.example", b"xn--bcher-kva.example")),
    ],
)
def test_what_is_a_host_is_known_by_its_name(host, name):
    assert ask(b"/", host).body == b"%b %b http://%b:12345/" % (name, host, name)


@pytest.mark.parametrize("other", [b"x", b"other", b"x:80", b""])
def test_the_host_of_the_target_counts_whatever_the_header_says(other):
    assert ask(b"http://x/a?b", other).body == b"x x http://x:12345/"
    assert ask(b"HTTP://x:81?b", other).body == b"x x:81 http://x:12345/"
    assert ask(b"https://[::1]", other).body == b"[::1] [::1] http://[::1]:12345/"


def test_a_target_has_a_host_without_a_header_in_the_old_version():
    assert ask(b"http://x/a", version=b"1.0").body == b"x x http://x:12345/"
    assert ask(b"/a", version=b"1.0").body.startswith(b"10.0.0.1 - ")


@pytest.mark.parametrize(
    "target",
    [
        *(b"http:///a", b"http://", b"http://:80/", b"http://u@x/", b"http://u:p@x/", b"ftp://x/", b"://x/", b"a://x"),
        *(b"http://a<b>/", b"http://[::1/", b"http://x:y/"),
    ],
)
def test_a_target_that_is_no_address_of_http_is_a_400(target):
    assert ask(target, b"x").code == 400


@pytest.mark.parametrize(
    ("target", "path", "args"),
    [
        *(("http://x", "/", {}), ("http://x/", "/", {}), ("http://x?a=1", "/", {b"a": [b"1"]})),
        *(("http://x/a?b=http://y/", "/a", {b"b": [b"http://y/"]}), ("//x/a", "//x/a", {}), ("/a://b", "/a://b", {})),
    ],
)
def test_the_rest_of_a_target_is_path_and_query(target, path, args):
    seen = []
    Talk(Page(lambda request: seen.append((request.path, request.args)) or b"")).get(target)
    assert seen == [(path.encode(), args)]


def test_an_address_of_version_6_stands_in_brackets():
    def behind(request):
        request.setHost(b"::1", 8080)
        return told(request)

    assert Talk(Page(behind)).get("/").body == b"[::1] [::1]:8080 http://[::1]:8080/"
    transport = StringTransport(IPv6Address("TCP", "::1", 8000), lenient=True)
    talk = Talk(Page(told), transport)
    talk.send(b"GET / HTTP/1.0\r\n\r\n")
    assert talk.answer().body == b"::1 - http://[::1]:8000/"


@pytest.mark.parametrize(
    ("name", "port", "is_secure", "written"),
    [
        (b"a", 80, False, b"a"),
        (b"a", 443, True, b"a"),
        (b"a", 443, False, b"a:443"),
        (b"a", 80, True, b"a:80"),
        (b"::1", 8080, False, b"[::1]:8080"),
    ],
)
def test_a_port_is_left_out_where_it_is_the_usual_one_of_the_scheme(name, port, is_secure, written):
    assert with_port(name, port, is_secure) == written
