"""A copy comes right behind its original."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def __init__(self):
        self.last = {}

    def datagramReceived(self, data, guest):
        number, dish = data.decode().split(" ", 1)
        if self.last.get(guest) != number:
            self.last[guest] = number
            print(dish)
        self.transport.write(b"done " + number.encode(), guest)


reactor.listenUDP(7772, Kitchen())
reactor.run()
