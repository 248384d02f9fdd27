"""A house of words with people at IRC's door, on transports that the test holds, and a clock that it moves."""

from reactor.address import IPv4Address
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.task import Clock
from reactor.testing import StringTransport
from reactor.words.service import InMemoryWordsRealm, IRCFactory

HERE, ELSEWHERE = IPv4Address("TCP", "127.0.0.1", 1), IPv4Address("TCP", "192.0.2.1", 1)


class House:
    """The realm, the factory, the clock. portal: of a realm, for who has one."""

    def __init__(self, portal=None, peer=HERE):
        self.peer, self.clock = peer, Clock()
        self.realm = InMemoryWordsRealm("us.example")
        self.realm.createGroupOnRequest = True
        self.factory = IRCFactory(self.realm, portal and portal(self.realm), self.clock)

    def person(self, nick, *lines, **bounds):
        """A Person who is in, after these lines too. bounds: attributes of the session."""
        person = Person(self, **bounds)
        person.say(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()} R.", *lines)
        return person


class Person:
    """A connection, and what the test says on it."""

    def __init__(self, house, **bounds):
        self.house = house
        self.session = house.factory.buildProtocol(house.peer)
        vars(self.session).update({"burst": 10_000.0, **bounds})
        self.transport = StringTransport(peerAddress=house.peer, lenient=True)
        self.session.makeConnection(self.transport)

    def say(self, *lines):
        """Say these lines. Returns the lines that come."""
        return self.send(b"".join(line.encode() + b"\r\n" for line in lines))

    def send(self, data):
        self.session.dataReceived(data)
        return self.hear()

    def hear(self):
        """The lines that have come since."""
        self.house.clock.advance(0)
        heard = self.transport.value().decode("utf-8")
        self.transport.clear()
        return heard.split("\r\n")[:-1]

    def codes(self, *lines):
        """Say these lines. Returns the numbers or commands of what comes."""
        return [line.split(" ")[1] if line.startswith(":") else line.split(" ")[0] for line in self.say(*lines)]

    def hang_up(self):
        self.session.connectionLost(Failure(connectionDone.value))


def people(*nicks, room="#doom", **options):
    """Persons of one new house, all in one room, who have heard nothing yet."""
    house = House(**options)
    found = [house.person(nick, f"JOIN {room}") for nick in nicks]
    for one in found:
        one.hear()
    return found
