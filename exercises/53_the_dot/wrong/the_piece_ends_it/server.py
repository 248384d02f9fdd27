"""The end of a letter comes at the end of a piece."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class LetterBox(LineReceiver):
    letter = None

    def lineReceived(self, line):
        if line == b"DATA":
            self.letter = b"\r\n"
            self.sendLine(b"354 go on")
            self.setRawMode()
        elif line == b"QUIT":
            self.sendLine(b"221 bye")
            self.transport.loseConnection()
        else:
            self.sendLine(b"500 what?")

    def rawDataReceived(self, data):
        self.letter += data
        if self.letter.endswith(b"\r\n.\r\n"):
            letter = self.letter[2:-3].replace(b"\r\n.", b"\r\n").removeprefix(b".").replace(b"\r\n", b"|")
            is_spoiled = b"\r" in letter or b"\n" in letter
            self.sendLine(b"550 one of them came alone" if is_spoiled else b"250 " + letter)
            self.setLineMode()


reactor.listenTCP(7783, Factory.forProtocol(LetterBox))
reactor.run()
