"""An application of services, and a test of a protocol without a network."""

from reactor import endpoints, reactor
from reactor.application.internet import ClientService, TCPServer, TimerService
from reactor.application.service import Application, MultiService
from reactor.protocol import Factory, Protocol
from reactor.testing import Clock, StringTransport


class Shy(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data.lower())
        self.transport.loseConnection()


def test_it_whispers() -> None:
    shy, transport = Shy(), StringTransport()
    shy.makeConnection(transport)
    shy.dataReceived(b"WHO")
    assert transport.value() == b"who"
    assert transport.disconnecting


def test_time() -> None:
    clock, calls = Clock(), list[int]()
    clock.callLater(3, calls.append, 1)
    clock.advance(3)
    assert calls == [1]


house = MultiService()
TCPServer(7777, Factory.forProtocol(Shy)).setServiceParent(house)
TimerService(5, print, "tick").setServiceParent(house)
door = endpoints.clientFromString(reactor, "tcp:127.0.0.1:7777")
ClientService(door, Factory.forProtocol(Shy)).setServiceParent(house)
application = Application("house")
house.setServiceParent(application)
