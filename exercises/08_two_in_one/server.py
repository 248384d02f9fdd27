from reactor import reactor
from reactor.protocol import Factory, Protocol


class Kitchen(Protocol):
    def __init__(self):
        self.rest = b""  # TODO

    def dataReceived(self, data):
        orders = []
        for order in orders:
            if order == b"nothing":
                self.transport.loseConnection()
                return
            self.transport.write(b"one " + order + b"\r\n")


reactor.listenTCP(7771, Factory.forProtocol(Kitchen))
reactor.run()
