"""Garbage, as fast as it will go, for a reader who is asleep. Both ends in one program, so that it has one order."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol, ServerFactory


class GarbageProducer:
    def __init__(self, transport):
        self.paused = self.stopped = False
        self.transport = transport  # the consumer
        transport.registerProducer(self, True)
        self.produce()

    def produce(self):
        if not self.paused:
            self.transport.write(b"blabla" * 5_000)
        if not self.stopped:
            reactor.callLater(0.001, self.produce)

    def pauseProducing(self):
        print("paused: the buffers are full")
        self.paused = True

    def resumeProducing(self):
        print("resumed: there is room again")
        self.paused = False

    def stopProducing(self):
        print("stopped: nobody is listening")
        self.stopped = True


class Talker(Protocol):
    def connectionMade(self):
        self.factory.producer = GarbageProducer(self.transport)

    def connectionLost(self, reason):
        reactor.stop()


class Talkers(ServerFactory):
    protocol = Talker
    producer: GarbageProducer | None = None


class Sleeper(Protocol):
    def connectionMade(self):
        self.transport.pauseProducing()  # a transport is a producer too: of what it reads
        self.doze()

    def doze(self):
        producer = talkers.producer
        if producer and producer.paused:
            print("the reader wakes up")
            self.transport.resumeProducing()
        else:
            reactor.callLater(0.01, self.doze)

    def dataReceived(self, data):
        producer = talkers.producer
        if producer and not producer.paused:
            self.transport.loseConnection()


talkers = Talkers()
reactor.listenTCP(7782, talkers)
reactor.connectTCP("127.0.0.1", 7782, ClientFactory.forProtocol(Sleeper))
reactor.run()
