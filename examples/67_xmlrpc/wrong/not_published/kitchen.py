"""A kitchen whose methods other programs call."""

from reactor import reactor
from reactor.web.server import Site
from reactor.web.xmlrpc import XMLRPC


# [publish]
class Kitchen(XMLRPC):
    def order(self, dish, count):
        return [f"{dish} {number}" for number in range(1, count + 1)]


reactor.listenTCP(7867, Site(Kitchen()))
# [/publish]
print("listening on port 7867")
reactor.run()
