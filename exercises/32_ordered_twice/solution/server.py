"""A kitchen that takes orders by datagrams, of which some are lost, and some come twice."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def __init__(self):
        self.cooked = set()

    def datagramReceived(self, data, guest):
        number, dish = data.decode().split(" ", 1)
        if (guest, number) not in self.cooked:
            self.cooked.add((guest, number))
            print(dish)
        self.transport.write(b"done " + number.encode(), guest)


reactor.listenUDP(7772, Kitchen())
reactor.run()
