"""A server of news for everybody who connects, and for other servers. The names are those of `twisted.news.news`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reactor.cred.portal import Portal
from reactor.news.interfaces import INewsStorage, Rights
from reactor.news.nntp import NNTPServer
from reactor.protocols.basic.logins import LoginFactory


class NNTPFactory(LoginFactory[NNTPServer]):
    """A server of news. storage: an INewsStorage. anonymous: the Rights of those who haven't logged in.

    portal: who may log in; their avatars are Rights. The others: see LoginFactory.
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
        super().__init__(portal, contextFactory, reactor)
        self.storage, self.anonymous = storage, anonymous or Rights()

    def rightsOf(self, addr: Any) -> Rights:
        """What somebody from this address may do before logging in. Override it to let other servers feed you."""
        return self.anonymous

    def buildSession(self, addr: Any) -> NNTPServer:
        """One session."""
        session: NNTPServer = super().buildSession(addr)
        session.storage, session.rights = self.storage, self.rightsOf(addr)
        return session


class UsenetServerFactory(NNTPFactory):
    """The same, which other servers feed. remoteHosts: their addresses, as `192.0.2.1`."""

    remoteHosts: Sequence[str] = ()

    def rightsOf(self, addr: Any) -> Rights:
        return Rights(feed=True) if getattr(addr, "host", None) in self.remoteHosts else self.anonymous
