"""TCP, made by `reactor.listenTCP` and `connectTCP`. Both ends are of one class: see reactor.core.transports.tcp."""

from reactor.core.transports.tcp import Connection, Connector, Port

Client = Server = Connection

__all__ = ["Client", "Connection", "Connector", "Port", "Server"]
