"""Sessions of IMAP for tests: a server with some letters, in memory, on a transport that the test holds."""

from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.failure import Failure
from reactor.mail.imap4 import Accounts, IMAP4Factory, MemoryAccount
from reactor.protocol import connectionDone
from reactor.task import Clock
from tests.mail.pop3_doubles import ELSEWHERE, HERE, SecurableTransport

__all__ = ["ELSEWHERE", "HERE", "LETTERS", "House", "Talk"]

LETTERS = [
    b"From: Ann <ann@a.example>\r\nSubject: one\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nfirst\r\n",
    b"From: Bob <bob@b.example>\r\nTo: alice@example\r\nSubject: two\r\n\r\nsecond\r\n",
    b"Subject: =?utf-8?q?gr=C3=BCn?=\r\n\r\nthird\r\n",
]


class House:
    """A server of IMAP: alice's account, its portal, its factory, its clock. account: makes hers."""

    def __init__(self, letters=LETTERS, peer=HERE, account=MemoryAccount, **options):
        self.peer, self.clock = peer, Clock()
        self.account = account(b"alice")
        inbox = self.account.select("INBOX")
        for letter in letters:
            inbox.deliver(letter)
        if hasattr(inbox, "close"):
            inbox.close()
        self.checker = InMemoryUsernamePasswordDatabaseDontUse(alice=b"a secret")
        self.portal = Portal(Accounts({b"alice": self.account}.__getitem__), [self.checker])
        self.factory = IMAP4Factory(self.portal, reactor=self.clock, **options)

    def transport(self):
        return SecurableTransport(peerAddress=self.peer, lenient=True)

    def session(self):
        return self.factory.buildProtocol(self.peer)

    def open(self, *commands):
        """A Talk with a connected session, after these commands."""
        talk = Talk(self)
        talk.say(*commands)
        return talk

    def logged_in(self):
        return self.open(b"a LOGIN alice {8+}\r\na secret")

    def selected(self, name=b"INBOX"):
        """A Talk with a mailbox open."""
        talk = self.logged_in()
        talk.say(b"b SELECT " + name)
        return talk


class Talk:
    """One session, and what the test says to it."""

    def __init__(self, house):
        self.house, self.session, self.transport = house, house.session(), house.transport()
        self.session.makeConnection(self.transport)
        self.greeting = self.hear()

    def say(self, *lines):
        """Say these at once. Returns what the server says, as lines without their ends."""
        self.session.dataReceived(b"".join(line + b"\r\n" for line in lines))
        self.house.clock.advance(0)
        return self.hear()

    def hear(self):
        heard = self.transport.value()
        self.transport.clear()
        return heard.split(b"\r\n")[:-1]

    def ask(self, command):
        """Say a command, with a tag. Returns (untagged lines, the tagged one without its tag)."""
        *lines, last = self.say(b"x " + command)
        assert last.startswith(b"x "), last
        return lines, last[2:]

    def hang_up(self):
        self.session.connectionLost(Failure(connectionDone.value))
