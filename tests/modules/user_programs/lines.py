"""A chat: lines, a factory of its own, an override without the default, a producer, time."""

from reactor import reactor
from reactor.failure import Failure
from reactor.interfaces import IAddress, IDelayedCall
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver
from reactor.protocols.policies import TimeoutMixin


class Numbers:
    """A push producer of the program's own."""

    def __init__(self, guest: "Guest") -> None:
        self.guest = guest
        self.number = 0

    def resumeProducing(self) -> None:
        self.guest.sendLine(b"%d" % self.number)

    def pauseProducing(self) -> None: ...
    def stopProducing(self) -> None: ...


class Guest(LineReceiver, TimeoutMixin):
    factory: "Chat"
    delimiter = b"\n"
    bell: IDelayedCall | None = None

    def __init__(self, name: str) -> None:
        self.name = name

    def connectionMade(self) -> None:
        self.factory.guests.append(self)
        self.setTimeout(60)
        self.bell = reactor.callLater(1.5, self.sendLine, b"the bell")
        self.transport.registerProducer(Numbers(self), streaming=True)

    def lineReceived(self, line: bytes) -> None:
        self.resetTimeout()
        for guest in self.factory.guests:
            guest.sendLine(self.name.encode() + b": " + line)

    def connectionLost(self, reason: Failure) -> None:
        super().connectionLost(reason)
        self.factory.guests.remove(self)
        if self.bell is not None and self.bell.active():
            self.bell.cancel()


class Chat(Factory):
    def __init__(self) -> None:
        self.guests: list[Guest] = []

    def buildProtocol(self, addr: IAddress) -> Guest | None:
        if len(self.guests) > 9:
            return None
        guest = Guest(f"guest {len(self.guests)}")
        guest.factory = self
        return guest


reactor.listenTCP(7772, Chat())
reactor.run()
