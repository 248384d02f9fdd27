"""Reads pcap files back, and adds up every checksum in a way of its own: over all that it covers, it must be 0xFFFF."""

import ipaddress
import struct
from dataclasses import dataclass


@dataclass
class Packet:
    """One packet of a file. seconds: when. protocol: of IP. flags: TCP's, as a set of names."""

    seconds: float
    source: tuple
    target: tuple
    protocol: str
    data: bytes
    flags: frozenset = frozenset()
    seq: int = 0
    ack: int = 0


NAMES = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6"}
FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK")


def read(path):
    """Every packet of a file; fails if anything in it is not as it should be."""
    content = path.read_bytes()
    magic, major, minor, _, _, longest, linktype = struct.unpack("<IHHiIII", content[:24])
    assert (magic, major, minor, linktype) == (0xA1B23C4D, 2, 4, 101)
    packets, at = [], 24
    while at < len(content):
        seconds, nanoseconds, kept, size = struct.unpack("<IIII", content[at : at + 16])
        assert kept == size <= longest and nanoseconds < 1_000_000_000
        packets.append(parse(content[at + 16 : at + 16 + size], seconds + nanoseconds / 1e9))
        at += 16 + size
    assert at == len(content)
    return packets


def parse(raw, seconds):
    if raw[0] >> 4 == 6:
        size, protocol, here, there, payload = *struct.unpack(">HB", raw[4:7]), raw[8:24], raw[24:40], raw[40:]
        assert size == len(payload)
    else:
        assert raw[0] == 0x45 and total(raw[:20]) == 0xFFFF
        assert struct.unpack(">H", raw[2:4])[0] == len(raw)
        protocol, here, there, payload = raw[9], raw[12:16], raw[16:20], raw[20:]
    name = NAMES[protocol]
    pseudo = here + there + struct.pack(">II", len(payload), protocol) if name != "ICMP" else b""
    assert total(pseudo + payload) == 0xFFFF, f"the checksum of {name} is wrong"
    addresses = str(ipaddress.ip_address(here)), str(ipaddress.ip_address(there))
    return {"TCP": tcp, "UDP": udp}.get(name, icmp)(seconds, addresses, name, payload)


def total(data):
    """The ones' complement sum, which Python's big numbers do at once: 65536 is 1 modulo 65535."""
    number = int.from_bytes(data + b"\0" * (len(data) % 2), "big")
    return number % 0xFFFF or (0xFFFF if number else 0)


def tcp(seconds, addresses, name, payload):
    source, target, seq, ack, offset, bits = struct.unpack(">HHIIBB", payload[:14])
    flags = frozenset(flag for number, flag in enumerate(FLAGS) if bits >> number & 1)
    ends = (addresses[0], source), (addresses[1], target)
    return Packet(seconds, *ends, name, payload[(offset >> 4) * 4 :], flags, seq, ack)


def udp(seconds, addresses, name, payload):
    source, target, size = struct.unpack(">HHH", payload[:6])
    assert size == len(payload)
    return Packet(seconds, (addresses[0], source), (addresses[1], target), name, payload[8:])


def icmp(seconds, addresses, name, payload):
    assert (payload[0], payload[1]) == {"ICMP": (3, 3), "ICMPv6": (1, 4)}[name]
    return Packet(seconds, (addresses[0], None), (addresses[1], None), name, payload[8:])
