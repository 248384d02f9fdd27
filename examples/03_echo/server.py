"""What comes in goes out again."""

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory


class Echo(Protocol):
    def connectionMade(self):
        print("connection made with", self.transport.getPeer().host)

    def dataReceived(self, data):
        self.transport.write(data)

    def connectionLost(self, reason):
        print("connection was lost, alas")


class EchoFactory(ServerFactory):
    protocol = Echo


# [listen]
reactor.listenTCP(7771, EchoFactory())
print("listening on port 7771")
reactor.run()
# [/listen]
