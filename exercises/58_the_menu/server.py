"""The menu of the kitchen, published by XML-RPC."""

from reactor import reactor
from reactor.web.server import Site
from reactor.web.xmlrpc import XMLRPC

MENU = {
    "soup": (450, 10, "ann"),
    "stew": (1290, 60, "bob"),
    "bread": (0, 1, None),
}


class Menu(XMLRPC):
    """TODO: dishes, price, cook, cook_of, and the prefix of their names."""


reactor.listenTCP(7858, Site(Menu()))
reactor.run()
