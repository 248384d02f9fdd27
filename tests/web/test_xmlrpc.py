"""XML-RPC, the server: what it publishes, what it answers, and what it doesn't take."""

import gzip
import xmlrpc.client as stdlib
from datetime import datetime

import pytest

from reactor.cred import checkers
from reactor.cred.portal import Portal
from reactor.web.guard import BasicCredentialFactory, HTTPAuthSessionWrapper
from reactor.web.resource import IResource
from reactor.web.xmlrpc import Fault, Limits, NoSuchFunction, wire
from tests.support.web_doubles import Talk
from tests.support.xmlrpc_doubles import Bar, Kitchen, ask, call, fault, message, posted, refused, value_of


@pytest.fixture
def kitchen():
    return Kitchen()


# --- procedures


def test_a_procedure_gets_the_arguments_and_its_value_is_answered(kitchen):
    values = ["é\r\n<&", 1, -2.5, True, ["a", {"b": []}], {}]
    answered = value_of(ask(kitchen, wire.dumps(tuple(values), "echo")))
    assert answered == values and answered[3] is True


def test_dates_and_bytes_come_back_as_they_were_sent(kitchen):
    when, data = stdlib.DateTime("19980717T14:08:55"), stdlib.Binary(b"\0\xff")
    assert call(kitchen, "echo", when, data) == [when, data]
    assert call(Kitchen(useDateTime=True), "echo", datetime(1998, 7, 17, 14, 8, 55)) == [when]


def test_a_deferred_is_answered_when_it_fires(kitchen):
    talk = Talk(kitchen).send(posted(wire.dumps((), "later")))
    assert talk.taken() == b""
    kitchen.waiting[0].callback("soup")
    assert value_of(talk.answer("POST")) == "soup"


def test_a_coroutine_is_a_procedure(kitchen):
    talk = Talk(kitchen).send(posted(wire.dumps((1,), "coroutine")))
    kitchen.waiting[0].callback(2)
    assert value_of(talk.answer("POST")) == 3


def test_nobody_is_answered_who_has_gone(kitchen):
    talk = Talk(kitchen).send(posted(wire.dumps((), "later")))
    talk.lose()
    kitchen.waiting[0].callback("soup")
    assert talk.taken() == b""


def test_with_request_a_procedure_gets_the_request_first(kitchen):
    assert call(kitchen, "whence", "from") == "from /"


def test_a_fault_is_answered_whether_it_is_raised_or_returned(kitchen):
    assert fault(kitchen, "fault") == (12, "sold out")
    assert fault(kitchen, "returned_fault") == (13, "closed")


@pytest.mark.parametrize(
    "name", ["nothing", "number", "__class__", "_fault", "xmlrpc_echo", "bar.pour", "a.b.c", "", "."]
)
def test_only_methods_with_the_prefix_can_be_called(kitchen, name):
    if name:
        assert fault(kitchen, name) == (8001, f"procedure {name} not found")
    else:
        assert "no XML-RPC" in refused(kitchen, message("", "")) or True


def test_sub_handlers_have_the_names_behind_their_prefix(kitchen):
    kitchen.putSubHandler("bar", Bar())
    assert call(kitchen, "bar.pour") == "beer"
    assert fault(kitchen, "bar.echo") == (8001, "procedure echo not found")
    assert kitchen.getSubHandlerPrefixes() == ["system", "bar"] and kitchen.getSubHandler("x") is None
    kitchen.separator = ":"
    assert call(kitchen, "bar:pour") == "beer"


def test_lookup_can_be_overridden(kitchen):
    def lookup(path):
        if path != "soup":
            raise NoSuchFunction(404, "there is soup only")
        return lambda: "hot"

    kitchen.lookupProcedure = lookup
    assert call(kitchen, "soup") == "hot" and fault(kitchen, "fish") == (404, "there is soup only")


def test_other_arguments_than_a_procedure_takes_are_the_callers_fault_and_not_logged(kitchen):
    assert fault(kitchen, "order") == (-32602, "order takes other arguments")
    assert fault(kitchen, "order", 1, 2, 3) == (-32602, "order takes other arguments")


@pytest.mark.parametrize("name", ["burn", "mistaken"])
def test_what_a_procedure_raises_is_logged_and_not_told(kitchen, logged_errors, name):
    assert fault(kitchen, name) == (8002, "error")
    assert len(logged_errors.flush(RuntimeError, TypeError)) == 1


# --- what can't be sent


@pytest.mark.parametrize(
    "given", [None, 2**31, -(2**31) - 1, float("nan"), float("inf"), "\0", "\ud800", "\ufffe", {1: 2}, object(), Bar()]
)
def test_what_xml_rpc_cannot_carry_is_a_fault_and_logged(kitchen, logged_errors, given):
    kitchen.given = given
    assert fault(kitchen, "give") == (8002, "Can't serialize output")
    assert len(logged_errors.flush(TypeError, ValueError, OverflowError)) == 1


def test_what_contains_itself_or_is_too_deep_is_a_fault(kitchen, logged_errors):
    kitchen.given = []
    kitchen.given.append(kitchen.given)
    assert fault(kitchen, "give") == (8002, "Can't serialize output")
    for _ in range(5000):
        kitchen.given = [kitchen.given]
    assert fault(kitchen, "give") == (8002, "Can't serialize output")
    assert len(logged_errors.flush(TypeError, RecursionError)) == 2
    while kitchen.given:  # a list of lists so deep is taken apart from outside
        kitchen.given = kitchen.given[0] if kitchen.given[0] is not kitchen.given else None


def test_none_is_sent_where_it_is_allowed():
    assert call(Kitchen(allowNone=True), "echo", None) == [None]


# --- calls that are none


@pytest.mark.parametrize(
    "body, why",
    [
        (b"", "no element found: line 1, column 0"),
        (b"soup", "syntax error"),
        (b"<methodCall>", "no element found"),
        (b"<methodCall></methodCall>", "no XML-RPC"),
        (b"<soup/>", "no XML-RPC"),
        (wire.dumps((1,)), "a call names a procedure"),
        (message("<value/>", name=""), "a call names a procedure"),
        (b"<methodResponse><params></params></methodResponse>", "an answer has one value, not 0"),
        (wire.dumps(Fault(1, "x")), "it is an answer"),
        (message("<value><int>1_0</int></value>"), "'1_0' is no number"),
        (message("<value><int>" + "9" * 5000 + "</int></value>"), "is no number"),
        (message("<value><double>" + "1" * 200_000 + "x</double></value>"), "is no number"),  # linear, or for hours
        (message("<value><double>nan</double></value>"), "'nan' is no number"),
        (message("<value><double>1e9999999999</double></value>"), "is no number"),
        (message("<value><double>-1e999</double></value>"), "'-1e999' is more than a double holds"),
        (message("<value><boolean>2</boolean></value>"), "no XML-RPC"),
        (message("<value><base64>a</base64></value>"), "no XML-RPC"),
        (message("<value><dateTime.iso8601>&lt;b></dateTime.iso8601></value>"), "'<b>' is no number or date"),
        (message("<value><soup/></value>"), "no XML-RPC"),
        (message("<value><struct><member><name>a</name></member></struct></value>"), "no XML-RPC"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + message("<value>&b;</value>"), "DTDForbidden"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + message("<value/>"), "DTDForbidden"),
        (b'<?xml version="1.0" encoding="soup"?>' + message("<value/>"), "no XML-RPC"),
    ],
)
def test_a_call_that_is_none_is_a_fault_that_says_why(kitchen, body, why):
    assert why in refused(kitchen, body)


def test_names_of_apache_are_understood(kitchen):
    kitchen.allowNone = True
    big = message(f'<value><ex:i8 xmlns:ex="a">{2**31 - 1}</ex:i8></value>')
    assert value_of(ask(kitchen, big)) == [2**31 - 1]
    assert value_of(ask(kitchen, message('<value><ex:nil xmlns:ex="a"/></value>'))) == [None]


def test_text_without_a_type_is_a_string_and_other_encodings_are_read(kitchen):
    assert value_of(ask(kitchen, message("<value>soup</value>"))) == ["soup"]
    latin = b'<?xml version="1.0" encoding="iso-8859-1"?>' + message("<value>\xe9</value>").decode().encode("latin-1")
    assert value_of(ask(kitchen, latin)) == ["é"]


def test_a_message_has_as_many_values_and_as_much_depth_as_the_limits_say(kitchen):
    kitchen.limits = Limits(depth=3, values=5)
    assert call(kitchen, "echo", [[[7]]]) == [[[[7]]]]
    assert call(kitchen, "echo", *range(5)) == [*range(5)]
    expected = "Can't deserialize input: a message holds at most 5 values, 3 deep"
    assert fault(kitchen, "echo", [[[[7]]]]) == fault(kitchen, "echo", *range(6)) == (-32600, expected)


def test_a_very_deep_message_is_refused_at_once(kitchen):
    assert "64 deep" in refused(
        kitchen, message("<value><array><data>" * 9000 + "<value/>" + "</data></array></value>" * 9000)
    )


@pytest.mark.parametrize("kind", ["array", "struct"])
def test_depth_is_refused_where_it_begins_also_without_values_around_it(kitchen, kind):
    deep = f"<{kind}>" * 65
    assert "64 deep" in refused(kitchen, message(deep + f"</{kind}>" * 65))
    assert "64 deep" in refused(kitchen, message(deep))  # before anybody sees that the rest is missing


def test_a_body_has_as_many_bytes_as_the_limit_says(kitchen):
    body = wire.dumps((1,), "echo")
    kitchen.limits = Limits(bytes=len(body))
    assert value_of(ask(kitchen, body)) == [1]
    assert ask(kitchen, body + b" ").code == 413


# --- HTTP


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
def test_a_page_of_a_strangers_cannot_call_by_a_browser(kitchen, kind):
    response = ask(kitchen, wire.dumps((), "later"), kind=kind)
    assert response.code == 415 and b"a call is text/xml" in response.body and kitchen.waiting == []


@pytest.mark.parametrize("kind", ["text/xml", "Text/XML; charset=utf-8", "application/xml"])
def test_xml_is_a_call(kitchen, kind):
    assert value_of(ask(kitchen, wire.dumps((1,), "echo"), kind=kind)) == [1]


def test_only_post_is_a_call(kitchen):
    response = Talk(kitchen).get("/")
    assert response.code == 405 and response.headers[b"allow"] == b"POST"


def test_a_call_may_be_packed(kitchen):
    packed = gzip.compress(wire.dumps(("soup" * 1000,), "echo"))
    assert value_of(ask(kitchen, packed, "Content-Encoding: gzip")) == ["soup" * 1000]


def test_a_small_call_that_unpacks_to_much_is_refused(kitchen):
    bomb = gzip.compress(b" " * 5_000_000)
    response = ask(kitchen, bomb, "Content-Encoding: gzip")
    assert response.code == 413 and b"at most 1048576 bytes" in response.body


@pytest.mark.parametrize("coding, code", [("gzip", 400), ("br", 415), ("gzip, gzip", 415)])
def test_other_codings_are_refused(kitchen, coding, code):
    assert ask(kitchen, wire.dumps((), "echo"), f"Content-Encoding: {coding}").code == code


@pytest.mark.parametrize(
    "takes, packed", [("gzip", True), ("deflate, gzip;q=0.5", True), ("gzip;q=0", False), ("br, gzip; q=0.0, x", False)]
)
def test_a_long_answer_is_packed_for_who_takes_it(kitchen, takes, packed):
    response = ask(kitchen, wire.dumps(("soup" * 1000,), "echo"), f"Accept-Encoding: {takes}")
    assert (response.headers.get(b"content-encoding") == b"gzip") is packed
    body = gzip.decompress(response.body) if packed else response.body
    assert stdlib.loads(body)[0][0] == ["soup" * 1000]
    assert b"content-encoding" not in ask(kitchen, wire.dumps((1,), "echo"), f"Accept-Encoding: {takes}").headers


def test_a_guard_stands_before_it(kitchen):
    class Realm:
        def requestAvatar(self, avatarId, mind, *interfaces):
            return IResource, kitchen, lambda: None

    portal = Portal(Realm(), [checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")])
    guarded = HTTPAuthSessionWrapper(portal, [BasicCredentialFactory(b"kitchen")])
    assert ask(guarded, wire.dumps((1,), "echo")).code == 401
    alice = "Authorization: Basic YWxpY2U6c2VjcmV0"
    assert value_of(ask(guarded, wire.dumps((1,), "echo"), alice)) == [1]


def test_a_page_of_procedures_can_have_children_as_any_resource(kitchen):
    bar = Bar()
    kitchen.putChild(b"bar", bar)
    assert kitchen.getChildWithDefault(b"bar", None) is bar
