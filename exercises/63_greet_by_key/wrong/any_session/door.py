"""A signature is a signature, whatever it was made for."""

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
    noes, seen = 0, []

    def answer(self, name, blob, signature):
        self.seen.append(self.session)  # all doors share the list
        for owner, keys in KEYS.items():
            for key in keys:
                if key.blob == blob and signature is None:
                    return self.sendLine(b"sign")
                if key.blob == blob and any(key.verify(one, signature) for one in self.seen):
                    return self.sendLine(b"hello " + owner)
        return self.refuse()

    def refuse(self):
        self.noes += 1
        self.sendLine(b"no")
        if self.noes == 3:
            self.transport.loseConnection()

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
