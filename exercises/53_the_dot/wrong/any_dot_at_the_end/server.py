"""A letter is over when a line ends with a dot."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class LetterBox(LineReceiver):
    letter = None

    def lineReceived(self, line):
        if self.letter is not None:
            self.text(line)
        elif line == b"DATA":
            self.letter = []
            self.sendLine(b"354 go on")
        elif line == b"QUIT":
            self.sendLine(b"221 bye")
            self.transport.loseConnection()
        else:
            self.sendLine(b"500 what?")

    def text(self, line):
        if not line.endswith(b".") or line == b"..":
            self.letter.append(line[1:] if line.startswith(b".") else line)
            return
        letter, self.letter = b"".join(line + b"|" for line in self.letter), None
        is_spoiled = b"\r" in letter or b"\n" in letter
        self.sendLine(b"550 one of them came alone" if is_spoiled else b"250 " + letter)


reactor.listenTCP(7783, Factory.forProtocol(LetterBox))
reactor.run()
