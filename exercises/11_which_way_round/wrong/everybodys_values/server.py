"""What the server knows, all may know."""

import struct

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Memory(Protocol):
    values = {}

    def __init__(self):
        self.kept = b""

    def dataReceived(self, data):
        self.kept += data
        while len(self.kept) >= 9:
            letter, one, two = struct.unpack("!cii", self.kept[:9])
            self.kept = self.kept[9:]
            if letter == b"I":
                self.values[one] = two
            elif letter == b"Q":
                found = [value for time, value in self.values.items() if one <= time <= two]
                self.transport.write(struct.pack("!i", sum(found) // len(found) if found else 0))
            else:
                self.transport.loseConnection()
                return


reactor.listenTCP(7771, Factory.forProtocol(Memory))
reactor.run()
