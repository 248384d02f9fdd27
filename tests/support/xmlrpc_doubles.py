"""What the tests of XML-RPC share: a server with all kinds of procedures, and one call without a network."""

import xmlrpc.client as stdlib

import pytest

from reactor.defer import Deferred
from reactor.web.xmlrpc import XMLRPC, Fault, addIntrospection, withRequest
from tests.support.web_doubles import Talk, request


class Kitchen(XMLRPC):
    xmlrpc_number = 42

    def __init__(self, **options):
        super().__init__(**options)
        self.waiting = []
        addIntrospection(self)

    def xmlrpc_echo(self, *values):
        """Return the values."""
        return list(values)

    def xmlrpc_order(self, dish, count=1):
        return f"{count} x {dish}"

    xmlrpc_order.signature = [["string", "string", "int"]]  # noqa: RUF012  # as Twisted's users write it
    xmlrpc_order.help = "Order a dish."

    def xmlrpc_later(self):
        self.waiting.append(Deferred())
        return self.waiting[-1]

    async def xmlrpc_coroutine(self, value):
        return await self.xmlrpc_later() + value

    @withRequest
    def xmlrpc_whence(self, request, word):
        return f"{word} {request.uri.decode()}"

    def xmlrpc_burn(self):
        raise RuntimeError("the password is soup")

    def xmlrpc_mistaken(self):
        return len(None)

    def xmlrpc_fault(self):
        raise Fault(12, "sold out")

    def xmlrpc_returned_fault(self):
        return Fault(13, "closed")

    def xmlrpc_give(self):
        return self.given


class Bar(XMLRPC):
    def xmlrpc_pour(self):
        return "beer"


def posted(body, *headers, kind="text/xml"):
    kinds = [f"Content-Type: {kind}"] if kind else []
    return request("/", "POST", *kinds, *headers, f"Content-Length: {len(body)}", body=body)


def ask(resource, body, *headers, **more):
    return Talk(resource).send(posted(body, *headers, **more)).answer("POST")


def value_of(response):
    """What an answer says, as the standard library reads it."""
    assert response.code == 200 and response.headers[b"content-type"] == b"text/xml; charset=utf-8"
    return stdlib.loads(response.body)[0][0]


def call(resource, name, *arguments):
    return value_of(ask(resource, stdlib.dumps(arguments, name, allow_none=True).encode()))


def fault(resource, name, *arguments):
    with pytest.raises(Fault) as caught:
        call(resource, name, *arguments)
    return caught.value.faultCode, caught.value.faultString


def refused(resource, body):
    with pytest.raises(Fault) as caught:
        value_of(ask(resource, body))
    assert caught.value.faultCode == -32600 and caught.value.faultString.startswith("Can't deserialize input: ")
    return caught.value.faultString


def message(value, name="echo"):
    return f"<methodCall><methodName>{name}</methodName><params><param>{value}</param></params></methodCall>".encode()
