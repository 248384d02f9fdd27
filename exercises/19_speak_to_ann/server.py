"""A kitchen that speaks to its guests."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    name = None

    def lineReceived(self, line):
        self.name = line


class Kitchen(LineReceiver):
    def lineReceived(self, line):
        name, _, message = line.partition(b" ")
        Guest().sendLine(message)  # TODO: to whom?
        self.sendLine(b"told")


reactor.listenTCP(7771, Factory.forProtocol(Guest))
reactor.listenTCP(7772, Factory.forProtocol(Kitchen))
reactor.run()
