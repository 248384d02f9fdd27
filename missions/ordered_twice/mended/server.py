"""A kitchen that cooks what is ordered, once."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def startProtocol(self):
        self.cooked = set()

    def datagramReceived(self, datagram, guest):
        number, dish = datagram.split(b" ")
        if (guest, number) not in self.cooked:
            self.cooked.add((guest, number))
            print("cooking", dish.decode())
        self.transport.write(dish, guest)


reactor.listenUDP(7785, Kitchen())
print("listening on UDP port 7785")
reactor.run()
