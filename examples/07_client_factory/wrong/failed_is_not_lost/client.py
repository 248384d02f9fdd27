"""A client that takes a lost connection for a mistake, and comes back."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Stubborn(ClientFactory):
    protocol = Protocol

    def startedConnecting(self, connector):
        print("connecting to", connector.getDestination().port)

    def clientConnectionLost(self, connector, reason):
        print("lost:", reason.type.__name__)
        connector.connect()


reactor.connectTCP("127.0.0.1", 7775, Stubborn())
reactor.run()
