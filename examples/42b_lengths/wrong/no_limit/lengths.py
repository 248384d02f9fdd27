"""The other way to say where a message ends: before it begins."""

from reactor.protocols.basic import Int16StringReceiver, NetstringReceiver
from reactor.testing import StringTransport


class InDecimal(NetstringReceiver):
    MAX_LENGTH = 10

    def stringReceived(self, string):
        print("  received", string)


class InBinary(Int16StringReceiver):
    def stringReceived(self, string):
        print("  received", string)


def talk(protocol):
    transport = StringTransport()
    protocol.makeConnection(transport)
    protocol.sendString(b"hello\r\n")
    stream = transport.value()
    print(f"{type(protocol).__name__}: {stream!r}")
    for place in range(len(stream)):  # a byte at a time
        protocol.dataReceived(stream[place : place + 1])
    protocol.sendString(b"I said HELLO!")
    protocol.dataReceived(transport.value()[len(stream) :][:3])
    print("  too long, so close:", bool(transport.disconnecting))


talk(InDecimal())
talk(InBinary())
