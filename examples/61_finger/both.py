"""One service and two protocols: the same answers by finger and on the web."""

from reactor import reactor
from reactor.protocols.finger import FingerFactory
from reactor.web.resource import Resource
from reactor.web.server import Site


class Staff:
    def __init__(self):
        self.places = {b"alice": b"cooks until ten", b"bob": b"is at table two"}

    def find(self, user, more=False):
        return self.places.get(user)


class StaffPage(Resource):
    isLeaf = True

    def __init__(self, staff):
        Resource.__init__(self)
        self.staff = staff

    def render_GET(self, request):
        request.setHeader(b"content-type", b"text/plain")
        found = self.staff.find(request.postpath[0])
        return (found or b"No such user") + b"\n"


# [both]
staff = Staff()
reactor.listenTCP(7797, FingerFactory(staff.find))
reactor.listenTCP(7798, Site(StaffPage(staff)))
# [/both]
print("listening on ports 7797 and 7798")
reactor.run()
