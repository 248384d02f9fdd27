"""Ask the phone book: `python client.py NAME...`"""

import secrets
import sys

from reactor import defer
from reactor.error import ConnectionRefusedError
from reactor.protocol import DatagramProtocol
from reactor.task import react


class NoAnswer(Exception):
    """The server may be gone, or the network, or only our datagrams; we can't tell which."""


class Asker(DatagramProtocol):
    """Asks one server. clock: counts the seconds. waits: how many seconds to wait after each attempt."""

    def __init__(self, clock, waits=(0.3, 0.6, 1.2)):
        self.clock = clock
        self.waits = waits
        self.waiting = {}  # Deferreds of answers, by the questions' tokens

    def startProtocol(self):
        self.transport.connect("127.0.0.1", 7814)  # from now on, datagrams from others don't reach us

    async def ask(self, name):
        """The number for a name. Raises NoAnswer, or ConnectionRefusedError."""
        token = secrets.token_hex(8).encode()  # so an attacker can't guess it, and forge an answer
        try:
            for wait in self.waits:
                self.waiting[token] = defer.Deferred()
                self.transport.write(token + b" " + name.encode())
                try:
                    return await self.waiting[token].addTimeout(wait, self.clock)
                except defer.TimeoutError:
                    print(f"no answer about {name} in {wait} s")
            raise NoAnswer(f"asked {len(self.waits)} times about {name}, and heard nothing")
        finally:
            del self.waiting[token]

    def datagramReceived(self, datagram, address):
        token, _, number = datagram.partition(b" ")
        if token in self.waiting and not self.waiting[token].called:  # else it came twice, or too late
            self.waiting[token].callback(number.decode("utf-8", "replace"))

    def connectionRefused(self):
        for answer in list(self.waiting.values()):
            if not answer.called:
                answer.errback(ConnectionRefusedError())


async def main(reactor, *names):
    """Ask about all names at the same time."""
    asker = Asker(reactor)
    port = reactor.listenUDP(0, asker)
    try:
        asking = [defer.ensureDeferred(asker.ask(name)) for name in names]
        numbers = await defer.gatherResults(asking, consumeErrors=True)
    except defer.FirstError as problem:
        raise SystemExit(f"no numbers: {problem.subFailure.getErrorMessage()}") from None
    finally:
        await port.stopListening()
    for name, number in zip(names, numbers, strict=True):
        print(name, number)


if __name__ == "__main__":
    react(main, sys.argv[1:])
