"""Only one dish is ever on the stove."""

from reactor import reactor
from reactor.defer import Deferred
from reactor.web.server import Site
from reactor.web.xmlrpc import XMLRPC, Fault, addIntrospection

MENU = {
    "soup": (450, 10, "ann"),
    "stew": (1290, 60, "bob"),
    "bread": (0, 1, None),
}


class Menu(XMLRPC):
    def entry(self, dish):
        if dish not in MENU:
            raise Fault(404, f"no {dish} today")
        return MENU[dish]

    def xmlrpc_dishes(self):
        return list(MENU)

    def xmlrpc_price(self, dish):
        price, _, _ = self.entry(dish)
        return price

    def xmlrpc_cook_of(self, dish):
        _, _, cook = self.entry(dish)
        return cook or ""

    def xmlrpc_cook(self, dish):
        _, seconds, _ = self.entry(dish)
        self.pot = Deferred()
        reactor.callLater(seconds, lambda: self.pot.callback(f"{dish} is ready"))
        return self.pot


root = XMLRPC()
root.putSubHandler("menu", Menu())
addIntrospection(root)
reactor.listenTCP(7858, Site(root))
reactor.run()
