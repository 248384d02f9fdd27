"""The README's echo server, a client for it, and what both ask of a TCP connection."""

from reactor import reactor
from reactor.failure import Failure
from reactor.protocol import ClientFactory, Factory, Protocol, connectionDone


class Echo(Protocol):
    def connectionMade(self) -> None:
        print("connection made with", self.transport.getPeer().host, "at port", self.transport.getHost().port)
        self.transport.setTcpNoDelay(True)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class Hello(Protocol):
    factory: "HelloFactory"

    def connectionMade(self) -> None:
        self.transport.writeSequence([b"hello ", self.factory.name.encode()])

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        print(reason.getErrorMessage())
        reactor.stop()


class HelloFactory(ClientFactory):
    protocol = Hello

    def __init__(self, name: str) -> None:
        self.name = name


port = reactor.listenTCP(0, Factory.forProtocol(Echo))
reactor.connectTCP("127.0.0.1", port.getHost().port, HelloFactory("world"), timeout=5)
reactor.run()
