"""A kitchen that answers questions, each of them."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def datagramReceived(self, datagram, guest):
        print("answering", datagram.decode())
        self.transport.write(b"tomato", guest)


reactor.listenUDP(7785, Kitchen())
print("listening on UDP port 7785")
reactor.run()
