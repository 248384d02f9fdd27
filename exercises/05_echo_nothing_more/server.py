"""A server that sends back what comes."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Echo(Protocol):
    """TODO: send back what comes, also to a guest who has closed his half."""


reactor.listenTCP(7771, Factory.forProtocol(Echo))
reactor.run()
