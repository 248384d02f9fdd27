"""Packets of a simulated world, in a file for Wireshark and tshark.

The simulated network knows what a program can notice: which bytes go from where to where, TCP's flags, places, windows.
Here these become packets as they would be on a wire, with their headers and checksums. The file is the classic pcap
with times in nanoseconds; each packet begins with its IP header (LINKTYPE_RAW), since there are no Ethernet cards here.
It has what a listener beside every sender would hear: also packets that are lost on their way.

Sources: RFC 791 and 8200 (IP), 9293 (TCP), 7323 (window scale), 768 (UDP), 792 and 4443 (ICMP), 1071 (checksums);
https://www.ietf.org/archive/id/draft-gharris-opsawg-pcap-01.html (the file).
"""

from __future__ import annotations

import ipaddress
import os
import struct
from collections.abc import Iterable

from reactor.sim.packets import Datagram, Packet, Place, Segment, Unreachable

_MAGIC = 0xA1B23C4D  # nanoseconds
_LINKTYPE_RAW = 101
_LONGEST = 262144
_EPOCH_S = 1048672800  # the time of day in simulated programs when a world begins: see sim/program.py

_TCP, _UDP, _ICMP, _ICMP6 = 6, 17, 1, 58
_FLAGS = {"FIN": 1, "SYN": 2, "RST": 4, "PSH": 8, "ACK": 16}
_WINDOW_SCALE = 7
_PORT_UNREACHABLE = {4: (3, 3), 6: (1, 4)}  # type and code


def write(path: str | os.PathLike[str], packets: Iterable[tuple[float, Packet]]) -> None:
    """Write packets, each with the second at which it left. Raises OSError."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", _MAGIC, 2, 4, 0, 0, _LONGEST, _LINKTYPE_RAW))
        for number, (seconds, packet) in enumerate(packets):
            content = on_the_wire(packet, number)
            whole, nanoseconds = divmod(round(seconds * 1_000_000_000), 1_000_000_000)
            file.write(struct.pack("<IIII", _EPOCH_S + whole, nanoseconds, len(content), len(content)))
            file.write(content)


def on_the_wire(packet: Packet, number: int = 0) -> bytes:
    """The bytes of a packet, from its IP header on. number: the identification that IPv4 requires."""
    hops = packet.hops if isinstance(packet, Datagram) else 64
    if isinstance(packet, Segment):
        return _ip(packet.source, packet.target, _TCP, _tcp(packet), number, hops)
    if isinstance(packet, Datagram):
        return _ip(packet.source, packet.target, _UDP, _udp(packet), number, hops)
    return _ip(packet.source, packet.target, *_unreachable(packet), number, hops)


def _ip(source: Place, target: Place, protocol: int, payload: bytes, number: int, hops: int) -> bytes:
    here, there = ipaddress.ip_address(source[0]), ipaddress.ip_address(target[0])
    if here.version == 6:
        header = struct.pack(">IHBB", 6 << 28, len(payload), protocol, hops)
        return header + here.packed + there.packed + payload
    dont_fragment = 0x4000
    header = struct.pack(
        ">BBHHHBBH4s4s",
        *(0x45, 0, 20 + len(payload), number & 0xFFFF, dont_fragment, hops, protocol, 0, here.packed, there.packed),
    )
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:] + payload


def _tcp(segment: Segment) -> bytes:
    flags = sum(_FLAGS[flag] for flag in segment.flags.split())
    opens = "SYN" in segment.flags
    options = struct.pack(">BBHBBBB", 2, 4, _largest(segment), 1, 3, 3, _WINDOW_SCALE) if opens else b""
    if segment.data:
        flags |= _FLAGS["PSH"]
    window = segment.window if opens else segment.window >> _WINDOW_SCALE  # it is never scaled in a SYN
    header = struct.pack(
        ">HHIIBBHHH",
        *(segment.source[1], segment.target[1], segment.seq & 0xFFFFFFFF, segment.ack & 0xFFFFFFFF),
        *((20 + len(options)) // 4 << 4, flags, min(window, 0xFFFF), 0, 0),
    )
    whole = header + options + segment.data
    found = checksum(_pseudo_header(segment.source, segment.target, _TCP, len(whole)) + whole)
    return whole[:16] + struct.pack(">H", found) + whole[18:]


def _largest(segment: Segment) -> int:
    """The maximum segment size to announce, which our packets don't have: as on Linux, and on Ethernet."""
    return 65495 if segment.source[0] == segment.target[0] else 1460


def _udp(datagram: Datagram) -> bytes:
    size = 8 + len(datagram.data)
    whole = struct.pack(">HHHH", datagram.source[1], datagram.target[1], size, 0) + datagram.data
    found = checksum(_pseudo_header(datagram.source, datagram.target, _UDP, size) + whole)
    return whole[:6] + struct.pack(">H", found or 0xFFFF) + whole[8:]  # 0 would mean "no checksum"


def _unreachable(news: Unreachable) -> tuple[int, bytes]:
    """The protocol and its bytes: what it is about comes along, cut off behind the UDP header."""
    version = ipaddress.ip_address(news.source[0]).version
    about = on_the_wire(news.about)[: (40 if version == 6 else 20) + 8]
    whole = struct.pack(">BBHI", *_PORT_UNREACHABLE[version], 0, 0) + about
    pseudo = _pseudo_header(news.source, news.target, _ICMP6, len(whole)) if version == 6 else b""
    return _ICMP6 if version == 6 else _ICMP, whole[:2] + struct.pack(">H", checksum(pseudo + whole)) + whole[4:]


def _pseudo_header(source: Place, target: Place, protocol: int, size: int) -> bytes:
    """The pseudo-header, which the checksum covers too (RFC 9293, section 3.1; RFC 8200, section 8.1)."""
    here, there = ipaddress.ip_address(source[0]), ipaddress.ip_address(target[0])
    layout = ">II" if here.version == 6 else ">HH"
    numbers = (size, protocol) if here.version == 6 else (protocol, size)
    return here.packed + there.packed + struct.pack(layout, *numbers)


def checksum(data: bytes) -> int:
    """The ones' complement of the ones' complement sum of 16-bit words (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
