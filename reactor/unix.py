"""UNIX sockets, made by `reactor.listenUNIX` and its sisters. See reactor.core.transports.unix."""

from reactor.core.transports.unix import Connection, Connector, Port
from reactor.core.transports.unix_datagrams import ConnectedUNIXDatagramPort as ConnectedDatagramPort
from reactor.core.transports.unix_datagrams import UNIXDatagramPort as DatagramPort

Client = Server = Connection

__all__ = ["Client", "ConnectedDatagramPort", "Connector", "DatagramPort", "Port", "Server"]
