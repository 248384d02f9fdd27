"""A mailbox: letters come in at port 7785, and programs ask for news at port 7784."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

letters = []


class Courier(LineReceiver):
    """Brings letters, a line each."""

    def lineReceived(self, line):
        letters.append(line)  # TODO: who wants to know?
        self.sendLine(b"taken")


class Program(LineReceiver):
    """Asks for news. idles: the tag of its IDLE, or None."""

    idles = None

    def lineReceived(self, line):
        tag, _, command = line.partition(b" ")
        if line == b"DONE" and self.idles is not None:
            self.sendLine(self.idles + b" OK IDLE")
            self.idles = None
        elif command == b"IDLE":
            self.idles = tag
            self.sendLine(b"+ idling")
        elif command == b"NOOP":
            self.sendLine(tag + b" OK NOOP")
        else:
            self.sendLine(tag + b" BAD what?")


reactor.listenTCP(7784, Factory.forProtocol(Program))
reactor.listenTCP(7785, Factory.forProtocol(Courier))
reactor.run()
