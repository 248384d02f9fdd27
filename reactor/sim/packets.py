"""What travels between hosts, and how the log shows it."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[str, int]
"""An address and a port, without what the socket module adds for IPv6."""

_HEADERS = 40  # bytes, IPv4 and TCP; the point is that an empty packet takes time too


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a TCP connection (RFC 9293).

    flags: "SYN", "SYN ACK", "ACK", "FIN ACK", "RST" or "RST ACK". seq, ack: from 0 for each direction, and they don't
    wrap. window: how many bytes more the sender of this has room for.
    """

    source: Place
    target: Place
    flags: str
    seq: int
    ack: int
    window: int
    data: bytes = b""

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return _HEADERS + len(self.data)

    def __str__(self) -> str:
        length = f" {len(self.data)} bytes" if self.data else ""
        return f"TCP {_between(self.source, self.target)} {self.flags} seq={self.seq} ack={self.ack}{length}"


@dataclass(frozen=True, slots=True)
class Datagram:
    """A UDP datagram. hops: its time to live: how many networks it may cross."""

    source: Place
    target: Place
    data: bytes
    hops: int = 64

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return _HEADERS + len(self.data)

    def __str__(self) -> str:
        return f"UDP {_between(self.source, self.target)} {len(self.data)} bytes"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A host's report that no socket there takes the datagram `about` (ICMP, RFC 792 and RFC 4443)."""

    about: Datagram

    @property
    def source(self) -> Place:
        """The sender of the report."""
        return self.about.target

    @property
    def target(self) -> Place:
        """The sender of the datagram."""
        return self.about.source

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return _HEADERS

    def __str__(self) -> str:
        return f"ICMP {_between(self.source, self.target)} port unreachable"


Packet = Segment | Datagram | Unreachable


def _between(source: Place, target: Place) -> str:
    return f"{place_text(source)} > {place_text(target)}"


def place_text(place: Place) -> str:
    """An address as text: 10.0.0.1:80, [fd00::1]:80."""
    host, port = place
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
