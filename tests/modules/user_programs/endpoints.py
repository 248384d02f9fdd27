"""Endpoints, with callbacks and with await; what they connect is known."""

from typing import Any, assert_type

from reactor import reactor, ssl
from reactor.defer import Deferred, ensureDeferred, gatherResults
from reactor.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    clientFromString,
    connectProtocol,
    serverFromString,
    wrapClientTLS,
)
from reactor.failure import Failure
from reactor.interfaces import IListeningPort
from reactor.protocol import ClientCreator, Factory, Protocol
from reactor.task import react


class Guest(Protocol):
    def __init__(self) -> None:
        self.words = b""
        self.heard: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.words += data

    def connectionLost(self, reason: Failure) -> None:
        self.heard.callback(self.words)

    def greet(self) -> "Guest":
        self.transport.write(b"good evening")
        return self


class Guests(Factory):
    def buildProtocol(self, addr: object) -> Guest:
        return Guest()


def heard(words: bytes) -> str:
    return words.decode()


def gone(failure: Failure) -> None:
    failure.trap(ConnectionError)


async def visit(place: str) -> str:
    guest = await connectProtocol(clientFromString(reactor, place), Guest())
    assert_type(guest, Guest)
    return (await guest.greet().heard).decode()


async def serve() -> None:
    port = await serverFromString(reactor, "tcp:0").listen(Guests())
    assert_type(port, IListeningPort)
    print("serving at", port.getHost().port)
    await port.stopListening()


def with_callbacks() -> None:
    tcp = TCP4ClientEndpoint(reactor, "127.0.0.1", 7771)
    assert_type(tcp.connect(Factory[Guest].forProtocol(Guest)), Deferred[Guest])
    assert_type(tcp.connect(Guests()), Deferred[Guest])
    assert_type(connectProtocol(tcp, Guest()), Deferred[Guest])
    tls = wrapClientTLS(ssl.optionsForClientTLS("example.org"), HostnameEndpoint(reactor, "example.org", 443))
    assert_type(connectProtocol(tls, Guest()), Deferred[Guest])
    creator = ClientCreator(reactor, Guest)
    assert_type(creator.connectTCP("127.0.0.1", 7771), Deferred[Guest])
    said = connectProtocol(tcp, Guest()).addCallback(lambda guest: guest.greet().heard).addCallback(heard)
    assert_type(said, Deferred[str])
    said.addCallback(print).addErrback(gone)
    listening = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1").listen(Factory.forProtocol(Guest))
    listening.addCallback(lambda port: print(port.getHost().port))


async def main(reactor: Any, *places: str) -> None:
    await serve()
    words = await gatherResults([ensureDeferred(visit(place)) for place in places])
    assert_type(words, list[str])


react(main, ["tcp:127.0.0.1:7771"])
