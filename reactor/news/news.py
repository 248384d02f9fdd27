"""A server of news for everybody who connects, and for other servers. The names are those of `twisted.news.news`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.news.interfaces import INewsStorage, Rights
from reactor.news.nntp import NNTPServer
from reactor.protocols.policies.limits import LimitedFactory
from reactor.protocols.policies.logins import LoginLimits


class NNTPFactory(LimitedFactory[NNTPServer]):
    """A server of news.

    storage: an INewsStorage. portal: who may log in; their avatars are Rights. anonymous: the Rights of those who
    haven't. contextFactory: for STARTTLS; without it, passwords are taken over loopback and UNIX sockets only.
    """

    protocol = NNTPServer
    tooMany = b"400 too many connections, here or from you: come again later\r\n"

    def __init__(
        self,
        storage: INewsStorage,
        portal: Portal | None = None,
        anonymous: Rights | None = None,
        contextFactory: Any = None,
        reactor: Any = None,
    ) -> None:
        self.storage, self.portal, self.anonymous = storage, portal, anonymous or Rights()
        self.contextFactory = contextFactory
        self.reactor = the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)

    def rightsOf(self, addr: Any) -> Rights:
        """What somebody from this address may do before logging in. Override it to let other servers feed you."""
        return self.anonymous

    def buildSession(self, addr: Any) -> NNTPServer:
        """One session. Its logins are limited together with those of all others."""
        session = self.protocol()
        session.factory, session.callLater = self, self.reactor.callLater
        session.storage, session.rights, session.contextFactory = self.storage, self.rightsOf(addr), self.contextFactory
        session.portal = self.portal and self.limits.portal(self.portal, addr)
        return session


class UsenetServerFactory(NNTPFactory):
    """The same, which other servers feed. remoteHosts: their addresses, as `192.0.2.1`."""

    remoteHosts: Sequence[str] = ()

    def rightsOf(self, addr: Any) -> Rights:
        return Rights(feed=True) if getattr(addr, "host", None) in self.remoteHosts else self.anonymous
