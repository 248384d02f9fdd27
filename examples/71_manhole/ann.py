"""Be Ann at the prompt of the house, and type: ann.py COMMAND… You yourself take `telnet localhost 7872`."""

import re
import sys

from reactor import task
from reactor.conch.telnet import TelnetProtocol, TelnetTransport
from reactor.defer import Deferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol


# [type]
class Ann(TelnetProtocol):
    def __init__(self, commands):
        self.keys = [b"ann\n", b"secret\n", *commands, b"\x04"]
        self.screen, self.unread, self.left = b"", b"", Deferred()

    def enableLocal(self, option):
        return True

    enableRemote = enableLocal

    def dataReceived(self, data):
        self.screen += data
        self.unread += data
        if seen(self.unread).endswith((b"name: ", b"word: ", b">>> ")):
            self.unread = b""
            self.transport.write(self.keys.pop(0))
            # [/type]

    def connectionLost(self, reason):
        self.left.callback(None)


def seen(text):
    """What a person sees: no control sequences."""
    return re.sub(rb"\x1b(\[[0-9;]*[A-Za-z]|c)|\r", b"", text)


async def be_ann(reactor, *commands):
    house = TCP4ClientEndpoint(reactor, "127.0.0.1", 7872)
    ann = Ann(command.encode() + b"\n" for command in commands)
    await connectProtocol(house, TelnetTransport(lambda: ann))
    await ann.left
    _, prompt, rest = seen(ann.screen).decode().partition(">>> ")
    print(prompt + rest.rstrip())


task.react(be_ann, sys.argv[1:])
