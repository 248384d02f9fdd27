"""A letter box: it takes letters as mail servers do, and reads them back."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class LetterBox(LineReceiver):
    letter = b""

    def lineReceived(self, line):
        if line == b"DATA":
            self.letter = b""
            self.sendLine(b"354 go on")
            self.setRawMode()
        elif line == b"QUIT":
            self.sendLine(b"221 bye")
            self.transport.loseConnection()
        else:
            self.sendLine(b"500 what?")

    def rawDataReceived(self, data):
        # TODO: dots in letters, and pieces that are cut anywhere
        self.letter += data
        if self.letter.endswith(b".\r\n"):
            text = self.letter[:-3]
            self.sendLine(b"250 " + text.replace(b"\r\n", b"|"))
            self.setLineMode()


reactor.listenTCP(7783, Factory.forProtocol(LetterBox))
reactor.run()
