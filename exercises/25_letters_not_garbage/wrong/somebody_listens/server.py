"""A producer ends when all was produced."""

from reactor import reactor
from reactor.protocol import Factory, Protocol

PAGES, PAGE_BYTES, PAUSE_S = 40, 12_000, 0.01


def page(number):
    """The text of a page."""
    return (b"page %02d " % number * PAGE_BYTES)[:PAGE_BYTES]


class Dictation(Protocol):
    next_page = 0
    clock = None

    def connectionMade(self):
        self.transport.registerProducer(self, True)
        self.resumeProducing()

    def dictate(self):
        self.clock = reactor.callLater(PAUSE_S, self.dictate)
        self.transport.write(page(self.next_page))
        self.next_page += 1
        if self.next_page == PAGES:
            self.pauseProducing()
            self.transport.unregisterProducer()
            self.transport.loseConnection()

    def pauseProducing(self):
        if self.clock is not None:
            self.clock.cancel()
            self.clock = None

    def resumeProducing(self):
        if self.clock is None and self.next_page < PAGES:
            self.clock = reactor.callLater(PAUSE_S, self.dictate)

    def stopProducing(self):
        """It will soon be done."""


reactor.listenTCP(7771, Factory.forProtocol(Dictation))
reactor.run()
