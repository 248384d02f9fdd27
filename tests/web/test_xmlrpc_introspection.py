"""XML-RPC, what a server says of itself, and many calls in one."""

import pytest

from reactor.web.xmlrpc import wire
from tests.support.web_doubles import Talk
from tests.support.xmlrpc_doubles import Bar, Kitchen, call, fault, posted, value_of


@pytest.fixture
def kitchen():
    return Kitchen()


def test_a_server_lists_its_procedures(kitchen):
    kitchen.putSubHandler("bar", Bar())
    names = call(kitchen, "system.listMethods")
    assert {"echo", "order", "bar.pour", "system.listMethods", "system.multicall"} <= set(names)
    assert "number" in names  # of the class, as in Twisted, whether or not it can be called


def test_a_server_tells_what_its_procedures_do(kitchen):
    assert call(kitchen, "system.methodHelp", "echo") == "Return the values."
    assert call(kitchen, "system.methodHelp", "order") == "Order a dish."
    assert call(kitchen, "system.methodHelp", "burn") == ""
    assert call(kitchen, "system.methodSignature", "order") == [["string", "string", "int"]]
    assert call(kitchen, "system.methodSignature", "burn") == ""
    assert fault(kitchen, "system.methodHelp", "fish")[0] == 8001


def test_a_server_tells_what_it_follows(kitchen):
    found = call(kitchen, "system.getCapabilities")
    assert {"xmlrpc", "introspection", "system.multicall"} == set(found) and found["xmlrpc"]["specVersion"] == 1


def many(*calls):
    return [{"methodName": name, "params": list(arguments)} for name, *arguments in calls]


def test_many_calls_in_one_have_a_value_or_a_fault_each(kitchen, logged_errors):
    kitchen.given = None
    answered = call(kitchen, "system.multicall", many(("echo", 1), ("fault",), ("give",), ("burn",), ("whence", "x")))
    assert answered == [
        [[1]],
        {"faultCode": 12, "faultString": "sold out"},
        {"faultCode": 8002, "faultString": "Can't serialize output"},
        {"faultCode": 8002, "faultString": "error"},
        ["x /"],
    ]
    assert len(logged_errors.flush(RuntimeError, TypeError)) == 1


def test_many_calls_are_made_one_after_the_other(kitchen):
    talk = Talk(kitchen).send(posted(wire.dumps((many(("later",), ("later",)),), "system.multicall")))
    assert len(kitchen.waiting) == 1
    kitchen.waiting[0].callback(1)
    kitchen.waiting[1].callback(2)
    assert value_of(talk.answer("POST")) == [[1], [2]]


def test_of_many_calls_no_more_are_made_when_the_client_is_gone(kitchen):
    talk = Talk(kitchen).send(posted(wire.dumps((many(("later",), ("later",)),), "system.multicall")))
    talk.lose()
    kitchen.waiting[0].callback(1)
    assert len(kitchen.waiting) == 1


@pytest.mark.parametrize(
    "each", [many(("system.multicall", []))[0], {"methodName": "echo"}, {"methodName": 1, "params": []}, 7, {}]
)
def test_what_is_no_call_among_many_is_a_fault_of_its_own(kitchen, each):
    first, second = call(kitchen, "system.multicall", [each, *many(("echo", 1))])
    assert first["faultCode"] == -32602 and second == [[1]]


def test_there_are_at_most_a_thousand_calls_in_one(kitchen):
    assert len(call(kitchen, "system.multicall", many(("echo",)) * 1000)) == 1000
    for calls in (many(("echo",)) * 1001, "soup"):
        assert fault(kitchen, "system.multicall", calls)[0] == -32602
