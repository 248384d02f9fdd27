"""A server that counts the letters of each line."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Counting(LineReceiver):
    delimiter = b"\r\n"
    MAX_LENGTH = 1000

    def lineReceived(self, line):
        self.sendLine(b"%d" % len(line))

    def lineLengthExceeded(self, line):
        self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Counting))
reactor.run()
