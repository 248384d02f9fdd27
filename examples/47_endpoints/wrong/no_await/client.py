"""Connect to every place that the command line names, and say what came of it."""

import sys

from reactor import defer, task
from reactor.endpoints import HostnameEndpoint, clientFromString, connectProtocol
from reactor.protocol import Protocol


class Guest(Protocol):
    def __init__(self):
        self.words, self.heard = "", defer.Deferred()

    def dataReceived(self, data):
        self.words += data.decode()

    def connectionLost(self, reason):
        self.heard.callback(self.words)


async def visit(reactor, place):
    try:
        endpoint = clientFromString(reactor, place)
        guest = connectProtocol(endpoint, Guest())
        print(place, "says", await guest.heard)
    except Exception as problem:
        print(place, "is no good:", type(problem).__name__)


async def main(reactor, *places):
    for place in places:
        await visit(reactor, place)
    race = HostnameEndpoint(reactor, "localhost", 7792)
    guest = await connectProtocol(race, Guest())
    print("localhost has two addresses;", guest.transport.getPeer().host, "won")
    await guest.heard


task.react(main, sys.argv[1:])
