"""Ask for the menu at the place that the command line names."""

import sys

from reactor import defer, task
from reactor.endpoints import clientFromString, connectProtocol
from reactor.protocol import Protocol


class Guest(Protocol):
    def __init__(self):
        self.words, self.heard = "", defer.Deferred()

    def dataReceived(self, data):
        self.words += data.decode()

    def connectionLost(self, reason):
        self.heard.callback(self.words)


async def ask(reactor, place):
    try:
        endpoint = clientFromString(reactor, place)
        guest = await connectProtocol(endpoint, Guest())
        print(await guest.heard, end="")
    except Exception as problem:
        print("no menu:", problem)


task.react(ask, sys.argv[1:])
