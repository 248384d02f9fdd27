"""A name server for one zone, which is in a file of its own."""

from reactor import reactor
from reactor.names import dns
from reactor.names.authority import PySourceAuthority
from reactor.names.server import DNSServerFactory

# [serve]
names = DNSServerFactory([PySourceAuthority("kitchen.zone")])
reactor.listenUDP(7812, dns.DNSDatagramProtocol(names))
# [/serve]
print("names on UDP port 7812")
reactor.run()
