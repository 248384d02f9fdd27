"""Send back what comes, to test a network."""

from __future__ import annotations

from dataclasses import dataclass

from reactor.application import strports
from reactor.application.options import option, place
from reactor.application.service import Service
from reactor.protocol import Factory, Protocol


@dataclass
class Options:
    """The options of `reactord echo`."""

    port: str = option("7", "where to listen: a port, or an endpoint such as tcp:7:interface=127.0.0.1", place)


class Echo(Protocol):
    """Sends back what comes, no faster than the client reads it."""

    def connectionMade(self) -> None:
        self.transport.registerProducer(self.transport, True)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


def makeService(options: Options) -> Service:
    """A service that listens, and echoes."""
    return strports.service(options.port, Factory.forProtocol(Echo))
