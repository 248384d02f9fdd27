"""NMEA in datagrams, as boats have it on their networks: each has whole sentences, and nobody knows who listens.

port = reactor.listenUDP(10110, NMEADatagrams(NMEAProtocol(NMEAAdapter(Boat()))))           hears
talker = NMEADatagrams(to=("<broadcast>", 10110)); reactor.listenUDP(0, talker)             talker.tell(sentences)
"""

from __future__ import annotations

from typing import Any

from reactor import log
from reactor.error import NotListeningError
from reactor.positioning.nmea import NMEAProtocol
from reactor.protocol import DatagramProtocol


class NMEADatagrams(DatagramProtocol):
    """Hands sentences that come to an NMEAProtocol, and sends others.

    hearer: gets the lines of each datagram; what is cut at its end is dropped, so that two senders don't mix.
    to: host and port, where `tell` sends; ("<broadcast>", 10110) is everybody on the network.
    """

    def __init__(self, hearer: NMEAProtocol | None = None, to: tuple[str, int] | None = None) -> None:
        self.hearer, self.to = hearer, to

    def startProtocol(self) -> None:
        """There is a port. Called by the reactor."""
        if self.to is not None:
            self.transport.setBroadcastAllowed(True)

    def datagramReceived(self, data: bytes, addr: Any) -> None:
        """Some sentences came. Called by the reactor."""
        for line in data.splitlines():
            if self.hearer is not None and len(line) <= self.hearer.MAX_LENGTH:
                self.hearer.lineReceived(line)

    def tell(self, sentences: bytes) -> None:
        """Send sentences in one datagram. What can't go now is logged, and gone, as any datagram may be."""
        try:
            self.transport.write(sentences, self.to)
        except (OSError, NotListeningError):
            log.err(None, f"no datagram goes to {self.to}")
