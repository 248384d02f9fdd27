"""Be a SOCKS proxy, versions 4, 4a and 5."""

from __future__ import annotations

from dataclasses import dataclass

from reactor.application import strports
from reactor.application.options import option, place
from reactor.application.service import Service
from reactor.cred.portal import Portal
from reactor.cred.strcred import makeChecker
from reactor.protocols.socks import ProxyRealm, Rules, SOCKSFactory


def auth(text: str) -> str:
    """A description of a checker. Raises ValueError for one that can't be used."""
    makeChecker(text)
    return text


@dataclass
class Options:
    """The options of `reactord socks`."""

    port: str = option(
        "tcp:1080:interface=127.0.0.1", "where to listen: a port (of all interfaces), or an endpoint", place
    )
    auth: str | None = option(None, "who may log in: file:passwd, memory:alice:secret; without it, everybody", auth)
    allow: list[str] = option([], "a network on this machine or its link that is open all the same: 127.0.0.0/8:8080")
    deny: list[str] = option([], "a network or name that is shut: 10.0.0.0/8, *.example.org, *:25")
    only: list[str] = option([], "a network or name that is open, and all others are shut")
    clients: list[str] = option([], "a network that clients may come from; without it, all")

    def __post_init__(self) -> None:
        self.rules = Rules(self.allow, self.deny, self.only, self.clients)


def makeService(options: Options) -> Service:
    """A service that listens, and forwards."""
    portal = None
    if options.auth is not None:
        portal = Portal(ProxyRealm(options.rules), [makeChecker(options.auth)])
    return strports.service(options.port, SOCKSFactory(options.rules, portal))
