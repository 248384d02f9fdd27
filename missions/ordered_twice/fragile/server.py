"""A kitchen that cooks what is ordered."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def datagramReceived(self, datagram, guest):
        _, dish = datagram.split(b" ")
        print("cooking", dish.decode())
        self.transport.write(dish, guest)


reactor.listenUDP(7785, Kitchen())
print("listening on UDP port 7785")
reactor.run()
