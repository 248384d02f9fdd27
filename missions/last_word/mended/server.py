"""A kitchen that waits a moment before it cooks: its guest may change its mind."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def startProtocol(self):
        self.number, self.dish = 0, b""

    def datagramReceived(self, datagram, guest):
        number, dish = datagram.split(b" ")
        if self.number == 0:
            reactor.callLater(0.5, self.cook, guest)
        if int(number) > self.number:
            self.number, self.dish = int(number), dish

    def cook(self, guest):
        print("cooking the", self.dish.decode())
        self.transport.write(self.dish, guest)


reactor.listenUDP(7785, Kitchen())
print("listening on UDP port 7785")
reactor.run()
