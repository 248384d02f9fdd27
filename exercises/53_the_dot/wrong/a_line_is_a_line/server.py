"""A line ends with LF, and a CR before it is decoration."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class LetterBox(LineReceiver):
    delimiter = b"\n"
    letter = None

    def lineReceived(self, line):
        line = line.removesuffix(b"\r")
        if self.letter is not None:
            self.text(line)
        elif line == b"DATA":
            self.letter = []
            self.say(b"354 go on")
        elif line == b"QUIT":
            self.say(b"221 bye")
            self.transport.loseConnection()
        else:
            self.say(b"500 what?")

    def say(self, line):
        self.transport.write(line + b"\r\n")

    def text(self, line):
        if line != b".":
            self.letter.append(line[1:] if line.startswith(b".") else line)
            return
        letter, self.letter = b"".join(line + b"|" for line in self.letter), None
        self.say(b"250 " + letter)


reactor.listenTCP(7783, Factory.forProtocol(LetterBox))
reactor.run()
