"""Cries what it is told, in lines that IRC has room for."""

from reactor import reactor
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineReceiver

BEFORE = b":crier!crier@doom.test PRIVMSG #doom :"
LONGEST = 512


class Crier(LineReceiver):  # TODO: letters have more than one byte
    MAX_LENGTH = 100_000

    def lineReceived(self, line):
        text = line.decode()
        while text:
            piece, text = text[:400], text[400:]
            self.sendLine(BEFORE + piece.encode())


reactor.listenTCP(7764, ServerFactory.forProtocol(Crier))
print("crying at port 7764")
reactor.run()
