"""0.0.0.anything stands for a name."""

from reactor import reactor
from reactor.endpoints import TCP4ClientEndpoint
from reactor.protocol import Factory, Protocol

GRANTED, REFUSED = 0x5A, 0x5B
MOST = 255  # bytes of a user, or of a name


class Socks(Protocol):
    """The guest's side."""

    other = connecting = None

    def __init__(self):
        self.kept = b""  # what is neither understood nor sent on yet
        self.asked = False

    def dataReceived(self, data):
        self.kept += data
        if self.other:
            self.send_on()
        elif not self.asked:
            self.read_request()

    def read_request(self):
        user, nul, rest = self.kept[8:].partition(b"\0")
        if len(user) > MOST or not b"\4\1".startswith(self.kept[:2]):
            return self.answer(REFUSED)
        if not nul:
            return None
        host = ".".join(map(str, self.kept[4:8]))
        if host.startswith("0.0.0."):
            name, nul, rest = rest.partition(b"\0")
            if len(name) > MOST or (nul and not name) or not name.isascii():
                return self.answer(REFUSED)
            if not nul:
                return None
            host = name.decode()
        return self.connect(host, int.from_bytes(self.kept[2:4], "big"), rest)

    def connect(self, host, port, rest):
        self.asked, self.kept = True, rest
        factory = Factory()
        factory.buildProtocol = lambda addr: Other(self)
        self.connecting = TCP4ClientEndpoint(reactor, host, port).connect(factory)
        self.connecting.addCallbacks(self.joined, self.failed)

    def joined(self, other):
        self.other = other
        self.answer(GRANTED)
        self.send_on()

    def failed(self, reason):
        self.answer(REFUSED)

    def answer(self, code):
        self.transport.write(bytes([0, code, 0, 0, 0, 0, 0, 0]))
        if code == REFUSED:
            self.asked = True
            self.transport.loseConnection()

    def send_on(self):
        self.other.transport.write(self.kept)
        self.kept = b""

    def connectionLost(self, reason):
        if self.other:
            self.other.transport.loseConnection()
        elif self.connecting:
            self.connecting.cancel()


class Other(Protocol):
    """The side of whom the guest wants to reach."""

    def __init__(self, guest):
        self.guest = guest

    def dataReceived(self, data):
        self.guest.transport.write(data)

    def connectionLost(self, reason):
        self.guest.transport.loseConnection()


reactor.listenTCP(1080, Factory.forProtocol(Socks))
reactor.run()
