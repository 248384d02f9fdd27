"""One decoder does for all guests."""

import codecs

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Loud(Protocol):
    decoder = codecs.getincrementaldecoder("utf-8")()

    def dataReceived(self, data):
        try:
            text = self.decoder.decode(data)
        except UnicodeDecodeError:
            self.decoder.reset()
            self.transport.loseConnection()
            return
        self.transport.write(text.upper().encode())


reactor.listenTCP(7771, Factory.forProtocol(Loud))
reactor.run()
