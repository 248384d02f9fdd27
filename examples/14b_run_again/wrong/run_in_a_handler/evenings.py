"""One program, one reactor, two evenings."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol, ServerFactory


class Waiter(Protocol):
    def connectionMade(self):
        self.transport.write(b"good evening")


class Guest(Protocol):
    def dataReceived(self, data):
        print("  a guest hears:", data.decode())
        reactor.run()


# [evenings]
def evening(day):
    print(day, "opens")
    reactor.listenTCP(7808, ServerFactory.forProtocol(Waiter))
    reactor.connectTCP("127.0.0.1", 7808, ClientFactory.forProtocol(Guest))
    reactor.run()
    print(day, "is over")


evening("monday")
evening("tuesday")
# [/evenings]
