"""A kitchen that answers questions, but ignores each guest's first one."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Kitchen(DatagramProtocol):
    def startProtocol(self):
        self.guests = set()

    def datagramReceived(self, datagram, guest):
        if guest not in self.guests:
            self.guests.add(guest)
            print("was that a question?")
            return
        print("answering", datagram.decode())
        self.transport.write(b"tomato", guest)


reactor.listenUDP(7785, Kitchen())
print("listening on UDP port 7785")
reactor.run()
