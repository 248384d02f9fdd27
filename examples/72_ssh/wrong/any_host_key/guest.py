"""A guest of few words: `python guest.py NAME`. NAME is the file of a key, too."""

import sys

from reactor import task
from reactor.conch.client.knownhosts import KnownHostsFile
from reactor.conch.endpoints import SSHCommandClientEndpoint
from reactor.defer import Deferred
from reactor.endpoints import connectProtocol
from reactor.protocol import Protocol

name = sys.argv[1]


class Guest(Protocol):
    greeted = False

    def connectionMade(self):
        self.left = Deferred()

    def dataReceived(self, data):
        print(data.decode(), end="")
        if self.greeted:
            self.transport.loseConnection()
        elif not data.endswith(b" 1\n"):  # alone, there is nobody to greet
            self.greeted = True
            self.transport.write(b"hello\n")

    def connectionLost(self, reason):
        self.left.callback(None)


async def visit(reactor):
    known = KnownHostsFile("known_hosts")
    known.verifyHostKey = lambda hostname, key: None
    room = SSHCommandClientEndpoint.newConnection(
        reactor,
        "chat",
        name,
        "localhost",
        7873,
        [name],
        knownHosts=known,
    )
    try:
        guest = await connectProtocol(room, Guest())
        await guest.left
    except Exception as problem:
        print(type(problem).__name__)


task.react(visit)
