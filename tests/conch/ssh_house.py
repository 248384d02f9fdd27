"""A server of SSH on loopback, for programs of others and for asyncssh as it is."""

import asyncssh

from reactor.conch.avatar import ConchUser
from reactor.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
from reactor.conch.interfaces import EnvironmentVariableNotPermitted, IConchUser
from reactor.conch.ssh.factory import SSHFactory
from reactor.conch.ssh.loop import loop_of
from reactor.conch.ssh.session import wrapProtocol
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.error import ProcessTerminated
from reactor.failure import Failure
from reactor.protocol import Protocol
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes

HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
HOST_KEYS = [HOST_KEY, asyncssh.generate_private_key("ssh-rsa", key_size=3072)]
ANNS_KEY = asyncssh.generate_private_key("ssh-ed25519")


class Shout(Protocol):
    """Says everything louder; "quit" closes, and an end of file does."""

    def dataReceived(self, data):
        self.transport.write(data.upper())
        if data.strip() == b"quit":
            self.transport.loseConnection()

    def readConnectionLost(self):
        self.transport.loseConnection()


class Session:
    """Notes what it is asked. `greet` greets, `exit N` ends with N, `die` by a signal, `fail` raises."""

    def __init__(self, avatar):
        self.avatar, self.notes, self.environment = avatar, avatar.house.notes, {}

    def note(self, *what):
        self.notes.append(what)

    def getPty(self, term, windowSize, modes):
        self.note("pty", term, windowSize, len(modes))

    def setEnv(self, name, value):
        if name not in (b"LANG", b"MENU"):
            raise EnvironmentVariableNotPermitted(name)
        self.environment[name] = value

    def openShell(self, proto):
        self.note("shell", dict(self.environment))
        self.connect(Shout(), proto)

    def connect(self, protocol, proto):
        protocol.makeConnection(proto)
        proto.makeConnection(wrapProtocol(protocol))

    def execCommand(self, proto, command):
        self.note("exec", command, dict(self.environment))
        self.proto = proto
        word, _, rest = command.partition(b" ")
        if word == b"greet":
            proto.write(b"hello %b\n" % self.avatar.name)
            proto.loseConnection()
        elif word == b"exit":
            proto.errReceived(b"bye\n")
            proto.processEnded(Failure(ProcessTerminated(int(rest))))
        elif word == b"die":
            proto.processEnded(Failure(ProcessTerminated(None, 15)))
        elif word == b"fail":
            raise ZeroDivisionError
        elif word == b"shout":
            self.connect(Shout(), proto)
        elif word != b"wait":
            raise OSError("no such command")

    def windowChanged(self, newWindowSize):
        self.note("window", newWindowSize)

    def signalReceived(self, name):
        self.note("signal", name)

    def eofReceived(self):
        self.note("eof")

    def closed(self):
        self.note("closed")


class House:
    """portal, factory, listening port; `notes` has what the sessions were asked. Ann has a password and a key."""

    def __init__(self, reactor, port=0, **attributes):
        self.reactor, self.notes, self.avatars, self.left = reactor, [], [], []
        checkers = [
            InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret"),
            SSHPublicKeyChecker(InMemorySSHKeyDB({b"ann": [ANNS_KEY.convert_to_public()]})),
        ]
        self.factory = SSHFactory(Portal(self, checkers), HOST_KEYS, reactor)
        self.factory.limits.first_delay_s = 0
        vars(self.factory).update(attributes)
        self.factory.noisy = False
        self.listening = reactor.listenTCP(port, self.factory, interface="" if port else "127.0.0.1")
        self.port = self.listening.getHost().port
        self.loop = loop_of(reactor)

    def requestAvatar(self, avatarId, mind, *interfaces):
        avatar = ConchUser()
        avatar.name, avatar.house = avatarId, self
        avatar.sessionFactory = Session
        avatar.subsystemLookup[b"shout"] = lambda data, avatar: Shout()
        self.avatars.append(avatar)
        return IConchUser, avatar, lambda: self.left.append(avatarId)

    def connect(self, **options):
        """asyncssh's connect, to here."""
        return self.connect_from(self.reactor, "127.0.0.1", **options)

    def connect_from(self, reactor, host, **options):
        chosen = {"known_hosts": None, "client_keys": None, "config": None, "agent_path": None, "username": "ann"}
        return asyncssh.connect(host, self.port, **{**chosen, "password": "secret", **options})

    def wait(self, awaitable):
        """What it returns; raises what it raises."""
        results = outcomes(self.loop.run(awaitable))
        run_until(self.reactor, lambda: results)
        if hasattr(results[0], "raiseException"):
            results[0].raiseException()
        return results[0]

    def until(self, condition):
        run_until(self.reactor, condition)

    def close(self):
        """Nothing is left behind."""
        self.listening.stopListening()
        for transport in list(self.reactor.transports):
            if hasattr(transport, "abortConnection"):
                transport.abortConnection()
        self.until(lambda: not (self.reactor.transports or self.loop._timers or self.loop._ready))
        assert len(self.left) == len(self.avatars)
        assert not self.factory.unknown and not self.factory.peerConnections
