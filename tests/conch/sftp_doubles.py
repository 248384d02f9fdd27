"""A server of SFTP for tests: a folder on disk through SSH, in this process or in one of its own.

python -m tests.conch.sftp_doubles FOLDER        says its port; ann's password is "secret"
"""

import sys

from reactor.conch.avatar import ConchUser
from reactor.conch.interfaces import IConchUser
from reactor.conch.ssh.factory import SSHFactory
from reactor.conch.ssh.filetransfer import FileTransferServer
from reactor.conch.ssh.loop import loop_of
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.vfs import Folder
from tests.conch.ssh_doubles import KEY
from tests.support.loopback import run_until, stop_listening


class House:
    """A server on loopback, and its realm. shell: what it serves."""

    def __init__(self, reactor, shell):
        self.reactor, self.shell = reactor, shell
        portal = Portal(self, [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")])
        factory = SSHFactory(portal, [KEY], reactor)
        factory.noisy = False
        self.listening = reactor.listenTCP(0, factory, interface="127.0.0.1")
        self.port = self.listening.getHost().port

    def requestAvatar(self, avatarId, mind, *interfaces):
        user = ConchUser()
        user.subsystemLookup[b"sftp"] = lambda data, avatar: FileTransferServer(data, self.shell)
        return IConchUser, user, lambda: None

    def close(self):
        """Listen no more, and cut who is there."""
        stop_listening(self.reactor, self.listening)
        for transport in list(self.reactor.transports):
            getattr(transport, "abortConnection", transport.loseConnection)()
        run_until(self.reactor, lambda: not self.reactor.transports and not loop_of(self.reactor)._ready)


if __name__ == "__main__":
    from reactor import reactor

    print(House(reactor, Folder(sys.argv[1])).port, flush=True)
    reactor.run()
