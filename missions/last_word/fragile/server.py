"""A kitchen that waits a moment before it cooks: its guest may change its mind."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def startProtocol(self):
        self.dish = None

    def datagramReceived(self, datagram, guest):
        _, dish = datagram.split(b" ")
        if self.dish is None:
            reactor.callLater(0.5, self.cook, guest)
        self.dish = dish

    def cook(self, guest):
        print("cooking the", self.dish.decode())
        self.transport.write(self.dish, guest)


reactor.listenUDP(7785, Kitchen())
print("listening on UDP port 7785")
reactor.run()
