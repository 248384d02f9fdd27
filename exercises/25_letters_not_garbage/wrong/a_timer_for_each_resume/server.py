"""A call of `resumeProducing` begins, and nothing else is there."""

from reactor import reactor
from reactor.protocol import Factory, Protocol

PAGES, PAGE_BYTES, PAUSE_S = 40, 12_000, 0.01


def page(number):
    """The text of a page."""
    return (b"page %02d " % number * PAGE_BYTES)[:PAGE_BYTES]


class Dictation(Protocol):
    next_page = 0
    clock = None
    is_paused = False

    def connectionMade(self):
        self.transport.registerProducer(self, True)
        self.resumeProducing()

    def dictate(self):
        if self.next_page == PAGES:
            return
        self.clock = reactor.callLater(PAUSE_S, self.dictate)
        if self.is_paused:
            return
        self.transport.write(page(self.next_page))
        self.next_page += 1
        if self.next_page == PAGES:
            self.stopProducing()
            self.transport.unregisterProducer()
            self.transport.loseConnection()

    def pauseProducing(self):
        self.is_paused = True

    def resumeProducing(self):
        self.is_paused = False
        if self.next_page < PAGES:
            self.clock = reactor.callLater(PAUSE_S, self.dictate)

    def stopProducing(self):
        self.next_page = PAGES


reactor.listenTCP(7771, Factory.forProtocol(Dictation))
reactor.run()
