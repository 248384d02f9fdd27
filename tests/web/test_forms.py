"""What comes and goes with requests: fields of forms, cookies, headers."""

import random
import time
import tracemalloc
from urllib import parse

import pytest

from reactor.web.forms import fields_of_body, parse_qs, unquote
from reactor.web.http_headers import Headers, InvalidHeaderName
from tests.support.web_doubles import Page, Talk, request


def fields_of(talk):
    return eval(talk.answer().body)


def test_fields_of_forms_come_from_the_address_and_the_body():
    talk = Talk(Page(lambda request: repr(request.args).encode(), ["POST"]))
    kind = "Content-Type: application/x-www-form-urlencoded"
    talk.send(request("/?a=1&b=&a=3", "POST", kind, "Content-Length: 10", body=b"a=2&c=+&d="))
    assert fields_of(talk) == {b"a": [b"2"], b"b": [b""], b"c": [b" "], b"d": [b""]}


def test_fields_of_a_form_in_parts_may_hold_any_bytes():
    talk = Talk(Page(lambda request: repr(request.args).encode(), ["POST"]))
    body = b'--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n\x00\xff\r\n--\r\n--B--\r\n'
    talk.send(
        request("/", "POST", "Content-Type: multipart/form-data; boundary=B", f"Content-Length: {len(body)}", body=body)
    )
    assert fields_of(talk) == {b"f": [b"\x00\xff\r\n--"]}


def part(disposition, content=b"x"):
    return b"--B\r\n%b\r\n\r\n%b\r\n--B--\r\n" % (disposition, content)


IN_PARTS = b"multipart/form-data; boundary=B"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'Content-Disposition: form-data; name="a"', b"a"),
        (b"Content-Disposition: form-data; name=a", b"a"),  # .NET's MultipartFormDataContent
        (b"Content-Disposition: form-data; name=a; filename=x; filename*=utf-8''x", b"a"),
        (b"content-disposition:form-data;NAME = a ;", b"a"),
        (b'Content-Disposition: form-data; name="a\\"b"', b'a"b'),
        (b'Content-Disposition: form-data; name="a\\\\"', b"a\\"),
        (b'Content-Disposition: form-data; name="a\\\\\\"b"', b'a\\"b'),
        (b'Content-Disposition: form-data; name="a\\b"', b"a\\b"),  # browsers escape no backslashes
        (b'Content-Disposition: form-data; name="a"; filename="C:\\dir\\"', b"a"),
        (b'Content-Disposition: form-data; filename="; name=b"; name="a"', b"a"),
        (b'Content-Disposition: form-data; filename="x\\"; name=\\"b"; name=a', b"a"),
        (b'Content-Disposition: form-data;\r\n name="a"', b"a"),
        (b'Content-Disposition: form-data; name=""', b""),
        (b'Content-Disposition: form-data; name="a; b"', b"a; b"),
        (b'Content-Type: text/plain; name=b\r\nContent-Disposition: form-data; name="\xc3\xbc"', "ü".encode()),
    ],
)
def test_the_name_of_a_field_is_a_token_or_a_quoted_string(disposition, name):
    assert fields_of_body(IN_PARTS, part(disposition)) == {name: [b"x"]}


@pytest.mark.parametrize(
    "disposition",
    [
        *(b"", b"Content-Disposition: form-data", b"Content-Disposition: form-data; filename=x", b"Other: x; name=a"),
        *(b'Content-Disposition: form-data; name="a', b"Content-Disposition: form-data; name=", b"name=a"),
        b"Content-Disposition: form-data; name=a" + b"; x=y" * 10_000,
    ],
)
def test_a_part_without_a_name_is_no_field(disposition):
    with pytest.raises(ValueError, match="part of a form"):
        fields_of_body(IN_PARTS, part(disposition))


@pytest.mark.parametrize(
    "boundary", [b'"B"', b'"B"; charset=utf-8', b"B;charset=utf-8", b"B ; a=b", b'B; a="; boundary=C"']
)
def test_the_boundary_is_a_token_or_a_quoted_string_too(boundary):
    body = part(b"Content-Disposition: form-data; name=a")
    assert fields_of_body(b"Multipart/Form-Data; Boundary=" + boundary, body) == {b"a": [b"x"]}


def test_a_boundary_may_have_signs_that_no_token_has():
    body = part(b"Content-Disposition: form-data; name=a").replace(b"--B", b"----=_Part_0_1.2")
    assert fields_of_body(b"multipart/form-data; boundary=--=_Part_0_1.2", body) == {b"a": [b"x"]}
    for boundary in (b"", b'""', b"B" * 71):
        with pytest.raises(ValueError, match="no boundary"):
            fields_of_body(b"multipart/form-data; boundary=" + boundary, body)


def test_what_stands_behind_the_end_of_a_form_is_no_part_of_it():
    body = part(b"Content-Disposition: form-data; name=a")
    assert fields_of_body(IN_PARTS, b"before\r\n" + body + body + b"after") == {b"a": [b"x"]}
    assert fields_of_body(IN_PARTS, b"--B--") == {}


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=B"])
@pytest.mark.parametrize(
    "body", [b"junk", b"--B\r\n\r\nx\r\n--B--", b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nx']
)
def test_a_broken_form_is_a_400(kind, body):
    talk = Talk(Page(lambda request: repr(request.args).encode(), ["POST"]))
    talk.send(request("/", "POST", f"Content-Type: {kind}", f"Content-Length: {len(body)}", body=body))
    assert talk.answer().code == 400


def test_a_form_of_too_many_fields_is_a_400():
    talk = Talk(Page(lambda request: repr(request.args).encode()))
    assert talk.get("/?" + "&".join(f"a{number}=" for number in range(1500))).code == 400


def test_a_form_in_parts_may_have_a_thousand_fields_and_no_more():
    field = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    assert fields_of_body(IN_PARTS, field * 1000 + b"--B--") == {b"a": [b"x"] * 1000}
    with pytest.raises(ValueError, match="a form of more than 1000 fields"):
        fields_of_body(IN_PARTS, field * 1001 + b"--B--")


URLENCODED = b"application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body"), [(URLENCODED, b"a=1"), (IN_PARTS, part(b"Content-Disposition: form-data; name=a", b"1"))]
)
@pytest.mark.parametrize("length", [0, 50_000])
def test_a_form_has_all_its_fields_whatever_the_program_has_read_of_it(kind, body, length):
    body = body.replace(b"1", b"1" * (length + 1))

    def read_first(request):
        begin = request.content.read(4)
        assert request.args == {b"a": [b"1" * (length + 1)]}
        return begin + request.content.read()

    talk = Talk(Page(read_first, ["POST"]))
    headers = [f"Content-Type: {kind.decode()}", f"Content-Length: {len(body)}"]
    assert talk.send(request("/", "POST", *headers, body=body)).answer().body == body


SIZE = 16 << 20


@pytest.mark.parametrize("unit", [b"%", b"%41", b"%z", b"%4", b"+", b"=", b"&", b"\n", b"\xff", b"%41%42%", b"\r\n--%"])
@pytest.mark.parametrize("kind", [b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=%"])
def test_no_form_keeps_the_server_for_long_or_takes_much_memory(unit, kind):
    body = b"a=" + unit * (SIZE // len(unit))
    tracemalloc.start()
    start = time.process_time()
    try:
        fields_of_body(kind, body)
    except ValueError:
        pass  # it is refused
    took, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 2, "the loop stands still meanwhile"
    assert peak < 8 * SIZE


def test_one_form_of_percent_signs_is_a_400_and_the_server_goes_on():
    talk = Talk(Page(lambda request: repr(request.args).encode(), ["POST"]))
    kind = "Content-Type: application/x-www-form-urlencoded"
    body = b"a=" + b"%" * 10_000_000
    assert talk.send(request("/", "POST", kind, f"Content-Length: {len(body)}", body=body)).answer().code == 400
    assert talk.send(request("/?a=%", "POST")).answer().body == b"{b'a': [b'%']}"
    assert talk.send(request("/" + "%" * 12_000, "POST")).answer().code == 400


@pytest.mark.parametrize("seed", range(5))
def test_queries_mean_what_they_mean_to_urllib(seed):
    luck = random.Random(seed)
    for _ in range(2000):
        query = bytes(luck.choices(b"%%%%&&==+;09aAfFgG\r\n \xff\0_", k=luck.randint(0, 20)))
        assert unquote(query) == parse.unquote_to_bytes(query)
        for keep in (True, False):
            theirs = parse.parse_qs(query.decode("latin-1"), keep, encoding="latin-1")
            ours = {n.decode("latin-1"): [v.decode("latin-1") for v in vs] for n, vs in parse_qs(query, keep).items()}
            assert ours == theirs


def test_a_strict_query_has_an_equals_sign_in_each_field():
    assert parse_qs(b"a=1&b=", strict_parsing=True) == {b"a": [b"1"]}
    with pytest.raises(ValueError, match="bad query field: b'b'"):
        parse_qs(b"a=1&b", strict_parsing=True)


def test_cookies_come_and_go():
    def count(request):
        request.addCookie("seen", "yes", path="/", max_age=60, httpOnly=True, sameSite="lax")
        return b"again" if request.getCookie(b"seen") else b"first"

    talk = Talk(Page(count))
    first = talk.get("/")
    assert first.body == b"first"
    assert first.headers[b"set-cookie"] == b"seen=yes; Path=/; Max-Age=60; HttpOnly; SameSite=lax"
    assert talk.get("/", Cookie="a=b; seen=yes").body == b"again"


def test_a_cookie_can_say_nothing_but_its_value():
    def nasty(request):
        request.addCookie(b"a", b"b; Domain=x\r\nSet-Cookie: evil=1")
        return b""

    assert Talk(Page(nasty)).get("/").headers[b"set-cookie"] == b"a=b  Domain=x Set-Cookie: evil=1"


def test_no_header_becomes_two_and_none_has_a_name_that_is_none():
    headers = Headers({b"location": [b"/x\r\nSet-Cookie: a=b"]})
    assert headers.on_the_wire() == [b"Location: /x Set-Cookie: a=b\r\n"]
    for name in (b"a b", b"a:b", b"", "ü", b"a\n"):
        with pytest.raises(InvalidHeaderName):
            headers.setRawHeaders(name, [])
    with pytest.raises(ValueError, match="zero byte"):
        headers.addRawHeader(b"a", b"\0")


def test_headers_are_found_in_any_case_as_bytes_or_text():
    headers = Headers({"Content-Type": ["a", "b"], "etag": ['"x"']})
    assert headers.getRawHeaders(b"content-TYPE") == [b"a", b"b"]
    assert headers.getRawHeaders("content-type") == ["a", "b"]
    assert headers.getRawHeaders("x", ["y"]) == ["y"]
    assert dict(headers.getAllRawHeaders()) == {b"Content-Type": [b"a", b"b"], b"ETag": [b'"x"']}
    copy = headers.copy()
    copy.removeHeader("ETAG")
    assert headers.hasHeader("etag")
    assert not copy.hasHeader("etag")
    assert copy != headers


def test_a_cookie_may_be_for_encrypted_connections_only():
    def secret(request):
        request.addCookie("seen", "yes", secure=True)
        return b""

    assert Talk(Page(secret)).get("/").headers[b"set-cookie"] == b"seen=yes; Secure"
