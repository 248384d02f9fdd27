"""UNIX sockets, made by `reactor.listenUNIX` and its sisters. See reactor.transports.unix."""

from reactor.transports.unix import Connector, Port
from reactor.transports.unix_datagrams import ConnectedUNIXDatagramPort as ConnectedDatagramPort
from reactor.transports.unix_datagrams import UNIXDatagramPort as DatagramPort

__all__ = ["ConnectedDatagramPort", "Connector", "DatagramPort", "Port"]
