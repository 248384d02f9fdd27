"""A producer is unregistered when it has nothing more; loseConnection does the rest."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

VERSES = 150


class Song:
    """Verses, for a transport that asks for each: it calls `resumeProducing` when there is room for one more."""

    def __init__(self, singer):
        self.singer, self.verse = singer, 0

    def resumeProducing(self):
        if self.verse == VERSES:
            self.singer.goodbye()
        else:
            self.verse += 1
            self.singer.sendLine(b"verse %03d " % self.verse + b"la " * 1300)

    def stopProducing(self):
        """The guest has gone."""


class Singer(LineReceiver):
    def connectionMade(self):
        self.transport.registerProducer(Song(self), False)

    def lineReceived(self, line):
        if line == b"stop":
            self.sendLine(b"goodbye")
            self.transport.loseConnection()

    def goodbye(self):
        self.transport.unregisterProducer()
        self.sendLine(b"goodbye")
        self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Singer))
reactor.run()
