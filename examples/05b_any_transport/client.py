"""Say hello to the echo server, in the way that the command line names."""

import sys
from pathlib import Path

from reactor import reactor, ssl
from reactor.protocol import ClientFactory, Protocol


class Hello(Protocol):
    def connectionMade(self):
        self.transport.write(b"hello")

    def dataReceived(self, data):
        print(data.decode(), "from", self.transport.getPeer())
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


class HelloFactory(ClientFactory):
    protocol = Hello

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


# [ways]
hello = HelloFactory()
if sys.argv[1] == "tcp":
    reactor.connectTCP("127.0.0.1", 7783, hello)
if sys.argv[1] == "unix":
    reactor.connectUNIX("echo.socket", hello)
if sys.argv[1] == "tls":
    known = ssl.Certificate.loadPEM(Path("localhost.pem").read_bytes())
    localhost = ssl.optionsForClientTLS("localhost", known)
    reactor.connectSSL("127.0.0.1", 7784, hello, localhost)
# [/ways]
reactor.run()
