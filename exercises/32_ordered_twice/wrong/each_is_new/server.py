"""Each datagram that comes is an order."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def datagramReceived(self, data, guest):
        number, dish = data.decode().split(" ", 1)
        print(dish)
        self.transport.write(b"done " + number.encode(), guest)


reactor.listenUDP(7772, Kitchen())
reactor.run()
