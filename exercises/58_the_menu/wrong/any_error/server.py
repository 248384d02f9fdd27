"""An exception's text reaches whoever called."""

from reactor import reactor
from reactor.task import deferLater
from reactor.web.server import Site
from reactor.web.xmlrpc import XMLRPC, addIntrospection

MENU = {
    "soup": (450, 10, "ann"),
    "stew": (1290, 60, "bob"),
    "bread": (0, 1, None),
}


class Menu(XMLRPC):
    def entry(self, dish):
        if dish not in MENU:
            raise ValueError(f"no {dish} today")
        return MENU[dish]

    def xmlrpc_dishes(self):
        return list(MENU)

    def xmlrpc_price(self, dish):
        price, _, _ = self.entry(dish)
        return price

    def xmlrpc_cook_of(self, dish):
        _, _, cook = self.entry(dish)
        return cook or ""

    async def xmlrpc_cook(self, dish):
        _, seconds, _ = self.entry(dish)
        await deferLater(reactor, seconds)
        return f"{dish} is ready"


root = XMLRPC()
root.putSubHandler("menu", Menu())
addIntrospection(root)
reactor.listenTCP(7858, Site(root))
reactor.run()
