"""A waiter in the room #doom, who knows what there is."""

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.words.protocols.irc import IRCClient


class Waiter(IRCClient):
    nickname = "waiter"

    def signedOn(self):
        self.join("doom")

    def privmsg(self, user, channel, message):
        guest = user.partition("!")[0]
        if message == "soup?":
            self.say(channel, f"{guest}: tomato")


class Factory(ClientFactory):
    protocol = Waiter

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7874, Factory())
print("the waiter comes")
reactor.run()
