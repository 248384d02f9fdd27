"""A proxy between two connections: each is the other's producer, so it never holds more than a mouthful."""

from ends import Cellar, Guests

from reactor import defer, reactor
from reactor.protocol import ClientFactory, Protocol, ServerFactory

said: list[str] = []
noise: defer.Deferred = defer.Deferred()


def say(words):
    if words not in said:  # it happens many times; print only the first
        said.append(words)
        print("proxy:", words)
    if not noise.called:
        noise.callback(words)


class Half(Protocol):
    def join(self, other):
        self.other = other

    def dataReceived(self, data):
        self.other.transport.write(data)

    def pauseProducing(self):
        say("wait, there is no room at the other end")
        self.transport.pauseProducing()

    def resumeProducing(self):
        say("go on")
        self.transport.resumeProducing()

    def stopProducing(self):
        self.transport.loseConnection()

    def connectionLost(self, reason):
        self.other.transport.unregisterProducer()
        self.other.transport.loseConnection()


class ToCellar(Half):
    def connectionMade(self):
        self.join(self.factory.half)
        self.other.join(self)
        self.other.transport.resumeProducing()


class WayToCellar(ClientFactory):
    protocol = ToCellar

    def __init__(self, half):
        self.half = half


class ToGuest(Half):
    def connectionMade(self):
        self.transport.pauseProducing()  # until there is another end
        reactor.connectTCP("127.0.0.1", 7790, WayToCellar(self))


reactor.listenTCP(7790, ServerFactory.forProtocol(Cellar))
reactor.listenTCP(7791, ServerFactory.forProtocol(ToGuest))
reactor.connectTCP("127.0.0.1", 7791, Guests(noise))
reactor.run()
