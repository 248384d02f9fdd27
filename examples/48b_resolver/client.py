"""Connect to a host by its name, which a resolver of our own finds; one answer on the way gets lost."""

from reactor import reactor
from reactor.names.client import Resolver
from reactor.protocol import ClientFactory, Protocol


class Guest(Protocol):
    def connectionMade(self):
        print("at the stove")

    def dataReceived(self, data):
        print("the soup is", data.decode())


class Visit(ClientFactory):
    protocol = Guest

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()

    def clientConnectionLost(self, connector, reason):
        reactor.stop()


# [install]
resolver = Resolver(servers=[("127.0.0.1", 7810)], timeout=(0.2, 2))
reactor.installResolver(resolver)
print("where is the soup?")
reactor.connectTCP("soup.kitchen.test", 7811, Visit())
# [/install]
reactor.run()
