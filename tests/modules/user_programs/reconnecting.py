"""A client that comes back, and hears of everything that happens to its attempts."""

from reactor import reactor
from reactor.failure import Failure
from reactor.interfaces import IConnector, ITCPTransport
from reactor.protocol import Protocol, ReconnectingClientFactory


class Guest(Protocol):
    transport: ITCPTransport
    factory: "Patient"

    def connectionMade(self) -> None:
        self.factory.resetDelay()
        self.transport.setTcpKeepAlive(True)
        self.transport.loseWriteConnection()

    def dataReceived(self, data: bytes) -> None:
        self.factory.stopTrying()
        self.transport.abortConnection()


class Patient(ReconnectingClientFactory[Guest]):
    protocol = Guest
    initialDelay = 0.1
    maxDelay = 5
    maxRetries = 3

    def startedConnecting(self, connector: IConnector) -> None:
        print("going to", connector.getDestination().host)
        super().startedConnecting(connector)

    def buildProtocol(self, addr: object) -> Guest:
        guest = super().buildProtocol(addr)
        print(guest.connected)
        return guest

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        print(reason.type.__name__)
        super().clientConnectionFailed(connector, reason)

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        super().clientConnectionLost(connector, reason)


connector = reactor.connectTCP("localhost", 7774, Patient())
reactor.callLater(10, connector.disconnect)
reactor.run()
