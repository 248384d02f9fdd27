"""A server that reads names as DNS writes them."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import Int16StringReceiver


def read_name(message, place):
    """The name that begins at this place. Raises ValueError for an error."""
    length = message[place]
    label = message[place + 1 : place + 1 + length]
    return label + b"."  # TODO: the other labels, pointers, and the messages that nobody should send


class Names(Int16StringReceiver):
    def stringReceived(self, message):
        try:
            name = read_name(message, int.from_bytes(message[:2], "big"))
        except ValueError:
            name = b"bad"
        self.sendString(name)


reactor.listenTCP(7753, Factory.forProtocol(Names))
reactor.run()
