"""A server that remembers temperatures, and tells their mean."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Memory(Protocol):
    """TODO: take messages of nine bytes, and answer the questions among them."""


reactor.listenTCP(7771, Factory.forProtocol(Memory))
reactor.run()
