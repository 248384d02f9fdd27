"""Sends the menu, which is a file, to readers of any speed."""

from menu import open_menu

from reactor import reactor
from reactor.protocol import Factory, Protocol

PIECE_BYTES = 16_384


class Reader(Protocol):
    def connectionMade(self):
        self.file, self.is_paused = open_menu(), False
        self.transport.registerProducer(self, True)
        self.resumeProducing()

    def resumeProducing(self):
        self.is_paused = False
        while not self.is_paused:
            piece = self.file.read(PIECE_BYTES)
            if not piece:
                self.file.close()
                self.transport.unregisterProducer()
                self.transport.loseConnection()
                return
            self.transport.write(piece)

    def pauseProducing(self):
        self.is_paused = True

    def stopProducing(self):
        self.is_paused = True  # TODO: and the file?


reactor.listenTCP(7771, Factory.forProtocol(Reader))
reactor.run()
