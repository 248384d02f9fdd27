"""A directory for everybody who connects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.ldap.checkers import Account, TreeChecker
from reactor.ldap.dn import DistinguishedName
from reactor.ldap.server import LDAPServer
from reactor.ldap.tree import MemoryTree
from reactor.protocol import Factory
from reactor.protocols.policies.logins import LoginLimits


class Directory:
    """A realm: whoever has bound may read, and write if they are among `writers`, which are DNs."""

    def __init__(self, writers: Iterable[str | DistinguishedName] = ()) -> None:
        self.writers = {*map(DistinguishedName, writers)}

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        name = avatarId.decode()
        return Account, Account(name, True, DistinguishedName(name) in self.writers), lambda: None


class LDAPServerFactory(Factory[LDAPServer]):
    """A server of a tree.

    tree: a MemoryTree, LDIFTree or SQLiteTree. portal: who may bind; its avatars are Accounts. Without one, those whose
    password is in the tree, to read. anonymous: the Account of those who haven't. contextFactory: for StartTLS; without
    it, passwords are taken over loopback and UNIX sockets only. names: what login names stand for (see TreeChecker).
    """

    protocol = LDAPServer
    referrals: tuple[str, ...] = ()

    def __init__(
        self,
        tree: MemoryTree,
        portal: Portal | None = None,
        anonymous: Account | None = None,
        contextFactory: Any = None,
        names: str = "",
        reactor: Any = None,
    ) -> None:
        self.tree, self.anonymous, self.contextFactory = tree, anonymous or Account(), contextFactory
        self.portal = portal or Portal(Directory(), [TreeChecker(tree, names)])
        self.names, self.reactor = names, the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)

    def buildProtocol(self, addr: Any) -> LDAPServer:
        """One session. Its logins are limited together with those of all others."""
        session = self.protocol()
        session.factory, session.reactor, session.callLater = self, self.reactor, self.reactor.callLater
        session.tree, session.names, session.referrals = self.tree, self.names, self.referrals
        session.anonymous, session.contextFactory = self.anonymous, self.contextFactory
        session.portal = self.limits.portal(self.portal, addr)
        return session
