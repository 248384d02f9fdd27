"""Where to listen and where to connect, as values: a program is passed an endpoint, and need not know its kind.

    endpoint = clientFromString(reactor, "tcp:example.com:80")     # from the command line, say
    connecting = endpoint.connect(factory)                         # a Deferred of the protocol

A server's endpoint has `listen(factory)`, a client's has `connect(factory)`. Each call returns a new Deferred, which
fails if something goes wrong; nothing is raised.
"""

from reactor.endpoints.adopted import AdoptedStreamServerEndpoint
from reactor.endpoints.hostname import HostnameEndpoint
from reactor.endpoints.local import StandardIOEndpoint, UNIXClientEndpoint, UNIXServerEndpoint
from reactor.endpoints.process import ProcessEndpoint, StandardErrorBehavior
from reactor.endpoints.socks import SOCKSClientEndpoint, SocksError
from reactor.endpoints.strings import clientFromString, quoteStringArgument, serverFromString
from reactor.endpoints.tcp import (
    SSL4ClientEndpoint,
    SSL4ServerEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    TCP6ClientEndpoint,
    TCP6ServerEndpoint,
)
from reactor.endpoints.wrapping import connectProtocol, wrapClientTLS, wrapServerTLS

__all__ = [
    "AdoptedStreamServerEndpoint",
    "HostnameEndpoint",
    "ProcessEndpoint",
    "SOCKSClientEndpoint",
    "SSL4ClientEndpoint",
    "SSL4ServerEndpoint",
    "SocksError",
    "StandardErrorBehavior",
    "StandardIOEndpoint",
    "TCP4ClientEndpoint",
    "TCP4ServerEndpoint",
    "TCP6ClientEndpoint",
    "TCP6ServerEndpoint",
    "UNIXClientEndpoint",
    "UNIXServerEndpoint",
    "clientFromString",
    "connectProtocol",
    "quoteStringArgument",
    "serverFromString",
    "wrapClientTLS",
    "wrapServerTLS",
]
