"""Say hello to the echo server, by the way that is named on the command line."""

import sys

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Hello(Protocol):
    def connectionMade(self):
        self.transport.write(b"hello")

    def dataReceived(self, data):
        print(data.decode(), "from", self.transport.getPeer())
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


# [ways]
hello = ClientFactory.forProtocol(Hello)
if sys.argv[1] == "tcp":
    reactor.connectTCP("127.0.0.1", 7783, hello)
if sys.argv[1] == "unix":
    reactor.connectUNIX("echo.socket", hello)
# [/ways]
reactor.run()
