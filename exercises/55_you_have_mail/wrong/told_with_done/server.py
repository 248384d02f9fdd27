"""The program asks with DONE, and gets the news as its answer."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

letters, programs = [], []


class Courier(LineReceiver):
    """Brings letters, a line each."""

    def lineReceived(self, line):
        letters.append(line)
        self.sendLine(b"taken")


class Program(LineReceiver):
    """Asks for news. idles: the tag of its IDLE, or None."""

    idles = None

    def connectionMade(self):
        self.told = len(letters)
        programs.append(self)

    def connectionLost(self, reason):
        programs.remove(self)

    def tell(self):
        if self.told != len(letters):
            self.told = len(letters)
            self.sendLine(b"* %d EXISTS" % self.told)

    def lineReceived(self, line):
        tag, _, command = line.partition(b" ")
        if line == b"DONE" and self.idles is not None:
            self.tell()
            self.sendLine(self.idles + b" OK IDLE")
            self.idles = None
        elif command == b"IDLE":
            self.idles = tag
            self.sendLine(b"+ idling")
            self.tell()
        elif command == b"NOOP":
            self.tell()
            self.sendLine(tag + b" OK NOOP")
        else:
            self.sendLine(tag + b" BAD what?")


reactor.listenTCP(7784, Factory.forProtocol(Program))
reactor.listenTCP(7785, Factory.forProtocol(Courier))
reactor.run()
