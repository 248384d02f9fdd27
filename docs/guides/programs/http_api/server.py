"""A shopping list with an HTTP API, and a page that shows every change at once."""

import json
from pathlib import Path

from reactor import reactor
from reactor.web.resource import Resource
from reactor.web.server import Site
from reactor.web.static import File
from reactor.web.websocket import WebSocketProtocol, WebSocketResource, WebSocketServerFactory


class Refused(Exception):
    """The client asked for something impossible. The text is for the client's author."""

    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


class JSONResource(Resource):
    """Answers in JSON: with what `render_GET` and its like return, or with the reason for a refusal."""

    def render(self, request):
        request.setHeader("content-type", "application/json")
        try:
            answer = super().render(request)
        except Refused as problem:
            request.setResponseCode(problem.status)
            answer = {"error": str(problem)}
        return json.dumps(answer).encode() + b"\n"


def item_in(request):
    """The item in a request. Raises Refused when the request has none."""
    kind = (request.getHeader("content-type") or "").partition(";")[0].strip().lower()
    if kind != "application/json":  # which no form on somebody else's page can send
        raise Refused(415, "send the item as application/json")
    try:
        sent = json.load(request.content)
    except (ValueError, RecursionError) as problem:
        raise Refused(400, f"the body is not JSON: {problem}") from None
    if not isinstance(sent, dict) or sent.keys() - {"name", "amount"}:
        raise Refused(400, "an item is an object with a name and, if you like, an amount")
    name, amount = sent.get("name"), sent.get("amount", 1)
    if not isinstance(name, str) or not 1 <= len(name) <= 50:
        raise Refused(400, "the name must be a text of 1 to 50 characters")
    if type(amount) is not int or not 1 <= amount <= 99:
        raise Refused(400, f"the amount must be a whole number from 1 to 99, not {json.dumps(amount)}")
    return {"name": name, "amount": amount}


class ShoppingList:
    """The items by number, and the watchers to tell when they change."""

    def __init__(self):
        self.items = {}
        self.watchers = set()
        self._next_number = 1

    def add(self, item):
        """Add an item, and return it with its number. Raises Refused when the list is full."""
        if len(self.items) == 1000:
            raise Refused(409, "the list is full: buy something first")
        item = {"number": self._next_number, **item}
        self.items[item["number"]] = item
        self._next_number += 1
        self._changed()
        return item

    def remove(self, number):
        """Remove an item, and return it."""
        item = self.items.pop(number)
        self._changed()
        return item

    def _changed(self):
        for watcher in self.watchers:
            watcher.show()


class Items(JSONResource):
    """/api/items: read the list, or add to it."""

    def __init__(self, shopping):
        super().__init__()
        self.shopping = shopping

    def getChild(self, path, request):
        return Item(self.shopping, path)

    def render_GET(self, request):
        return list(self.shopping.items.values())

    def render_POST(self, request):
        item = self.shopping.add(item_in(request))
        request.setResponseCode(201)
        request.setHeader("location", f"/api/items/{item['number']}")
        return item


class Item(JSONResource):
    """/api/items/3: read it, or remove it."""

    isLeaf = True

    def __init__(self, shopping, path):
        super().__init__()
        self.shopping = shopping
        self.number = int(path) if path.isdigit() and len(path) < 10 else None

    def render_GET(self, request):
        self._require()
        return self.shopping.items[self.number]

    def render_DELETE(self, request):
        self._require()
        return self.shopping.remove(self.number)

    def _require(self):
        if self.number not in self.shopping.items:
            raise Refused(404, "there is no such item")


class Watcher(WebSocketProtocol):
    """A page that is open somewhere. It gets the whole list whenever something changes."""

    def __init__(self, shopping):
        self.shopping = shopping
        self.is_reading = True

    def negotiationFinished(self):
        self.transport.attachProducer(self)
        self.shopping.watchers.add(self)
        self.show()

    def show(self):
        """Send the list, unless the page has not even read what it was sent before."""
        if self.is_reading:
            self.transport.sendTextMessage(json.dumps(list(self.shopping.items.values())))

    def pauseProducing(self):
        self.is_reading = False

    def resumeProducing(self):
        self.is_reading = True
        self.show()  # the whole list, so nothing is missing that changed in between

    def stopProducing(self):
        self.is_reading = False

    def connectionLost(self, reason):
        self.shopping.watchers.discard(self)


class Watchers(WebSocketServerFactory):
    """Builds a Watcher for each page."""

    def __init__(self, shopping):
        self.shopping = shopping

    def buildProtocol(self, request):
        return Watcher(self.shopping)


def site():
    """The whole site: which resource stands where."""
    shopping = ShoppingList()
    api = Resource()
    api.putChild(b"items", Items(shopping))
    root = Resource()
    root.putChild(b"", File(Path(__file__).with_name("page.html")))
    root.putChild(b"api", api)
    root.putChild(b"live", WebSocketResource(Watchers(shopping)))
    site = Site(root)
    site.maxBodyBytes = 10_000
    return site


if __name__ == "__main__":
    reactor.listenTCP(7812, site(), interface="127.0.0.1")
    print("open http://localhost:7812/")
    reactor.run()
