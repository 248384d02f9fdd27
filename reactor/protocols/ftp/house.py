"""A server of FTP for everybody who connects: the factory, the realm, and the shells with Twisted's names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from reactor.cred.checkers import ANONYMOUS
from reactor.cred.error import UnauthorizedLogin
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.protocols.ftp.server import FTP
from reactor.protocols.policies import LimitedFactory, LoginLimits
from reactor.vfs import Folder, IFTPShell


class FTPShell(Folder):
    """The files of a user, below `filesystemRoot`: a `vfs.Folder`, so no path and no link leads out of it."""

    def __init__(self, filesystemRoot: Any, reactor: Any = None) -> None:
        super().__init__(getattr(filesystemRoot, "path", filesystemRoot), reactor=reactor)


class FTPAnonymousShell(FTPShell):
    """The files for everybody: to be read, not to be changed."""

    def __init__(self, filesystemRoot: Any, reactor: Any = None) -> None:
        super().__init__(filesystemRoot, reactor)
        self.readOnly = True


class BaseFTPRealm:
    """Gives strangers an FTPAnonymousShell below `anonymousRoot`, and users an FTPShell below their own folder.

    reactor: that of the server, for the folders; None: the program's.
    """

    def __init__(self, anonymousRoot: Any, reactor: Any = None) -> None:
        self.anonymousRoot, self.reactor = anonymousRoot, reactor

    def getHomeDirectory(self, avatarId: Any) -> Any:
        """The folder of a user: a path. Override it. Raises UnauthorizedLogin for who has none."""
        raise NotImplementedError(f"{type(self).__name__} doesn't say which folder a user has")

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        """As IRealm. Raises NotImplementedError unless IFTPShell is wanted."""
        if IFTPShell not in interfaces:
            raise NotImplementedError("this realm has IFTPShell alone")
        if avatarId is ANONYMOUS:
            return IFTPShell, FTPAnonymousShell(self.anonymousRoot, self.reactor), lambda: None
        return IFTPShell, FTPShell(self.getHomeDirectory(avatarId), self.reactor), lambda: None


class FTPRealm(BaseFTPRealm):
    """Each user's folder has their name, and is in `userHome`."""

    def __init__(self, anonymousRoot: Any, userHome: Any = "/home", reactor: Any = None) -> None:
        super().__init__(anonymousRoot, reactor)
        self.userHome = userHome

    def getHomeDirectory(self, avatarId: Any) -> str:
        name = os.fsdecode(avatarId)
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise UnauthorizedLogin("that name is no name of a folder")
        return os.path.join(getattr(self.userHome, "path", self.userHome), name)


class SystemFTPRealm(BaseFTPRealm):
    """Each user's folder is the home directory that the system knows."""

    def getHomeDirectory(self, avatarId: Any) -> str:
        import pwd

        try:
            return pwd.getpwnam(os.fsdecode(avatarId)).pw_dir
        except KeyError:
            raise UnauthorizedLogin("this system doesn't know the user") from None


class FTPFactory(LimitedFactory[FTP]):
    """A server of FTP.

    portal: who may log in; their avatars are IFTPShell, such as FTPRealm gives. allowAnonymous, userAnonymous: whether
    strangers are let in, under that name, if the portal can check Anonymous. contextFactory: for AUTH TLS; without it,
    passwords are taken over loopback and UNIX sockets only. passivePortRange, passiveAddress, timeOut: of each session.
    """

    protocol = FTP
    tooMany = b"421 too many are here: come again later\r\n"
    allowAnonymous = True
    userAnonymous = "anonymous"
    welcomeMessage = "ready"
    passivePortRange: Sequence[int] = (0,)
    passiveAddress: str | None = None
    timeOut: float | None = 600.0

    def __init__(
        self,
        portal: Portal | None = None,
        userAnonymous: str = "anonymous",
        contextFactory: Any = None,
        reactor: Any = None,
    ) -> None:
        self.portal, self.userAnonymous, self.contextFactory = portal, userAnonymous, contextFactory
        self.reactor = the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)

    def buildSession(self, addr: Any) -> FTP:
        """One session. Its logins are limited together with those of all others."""
        session = self.protocol()
        session.factory, session.reactor, session.callLater = self, self.reactor, self.reactor.callLater
        if self.portal is not None:
            session.portal = self.limits.portal(self.portal, addr)
        session.contextFactory, session.timeOut = self.contextFactory, self.timeOut
        session.passivePortRange, session.passiveAddress = self.passivePortRange, self.passiveAddress
        return session
