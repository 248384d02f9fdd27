"""A byte of 255 is a command, whatever comes behind it."""

from reactor import reactor
from reactor.protocol import Factory, Protocol

IAC, SE, SB = 255, 240, 250
ANSWERS = {251: 254, 252: None, 253: 252, 254: None}  # WILL, WONT, DO, DONT


class Fax(Protocol):
    state = "picture"

    def dataReceived(self, data):
        for byte in data:
            self.state = getattr(self, self.state)(byte) or self.state

    def picture(self, byte):
        if byte == IAC:
            return "command"
        self.show(byte)
        return "picture"

    def command(self, byte):
        if byte == SB:
            return "about"
        if byte in ANSWERS:
            self.answer = ANSWERS[byte]
            return "option"
        return "picture"

    def option(self, byte):
        if self.answer is not None:
            self.transport.write(bytes([IAC, self.answer, byte]))
        return "picture"

    def about(self, byte):
        return "about_command" if byte == IAC else None

    def about_command(self, byte):
        return "picture" if byte == SE else "about"

    def show(self, byte):
        self.transport.write(b"%02x" % byte)


reactor.listenTCP(7762, Factory.forProtocol(Fax))
reactor.run()
