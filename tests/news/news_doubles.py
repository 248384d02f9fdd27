"""Sessions of NNTP for tests: a server with some articles, in memory, on a transport that the test holds."""

from email.utils import formatdate

from reactor.address import IPv4Address
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.failure import Failure
from reactor.news.database import NewsDatabase
from reactor.news.interfaces import Rights
from reactor.news.news import NNTPFactory
from reactor.protocol import connectionDone
from reactor.task import Clock
from reactor.testing import StringTransport

HERE, ELSEWHERE = IPv4Address("TCP", "127.0.0.1", 1), IPv4Address("TCP", "192.0.2.1", 1)
NOW = 1_700_000_000.0  # 14 November 2023, 22:13:20 UTC
DATE = formatdate(NOW)
EVERYTHING = Rights(True, True, True)


def article(
    id="<1@a.example>", groups="doom.kitchen", body=b"It is ready.\r\n", path="a.example!not-for-mail", **headers
):
    """An article that a server takes; a header that is None is left out."""
    found = {"Path": path, "From": "Ann <ann@a.example>", "Newsgroups": groups, "Subject": "soup", "Date": DATE}
    found |= {"Message-ID": id, **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"{name}: {value}\r\n".encode() for name, value in found.items() if value is not None]
    return b"".join(lines) + b"\r\n" + body


class Gate:
    """A realm: ann may read and post, feeder may do everything."""

    def __init__(self):
        self.left = 0

    def requestAvatar(self, avatarId, mind, *interfaces):
        return Rights, EVERYTHING if avatarId == b"feeder" else Rights(), self.leave

    def leave(self):
        self.left += 1


class SecurableTransport(StringTransport):
    """Has `TLS`, as those have that know `startTLS`."""

    TLS = False

    def startTLS(self, contextFactory):
        self.TLS = True


class House:
    """A server of news: its store, its factory, its clock."""

    def __init__(self, articles=(), peer=HERE, anonymous=EVERYTHING, has_portal=True, path=":memory:", **options):
        self.peer, self.clock, self.gate = peer, Clock(), Gate()
        self.store = NewsDatabase(path, "us.example", now=lambda: NOW + self.clock.seconds(), reactor=self.clock)
        self.store.addGroup("doom.kitchen", "what is cooked")
        self.store.addGroup("doom.cellar", "what is drunk")
        self.store.addGroup("doom.board", "announcements", "m", "boss@a.example")
        self.store.addGroup("doom.mirror", "from elsewhere", "n")
        for number, one in enumerate(articles, 1):
            self.store.takeRequest(one, f"<{number}@a.example>")
        self.clock.advance(0)
        checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret", feeder=b"secret")
        portal = Portal(self.gate, [checker]) if has_portal else None
        self.factory = NNTPFactory(self.store, portal, anonymous, reactor=self.clock, **options)

    def transport(self):
        return SecurableTransport(peerAddress=self.peer, lenient=True)

    def session(self):
        """A session, not connected yet: as check_dialogue wants it."""
        return self.factory.buildProtocol(self.peer)

    def open(self, *commands):
        """A Talk with a connected session, after these commands."""
        talk = Talk(self)
        talk.say(*commands)
        return talk


class Talk:
    """One session, and what the test says to it."""

    def __init__(self, house):
        self.house, self.session, self.transport = house, house.session(), house.transport()
        self.session.makeConnection(self.transport)
        self.greeting = self.hear()

    def say(self, *lines):
        """Say these lines at once. Returns what the server says."""
        return self.send(b"".join(line + b"\r\n" for line in lines))

    def send(self, data):
        self.session.dataReceived(data)
        self.house.clock.advance(0)  # what was brought is safe
        while self.transport.producer is not None and not self.transport.streaming:
            self.transport.producer.resumeProducing()
        return self.hear()

    def codes(self, *lines):
        """Say these lines. Returns the codes of the replies, which must have one line each."""
        return [int(reply[:3]) for reply in self.say(*lines).split(b"\r\n")[:-1]]

    def hear(self):
        heard = self.transport.value()
        self.transport.clear()
        return heard

    def hang_up(self):
        self.session.connectionLost(Failure(connectionDone.value))


def stuffed(text):
    """A text as it is sent."""
    return (b"\r\n" + text).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"
