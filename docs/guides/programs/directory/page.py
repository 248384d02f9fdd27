"""A page for those whom a directory knows."""

from reactor import reactor
from reactor.cred.portal import Portal
from reactor.endpoints import clientFromString
from reactor.ldap import LDAPBindChecker
from reactor.web.guard import BasicCredentialFactory, HTTPAuthSessionWrapper
from reactor.web.resource import IResource, Resource
from reactor.web.server import Site


class Hello(Resource):
    isLeaf = True

    def __init__(self, name):
        super().__init__()
        self.name = name

    def render_GET(self, request):
        return b"Hello, " + self.name + b".\n"


class Realm:
    def requestAvatar(self, name, mind, *interfaces):
        return IResource, Hello(name), lambda: None


# [check]
directory = clientFromString(reactor, "tcp:127.0.0.1:7832")
checker = LDAPBindChecker(directory, "cn={},o=Doom")
door = HTTPAuthSessionWrapper(Portal(Realm(), [checker]), [BasicCredentialFactory(b"doom")])
reactor.listenTCP(7834, Site(door), interface="127.0.0.1")
# [/check]
print("listening on port 7834")
reactor.run()
