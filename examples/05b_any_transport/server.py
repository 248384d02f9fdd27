"""One echo, and more than one way to get to it."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)


# [ways]
echo = Factory.forProtocol(Echo)
reactor.listenTCP(7783, echo)
reactor.listenUNIX("echo.socket", echo)
# [/ways]
print("listening on port 7783 and at echo.socket")
reactor.run()
