"""Pointers lead to a name."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import Int16StringReceiver


def read_name(message, place):
    labels = rest(message, place)
    if sum(map(len, labels)) + 1 > 255:
        raise ValueError("too long")
    return b"".join(labels) or b"."


def rest(message, place):
    if place >= len(message):
        raise ValueError("behind the end")
    length = message[place]
    if length == 0:
        return []
    if length >= 192:
        if place + 1 >= len(message):
            raise ValueError("half a pointer")
        return rest(message, (length & 0x3F) << 8 | message[place + 1])
    label = message[place + 1 : place + 1 + length]
    if length >= 64 or len(label) < length:
        raise ValueError("no label")
    return [label + b".", *rest(message, place + 1 + length)]


class Names(Int16StringReceiver):
    def stringReceived(self, message):
        try:
            name = read_name(message, int.from_bytes(message[:2], "big"))
        except ValueError:
            name = b"bad"
        self.sendString(name)


reactor.listenTCP(7753, Factory.forProtocol(Names))
reactor.run()
