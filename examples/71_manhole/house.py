"""A house that greets whoever comes, and a Python prompt inside of it for those who may."""

from reactor import reactor
from reactor.conch import telnet
from reactor.conch.insults.insults import ServerProtocol
from reactor.conch.manhole import Manhole
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.protocol import Protocol, ServerFactory


class Greeting(Protocol):
    def connectionMade(self):
        self.factory.visitors += 1
        self.transport.write(self.factory.greeting + b"\n")
        self.transport.loseConnection()


class House(ServerFactory):
    protocol = Greeting
    greeting, visitors = b"welcome", 0


house = House()


# [manhole]
def prompt():
    names = {"house": house}
    return telnet.TelnetBootstrapProtocol(ServerProtocol, Manhole, names)


class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return telnet.ITelnetProtocol, prompt(), lambda: None


users = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
portal = Portal(Realm(), [users])
door = ServerFactory()
login = telnet.AuthenticatingTelnetProtocol
door.protocol = lambda: telnet.TelnetTransport(login, portal)
reactor.listenTCP(7872, door, interface="127.0.0.1")
# [/manhole]
reactor.listenTCP(7871, house)
print("listening on ports 7871 and 7872")
reactor.run()
