"""Send a file a piece at a time, each piece when the reader has room for it."""

from tempfile import TemporaryFile

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory

SIZE = 1_000_000


class FileProducer:
    def __init__(self, file, transport):
        self.file = file
        self.transport = transport  # the consumer
        self.pieces = 0
        transport.registerProducer(self, True)

    def resumeProducing(self):
        piece = self.file.read(16_384)
        if piece:
            self.pieces += 1
            self.transport.write(piece)
        else:
            print("sent it in", self.pieces, "pieces")
            self.transport.unregisterProducer()
            self.transport.loseConnection()

    def stopProducing(self):
        print("the reader has left")


class SendFile(Protocol):
    def connectionMade(self):
        self.file = TemporaryFile()
        self.file.write(b"x" * SIZE)
        self.file.seek(0)
        FileProducer(self.file, self.transport)

    def connectionLost(self, reason):
        self.file.close()


reactor.listenTCP(7781, ServerFactory.forProtocol(SendFile))
print("listening on port 7781")
reactor.run()
