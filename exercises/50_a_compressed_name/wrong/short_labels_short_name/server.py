"""Labels have a limit, and so names have one."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import Int16StringReceiver


def read_name(message, place):
    """The name that begins at this place. Raises ValueError for an error."""
    labels, began = [], place
    while place < len(message):
        length = message[place]
        if length == 0:
            return b"".join(labels) or b"."
        if length < 64:
            labels.append(message[place + 1 : place + 1 + length] + b".")
            place += 1 + length
        elif length >= 192 and place + 1 < len(message):
            place = (length & 0x3F) << 8 | message[place + 1]
            if place >= began:
                raise ValueError("a pointer that doesn't lead back")
            began = place
        else:
            raise ValueError("neither a length nor a pointer")
    raise ValueError("a name that goes on behind the end")


class Names(Int16StringReceiver):
    def stringReceived(self, message):
        try:
            name = read_name(message, int.from_bytes(message[:2], "big"))
        except ValueError:
            name = b"bad"
        self.sendString(name)


reactor.listenTCP(7753, Factory.forProtocol(Names))
reactor.run()
