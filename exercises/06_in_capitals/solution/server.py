"""A server that repeats what is said, in capitals."""

import codecs

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Loud(Protocol):
    def __init__(self):
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def dataReceived(self, data):
        try:
            text = self.decoder.decode(data)
        except UnicodeDecodeError:
            self.transport.loseConnection()
            return
        self.transport.write(text.upper().encode())


reactor.listenTCP(7771, Factory.forProtocol(Loud))
reactor.run()
