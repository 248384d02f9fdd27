"""The servers that benchmarks/names.py loads: one zone over UDP, as users of each library would write it.

    python benchmarks/names_servers.py reactor|twisted|dnspython ZONEFILE PORT

Each prints "ready" when it listens at 127.0.0.1, and serves until it is killed.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

ORIGIN = "bench.test"


def serve_reactor(path: str, port: int) -> None:
    from reactor import reactor
    from reactor.names import dns
    from reactor.names.authority import BindAuthority
    from reactor.names.server import DNSServerFactory

    factory = DNSServerFactory([BindAuthority(path, ORIGIN)])
    reactor.listenUDP(port, dns.DNSDatagramProtocol(factory), interface="127.0.0.1")
    print("ready", flush=True)
    reactor.run()


def serve_twisted(path: str, port: int) -> None:
    from twisted.internet import reactor
    from twisted.names import dns
    from twisted.names.authority import FileAuthority
    from twisted.names.server import DNSServerFactory

    class Zone(FileAuthority):
        """The zone file, whose syntax is simple here: Twisted's reader takes the name of the file for the zone's."""

        def loadFile(self, filename: str) -> None:
            self.soa = (ORIGIN.encode(), dns.Record_SOA(b"ns1", b"root", 1, 3600, 600, 86400, 60, ttl=300))
            self.records = {ORIGIN.encode(): [self.soa[1]]}
            with open(filename) as file:
                for name, _, kind, address in (line.split() for line in file if line.count(" ") == 3):
                    if kind == "A":
                        self.records[f"{name}.{ORIGIN}".encode()] = [dns.Record_A(address, ttl=300)]

    factory = DNSServerFactory([Zone(path)])
    reactor.listenUDP(port, dns.DNSDatagramProtocol(factory), interface="127.0.0.1")  # type: ignore[attr-defined]
    print("ready", flush=True)
    reactor.run()  # type: ignore[attr-defined]


def serve_dnspython(path: str, port: int) -> None:
    import dns.flags
    import dns.message
    import dns.zone

    zone = dns.zone.from_file(path, ORIGIN, relativize=False)

    class Names(asyncio.DatagramProtocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport
            print("ready", flush=True)

        def datagram_received(self, data: bytes, address: Any) -> None:
            query = dns.message.from_wire(data)
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.AA
            question = query.question[0]
            answer.answer.append(zone.find_rrset(question.name, question.rdtype))
            self.transport.sendto(answer.to_wire(), address)

    async def serve() -> None:
        await asyncio.get_running_loop().create_datagram_endpoint(Names, ("127.0.0.1", port))
        await asyncio.get_running_loop().create_future()  # never done: until we are killed

    asyncio.run(serve())


if __name__ == "__main__":
    {"reactor": serve_reactor, "twisted": serve_twisted, "dnspython": serve_dnspython}[sys.argv[1]](
        sys.argv[2], int(sys.argv[3])
    )
