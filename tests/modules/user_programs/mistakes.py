"""Both checkers must find an error in each line with a comment; without one they call the comment idle."""

from reactor import reactor
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.protocol import DatagramProtocol, Factory, ProcessProtocol, Protocol


class Guest(Protocol):
    factory: "Guests"

    def dataReceived(self, data: bytes) -> None:
        self.transport.write("text")  # type: ignore[arg-type]  # bytes travel, text doesn't
        self.transport.looseConnection()  # type: ignore[union-attr]  # no such method
        print(self.transport.getPeer().hostname)  # type: ignore[union-attr]  # no such attribute
        print(self.factory.gests)  # type: ignore[attr-defined]  # nor here: the class says which factory


class Guests(Factory[Guest]):
    def __init__(self) -> None:
        self.guests: list[Guest] = []

    def buildProtocol(self, addr: object) -> Protocol:  # type: ignore[override]  # it builds Guests
        return Protocol()


class Child(ProcessProtocol):
    def connectionMade(self) -> None:
        self.transport.closeSdtin()  # type: ignore[union-attr]  # no such method


class Kitchen(DatagramProtocol):
    def startProtocol(self) -> None:
        self.transport.write(b"soup", "127.0.0.1:80")  # type: ignore[arg-type]  # an address is a pair


place = TCP4ClientEndpoint(reactor, "127.0.0.1", 80)
connectProtocol(place, Guest()).addCallback(lambda guest: guest.gret())  # type: ignore[call-overload]  # no such method
place.connect(Guest())  # type: ignore[arg-type]  # a protocol is no factory
reactor.listenTCP(8080, Guest)  # type: ignore[arg-type]  # nor is its class
Guests.forProtocol(b"Guest")  # type: ignore[arg-type]  # what makes a protocol can be called
