"""A program for Twisted: it tells whoever asks who is logged in. One of its imports has no counterpart here."""

from twisted.internet import endpoints, protocol, reactor
from twisted.logger import Logger
from twisted.protocols import basic


class Finger(basic.LineReceiver):
    log = Logger()

    def lineReceived(self, line):
        self.log.info("somebody asks for {user}", user=line.decode())
        self.sendLine(b"nobody is logged in")
        self.transport.loseConnection()


endpoints.serverFromString(reactor, "tcp:7816").listen(protocol.Factory.forProtocol(Finger))
reactor.run()
