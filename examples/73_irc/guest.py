"""Asks in the room, and goes when there is an answer: guest.py NAME QUESTION"""

import sys

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.words.protocols.irc import IRCClient


class Guest(IRCClient):
    nickname, question = sys.argv[1:]

    def signedOn(self):
        self.join("doom")

    def joined(self, channel):
        self.say(channel, self.question)

    def privmsg(self, user, channel, message):
        print(f"{user.partition('!')[0]}: {message}")
        self.quit("thanks")


class Factory(ClientFactory):
    protocol = Guest

    def clientConnectionLost(self, connector, reason):
        reactor.stop()

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7874, Factory())
reactor.run()
