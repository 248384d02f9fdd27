"""Send back what comes, to try a network with."""

from __future__ import annotations

from dataclasses import dataclass

from reactor.application import strports
from reactor.application.options import option, place
from reactor.application.service import Service
from reactor.protocol import Factory, Protocol


@dataclass
class Options:
    """What it can be told."""

    port: str = option("7", "where to listen: a port, or an endpoint such as tcp:7:interface=127.0.0.1", place)


class Echo(Protocol):
    """Sends back what comes, no faster than it is taken."""

    def connectionMade(self) -> None:
        self.transport.registerProducer(self.transport, True)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


def makeService(options: Options) -> Service:
    """Listens, and echoes."""
    return strports.service(options.port, Factory.forProtocol(Echo))
