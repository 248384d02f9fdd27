"""The room of Part 2, behind SSH: guests are who their keys say. room.py KEY: the key that it shows."""

import sys

import asyncssh

from reactor import reactor
from reactor.conch.avatar import ConchUser
from reactor.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
from reactor.conch.interfaces import IConchUser
from reactor.conch.ssh.factory import SSHFactory
from reactor.conch.ssh.session import wrapProtocol
from reactor.cred.portal import Portal
from reactor.protocol import Protocol


class Guest(Protocol):
    def __init__(self, room, name):
        self.room, self.name = room, name

    def connectionMade(self):
        self.room.append(self)
        self.transport.write(b"%b, guests: %d\n" % (self.name, len(self.room)))

    def dataReceived(self, data):
        for guest in self.room:
            if guest is not self:
                guest.transport.write(self.name + b": " + data)

    def connectionLost(self, reason):
        self.room.remove(self)


class Session:
    def __init__(self, avatar):
        self.guest = Guest(room, avatar.name)

    def openShell(self, proto):
        self.guest.makeConnection(proto)
        proto.makeConnection(wrapProtocol(self.guest))

    def execCommand(self, proto, command):
        self.openShell(proto)

    def eofReceived(self):
        self.guest.transport.loseConnection()

    def closed(self): ...


class Avatar(ConchUser):
    sessionFactory = Session

    def __init__(self, name):
        super().__init__()
        self.name = name


class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return IConchUser, Avatar(avatarId), lambda: None


room: list[Guest] = []
keys = {name: [asyncssh.read_public_key(f"{name}.pub")] for name in ("ann", "bob")}
checker = SSHPublicKeyChecker(InMemorySSHKeyDB({name.encode(): key for name, key in keys.items()}))
shown = asyncssh.read_private_key(sys.argv[1])
reactor.listenTCP(7873, SSHFactory(Portal(Realm(), [checker]), [shown]))
print("listening on port 7873")
reactor.run()
