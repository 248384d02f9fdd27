"""Let people in by SSH: to files, to a Python prompt in this program, or to a shell.

    python -m reactor.cred users ann                        # asks for a password, and writes its hash
    reactord ssh --users users --sftp --folder files        # then: sftp -P 2222 ann@127.0.0.1
    reactord ssh --authorized-keys keys --commands git-upload-pack      # keys/ann is ann's authorized_keys

It listens on this machine only, until --listen says otherwise. There is only what one asks for, and all of it is done
with the account of this program: a shell and a prompt give that to whoever may log in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reactor import log
from reactor.application import own_files, strports
from reactor.application.builtin.ftp import ServedFolder
from reactor.application.options import at_least_one, option, place
from reactor.application.service import Service
from reactor.conch.avatar import ConchUser
from reactor.conch.checkers import AuthorizedKeysFolder, SSHPublicKeyChecker
from reactor.conch.commands import CommandSession
from reactor.conch.insults.insults import ServerProtocol
from reactor.conch.interfaces import IConchUser
from reactor.conch.manhole import Manhole
from reactor.conch.manhole_ssh import TerminalSession
from reactor.conch.ssh.factory import SSHFactory
from reactor.conch.ssh.filetransfer import FileTransferServer
from reactor.conch.ssh.hostkeys import hostKeys
from reactor.cred.checkers import StoredPasswordFile
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.protocols.ftp import FTPRealm


@dataclass
class Options:
    """The options of `reactord ssh`."""

    users: Path | None = option(None, "who has a password: lines that `python -m reactor.cred FILE NAME` writes")
    authorized_keys: Path | None = option(None, "who has keys: a folder with a file for each name")
    host_keys: Path = option(Path("ssh_host_keys"), "the folder of this server's own keys; what is missing is made")
    manhole: bool = option(False, "a Python prompt in this program, as the shell")
    shell: bool = option(False, "a shell, and any command, with this program's account")
    commands: list[str] = option([], "a command that may be run, with any arguments, as in git-upload-pack")
    sftp: bool = option(False, "the files in --folder, by SFTP")
    homes: bool = option(False, "with --sftp: each user sees only the folder in it that has their name")
    read_only: bool = option(False, "with --sftp: nobody may change a file")
    folder: Path = option(Path("."), "where commands begin, and what --sftp shows")
    listen: str = option("tcp:2222:interface=127.0.0.1", "where to listen", place)
    connections: int = option(1000, "how many clients there may be at the same time", at_least_one)
    connections_per_peer: int = option(50, "how many of them from one address", at_least_one)
    channels: int = option(10, "how many channels a client may have", at_least_one)

    def __post_init__(self) -> None:
        for name in ("users", "authorized_keys", "host_keys", "folder"):  # a daemon changes its working directory
            path = getattr(self, name)
            setattr(self, name, path and path.absolute())
        if self.users is None and self.authorized_keys is None:
            raise ValueError("nobody may log in: give --users or --authorized-keys")
        if not 0 < self.manhole + self.shell + bool(self.commands) + self.sftp < 2 + self.sftp:
            raise ValueError("a login is for something: give --manhole, --shell or --commands, one of them, or --sftp")
        if not self.folder.is_dir():
            raise ValueError(f"folder: {self.folder} is no folder")


class SSHRealm:
    """Gives those who may log in what the options say, and logs who."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        if IConchUser not in interfaces:
            raise NotImplementedError("there is SSH only")
        avatar = ConchUser()
        if self.options.sftp:
            files = self._files(avatarId)
            avatar.subsystemLookup[b"sftp"] = lambda data, avatar: FileTransferServer(data, files)
        if self.options.manhole or self.options.shell or self.options.commands:
            avatar.sessionFactory = self._session
        return IConchUser, avatar, lambda: log.msg(f"{avatarId!r} has left")

    def _files(self, name: Any) -> ServedFolder:
        root = self.options.folder
        files = ServedFolder(FTPRealm(root, root).getHomeDirectory(name) if self.options.homes else root)
        files.readOnly = self.options.read_only
        return files

    def _session(self, avatar: Any) -> Any:
        options = self.options
        if options.manhole:
            session = TerminalSession(avatar)
            session.chainedProtocolFactory = lambda: ServerProtocol(Manhole, {"reactor": the_reactor()})
            return session
        return CommandSession(the_reactor(), str(options.folder), None if options.shell else options.commands)


def makeService(options: Options) -> Service:
    """A service that listens, and lets in. Keys and lists that can't be read are told now."""
    own_files.claim(options.users, options.authorized_keys, options.host_keys)
    portal = Portal(SSHRealm(options))
    if options.users is not None:
        checker = StoredPasswordFile(options.users)
        checker.users()
        portal.registerChecker(checker)
    if options.authorized_keys is not None:
        portal.registerChecker(SSHPublicKeyChecker(AuthorizedKeysFolder(options.authorized_keys)))
    factory = SSHFactory(portal, hostKeys(options.host_keys))
    factory.maxConnections, factory.maxConnectionsPerPeer = options.connections, options.connections_per_peer
    factory.maxChannels = options.channels
    return strports.service(options.listen, factory)
