"""UDP ports, made by `reactor.listenUDP` and `listenMulticast`. See reactor.core.transports.udp."""

from reactor.core.transports.multicast import MulticastPort
from reactor.core.transports.udp import Port

__all__ = ["MulticastPort", "Port"]
