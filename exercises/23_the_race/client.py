"""Asks several addresses of a house for the menu."""

import sys

from reactor import reactor
from reactor.endpoints import TCP4ClientEndpoint
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Menu(LineReceiver):
    def lineReceived(self, line):
        print(line.decode())
        reactor.stop()


class Race:
    def __init__(self, addresses):
        self.addresses = addresses

    def next(self):
        """TODO: one after the other is too slow."""
        if not self.addresses:
            print("nobody")
            reactor.stop()
            return
        endpoint = TCP4ClientEndpoint(reactor, self.addresses.pop(0), 7771, timeout=5)
        endpoint.connect(Factory.forProtocol(Menu)).addErrback(lambda reason: self.next())


reactor.callWhenRunning(Race(sys.argv[1:]).next)
reactor.run()
