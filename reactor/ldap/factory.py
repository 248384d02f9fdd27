"""A directory for everybody who connects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reactor.cred.portal import Portal
from reactor.ldap.checkers import Account, TreeChecker
from reactor.ldap.dn import DistinguishedName
from reactor.ldap.messages import OID, Message, Op, Result, dump
from reactor.ldap.results import ResultCode
from reactor.ldap.server import LDAPServer
from reactor.ldap.tree import MemoryTree
from reactor.protocols.basic.logins import LoginFactory

_TOO_MANY = Result(ResultCode.busy, text="too many connections, here or from you", name=OID.noticeOfDisconnection)


class Directory:
    """A realm: whoever has bound may read, and write if they are among `writers`, which are DNs."""

    def __init__(self, writers: Iterable[str | DistinguishedName] = ()) -> None:
        self.writers = {*map(DistinguishedName, writers)}

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        name = avatarId.decode()
        return Account, Account(name, True, DistinguishedName(name) in self.writers), lambda: None


class LDAPServerFactory(LoginFactory[LDAPServer]):
    """A server of a tree.

    tree: a MemoryTree, LDIFTree or SQLiteTree. portal: who may bind; its avatars are Accounts. Without one, those whose
    password is in the tree, to read. anonymous: the Account of those who haven't. names: what login names stand for, as
    TreeChecker has it. referrals: URLs of a server that knows what isn't in the tree. The others: see LoginFactory.
    """

    protocol = LDAPServer
    tooMany = dump(Message(0, Op.extendedResponse, _TOO_MANY))
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
        super().__init__(portal or Portal(Directory(), [TreeChecker(tree, names)]), contextFactory, reactor)
        self.tree, self.anonymous, self.names = tree, anonymous or Account(), names

    def buildSession(self, addr: Any) -> LDAPServer:
        """One session."""
        session: LDAPServer = super().buildSession(addr)
        session.anonymous, session.tree, session.reactor = self.anonymous, self.tree, self.reactor
        session.names, session.referrals = self.names, self.referrals
        return session
