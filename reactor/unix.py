"""UNIX sockets, made by `reactor.listenUNIX` and its sisters. See reactor.transports.unix."""

from reactor.transports.unix import Connection, Connector, Port
from reactor.transports.unix_datagrams import ConnectedUNIXDatagramPort as ConnectedDatagramPort
from reactor.transports.unix_datagrams import UNIXDatagramPort as DatagramPort

Client = Server = Connection

__all__ = ["Client", "ConnectedDatagramPort", "Connector", "DatagramPort", "Port", "Server"]
