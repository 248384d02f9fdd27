"""UNIX sockets: a subclass says that its transport is another one."""

from reactor import reactor
from reactor.address import UNIXAddress
from reactor.interfaces import IUNIXDatagramTransport, IUNIXTransport
from reactor.protocol import DatagramProtocol, Protocol, ServerFactory


class Local(Protocol):
    transport: IUNIXTransport

    def connectionMade(self) -> None:
        print(self.transport.getPeer().name)
        self.transport.sendFileDescriptor(1)
        self.transport.write(b"x")
        self.transport.pauseProducing()


class Anywhere(Protocol):
    def connectionMade(self) -> None:
        peer = self.transport.getPeer()
        print(peer.name if isinstance(peer, UNIXAddress) else peer.host)


class Datagrams(DatagramProtocol):
    transport: IUNIXDatagramTransport

    def datagramReceived(self, datagram: bytes, addr: str) -> None:
        self.transport.write(datagram, addr)


reactor.listenUNIX("/tmp/here", ServerFactory.forProtocol(Local))
reactor.listenUNIX("/tmp/there", ServerFactory.forProtocol(Anywhere))
reactor.listenUNIXDatagram("/tmp/datagrams", Datagrams())
reactor.run()
