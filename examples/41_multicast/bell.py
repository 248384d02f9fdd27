"""Ring the bell for all tables that listen, until two have answered."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Bell(DatagramProtocol):
    def startProtocol(self):
        self.coming = set()
        self.transport.setOutgoingInterface("127.0.0.1")
        self.ring()

    def ring(self):
        self.transport.write(b"dinner!", ("239.255.77.86", 7786))
        reactor.callLater(0.5, self.ring)

    def datagramReceived(self, datagram, table):
        self.coming.add(datagram.decode())
        if len(self.coming) == 2:
            print("coming:", *sorted(self.coming))
            reactor.stop()


reactor.listenMulticast(0, Bell())
reactor.run()
