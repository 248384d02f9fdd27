"""Order a soup."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Guest(DatagramProtocol):
    def startProtocol(self):
        self.transport.connect("127.0.0.1", 7785)
        print("ordering a soup")
        self.transport.write(b"1 soup")

    def datagramReceived(self, datagram, kitchen):
        print("eating a", datagram.decode())
        self.transport.stopListening()
        reactor.stop()


reactor.listenUDP(0, Guest())
reactor.run()
