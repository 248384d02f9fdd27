"""A finger server that asks a function who somebody is."""

from reactor import reactor
from reactor.protocols.finger import FingerFactory

# [answer]
STAFF = {b"alice": b"cooks until ten", b"bob": b"is at table two"}


def find(user, more):
    return STAFF.get(user)


reactor.listenTCP(7797, FingerFactory(find))
# [/answer]
print("listening on port 7797")
reactor.run()
