"""UDP: a question and an answer, and a group."""

from reactor import reactor
from reactor.interfaces import IUDPTransport
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def __init__(self) -> None:
        self.guests: set[tuple[str, int]] = set()

    def startProtocol(self) -> None:
        print("listening at", self.transport.getHost().port)

    def datagramReceived(self, datagram: bytes, addr: tuple[str, int]) -> None:
        self.guests.add(addr)
        self.transport.write(datagram.upper(), addr)


class Guest(DatagramProtocol):
    transport: IUDPTransport

    def startProtocol(self) -> None:
        self.transport.connect("127.0.0.1", 7785)
        self.transport.write(b"soup?")

    def connectionRefused(self) -> None:
        self.transport.stopListening()


class Bell(DatagramProtocol):
    def startProtocol(self) -> None:
        self.transport.joinGroup("239.255.77.86", "127.0.0.1").addErrback(lambda failure: print(failure.value))


reactor.listenUDP(7785, Kitchen())
reactor.listenUDP(0, Guest())
reactor.listenMulticast(7786, Bell(), listenMultiple=True)
reactor.run()
