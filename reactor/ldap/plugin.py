"""Keep a directory: people, groups and what else has a name, from a file in LDIF or in SQLite.

reactord ldap --tree book.ldif                             # on this machine only, until --listen says otherwise
reactord ldap --tree book.sqlite --suffix o=Doom --load book.ldif --writer cn=admin,o=Doom

Who has a `userPassword` in the tree may bind with it; `--names uid={},ou=people,o=Doom` lets them say just their names
to SASL. Everybody who has bound may read; so may others, unless --anonymous says nothing; writers may write.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reactor.application import strports
from reactor.application.options import at_least_one, option, place
from reactor.application.service import MultiService
from reactor.cred.portal import Portal
from reactor.defer import maybeDeferred
from reactor.ldap import ldif
from reactor.ldap.checkers import Account, TreeChecker
from reactor.ldap.dn import DistinguishedName
from reactor.ldap.entry import LDAPEntry
from reactor.ldap.factory import Directory, LDAPServerFactory
from reactor.ldap.tree import LDIFTree, MemoryTree, SQLiteTree
from reactor.ssl import PrivateCertificate, developmentCertificate

_ANONYMOUS = {"nothing": Account(mayRead=False), "read": Account()}


def anonymous(text: str) -> Account:
    """Read what strangers may do."""
    if text not in _ANONYMOUS:
        raise ValueError(", ".join(_ANONYMOUS))
    return _ANONYMOUS[text]


@dataclass
class Options:
    """The options of `reactord ldap`."""

    tree: Path = option(help="the file with the entries: NAME.ldif, which is text, or else a database of SQLite")
    suffix: list[DistinguishedName] = option([], "a name at which a tree may begin", DistinguishedName)
    load: Path | None = option(None, "an LDIF file whose entries are put into a tree that has none")
    names: str = option("", "what a login name stands for, such as uid={},ou=people,o=Doom")
    writer: list[DistinguishedName] = option([], "who may change entries", DistinguishedName)
    anonymous: Any = option("read", "what those may do who haven't bound: nothing or read", anonymous)
    connections: int = option(1000, "how many clients at a time", at_least_one)
    connections_per_peer: int = option(50, "how many of them from one address", at_least_one)
    listen: str = option("tcp:389:interface=127.0.0.1", "where to listen; ssl:636:… is LDAPS", place)
    certificate: Path | None = option(None, "a PEM file with key and certificates; left out, one for development")

    def __post_init__(self) -> None:
        for name in ("tree", "load", "certificate"):  # a daemon changes its working directory
            path = getattr(self, name)
            setattr(self, name, path and path.absolute())
        for path in (self.load, self.certificate):
            if path is not None and not path.is_file():
                raise ValueError(f"{path} is no file")


def open_tree(options: Options) -> MemoryTree:
    """The tree, with what --load says in it if it was empty. Raises ValueError and OSError."""
    kind = LDIFTree if options.tree.suffix == ".ldif" else SQLiteTree
    tree = kind(options.tree, options.suffix)
    if options.load is not None and not len(tree):
        tree.load(LDAPEntry(*entry) for entry in ldif.read(options.load.read_text(encoding="utf-8")))
    return tree


class DirectoryService(MultiService):
    """The port, and the tree that is closed after it."""

    def __init__(self, tree: MemoryTree) -> None:
        super().__init__()
        self.tree = tree

    def stopService(self) -> Any:
        return maybeDeferred(super().stopService).addBoth(lambda _: self.tree.close())


def makeService(options: Options) -> DirectoryService:
    """The tree and the port."""
    tree = open_tree(options)
    portal = Portal(Directory(options.writer), [TreeChecker(tree, options.names)])
    if options.certificate is None:
        certificate = developmentCertificate(("localhost", "127.0.0.1"), options.tree.parent)
    else:
        certificate = PrivateCertificate.fromFiles(options.certificate)
    service = DirectoryService(tree)
    factory = LDAPServerFactory(tree, portal, options.anonymous, certificate.options(), options.names)
    factory.maxConnections, factory.maxConnectionsPerPeer = options.connections, options.connections_per_peer
    strports.service(options.listen, factory).setServiceParent(service)
    return service
