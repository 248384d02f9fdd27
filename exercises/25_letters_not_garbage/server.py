"""Dictates a long letter, a page at a time, to readers of any speed."""

from reactor import reactor
from reactor.protocol import Factory, Protocol

PAGES, PAGE_BYTES, PAUSE_S = 40, 12_000, 0.01


def page(number):
    """The text of a page."""
    return (b"page %02d " % number * PAGE_BYTES)[:PAGE_BYTES]


class Dictation(Protocol):
    next_page = 0
    is_paused = False

    def connectionMade(self):
        self.transport.registerProducer(self, True)
        self.dictate()

    def dictate(self):
        if not self.is_paused:  # TODO: and the page?
            self.transport.write(page(self.next_page))
        self.next_page += 1
        if self.next_page < PAGES:
            reactor.callLater(PAUSE_S, self.dictate)
        else:
            self.transport.unregisterProducer()
            self.transport.loseConnection()

    def pauseProducing(self):
        self.is_paused = True

    def resumeProducing(self):
        self.is_paused = False

    def stopProducing(self):
        self.is_paused = True  # TODO: who dictates on, and to whom?


reactor.listenTCP(7771, Factory.forProtocol(Dictation))
reactor.run()
