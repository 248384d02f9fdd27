"""Order a starter and a main course, each on a connection of its own, and eat them as they come."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol

COURSES = [b"soup", b"roast"]


class Order(Protocol):
    def connectionMade(self):
        self.plate = b""
        self.transport.write(self.factory.course)

    def dataReceived(self, data):
        self.plate += data
        if self.plate == self.factory.course:
            self.transport.loseConnection()

    def connectionLost(self, reason):
        serve(self.plate)


class Kitchen(ClientFactory):
    protocol = Order

    def __init__(self, course):
        self.course = course


served = []


def serve(plate):
    served.append(plate)
    print(len(served), plate.decode())
    if len(served) == len(COURSES):
        reactor.stop()


for course in COURSES:
    reactor.connectTCP("127.0.0.1", 7771, Kitchen(course))
reactor.run()
