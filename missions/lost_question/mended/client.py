"""Ask the kitchen, and ask again if nothing comes."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Guest(DatagramProtocol):
    def startProtocol(self):
        self.transport.connect("127.0.0.1", 7785)
        self.ask()

    def ask(self):
        print("which soup is it today?")
        self.transport.write(b"soup?")
        self.again = reactor.callLater(0.2, self.ask)

    def datagramReceived(self, datagram, kitchen):
        print(datagram.decode())
        self.again.cancel()
        reactor.stop()


reactor.listenUDP(0, Guest())
reactor.run()
