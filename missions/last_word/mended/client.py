"""Order, and change your mind twice."""

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Guest(DatagramProtocol):
    def startProtocol(self):
        self.transport.connect("127.0.0.1", 7785)
        for number, dish in enumerate((b"soup", b"stew", b"roast"), 1):
            print("ordering the", dish.decode())
            self.transport.write(b"%d %s" % (number, dish))

    def datagramReceived(self, datagram, kitchen):
        print("eating the", datagram.decode())
        reactor.stop()


reactor.listenUDP(0, Guest())
reactor.run()
