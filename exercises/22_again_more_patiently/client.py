"""Calls a house that isn't always open."""

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    def lineReceived(self, line):
        """TODO: something good has come, or the last word."""


class Guests(ClientFactory):
    protocol = Guest

    def clientConnectionFailed(self, connector, reason):
        connector.connect()  # TODO: when?

    clientConnectionLost = clientConnectionFailed


reactor.connectTCP("theirs", 7771, Guests())
reactor.run()
