"""Sessions of POP3 for tests: a server with some letters, in memory, on a transport that the test holds."""

from reactor.address import IPv4Address
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.failure import Failure
from reactor.mail.maildrop import Mailboxes, MemoryStore
from reactor.mail.pop3 import AdvancedPOP3Client, POP3Factory
from reactor.protocol import connectionDone
from reactor.task import Clock
from reactor.testing import StringTransport

LETTERS = [b"Subject: one\r\n\r\nfirst\r\n", b"Subject: two\r\n\r\n.second\r\n..\r\nend\r\n", b"Subject: three\r\n\r\n"]
HERE, ELSEWHERE = IPv4Address("TCP", "127.0.0.1", 1), IPv4Address("TCP", "192.0.2.1", 1)


class SecurableTransport(StringTransport):
    """Has `TLS`, as those have that know `startTLS`."""

    TLS = False

    def startTLS(self, contextFactory):
        self.TLS = True


class House:
    """A server of POP3: its store, its portal, its factory, its clock."""

    def __init__(self, letters=LETTERS, peer=HERE, **options):
        self.peer = peer
        self.clock = Clock()
        self.store = MemoryStore()
        for letter in letters:
            self.store.deliver(letter)
        self.realm = Mailboxes({b"alice": self.store})
        self.checker = InMemoryUsernamePasswordDatabaseDontUse(alice=b"a secret")
        self.factory = POP3Factory(Portal(self.realm, [self.checker]), reactor=self.clock, **options)

    def transport(self):
        return SecurableTransport(peerAddress=self.peer, lenient=True)

    def session(self):
        """A session that has greeted, not connected yet: as check_dialogue wants it."""
        return self.factory.buildProtocol(self.peer)

    def open(self, *commands):
        """A Talk with a connected session, after these commands."""
        talk = Talk(self)
        talk.say(*commands)
        return talk

    def logged_in(self):
        return self.open(b"USER alice", b"PASS a secret")


class Talk:
    """One session, and what the test says to it."""

    def __init__(self, house):
        self.session, self.transport = house.session(), house.transport()
        self.session.makeConnection(self.transport)
        self.hear()

    def say(self, *commands):
        """Say these at once. Returns what the server says, or None when it is silent."""
        self.session.dataReceived(b"".join(command + b"\r\n" for command in commands))
        while self.transport.producer is not None and not self.transport.streaming:
            self.transport.producer.resumeProducing()
        return self.hear()

    def hear(self):
        heard = self.transport.value()
        self.transport.clear()
        return heard

    def hang_up(self):

        self.session.connectionLost(Failure(connectionDone.value))


class ClientTalk:
    """A client, and the server's part, which the test plays."""

    def __init__(self, greeting=b"+OK ready", peer=HERE, capabilities=(), **attributes):
        self.client = AdvancedPOP3Client()
        vars(self.client).update(attributes)
        self.clock = Clock()
        self.client.callLater = self.clock.callLater
        self.transport = SecurableTransport(peerAddress=peer)
        self.client.makeConnection(self.transport)
        if greeting:
            self.say(greeting)
        if capabilities:
            self.client.capabilities()
            self.hear()
            self.say(b"+OK", *capabilities, b".")

    def say(self, *lines):
        self.client.dataReceived(b"".join(line + b"\r\n" for line in lines))

    def hear(self):
        heard = self.transport.value()
        self.transport.clear()
        return heard

    def close(self):
        self.client.connectionLost(Failure(connectionDone.value))
