"""Connecting through a SOCKS proxy. `wire` has the bytes, which the proxy in `reactor.protocols.socks` speaks too."""

from reactor.endpoints.socks.client import SOCKSClientEndpoint
from reactor.endpoints.socks.wire import SocksError

__all__ = ["SOCKSClientEndpoint", "SocksError"]
