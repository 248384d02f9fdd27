"""Gives the text all the 510 bytes: the name is the business of the server."""

from reactor import reactor
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineReceiver

BEFORE = b":crier!crier@doom.test PRIVMSG #doom :"
LONGEST = 512


class Crier(LineReceiver):
    MAX_LENGTH = 100_000

    def lineReceived(self, line):
        room = LONGEST - 2
        while line:
            end = min(room, len(line))
            while end < len(line) and line[end] & 0xC0 == 0x80:  # the middle of a letter
                end -= 1
            self.sendLine(BEFORE + line[:end])
            line = line[end:]


reactor.listenTCP(7764, ServerFactory.forProtocol(Crier))
print("crying at port 7764")
reactor.run()
