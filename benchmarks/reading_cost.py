"""How much of `reactor` must somebody read to follow one echo round trip? Its functions and files, counted.

A client and a server talk over the loopback interface in one loop. From the client's `write` to the moment when the
echo arrives, every Python function of the package that is entered is noted: the server's read and write, the
client's, and all that the loop does in between, from one wait to the next. Lambdas and comprehensions belong to the
function around them. What the program itself defines (the protocols) and what the interpreter brings is not counted.
No timer waits meanwhile: how those work is another story.

    python benchmarks/reading_cost.py
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import reactor
from reactor.core.reactor import Reactor
from reactor.protocol import ClientFactory, Factory, Protocol

PACKAGE = Path(reactor.__file__).parent


class Echo(Protocol):
    """The server's side: sends back what comes."""

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class Caller(Protocol):
    """The client's side: a first round trip to warm up, a second one that is watched."""

    def connectionMade(self) -> None:
        self.round_trips = 0
        self.transport.write(b"hello")

    def dataReceived(self, data: bytes) -> None:
        sys.setprofile(None)
        self.round_trips += 1
        if self.round_trips == 1:
            sys.setprofile(self.factory.watch)
            self.transport.write(b"hello again")
        else:
            self.transport.loseConnection()
            self.factory.reactor.stop()


class CallerFactory(ClientFactory):
    """Hands its protocol what watches the round trip."""

    protocol = Caller
    noisy = False

    def __init__(self, loop: Reactor, watch: Callable[[FrameType, str, object], None]) -> None:
        self.reactor = loop
        self.watch = watch


def functions_of_a_round_trip(loop: Reactor) -> dict[str, list[str]]:
    """The functions that one echo round trip enters, in order, by the file of the package in which they stand.

    loop: a reactor that does nothing else; it runs and stops.
    """
    found: dict[str, list[str]] = {}

    def watch(frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        path = Path(code.co_filename)
        if event == "call" and path.is_relative_to(PACKAGE) and not code.co_name.startswith("<"):
            names = found.setdefault(str(path.relative_to(PACKAGE)), [])
            if code.co_qualname not in names:
                names.append(code.co_qualname)

    server = Factory.forProtocol(Echo)
    server.noisy = False
    port = loop.listenTCP(0, server, interface="127.0.0.1")
    loop.connectTCP("127.0.0.1", port.getHost().port, CallerFactory(loop, watch), timeout=None)
    loop.run(installSignalHandlers=False)
    return found


def main() -> None:
    """Print them."""
    from reactor.epollreactor import EPollReactor

    found = functions_of_a_round_trip(EPollReactor())
    for file, names in found.items():
        print(f"reactor/{file}")
        for name in names:
            print(f"    {name}")
    print(f"{sum(map(len, found.values()))} functions in {len(found)} files")


if __name__ == "__main__":
    main()
