"""A directory for tests: some people, in memory, behind a server whose transport and clock the test holds."""

from reactor.address import IPv4Address
from reactor.cred.portal import Portal
from reactor.failure import Failure
from reactor.ldap import Account, Directory, LDAPClient, LDAPEntry, LDAPServerFactory, MemoryTree, TreeChecker
from reactor.ldap.messages import BindRequest, Control, Inbox, Message, Op, SearchRequest, dump
from reactor.protocol import connectionDone
from reactor.task import Clock
from reactor.testing import StringTransport

HERE, ELSEWHERE = IPv4Address("TCP", "127.0.0.1", 1), IPv4Address("TCP", "192.0.2.1", 1)
NOW = 1_700_000_000.0  # 14 November 2023, 22:13:20 UTC
ADMIN = "cn=admin,o=Doom"
PEOPLE = "ou=people,o=Doom"
NAMES = "cn={},ou=people,o=Doom"


def person(cn, parent=PEOPLE, **attributes):
    """Somebody."""
    found = {"objectClass": [b"inetOrgPerson"], "cn": [cn.encode()], "sn": [b"Doe"]}
    return LDAPEntry(f"cn={cn},{parent}", found | dict(attributes.items()))


def book(*more):
    """A tree of ten entries or so."""
    return MemoryTree(
        [
            LDAPEntry("o=Doom", {"objectClass": [b"organization"], "o": [b"Doom"]}),
            LDAPEntry(ADMIN, {"objectClass": [b"organizationalRole"], "cn": [b"admin"], "userPassword": [b"secret"]}),
            LDAPEntry(PEOPLE, {"objectClass": [b"organizationalUnit"], "ou": [b"people"]}),
            person("Ann", mail=[b"ann@doom.example"], userPassword=[b"secret"], uidNumber=[b"7"]),
            person("Bob", sn=[b"Builder"], uidNumber=[b"10"], telephoneNumber=[b"+45 12-34 56"]),
            person("Cy", description=[b"third", b"last"], **{"cn;lang-la": [b"Cyrus"]}),
            *more,
        ],
        now=lambda: NOW,
    )


class SecurableTransport(StringTransport):
    """Has `TLS`, as those have that know `startTLS`."""

    TLS = False
    certificate = None

    def startTLS(self, contextFactory):
        self.TLS = True

    def getPeerCertificate(self):
        return self.certificate


class House:
    """A server: its tree, its factory, its clock."""

    def __init__(self, tree=None, peer=HERE, anonymous=None, writers=(ADMIN,), **options):
        self.tree, self.peer, self.clock = tree or book(), peer, Clock()
        portal = Portal(Directory(writers), [TreeChecker(self.tree, NAMES)])
        anonymous = anonymous or Account()
        self.factory = LDAPServerFactory(self.tree, portal, anonymous, names=NAMES, reactor=self.clock, **options)

    def session(self):
        return self.factory.buildProtocol(self.peer)

    def open(self, name=None, **attributes):
        """A Talk, bound as `name` with its password, "secret"."""
        talk = Talk(self, **attributes)
        if name is not None:
            [bound] = talk.say(Op.bindRequest, BindRequest(3, name, b"secret"))
            assert bound.body.code == 0, bound
        return talk


class Talk:
    """One session, and what the test says to it."""

    def __init__(self, house, **attributes):
        self.house, self.session = house, house.session()
        vars(self.session).update(attributes)
        self.transport = SecurableTransport(peerAddress=house.peer, lenient=True)
        self.session.makeConnection(self.transport)
        self.id = 0
        self._inbox = Inbox(2**24)

    def say(self, op, body, *controls, time_s=0.0):
        """Send a request, and let the loop turn. Returns what the server says, messages."""
        self.id += 1
        return self.send(dump(Message(self.id, op, body, controls)), time_s)

    def send(self, data, time_s=0.0):
        self.session.dataReceived(data)
        self.turn(time_s)
        return self.hear()

    def turn(self, time_s=0.0):
        self.house.clock.pump([0.0] * 50 + [time_s])

    def hear(self):
        self._inbox.add(self.transport.value())
        self.transport.clear()
        return [*iter(self._inbox.next, None)]

    def code(self, op, body, *controls):
        """Say it. Returns the result's code; it must be the only answer."""
        [message] = self.say(op, body, *controls)
        return message.body.code

    def search(self, *args, controls=(), **fields):
        """Search. Returns the entries that were found, and the result's message."""
        *found, done = self.say(Op.searchRequest, SearchRequest(*args, **fields), *controls)
        return [LDAPEntry(*one.body) if one.op == Op.searchResultEntry else one.body for one in found], done

    def names(self, *args, controls=(), **fields):
        """Search. Returns the first values of the names that were found, and nothing may go wrong."""
        found, done = self.search(*args, controls=controls, **fields)
        assert done.body.code == 0, done
        return [entry.dn.rdns[0][0][1] for entry in found]

    def hang_up(self):
        self.session.connectionLost(Failure(connectionDone.value))


class PlayedServer:
    """A client, and the server's part, which the test plays."""

    def __init__(self, peer=HERE, **attributes):
        self.client, self.clock = LDAPClient(), Clock()
        vars(self.client).update(attributes)
        self.client.callLater = self.clock.callLater
        self.transport = SecurableTransport(peerAddress=peer, lenient=True)
        self.client.makeConnection(self.transport)
        self._inbox = Inbox(2**20)

    def say(self, id, op, body, *controls):
        self.client.dataReceived(dump(Message(id, op, body, controls)))

    def hear(self):
        self._inbox.add(self.transport.value())
        self.transport.clear()
        return [*iter(self._inbox.next, None)]

    def close(self):
        self.client.connectionLost(Failure(connectionDone.value))


def critical(oid, value=None):
    return Control(oid, True, value)
