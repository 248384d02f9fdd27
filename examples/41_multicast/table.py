"""A table that listens for the bell, and answers whoever rings it."""

import sys

from reactor import reactor
from reactor.protocol import DatagramProtocol


class Table(DatagramProtocol):
    def __init__(self, name):
        self.name = name
        self.has_heard = False

    def startProtocol(self):
        self.transport.joinGroup("239.255.77.86", "127.0.0.1")
        print(self.name, "is hungry")

    def datagramReceived(self, datagram, cook):
        if not self.has_heard:
            print(self.name, "hears:", datagram.decode())
        self.has_heard = True
        self.transport.write(self.name.encode(), cook)


reactor.listenMulticast(7786, Table(sys.argv[1]), listenMultiple=True)
reactor.run()
