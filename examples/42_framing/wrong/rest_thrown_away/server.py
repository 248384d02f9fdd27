"""A post office: postcards are lines, and a parcel is raw bytes."""

from reactor import reactor
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineReceiver


class PostOffice(LineReceiver):
    def lineReceived(self, line):
        if line.startswith(b"parcel "):
            self.parcel, self.size = b"", int(line[7:])
            self.setRawMode()
        else:
            print("a postcard:", line.decode())

    def rawDataReceived(self, data):
        self.parcel += data
        if len(self.parcel) >= self.size:
            rest = self.parcel[self.size :]
            print("a parcel:", self.parcel[: self.size])
            self.setLineMode()

    def lineLengthExceeded(self, line):
        print("not a postcard, and no end in sight")
        self.transport.loseConnection()


reactor.listenTCP(7788, ServerFactory.forProtocol(PostOffice))
reactor.run()
