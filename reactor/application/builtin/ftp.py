"""Serve a folder over FTP, with TLS if there is a certificate; without, passwords are taken on this machine only.

    reactord ftp --path pub                                     # for everybody to read
    python -m reactor.cred users ann                            # asks for a password
    reactord ftp --path pub --users users                       # ann may write, too

On this machine only, at port 21, until --listen says otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reactor.application import own_files, strports
from reactor.application.options import option, place
from reactor.application.service import Service
from reactor.cred.checkers import ANONYMOUS, AllowAnonymousAccess, StoredPasswordFile
from reactor.cred.portal import Portal
from reactor.protocols.ftp import FTPFactory, FTPRealm, FTPShell, IFTPShell
from reactor.ssl import PrivateCertificate


def ports(text: str) -> Sequence[int]:
    """Read a range of ports, such as 40000-40099. Raises ValueError."""
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal() and 0 <= int(first) <= int(last or first) < 65536):
        raise ValueError("a range of ports such as 40000-40099, or 0 for any")
    return range(int(first), int(last or first) + 1)


@dataclass
class Options:
    """The options of `reactord ftp`."""

    path: Path = option(Path(), "the folder")
    users: Path | None = option(None, "who may write: lines that `python -m reactor.cred FILE NAME` writes")
    homes: bool = option(False, "each user sees only the folder in it that has their name")
    anonymous: bool = option(True, "strangers may read")
    listen: str = option("tcp:21:interface=127.0.0.1", "where to listen", place)
    passive_ports: Any = option("0", "where data connections are taken, such as 40000-40099; 0 is anywhere", ports)
    passive_address: str | None = option(None, "the address that clients see, behind a router")
    certificate: Path | None = option(None, "a PEM file with key and certificates, for TLS")

    def __post_init__(self) -> None:
        for name in ("path", "users", "certificate"):  # a daemon changes its working directory
            path = getattr(self, name)
            setattr(self, name, path and path.absolute())
        if not self.path.is_dir():
            raise ValueError(f"path: {self.path} is no folder")
        for path in (self.users, self.certificate):
            if path is not None and not path.is_file():
                raise ValueError(f"{path} is no file")


class ServedFolder(FTPShell):
    """A folder in which the program's own files are as if they weren't there; for strangers, hidden ones, too."""

    def hides(self, path: Sequence[str]) -> bool:
        """As Folder's."""
        if self.readOnly and any(name.startswith(".") for name in path):
            return True
        return own_files.is_own(os.path.join(os.path.realpath(self.root), *path))


class Realm(FTPRealm):
    """All in one folder, or each user in one of their own. Strangers read."""

    def __init__(self, root: Path, has_homes: bool) -> None:
        super().__init__(root, root)
        self._has_homes = has_homes

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        """As IRealm."""
        is_stranger = avatarId is ANONYMOUS
        at_home = self._has_homes and not is_stranger
        shell = ServedFolder(self.getHomeDirectory(avatarId) if at_home else self.anonymousRoot)
        shell.readOnly = is_stranger
        return IFTPShell, shell, lambda: None


def makeService(options: Options) -> Service:
    """A service that listens, and serves the files."""
    own_files.claim(options.users, options.certificate)
    checkers: list[Any] = [AllowAnonymousAccess()] if options.anonymous else []
    if options.users is not None:
        checkers.append(StoredPasswordFile(options.users))
        checkers[-1].users()  # a line that can't be read is told now
    context = options.certificate and PrivateCertificate.fromFiles(options.certificate).options()
    factory = FTPFactory(Portal(Realm(options.path, options.homes), checkers), contextFactory=context)
    factory.passivePortRange, factory.passiveAddress = options.passive_ports, options.passive_address
    return strports.service(options.listen, factory)
