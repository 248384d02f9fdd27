"""A kitchen that takes orders by datagrams, of which some are lost, and some come twice."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def datagramReceived(self, data, guest):
        number, dish = data.decode().split(" ", 1)
        print(dish)  # TODO: how often has this order come?
        self.transport.write(b"done " + number.encode(), guest)


reactor.listenUDP(7772, Kitchen())
reactor.run()
