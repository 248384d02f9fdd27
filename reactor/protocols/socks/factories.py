"""What builds the proxy's side of each connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reactor import log
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.policies.limits import LimitedFactory
from reactor.protocols.policies.logins import LoginLimits
from reactor.protocols.socks.errands import SOCKSProtocol
from reactor.protocols.socks.rules import IProxyUser, Rules


class SOCKSFactory(LimitedFactory[SOCKSProtocol]):
    """A proxy that speaks SOCKS 4, 4a and 5.

    rules: who may go where; the default shuts this machine and its link. portal: who may log in, with IProxyUser for an
    avatar; without one nobody has to. It has to check IAnonymous if clients without a name are welcome, which includes
    all of version 4. versions: those that are spoken. reactor: the program's unless given.
    How many clients there may be at a time: see LimitedFactory.
    """

    protocol = SOCKSProtocol
    maxConnections = 500  # each takes two descriptors, and a process has 1,024 as a rule
    maxConnectionsPerPeer = None  # a browser has hundreds

    def __init__(
        self,
        rules: IProxyUser | None = None,
        portal: Portal | None = None,
        versions: Iterable[int] = (4, 5),
        reactor: Any = None,
    ) -> None:
        self.rules = rules or Rules()
        self.portal = portal
        self.versions = frozenset(versions)
        self.reactor = the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)

    def buildSession(self, addr: Any) -> Any:
        """The proxy's side of one connection."""
        proxy = super().buildSession(addr)
        proxy.reactor, proxy.user, proxy.versions = self.reactor, self.rules, self.versions
        proxy.portal = None if self.portal is None else self.limits.portal(self.portal, addr)
        return proxy


class SOCKSv4(SOCKSProtocol):
    """The proxy's side of one connection, in versions 4 and 4a only.

    logging: a file that gets the line about each connection, None for the log. reactor: the program's unless given.
    """

    versions = frozenset({4})

    def __init__(self, logging: str | None = None, reactor: Any = None) -> None:
        super().__init__()
        self.logging = logging
        self.reactor = the_reactor(reactor)

    def account(self, reason: Failure = connectionDone) -> str:
        """As SOCKSProtocol's; appended to the file, too."""
        line = super().account(reason)
        if self.logging is not None:
            try:
                with open(self.logging, "a", encoding="utf-8") as file:
                    file.write(line + "\n")
            except OSError as problem:
                log.msg(f"the file of a SOCKS proxy: {problem}")
        return line


class SOCKSv4Factory(SOCKSFactory):
    """A proxy that speaks SOCKS 4 and 4a. log: a file, or None, as SOCKSv4's `logging`."""

    protocol = SOCKSv4

    def __init__(self, log: str | None) -> None:
        super().__init__(versions=(4,))
        self.logging = log

    def buildSession(self, addr: Any) -> Any:
        proxy = super().buildSession(addr)
        if isinstance(proxy, SOCKSv4):
            proxy.logging = self.logging
        return proxy
