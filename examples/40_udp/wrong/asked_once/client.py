"""Ask the kitchen, and ask again if nothing comes."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Guest(DatagramProtocol):
    def startProtocol(self):
        self.transport.connect("127.0.0.1", 7785)
        self.ask(patience=0.2)

    def ask(self, patience):
        print("which soup is it today?")
        self.transport.write(b"soup?")

    def datagramReceived(self, datagram, kitchen):
        print(datagram.decode())
        reactor.stop()


reactor.listenUDP(0, Guest())
reactor.run()
