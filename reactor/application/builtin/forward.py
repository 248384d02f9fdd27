"""Forward connections to another server."""

from __future__ import annotations

from dataclasses import dataclass

from reactor.application import strports
from reactor.application.options import option, place
from reactor.application.service import Service
from reactor.protocols.portforward import ProxyFactory


def destination(text: str) -> tuple[str, int]:
    """Host and port of a text HOST:PORT; an IPv6 address is in brackets. Raises ValueError for another text."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isdecimal() and 0 < int(port) <= 65535):
        raise ValueError("HOST:PORT, as in mail.example.com:25")
    return host, int(port)


@dataclass
class Options:
    """The options of `reactord forward`."""

    to: tuple[str, int] = option(help="the server to go to, as HOST:PORT", parse=destination)
    port: str = option("2525", "where to listen: a port, or an endpoint such as tcp:25:interface=127.0.0.1", place)


def makeService(options: Options) -> Service:
    """A service that listens, and forwards."""
    return strports.service(options.port, ProxyFactory(*options.to))
