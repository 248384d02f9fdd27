"""A SOCKS proxy: versions 4, 4a and 5. The names of `twisted.protocols.socks`, which has the first two.

A client says where it wants to go, and the proxy connects it (CONNECT), lets one peer connect to it (BIND), or carries
its datagrams (UDP ASSOCIATE). `conversation` listens to what it wants, `errands` goes there, `datagrams` carries;
`joining` is the pipe between two connections. Who may go where is for `rules` to say: nobody to this machine itself or
to its link, unless you allow it, by whatever name they call it.

    factory = SOCKSFactory(rules=Rules(allow=["127.0.0.0/8"]), portal=portal)

The client's side is an endpoint, `reactor.endpoints.socks`. Bounds, as attributes: a name has at most 255 bytes; a
request must be there in `requestTimeout` seconds, a connection in `connectTimeout`, the peer of a BIND in
`bindTimeout`; an association serves at most `MOST_PEERS` peers at a time, and a factory `maxConnections` clients.
"""

from reactor.protocols.socks.errands import SOCKSProtocol
from reactor.protocols.socks.factories import SOCKSFactory, SOCKSv4, SOCKSv4Factory
from reactor.protocols.socks.joining import SOCKSv4Incoming, SOCKSv4IncomingFactory, SOCKSv4Outgoing
from reactor.protocols.socks.rules import IProxyUser, ProxyRealm, Rules

__all__ = [
    "IProxyUser",
    "ProxyRealm",
    "Rules",
    "SOCKSFactory",
    "SOCKSProtocol",
    "SOCKSv4",
    "SOCKSv4Factory",
    "SOCKSv4Incoming",
    "SOCKSv4IncomingFactory",
    "SOCKSv4Outgoing",
]
