"""UDP ports, made by `reactor.listenUDP` and `listenMulticast`. See reactor.transports.udp."""

from reactor.transports.multicast import MulticastPort
from reactor.transports.udp import Port

__all__ = ["MulticastPort", "Port"]
