"""A command is 255 and one byte; the option is part of the picture."""

from reactor import reactor
from reactor.protocol import Factory, Protocol

IAC, SE, SB = 255, 240, 250
ANSWERS = (251, 252, 253, 254)  # WILL, WONT, DO, DONT


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
        if byte == IAC:
            self.show(byte)
        elif byte == SB:
            return "about"
        elif byte in ANSWERS:
            pass
        return "picture"

    def about(self, byte):
        return "about_command" if byte == IAC else None

    def about_command(self, byte):
        return "picture" if byte == SE else "about"

    def show(self, byte):
        self.transport.write(b"%02x" % byte)


reactor.listenTCP(7762, Factory.forProtocol(Fax))
reactor.run()
