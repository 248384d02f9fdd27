"""Takes every letter for four bytes: then it always fits."""

from reactor import reactor
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineReceiver

BEFORE = b":crier!crier@doom.test PRIVMSG #doom :"
LONGEST = 512


class Crier(LineReceiver):
    MAX_LENGTH = 100_000

    def lineReceived(self, line):
        text = line.decode()
        letters = (LONGEST - len(BEFORE) - 2) // 4
        while text:
            piece, text = text[:letters], text[letters:]
            self.sendLine(BEFORE + piece.encode())


reactor.listenTCP(7764, ServerFactory.forProtocol(Crier))
print("crying at port 7764")
reactor.run()
