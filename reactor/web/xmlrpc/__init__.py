"""XML-RPC, the specification of 1999: procedures that other programs call over HTTP. The names of twisted.web.xmlrpc.

    class Kitchen(XMLRPC):
        def xmlrpc_order(self, dish, count):
            return f"{count} x {dish}"

    reactor.listenTCP(8080, Site(Kitchen()))
    answer = await Proxy(b"http://127.0.0.1:8080/").callRemote("order", "soup", 2)

This needs `pip install tutorial-of-doom[web,xmlrpc]`.
"""

from xmlrpc.client import Binary, Boolean, DateTime, Fault

from reactor.web.xmlrpc.client import Proxy
from reactor.web.xmlrpc.server import XMLRPC, NoSuchFunction, XMLRPCIntrospection, addIntrospection, withRequest
from reactor.web.xmlrpc.wire import BadMessage, Limits

__all__ = ["XMLRPC", "BadMessage", "Binary", "Boolean", "DateTime", "Fault", "Limits", "NoSuchFunction", "Proxy"]
__all__ += ["XMLRPCIntrospection", "addIntrospection", "withRequest"]
