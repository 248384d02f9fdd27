"""TCP, made by `reactor.listenTCP` and `connectTCP`. See reactor.transports.tcp; both ends are of one class here."""

from reactor.transports.tcp import Connection, Connector, Port

Client = Server = Connection

__all__ = ["Client", "Connection", "Connector", "Port", "Server"]
