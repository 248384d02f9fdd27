"""A door where the key says who somebody is, and not the name."""

import hashlib
import itertools

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineOnlyReceiver


class Key:
    """A public half. (This is a sketch of one: whoever reads it can sign.)"""

    def __init__(self, blob):
        self.blob = blob

    def verify(self, session, signature):
        return signature == hashlib.sha256(b"secret half of " + self.blob + session).hexdigest().encode()


KEYS = {b"ann": [Key(b"k1"), Key(b"k2")], b"bob": [Key(b"k3")]}


class Door(LineOnlyReceiver):
    def answer(self, name, blob, signature):
        # TODO: whose key is it, and does who comes have its other half?
        self.sendLine(b"hello " + name)

    def connectionMade(self):
        self.session = hashlib.sha256(b"%d" % next(self.factory.numbers)).hexdigest().encode()
        self.sendLine(b"session " + self.session)

    def lineReceived(self, line):
        name, key, *signature = line.split(b" ")
        self.answer(name, key, signature[0] if signature else None)


factory = Factory.forProtocol(Door)
factory.numbers = itertools.count()
reactor.listenTCP(7763, factory)
reactor.run()
